"""Which cells an operation may name, and what cells mean after their ground changed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import shapely

from geo.errors import Refused
from geo.grid.plans.draft import CellFacts, Draft
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CellMissing, EditRefused


class CellNotLeaf(Refused):
    """Only leaves have a shape of their own to be drawn."""

    code = "plan_cell_not_leaf"


class CellOutsidePlan(EditRefused):
    """An operation would change a cell beyond the plan's area."""

    code = "plan_cell_outside"


class LevelsDiffer(Refused):
    """A cell would hang below one that is not one level above it."""

    code = "plan_levels_differ"


class NothingChanged(Refused):
    """An operation leaves everything as it is."""

    code = "plan_nothing_changed"


def cell_of(draft: Draft, code: str) -> CellFacts:
    """Return a cell of the area, or refuse by what is wrong with the code."""
    if code in draft.base.around:
        raise CellOutsidePlan(draft.working.shape(code), cell=code)
    if code not in draft.cells:
        raise CellMissing(cell=code)
    return draft.cells[code]


def leaf_of(draft: Draft, code: str) -> CellFacts:
    """Return a leaf of the area, or refuse by what is wrong with the code."""
    cell = cell_of(draft, code)
    if code not in draft.working:
        raise CellNotLeaf(cell=code)
    return cell


def patched(draft: Draft, patch: Patch, cells: Sequence[CellFacts] = ()) -> Draft:
    """Return the draft after a patch: new cells as told, without those removed and what they leave.

    Raises
    ------
    CellOutsidePlan
        When a cell around the area would get more than a vertex.
    """
    for code in sorted(draft.base.around & {*patch.shapes, *patch.removed}):
        if code not in patch.noded:
            raise CellOutsidePlan(_moved(draft.working.shape(code), patch, code), cell=code)
    working = draft.working.after(patch)
    moved = draft.outline_moved_m2 + patch.outline_moved_m2
    after = replace(draft, working=working, outline_moved_m2=moved)
    if not cells and not patch.removed:
        return after
    left = [draft.cells[code].parent for code in patch.removed]
    return pruned(after.with_cells(*cells, without=patch.removed), left)


def _moved(before: shapely.Geometry, patch: Patch, code: str) -> shapely.Geometry:
    """Return where a cell would change: that is where something was drawn."""
    after = patch.shapes.get(code)
    return before if after is None else shapely.symmetric_difference(before, after)


def pruned(draft: Draft, suspects: Iterable[str | None]) -> Draft:
    """Return the draft without those of some upper cells that have no child left."""
    cells = draft.cells
    empty = {
        code
        for code in suspects
        if code in cells and code not in draft.parents and code not in draft.working
    }
    if not empty:
        return draft
    above = [cells[code].parent for code in empty if code is not None]
    return pruned(draft.with_cells(without=[code for code in empty if code]), above)
