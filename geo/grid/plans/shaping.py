"""Operations that draw: ``geo.spatial.edits`` gives the patch, the cells are told anew. Pure.

Codes of new cells are allocated once and kept in the operation: a draft that is done again has the
same ones.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.errors import Refused
from geo.grid.plans.draft import CellFacts, Draft
from geo.grid.plans.known import Done, Known
from geo.grid.plans.meaning import LevelsDiffer, cell_of, leaf_of, patched
from geo.grid.plans.naming import fresh_codes, name_of
from geo.grid.plans.operations import (
    Add,
    Merge,
    MoveBorder,
    MoveVertex,
    Part,
    Replace,
    Split,
    Transfer,
)
from geo.grid.tree import DEEPEST
from geo.spatial.edits.border import move_border
from geo.spatial.edits.merge import merge
from geo.spatial.edits.refusals import CodeTaken
from geo.spatial.edits.remainder import add_remainder
from geo.spatial.edits.replace import replace as replaced
from geo.spatial.edits.split import pieces, split
from geo.spatial.edits.transfer import transfer, transfer_buildings
from geo.spatial.edits.trim import REACH
from geo.spatial.edits.vertex import move_vertex


class BuildingsUnknown(Refused):
    """Buildings that the area does not have."""

    code = "plan_buildings_unknown"


class NamesMany(Refused):
    """A cut is given more names than it makes parts."""

    code = "plan_names_many"


def done_split(draft: Draft, operation: Split, known: Known) -> Done:
    """Cut a cell."""
    cell = leaf_of(draft, operation.cell)
    keep_at = shapely.Point(operation.keep_at) if operation.keep_at else None
    codes = operation.codes
    if codes:
        _check_free(draft, known, codes)
    else:
        made = pieces(draft.working, cell.code, operation.cut, keep_at=keep_at)
        if len(operation.names) > len(made):
            raise NamesMany(given=len(operation.names), parts=len(made))
        codes = tuple(fresh_codes(draft, known, cell.parent, list(made[1:])))
    patch = split(draft.working, cell.code, operation.cut, codes, keep_at=keep_at)
    names = [*operation.names, *[None] * (len(codes) + 1)]
    cells = [replace(cell, name=names[0] or cell.name)]
    cells += [_like(cell, code, name) for code, name in zip(codes, names[1:], strict=False)]
    return patched(draft, patch, cells), replace(operation, codes=codes)


def done_merge(draft: Draft, operation: Merge, known: Known) -> Done:
    """Unite neighbours."""
    for code in operation.cells:
        leaf_of(draft, code)
    return patched(draft, merge(draft.working, operation.cells, operation.into)), operation


def done_move_border(draft: Draft, operation: MoveBorder, known: Known) -> Done:
    """Let a shared border run along a line."""
    for code in operation.cells:
        leaf_of(draft, code)
    line = shapely.LineString(operation.line)
    return patched(draft, move_border(draft.working, *operation.cells, line)), operation


def done_move_vertex(draft: Draft, operation: MoveVertex, known: Known) -> Done:
    """Move a vertex."""
    at, to = shapely.Point(operation.at), shapely.Point(operation.to)
    return patched(draft, move_vertex(draft.working, at, to)), operation


def done_transfer(draft: Draft, operation: Transfer, known: Known) -> Done:
    """Give ground to a cell."""
    to = leaf_of(draft, operation.to).code
    if operation.area is not None:
        return patched(draft, transfer(draft.working, operation.area, to)), operation
    stock = known.stock()
    chosen = stock["code"].isin(operation.buildings).to_numpy()
    if missing := sorted(set(operation.buildings) - set(stock["code"][chosen])):
        raise BuildingsUnknown(value=", ".join(missing[:5]), count=len(missing))
    footprints = stock["footprint"].to_numpy(dtype=object)
    places = np.where(shapely.is_missing(footprints), stock.geometry.to_numpy(), footprints)
    near = _near(draft, places, chosen)
    patch = transfer_buildings(
        draft.working, places[near], chosen[near], to, barriers=known.barriers()
    )
    return patched(draft, patch), operation


def done_add(draft: Draft, operation: Add, known: Known) -> Done:
    """Make a cell of what no leaf covers."""
    parent = cell_of(draft, operation.parent)
    if parent.code in draft.working or parent.level >= DEEPEST:
        raise LevelsDiffer(cell=operation.name, parent=parent.code)
    codes = (operation.code,) if operation.code else ()
    _check_free(draft, known, codes)
    code = operation.code or _fresh(draft, known, parent.code, operation.polygon)
    cell = CellFacts(code, operation.name, parent.level + 1, parent.code)
    # Land is new where no cell of the whole district lies, be it far beyond the area.
    wider = draft.widened(known.further(shapely.buffer(operation.polygon, 20.0 * REACH)))
    patch = add_remainder(wider.working, operation.polygon, code)
    return patched(wider, patch, [cell]), replace(operation, code=code)


def done_replace(draft: Draft, operation: Replace, known: Known) -> Done:
    """Draw some cells anew on the same ground, or divide one into children."""
    group = [leaf_of(draft, code) for code in operation.cells]
    parent = operation.parent or group[0].parent or ""
    divides = len(group) == 1 and parent == group[0].code
    level = group[0].level + divides
    if not divides and cell_of(draft, parent).level != level - 1:
        raise LevelsDiffer(cell=group[0].code, parent=parent)
    if level > DEEPEST:
        raise LevelsDiffer(cell=parent, parent=parent)
    parts = _coded(draft, known, operation, parent)
    shapes = {part.code: part.polygon for part in parts if part.code is not None}
    patch = replaced(draft.working, operation.cells, shapes)
    own = {cell.code: cell for cell in group}
    new = CellFacts("", group[0].name, level, parent)
    cells = [_told(own.get(part.code or "", new), part) for part in parts]
    if divides:
        cells.append(group[0])  # it stays, and its shape is the union of its children
    return patched(draft, patch, cells), replace(operation, parts=parts)


def _coded(draft: Draft, known: Known, operation: Replace, parent: str) -> tuple[Part, ...]:
    divides = parent in operation.cells
    own = [part.code for part in operation.parts if part.code is not None]
    _check_free(draft, known, [c for c in own if divides or c not in operation.cells])
    bare = [part for part in operation.parts if part.code is None]
    shapes = [part.polygon for part in bare]
    codes = iter(fresh_codes(draft, known, parent, shapes, besides=own))
    return tuple(
        part if part.code is not None else replace(part, code=next(codes))
        for part in operation.parts
    )


def _fresh(draft: Draft, known: Known, parent: str, shape: shapely.Geometry) -> str:
    return fresh_codes(draft, known, parent, [shape])[0]


def _told(cell: CellFacts, part: Part) -> CellFacts:
    code = part.code or ""
    if cell.code == code:
        return replace(cell, name=part.name or cell.name)
    return replace(_like(cell, code, part.name), parent=cell.parent)


def _like(cell: CellFacts, code: str, name: str | None) -> CellFacts:
    return replace(cell, code=code, name=name or name_of(cell, code), id=None)


def _check_free(draft: Draft, known: Known, codes: Sequence[str]) -> None:
    """Refuse a code that some cell bears or ever bore."""
    taken = known.taken(codes)
    for code in codes:
        if code in draft.cells or code in taken:
            place = draft.working.shape(code) if code in draft.working else None
            raise CodeTaken(place, value=code)


def _near(draft: Draft, places: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return which buildings stand in the cells that the chosen ones stand in."""
    points = shapely.point_on_surface(places)
    cells = {code for point in points[chosen] for code in draft.working.touching(point)}
    ground = draft.working.shapes(sorted(cells))
    near = np.zeros(len(places), dtype=bool)
    near[shapely.STRtree(points).query(ground, predicate="intersects")[1]] = True
    return near
