"""What a plan moves: buildings, households and persons by cell, before and after; whose load. Pure.

What others own and move with the cells (incidents, for instance) is not counted here: each slice
above counts its own by ``moves``, which says from which cell to which every building goes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.grid.plans.draft import Draft
from geo.spatial.covers import first_covering

Codes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Load:
    """What a cell holds."""

    buildings: int = 0
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class CellImpact:
    """A leaf and what it holds before and after; None when it is not there."""

    code: str
    name: str
    before: Load | None
    after: Load | None


@dataclass(frozen=True, slots=True)
class Move:
    """A building that goes from one leaf to another; None is outside every cell."""

    building: str
    name: str
    from_code: str | None
    to_code: str | None
    households: int
    persons: int


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody who answers for a cell."""

    id: int
    code: str
    name: str
    post: str
    is_primary: bool
    cell: str


@dataclass(frozen=True, slots=True)
class WorkerImpact:
    """Somebody who answers for a changed cell, and how many households that is.

    Parameters
    ----------
    after : None when the cell ends
    """

    duty: Duty
    before: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What a plan moves.

    Parameters
    ----------
    unattended : leaves of which nobody is the first to answer, nor of any cell above them
    """

    cells: list[CellImpact]
    moves: list[Move]
    workers: list[WorkerImpact]
    unattended: list[str]


def owners(draft: Draft, stock: gpd.GeoDataFrame) -> Codes:
    """Return the leaf of each building after the plan, None outside every cell."""
    found = stock["leaf"].to_numpy(dtype=object).copy()
    if not draft.redrawn and not draft.ended:
        return found
    touched = {*draft.redrawn, *draft.ended, *draft.base.cells.keys() & draft.parents}
    waiting = np.flatnonzero(np.array([code is None or code in touched for code in found]))
    if len(waiting):
        # A point on a border may go to the cell beside: whoever is near may own it.
        points = stock.geometry.to_numpy()[waiting]
        near = sorted({code for shape in draft.redrawn for code in _near(draft, shape)})
        inside = [code for code in near if draft.is_leaf(code)]
        shapes = draft.working.shapes(inside)
        owner = first_covering(points, shapes)
        known = np.append(np.array(inside, dtype=object), [None])
        found[waiting] = np.where(owner >= 0, known[owner], found[waiting])
        gone = np.array([code is not None and not draft.is_leaf(code) for code in found[waiting]])
        found[waiting[gone]] = None
    return found


def loads(codes: Codes, stock: gpd.GeoDataFrame) -> dict[str, Load]:
    """Return what each leaf holds that holds anything."""
    frame = pd.DataFrame(
        {"code": codes, "households": stock["households"], "persons": stock["persons"]}
    ).dropna(subset=["code"])
    groups = frame.groupby("code")
    sums = groups.sum().assign(buildings=groups.size())
    columns = (sums["buildings"], sums["households"], sums["persons"])
    held = zip(sums.index, *columns, strict=True)
    return {str(code): Load(*map(int, numbers)) for code, *numbers in held}


def impact(
    draft: Draft, stock: gpd.GeoDataFrame, duties: Sequence[Duty], *, led_above: bool = False
) -> Impact:
    """Return what a plan moves.

    Parameters
    ----------
    stock : buildings of the area, as ``store.stock_of``
    duties : who answers for the cells that change, and for those above them in the area
    led_above : whether somebody is the first to answer for a cell above the area
    """
    before_codes, after_codes = stock["leaf"].to_numpy(dtype=object), owners(draft, stock)
    before, after = loads(before_codes, stock), loads(after_codes, stock)
    changed = changed_leaves(draft)
    cells = [_cell_impact(draft, code, before, after) for code in changed]
    own = [duty for duty in duties if duty.cell in changed]
    workers = [_worker_impact(draft, duty, before, after) for duty in own]
    led = {duty.cell for duty in duties if duty.is_primary}
    moves = _moves(stock, before_codes, after_codes)
    left = [cell.code for cell in cells if cell.after is not None and not led_above]
    unled = [code for code in left if led.isdisjoint({code, *cells_above(draft, [code])})]
    return Impact(cells, moves, workers, unled)


def cells_above(draft: Draft, codes: Iterable[str]) -> list[str]:
    """Return the codes of the cells of the area above some cells of it, before and after."""
    found: set[str] = set()
    for code in codes:
        for cells in (draft.base.cells, draft.cells):
            cell = cells.get(code)
            while cell is not None and cell.parent is not None:
                found.add(cell.parent)
                cell = cells.get(cell.parent)
    found.discard(draft.base.cells[draft.base.area].parent or "")
    return sorted(found)


def changed_leaves(draft: Draft) -> list[str]:
    """Return the codes of leaves of the area that are drawn anew or end, without noded ones."""
    drawn = (c for c in draft.redrawn if c in draft.cells and c not in draft.noded)
    before = (code for code in draft.base.cells if code not in draft.base.parents)
    return sorted({*drawn, *(code for code in before if not draft.is_leaf(code))})


def _near(draft: Draft, code: str) -> list[str]:
    return draft.working.near(draft.working.shape(code))


def _cell_impact(
    draft: Draft, code: str, before: dict[str, Load], after: dict[str, Load]
) -> CellImpact:
    cell = draft.cells.get(code) or draft.base.cells[code]
    was = code in draft.base.cells and code not in draft.base.parents
    return CellImpact(
        code,
        cell.name,
        before.get(code, Load()) if was else None,
        after.get(code, Load()) if draft.is_leaf(code) else None,
    )


def _worker_impact(
    draft: Draft, duty: Duty, before: dict[str, Load], after: dict[str, Load]
) -> WorkerImpact:
    left = after.get(duty.cell, Load()).households if draft.is_leaf(duty.cell) else None
    return WorkerImpact(duty, before.get(duty.cell, Load()).households, left)


def _moves(stock: gpd.GeoDataFrame, before: Codes, after: Codes) -> list[Move]:
    moved = np.flatnonzero(before != after)
    columns = (stock["code"], stock["name"], stock["households"], stock["persons"])
    code, name, households, persons = (column.to_numpy() for column in columns)
    return [
        Move(code[i], name[i], before[i], after[i], int(households[i]), int(persons[i]))
        for i in moved.tolist()
    ]
