"""Taking ground back to an older publication: its cells by their codes and names. Pure.

A restored cell is the same cell: its id lives on, so its code may be borne again.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import shapely

from geo.grid.plans.draft import Base, CellFacts, Draft, equal
from geo.grid.plans.known import Done, Known
from geo.grid.plans.meaning import NothingChanged, patched
from geo.grid.plans.operations import Restore
from geo.spatial.edits.refusals import CellMissing
from geo.spatial.edits.replace import replace as replaced
from geo.spatial.measure import area_m2

_LAND_M2 = 1.0


def done_restore(draft: Draft, operation: Restore, known: Known) -> Done:
    """Draw cells as they were in an older publication."""
    past = known.past(operation.publication)
    wanted = _wanted(past, operation)
    group = _ground_of(draft, [shape for _, shape in wanted])
    kept = {code for code, shape in wanted if code in group and equal(shape, draft.shape(code))}
    parts = {code: shape for code, shape in wanted if code not in kept}
    cells = [*_told(draft, past, [code for code, _ in wanted])]
    group = [code for code in group if code not in kept]
    if not group and not parts:
        changed = [cell for cell in cells if draft.cells.get(cell.code) != cell]
        if not changed:
            raise NothingChanged(cell=draft.base.area)
        return draft.with_cells(*changed), operation
    return patched(draft, replaced(draft.working, group, parts), cells), operation


def _wanted(past: Base, operation: Restore) -> list[tuple[str, shapely.Geometry]]:
    """Return the leaves of then that are asked for; of an upper cell all below it."""
    leaves = [code for code in past.cells if code not in past.parents]
    if operation.cells:
        for code in operation.cells:
            if code not in past.cells:
                raise CellMissing(cell=code)
        leaves = [code for code in leaves if _is_below(past, code, set(operation.cells))]
    return [(code, past.working.shape(code)) for code in leaves]


def _is_below(past: Base, code: str, above: set[str]) -> bool:
    step: CellFacts | None = past.cells.get(code)
    while step is not None:
        if step.code in above:
            return True
        step = past.cells.get(step.parent or "")
    return False


def _ground_of(draft: Draft, shapes: list[shapely.Geometry]) -> list[str]:
    """Return the leaves of now that lie on the ground of some shapes."""
    found: set[str] = set()
    for shape in shapes:
        near = [code for code in draft.working.near(shape) if code in draft.cells]
        common = area_m2(shapely.intersection(draft.working.shapes(near), shape))
        found.update(np.array(near, dtype=object)[common > _LAND_M2])
    return sorted(found)


def _told(draft: Draft, past: Base, codes: Iterable[str]) -> Iterable[CellFacts]:
    """Give the cells of then, with those above them that are no more."""
    known: set[str] = set()
    for code in codes:
        step = past.cells.get(code)
        while step is not None and step.code not in known:
            known.add(step.code)
            if step.code in codes or step.code not in draft.cells:
                yield step
            elif step.code in draft.working:  # divided then, a leaf now
                yield replace(step, name=draft.cells[step.code].name)
            step = past.cells.get(step.parent or "")
