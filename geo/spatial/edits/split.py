"""Split a cell by lines or a polygon."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.assembly import assembled
from geo.spatial.edits.drawing import cut_drawn, point_drawn
from geo.spatial.edits.faces import Faces, faces_of, given_to
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.places import check_somewhere
from geo.spatial.edits.refusals import (
    CellVanishes,
    CodeTaken,
    CutCovers,
    KeepMisses,
    PiecesDiffer,
)
from geo.spatial.edits.rings import with_points
from geo.spatial.edits.trim import missed, trimmed
from geo.spatial.edits.working import Working
from geo.spatial.order import reading_order
from geo.spatial.storage import Geometries


@dataclass(frozen=True, slots=True)
class _Cut:
    faces: Faces
    piece: npt.NDArray[np.intp]  # (m,) of each face, 0 the one that keeps the code; -1 outside
    shapes: Geometries  # of the pieces


def split(
    working: Working,
    cell: str,
    cut: shapely.Geometry,
    new_codes: str | Sequence[str],
    *,
    keep_at: shapely.Point | None = None,
) -> Patch:
    """Return a cell cut in two, or in as many pieces as there are new codes and one.

    What is drawn may overshoot the cell: it is trimmed to it, and passing through other cells in
    between does them nothing. A line that leaves the cell and comes back cuts twice.

    Parameters
    ----------
    working : the coverage
    cell : its code
    cut : line, lines, polygon or multipolygon, degrees lon, lat, storage CRS
    new_codes : of the pieces that do not keep the code, rows from north to south, west to east
    keep_at : the piece that covers it keeps the code; None: the largest

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CutMisses``, ``CutTouches``, ``CutCovers``, ``CutEndsInside``,
        ``PiecesDiffer``, ``KeepMisses``, ``CodeTaken``, ``CellVanishes``, ``CoverageWouldBreak``.
    CellMissing
        When there is no such cell.

    Examples
    --------
    >>> working = Working.of(["a", "b"], [shapely.box(0, 0, 4, 2), shapely.box(4, 0, 6, 2)])
    >>> patch = split(working, "a", shapely.LineString([(3, -1), (3, 3)]), "c")
    >>> {code: shape.area for code, shape in patch.shapes.items()}, patch.noded
    ({'a': 6.0, 'c': 2.0}, ())
    """
    codes = [new_codes] if isinstance(new_codes, str) else list(new_codes)
    for code in codes:
        if code in working or codes.count(code) > 1:
            raise CodeTaken(working.shape(code) if code in working else None, value=code)
    made = _cut(working, cell, cut, keep_at)
    if len(made.shapes) != len(codes) + 1:
        where = shapely.intersection(cut_drawn(cut), working.shape(cell))
        raise PiecesDiffer(where, cell=cell, pieces=len(made.shapes), codes=len(codes) + 1)
    return assembled(working, [cell], made.faces, made.piece, [cell, *codes])


def pieces(
    working: Working, cell: str, cut: shapely.Geometry, *, keep_at: shapely.Point | None = None
) -> Geometries:
    """Return what ``split`` would make: first the piece that keeps the code, then the new ones.

    Parameters
    ----------
    working, cell, cut, keep_at : as of ``split``

    Returns
    -------
    (k,) polygons or multipolygons, the new ones in the order in which they are given codes

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(0, 0, 4, 2)])
    >>> [p.area for p in pieces(working, "a", shapely.LineString([(1, -1), (1, 3)]))]
    [6.0, 2.0]
    """
    return _cut(working, cell, cut, keep_at).shapes


def _cut(working: Working, cell: str, cut: shapely.Geometry, keep_at: shapely.Point | None) -> _Cut:
    shape = working.shape(cell)
    drawn = cut_drawn(cut)
    check_somewhere(working, drawn)
    inside = trimmed(drawn, shape)
    if not inside.lines:
        # No line inside: the cell lies in what was drawn as a whole, or not at all.
        if shapely.intersects(cut, shapely.point_on_surface(shape)):
            raise CutCovers(shape, cell=cell)
        raise missed(drawn, shape)
    faces = faces_of(np.array([with_points(shape, inside.chains)]), inside.lines)
    own = np.where(faces.owner == 0, np.arange(len(faces.owner)), -1)
    own = given_to(faces.shapes, own, faces.thin & (own >= 0))
    whole = _whole_parts(shape, faces, own)
    found = np.unique(own[(own >= 0) & ~whole])
    if len(found) < 2:
        raise CellVanishes(drawn, cell=cell)
    shapes = np.array([_united(faces.shapes[own == index]) for index in found], dtype=object)
    order = _order(shapes, keep_at, cell)
    piece = np.full(len(own), -1, dtype=np.intp)
    for place, index in enumerate(order):
        piece[own == found[index]] = place
    piece[whole] = 0
    if whole.any():
        shapes[order[0]] = _united(faces.shapes[piece == 0])
    return _Cut(faces, piece, shapes[order])


def _whole_parts(
    shape: shapely.Geometry, faces: Faces, own: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Return which faces are parts of a multipolygon that the cut leaves whole."""
    whole = np.zeros(len(own), dtype=bool)
    parts = shapely.get_parts(shape)
    if len(parts) > 1:
        inside = shapely.point_on_surface(faces.shapes)
        for part in parts:
            here = shapely.contains(part, inside) & (own >= 0)
            whole |= here & (len(np.unique(own[here])) == 1)
    return whole


def _order(shapes: Geometries, keep_at: shapely.Point | None, cell: str) -> npt.NDArray[np.intp]:
    """Return the pieces, the one that keeps the code first, the others in reading order."""
    order = reading_order(shapes)
    if keep_at is None:
        kept = order[np.argmax(shapely.area(shapes[order]))]
    else:
        covers = shapely.covers(shapes[order], point_drawn(keep_at))
        if not covers.any():
            raise KeepMisses(keep_at, cell=cell)
        kept = order[np.argmax(covers)]
    return np.r_[kept, order[order != kept]]


def _united(faces: Geometries) -> shapely.Geometry:
    return faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
