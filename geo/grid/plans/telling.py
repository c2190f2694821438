"""Operations that draw nothing: another name, another parent. Pure."""

from dataclasses import replace

from geo.grid.plans.draft import Draft
from geo.grid.plans.known import Done, Known
from geo.grid.plans.meaning import CellOutsidePlan, LevelsDiffer, NothingChanged, cell_of, pruned
from geo.grid.plans.operations import Rename, Reparent


def done_rename(draft: Draft, operation: Rename, known: Known) -> Done:
    """Give a cell another name."""
    cell = cell_of(draft, operation.cell)
    if cell.name == operation.name:
        raise NothingChanged(cell=cell.code)
    return draft.with_cells(replace(cell, name=operation.name)), operation


def done_reparent(draft: Draft, operation: Reparent, known: Known) -> Done:
    """Hang a cell below another one; an upper cell that loses its last child ends."""
    cell, parent = cell_of(draft, operation.cell), cell_of(draft, operation.parent)
    if cell.code == draft.base.area:
        raise CellOutsidePlan(None, cell=cell.code)
    if parent.level != cell.level - 1 or parent.code in draft.working:
        raise LevelsDiffer(cell=cell.code, parent=parent.code)
    if cell.parent == parent.code:
        raise NothingChanged(cell=cell.code)
    moved = draft.with_cells(replace(cell, parent=parent.code))
    return pruned(moved, [cell.parent]), operation
