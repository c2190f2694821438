"""What a division offers: operations, what cells would hold, who moves, what misses. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geo.grid.division.model import Cause, Division, Miss
from geo.grid.plans.applying import apply
from geo.grid.plans.dividing import Ground, operations_of, without_codes
from geo.grid.plans.draft import Draft
from geo.grid.plans.impact import Load, loads, owners
from geo.grid.plans.known import Known
from geo.grid.plans.operations import Replace, as_json

# A page shows no longer list; the count stands beside it.
_MOST_MOVED = 2_000
_MOST_NAMED = 50


def offered(ground: Ground, division: Division, known: Known) -> dict[str, Any]:
    """Return what is offered, as JSON; the operations have been tried on the draft.

    Raises
    ------
    EditRefused
        When the draft does not take the cells.
    """
    after, done = ground.draft, []
    for operation in operations_of(ground, division):
        after, told = apply(after, operation, known)
        assert isinstance(told, Replace)
        done.append(told)
    codes = _codes(done, division)
    leaf = owners(after, ground.stock)
    held, before = loads(leaf, ground.stock), loads(ground.leaf, ground.stock)
    missed = {miss.cell for miss in division.misses}
    return {
        "operations": [as_json(without_codes(one)) for one in done],
        "cells": [
            {
                **_cell(after, code, held),
                "is_new": code not in ground.draft.cells,
                "weight": float(division.weight[at]),
                "state": _state(ground, division, at, missed),
                "at": _inside(division.shapes[at]),
            }
            for at, code in enumerate(codes)
        ],
        "before": [_cell(ground.draft, code, before) for code in ground.group],
        "misses": [_miss(ground, miss, codes) for miss in division.misses],
        "moved": _moved(ground, leaf),
        "min": ground.rules.low,
        "max": ground.rules.high,
        "count": ground.rules.count,
        "balanced_by": ground.wanted.weight,
        "total": float(ground.case.weights.sum()),
        "outline_moved_m2": round(division.outline_m2, 4),
    }


def _codes(done: Sequence[Replace], division: Division) -> list[str]:
    """Return the code of each cell of a division, by the operations that draw them."""
    left = [[part.code or "" for part in one.parts][::-1] for one in done]
    alone = len(done) == 1
    return [left[0 if alone else int(parent)].pop() for parent in division.parent]


def _cell(draft: Draft, code: str, held: dict[str, Load]) -> dict[str, Any]:
    load = held.get(code, Load())
    return {
        "code": code,
        "name": draft.cells[code].name,
        "buildings": load.buildings,
        "households": load.households,
        "persons": load.persons,
    }


def _state(ground: Ground, division: Division, at: int, missed: set[int]) -> str:
    if at in missed:
        return "below" if division.weight[at] < ground.rules.low else "above"
    return "excused" if division.excused[at] else "ok"


def _inside(shape: shapely.Geometry) -> list[float]:
    point = shapely.point_on_surface(shape)
    return [round(float(point.x), 7), round(float(point.y), 7)]


def _miss(ground: Ground, miss: Miss, codes: Sequence[str]) -> dict[str, Any]:
    names = ground.stock["code"].to_numpy()
    return {
        "cell": codes[miss.cell],
        "weight": miss.weight,
        "cause": _cause(ground, miss),
        "buildings": [str(names[at]) for at in miss.buildings[:_MOST_NAMED]],
        "at": [round(miss.x, 7), round(miss.y, 7)],
    }


def _cause(ground: Ground, miss: Miss) -> str:
    """Return why a cell misses: land is alone only where no cell beside it was left out."""
    if miss.cause is not Cause.LAND or ground.wanted.below:
        return miss.cause.value
    case, draft = ground.case, ground.draft
    inside = shapely.intersects(case.areas, shapely.Point(miss.x, miss.y))
    beside = set(_left_out_beside(draft, ground, int(np.flatnonzero(inside)[0])))
    if beside & set(ground.wanted.locked):
        return "locked"
    return "left_out" if beside else miss.cause.value


def _left_out_beside(draft: Draft, ground: Ground, part: int) -> list[str]:
    """Return the leaves of the same parent that were not divided and share a border with a part."""
    land, parent = ground.case.areas[part], ground.parents[ground.case.parents[part]]
    near = (draft.cells.get(code) for code in draft.working.near(land))
    beside = [cell.code for cell in near if cell is not None and cell.parent == parent]
    codes = [code for code in beside if code not in set(ground.group)]
    shared = shapely.intersection(shapely.boundary(draft.working.shapes(codes)), land)
    return [code for code, line in zip(codes, shared, strict=True) if line.length > 0.0]


def _moved(ground: Ground, leaf: np.ndarray) -> dict[str, Any]:
    """Return which buildings get another cell; of a cell divided into children all do."""
    stock = ground.stock
    rows = np.flatnonzero(ground.leaf != leaf)
    columns = (stock["code"], stock["name"], stock["households"], stock["persons"])
    code, name, households, persons = (column.to_numpy() for column in columns)
    return {
        "buildings": len(rows),
        "households": int(households[rows].sum()),
        "persons": int(persons[rows].sum()),
        "listed": [
            {
                "building": str(code[at]),
                "name": str(name[at]),
                "from_code": ground.leaf[at],
                "to_code": leaf[at],
                "households": int(households[at]),
                "persons": int(persons[at]),
            }
            for at in rows[:_MOST_MOVED].tolist()
        ],
    }
