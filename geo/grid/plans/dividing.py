"""From cells of a draft to a case of the division, and from its cells to operations. Pure.

A division changes no draft: it makes a ``replace`` for each parent, to look at and to send.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.grid.division.model import CLASS, Barrier, Case, Division, DivisionRefused, Rules
from geo.grid.division.rules import rules_of
from geo.grid.plans.draft import Draft
from geo.grid.plans.impact import owners
from geo.grid.plans.known import BarrierLines
from geo.grid.plans.meaning import cell_of, leaf_of
from geo.grid.plans.operations import Part, Replace
from geo.grid.plans.rules import SIZES
from geo.grid.tree import DEEPEST
from geo.spatial.units.frame import degree_frame

# What cells may be balanced by: each building counts one, or what lives in it.
WEIGHTS = ("households", "persons", "buildings")
_MAIN_RANKS = (1, 2)
_BY_GROUND = 1e-6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a division.

    Parameters
    ----------
    cells : leaves to draw anew, or cells above whose leaves are meant
    low, high : bounds of a cell; both None with no ``count``: those of the size rule of the level
    count : number of cells, None for as many as the bounds suggest
    previous : begin from the cells as they are, and move few
    locked : leaves among them that stay as they are
    weight : one of ``WEIGHTS``
    walls : cross rivers and railways only where a side could not stand alone
    below : divide the one cell into children
    """

    cells: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    count: int | None = None
    previous: bool = False
    locked: tuple[str, ...] = ()
    weight: str = "households"
    walls: bool = True
    below: bool = False

    @classmethod
    def of(cls, payload: dict[str, Any]) -> "Wanted":
        """Return what was kept as JSON."""
        listed = {name: tuple(payload[name]) for name in ("cells", "locked")}
        return cls(**{**payload, **listed})

    def as_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return {**asdict(self), "cells": list(self.cells), "locked": list(self.locked)}


@dataclass(frozen=True)
class Ground:
    """A part of a draft, ready to be divided.

    Parameters
    ----------
    group : codes of the leaves that are replaced, in order
    parents : codes of the cells that they lie in, in order
    stock : buildings that stand in them, as ``store.stock_of``
    leaf : (n,) leaf of the draft that each stands in
    """

    draft: Draft
    wanted: Wanted
    group: tuple[str, ...]
    parents: tuple[str, ...]
    stock: gpd.GeoDataFrame
    leaf: np.ndarray
    case: Case
    rules: Rules


def ground_of(draft: Draft, wanted: Wanted, stock: gpd.GeoDataFrame, lines: BarrierLines) -> Ground:
    """Return the ground that is to be divided.

    Parameters
    ----------
    stock : buildings of the plan's area, as ``store.stock_of``
    lines : its streets, rivers and rails

    Raises
    ------
    EditRefused, CellNotLeaf
        When a code names no cell of the area.
    DivisionRefused
        When nothing is left to divide, or the bounds cannot be.
    """
    group = _group(draft, wanted)
    leaf = owners(draft, stock)
    there = np.isin(leaf.astype(str), group)
    mine = stock[there].reset_index(drop=True)
    case = _case(draft, wanted, group, mine, lines)
    if not case.weights.sum() > 0.0:
        raise DivisionRefused(reason="nobody", weight=wanted.weight)
    rules = rules_of(case, *_bounds(draft, wanted, group), wanted.count)
    return Ground(draft, wanted, group, _parents(draft, group), mine, leaf[there], case, rules)


def operations_of(ground: Ground, division: Division) -> list[Replace]:
    """Return the operations that draw the cells of a division, one for each parent.

    A cell goes on as the one most of its weight comes from, so that few people meet another code;
    new cells have no code yet.
    """
    if ground.wanted.below:
        parts = tuple(Part(None, shape) for shape in division.shapes)
        return [Replace(ground.group, parts, ground.group[0])]
    made = list(zip(division.shapes, _codes_of(ground, division), division.parent, strict=True))
    found = []
    for at, parent in enumerate(ground.parents):
        group = tuple(c for c in ground.group if ground.draft.cells[c].parent == parent)
        parts = tuple(Part(None, shape, code) for shape, code, own in made if own == at)
        found.append(Replace(group, parts))
    return found


def _group(draft: Draft, wanted: Wanted) -> tuple[str, ...]:
    named = [code for cell in wanted.cells for code in _leaves(draft, cell)]
    for code in wanted.locked:
        if leaf_of(draft, code).code not in named:
            raise DivisionRefused(reason="locked_elsewhere", cell=code)
    group = tuple(sorted(set(named) - set(wanted.locked)))
    if not group:
        raise DivisionRefused(reason="all_locked")
    if wanted.below and (len(group) > 1 or draft.cells[group[0]].level >= DEEPEST):
        raise DivisionRefused(reason="below", cell=group[0])
    return group


