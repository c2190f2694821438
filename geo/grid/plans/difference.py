"""A draft beside the published grid: what changes, cell by cell, and how much ground. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import shapely

from geo.grid.plans.draft import CellFacts, Draft
from geo.grid.plans.step import lineage_of
from geo.grid.plans.traces import LAND_M2
from geo.spatial.measure import area_m2

# Ground by code that comes from other cells, and that goes to them.
Flows = tuple[dict[str, float], dict[str, float]]


class Change(StrEnum):
    """What becomes of a cell."""

    NEW = "new"
    ENDED = "ended"
    DRAWN = "drawn"  # gains or loses ground
    DIVIDED = "divided"  # was a leaf, has children
    TOLD = "told"  # another name or parent, the same ground
    NODED = "noded"  # a neighbour's vertex, nothing else


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after; None where it is not there.

    Parameters
    ----------
    gained_m2, lost_m2 : ground that comes and goes
    shape : of a leaf after the plan; of one that ends, before it
    """

    code: str
    change: Change
    before: CellFacts | None
    after: CellFacts | None
    gained_m2: float
    lost_m2: float
    shape: shapely.Geometry | None


def difference(draft: Draft) -> list[CellChange]:
    """Return every cell that a draft changes, in the order of codes."""
    codes = {*draft.redrawn, *draft.ended, *draft.retold, *draft.born, *_divided(draft)}
    flows = _flows(draft, codes)
    return [_changed(draft, code, flows) for code in sorted(codes)]


def since(before: Draft, after: Draft) -> tuple[list[CellChange], list[str]]:
    """Return what an edit changed: cells as they are now, and codes of those that are no more."""
    codes = {*before.working.changed(), *after.working.changed(), *before.cells, *after.cells}
    gone = sorted(code for code in before.cells if code not in after.cells)
    changed = [code for code in codes if code not in gone and _differs(before, after, code)]
    flows = _flows(after, changed)
    return [_changed(after, code, flows) for code in sorted(changed)], gone


def _differs(before: Draft, after: Draft, code: str) -> bool:
    if before.cells.get(code) != after.cells.get(code):
        return True
    return before.shape(code) is not after.shape(code)


def _divided(draft: Draft) -> set[str]:
    return {code for code in draft.parents & draft.base.cells.keys() if _was_leaf(draft, code)}


def _was_leaf(draft: Draft, code: str) -> bool:
    return code in draft.base.cells and code not in draft.base.parents


def _flows(draft: Draft, codes: Collection[str]) -> Flows:
    """Return how much ground some cells get from other cells, and give to them."""
    lineage = lineage_of(draft, codes)
    sums = (lineage.groupby(side)["area_m2"].sum() for side in ("to_code", "from_code"))
    gets, gives = ({str(code): float(size) for code, size in found.items()} for found in sums)
    return gets, gives


def _changed(draft: Draft, code: str, flows: Flows) -> CellChange:
    before, after = draft.base.cells.get(code), draft.cells.get(code)
    old, new = draft.base.shape(code), draft.shape(code)
    between = (flow.get(code, 0.0) for flow in flows)
    gained, lost = map(_ground, _grounds(old, new), between)
    kind = _kind(draft, code, old, new)
    if kind in (Change.NODED, Change.DIVIDED, Change.TOLD):
        gained = lost = 0.0
    return CellChange(code, kind, before, after, gained, lost, old if new is None else new)


def _kind(
    draft: Draft, code: str, old: shapely.Geometry | None, new: shapely.Geometry | None
) -> Change:
    if code in draft.base.around:
        return Change.NODED
    if code not in draft.base.cells:
        return Change.NEW
    if code not in draft.cells:
        return Change.ENDED
    if old is not None and new is None:
        return Change.DIVIDED
    if code in draft.redrawn and code not in draft.noded:
        return Change.DRAWN
    return Change.TOLD if code in draft.retold else Change.NODED


def _grounds(old: shapely.Geometry | None, new: shapely.Geometry | None) -> tuple[float, float]:
    none = shapely.Polygon()
    before, after = old or none, new or none
    parts = [shapely.difference(after, before), shapely.difference(before, after)]
    gained, lost = area_m2(parts).tolist()
    return gained, lost


def _ground(whole: float, between: float) -> float:
    """Return the ground that a cell gains or loses: what one cell gives is what the other gets.

    A cut's ends lie on the storage grid, so a border that is cut may move by a centimetre: that is
    no ground of anybody, unless it is more than a trace.
    """
    return round(between if abs(whole - between) <= LAND_M2 else whole, 1)
