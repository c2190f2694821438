"""The shapes of upper cells that a step changes: only those above what changed are read.

Going up ends where a union is what it was: an edit inside a community never reads the street.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.db.sql import statement
from geo.grid.frames import read_shapes
from geo.grid.plans.draft import Draft, equal
from geo.grid.plans.step import Step
from geo.grid.plans.traces import is_trace


@dataclass(frozen=True, slots=True)
class _Cell:
    code: str
    cell_id: int
    level: int
    parent: str | None
    derived: bool
    shape: shapely.Geometry


def add_derived(session: Session, draft: Draft, step: Step) -> None:
    """Add to a step the shape of each upper cell that is another than before."""
    number = draft.base.number
    waiting = _begin(session, draft, step)
    while waiting:
        level = max(waiting.values())
        parents = sorted(code for code, of in waiting.items() if of == level)
        for code in parents:
            del waiting[code]
        for cell in _derive(session, number, draft, step, parents):
            if cell.parent is not None:
                waiting[cell.parent] = cell.level - 1


def _begin(session: Session, draft: Draft, step: Step) -> dict[str, int]:
    """Return the parents of what changed, with their levels."""
    found: dict[str, int] = {}
    before, after = draft.base.cells, draft.cells
    for code in step.rows:
        for cells in (before, after):
            cell = cells.get(code)
            if cell is not None and cell.parent is not None and _matters(draft, step, code):
                found[cell.parent] = cell.level - 1
    for near in _cells(session, draft.base.number, draft.base.around & step.rows.keys()):
        if near.parent is not None:
            found[near.parent] = near.level - 1
    # What was divided is a parent now, and had a shape of its own.
    divided = {c for c in draft.parents if c in before and c not in draft.base.parents}
    found.update({code: after[code].level for code in divided})
    return {code: level for code, level in found.items() if code not in draft.ended}


def _matters(draft: Draft, step: Step, code: str) -> bool:
    row, before = step.rows[code], draft.base.cells.get(code)
    after = draft.cells.get(code)
    moved = before is None or after is None or before.parent != after.parent
    return row.new_shape or row.gone or moved


def _derive(
    session: Session, number: int, draft: Draft, step: Step, parents: list[str]
) -> list[_Cell]:
    """Set the shapes of some cells of one level; return those that changed."""
    children = _children(session, number, draft, parents)
    known = {cell.code: cell for cell in _cells(session, number, parents)}
    changed = []
    for code in parents:
        united = _united([_shape(draft, step, child) for child in children[code]])
        cell = known.get(code)
        if cell is not None and cell.derived and equal(cell.shape, united):
            continue
        row = step.row(code, cell.cell_id if cell else step.rows[code].cell_id)
        row.geometry, row.new_shape, row.derived = united, True, True
        row.noded = cell is not None and cell.derived and is_trace(cell.shape, united)
        facts = draft.cells.get(code)
        parent = facts.parent if facts and code != draft.base.area else cell and cell.parent
        level = facts.level if facts else cell.level if cell else 0
        changed.append(_Cell(code, row.cell_id, level, parent or None, True, united))
    return changed


def _children(
    session: Session, number: int, draft: Draft, parents: list[str]
) -> dict[str, list[_Cell]]:
    """Return the children of some cells as they will be, with their published shapes."""
    stored = {cell.code: cell for cell in _stored_children(session, number, parents)}
    inside = [cell for cell in draft.cells.values() if cell.parent in parents]
    area = draft.base.area
    missing = [c.code for c in inside if c.code not in stored and c.code not in draft.working]
    stored.update({cell.code: cell for cell in _cells(session, number, missing)})
    found: dict[str, list[_Cell]] = {code: [] for code in parents}
    for facts in inside:
        if facts.code != area and facts.parent is not None:
            old = stored.get(facts.code)
            shape = old.shape if old else None
            cell = _Cell(facts.code, facts.id or 0, facts.level, facts.parent, False, shape)
            found[facts.parent].append(cell)
    for cell in stored.values():
        is_outside = cell.code not in draft.base.cells or cell.code == area
        if is_outside and cell.parent in found:
            found[cell.parent].append(cell)
    return found


def _shape(draft: Draft, step: Step, child: _Cell) -> shapely.Geometry:
    row = step.rows.get(child.code)
    if row is not None and row.new_shape:
        return row.geometry
    return draft.working.shape(child.code) if child.code in draft.working else child.shape


def _united(shapes: Iterable[shapely.Geometry]) -> shapely.Geometry:
    array = np.array(list(shapes), dtype=object)
    united = array[0] if len(array) == 1 else shapely.coverage_union_all(array)
    parts = shapely.get_parts(united)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _stored_children(session: Session, number: int, parents: Iterable[str]) -> list[_Cell]:
    values = {"number": number, "codes": list(parents)}
    rows = session.execute(statement("geo.grid.plans", "children"), values).all()
    shapes = read_shapes(row.geom for row in rows)
    return [
        _Cell(row.code, row.cell_id, 0, row.parent, row.derived, shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _cells(session: Session, number: int, codes: Iterable[str]) -> list[_Cell]:
    wanted = list(codes)
    if not wanted:
        return []
    values = {"number": number, "codes": wanted}
    rows = session.execute(statement("geo.grid.plans", "shapes"), values).all()
    shapes = read_shapes(row.geom for row in rows)
    return [
        _Cell(row.code, row.cell_id, row.level, row.parent, row.derived, shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]