def _leaves(draft: Draft, code: str) -> list[str]:
    """Return a leaf, or the leaves below a cell."""
    if cell_of(draft, code).code in draft.working:
        return [code]
    children = [cell.code for cell in draft.cells.values() if cell.parent == code]
    return [leaf for child in children for leaf in _leaves(draft, child)]


def _parents(draft: Draft, group: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({draft.cells[code].parent or "" for code in group}))


def _bounds(
    draft: Draft, wanted: Wanted, group: Sequence[str]
) -> tuple[float | None, float | None]:
    """Return the bounds asked for, or those of the size rule of the level."""
    given = (wanted.low, wanted.high, wanted.count)
    size = SIZES.get(draft.cells[group[0]].level + wanted.below)
    if size is None or wanted.weight != "households" or any(one is not None for one in given):
        return wanted.low, wanted.high
    return float(size[0]), float(size[1])


def _case(
    draft: Draft,
    wanted: Wanted,
    group: tuple[str, ...],
    stock: gpd.GeoDataFrame,
    lines: BarrierLines,
) -> Case:
    cells = draft.working.shapes(group)
    of = np.array([draft.cells[code].parent or "" for code in group])
    parents = _parents(draft, group)
    whole = [shapely.coverage_union_all(cells[of == parent]) for parent in parents]
    areas, parent = shapely.get_parts(whole, return_index=True)
    points = stock.geometry.to_numpy(dtype=object)
    drawn = stock["footprint"].to_numpy(dtype=object)
    count = len(stock)
    weights = np.ones(count) if wanted.weight == "buildings" else stock[wanted.weight].to_numpy()
    previous = np.asarray(cells if wanted.previous else [], dtype=object)
    return Case(
        degree_frame(areas, stored=True),
        areas,
        parent.astype(np.int64),
        np.where(shapely.is_missing(drawn), points, drawn),
        weights.astype(np.float64),
        _lines(lines),
        np.array([_class(*told, walls=wanted.walls) for told in lines.told], dtype=np.int64),
        previous,
        np.zeros(len(previous), dtype=np.bool_),
        np.ones(count, dtype=np.int64),
    )


def _lines(lines: BarrierLines) -> np.ndarray:
    """Return lines; water that has an extent parts cells along its banks."""
    wide = shapely.get_dimensions(lines.shapes) == 2
    return np.where(wide, shapely.boundary(lines.shapes), lines.shapes)


def _class(kind: str, rank: int, *, walls: bool) -> int:
    if kind != "street":
        return CLASS[Barrier.WALL if walls else Barrier.STREET]
    return CLASS[Barrier.MAIN if rank in _MAIN_RANKS else Barrier.STREET]


def _codes_of(ground: Ground, division: Division) -> list[str | None]:
    """Return the code of the cell that each goes on as, None for a new one."""
    if ground.wanted.previous:
        return [ground.group[at] if at >= 0 else None for at in division.previous]
    old = np.searchsorted(np.array(ground.group), ground.leaf.astype(str))
    known = division.cell >= 0
    shared = np.zeros((len(division.shapes), len(ground.group)))
    np.add.at(shared, (division.cell[known], old[known]), ground.case.weights[known])
    # Where nobody lives, by the ground: far less than anybody weighs.
    cells = ground.draft.working.shapes(ground.group)
    new, near = shapely.STRtree(cells).query(division.shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(division.shapes[new], cells[near]))
    shared[new, near] += _BY_GROUND * common / shapely.area(cells).sum()
    parents = np.array([ground.draft.cells[code].parent or "" for code in ground.group])
    shared[np.array(ground.parents)[division.parent][:, None] != parents] = 0.0
    return [None if at < 0 else ground.group[at] for at in _matched(shared)]


def _matched(shared: np.ndarray) -> list[int]:
    """Return a partner of each row, -1 for none, the greatest share first.

    Examples
    --------
    >>> _matched(np.array([[5.0, 9.0], [1.0, 8.0], [0.0, 0.0]]))
    [1, 0, -1]
    """
    partner, taken = np.full(len(shared), -1), np.zeros(shared.shape[1], dtype=np.bool_)
    for place in np.argsort(-shared, axis=None, kind="stable"):
        row, column = divmod(int(place), shared.shape[1])
        if shared[row, column] > 0.0 and partner[row] < 0 and not taken[column]:
            partner[row], taken[column] = column, True
    return [int(at) for at in partner]


def without_codes(operation: Replace) -> Replace:
    """Return an operation whose new cells get their codes when it is done."""
    own = set() if operation.parent in operation.cells else set(operation.cells)
    parts = tuple(
        part if part.code in own else replace(part, code=None) for part in operation.parts
    )
    return replace(operation, parts=parts)
