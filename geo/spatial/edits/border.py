"""Move the border that two cells share: a line takes its place between two of its points."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.edits.assembly import assembled
from geo.spatial.edits.drawing import line_drawn
from geo.spatial.edits.faces import Faces, faces_of, given_to, holding
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.places import check_somewhere
from geo.spatial.edits.refusals import (
    DrawingKindRefused,
    LineLeaves,
    LineOffBorder,
    NotBeside,
    NothingMoves,
)
from geo.spatial.edits.rings import Edges, lines, shared, with_points
from geo.spatial.edits.trim import REACH, met_border
from geo.spatial.edits.working import Working
from geo.spatial.storage import Geometries, Points


def move_border(working: Working, a: str, b: str, line: shapely.Geometry) -> Patch:
    """Return two neighbours with a line as their border between the two points where it ends.

    Land on the other side of the line changes hands, in either direction.

    Parameters
    ----------
    working : the coverage
    a, b : codes of the two cells
    line : from one point of a stretch of their border to another, to some centimetres, through
        the inside of the two; degrees lon, lat, storage CRS

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CutMisses``, ``NotBeside``, ``LineOffBorder``, ``LineLeaves``,
        ``NothingMoves``, ``CellVanishes``, ``CellFallsApart``, ``CoverageWouldBreak``.
    CellMissing
        When there is no such cell.

    Examples
    --------
    >>> working = Working.of(["a", "b"], [shapely.box(0, 0, 2, 4), shapely.box(2, 0, 4, 4)])
    >>> line = shapely.LineString([(2, 1), (3, 1), (3, 3), (2, 3)])
    >>> {c: s.area for c, s in move_border(working, "a", "b", line).shapes.items()}
    {'a': 10.0, 'b': 6.0}
    """
    drawn = line_drawn(line)
    if drawn.geom_type != "LineString":
        raise DrawingKindRefused(drawn, kind=drawn.geom_type, wanted="LineString")
    check_somewhere(working, drawn)
    shapes = working.shapes([a, b])
    common = shared(shapes)
    if a == b or not len(common):
        raise NotBeside(drawn, a=a, b=b)
    ground = shapely.buffer(shapely.coverage_union_all(shapes), REACH, quad_segs=1)
    if not shapely.covers(ground, drawn):
        raise LineLeaves(shapely.difference(drawn, ground), a=a, b=b)
    points = shapely.get_coordinates(drawn)
    met = met_border(points[[0, -1]], common)
    for end, point in zip(points[[0, -1]], met.points, strict=True):
        if np.isnan(point).any():
            raise LineOffBorder(shapely.Point(end), a=a, b=b)
    points[[0, -1]] = met.points
    longer = np.array([with_points(shape, met.chains) for shape in shapes])
    swept = _swept(points, shared(longer), a, b)
    faces = faces_of(longer, [shapely.LineString(points)])
    return assembled(working, [a, b], faces, _labels(faces, swept, drawn), [a, b])


def _swept(points: Points, border: Edges, a: str, b: str) -> shapely.Geometry:
    """Return the land between a line and the stretch of border it replaces."""
    drawn = shapely.LineString(points)
    ends = shapely.points(points[[0, -1]])
    arcs = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines(border))))
    on_both = arcs[shapely.intersects(arcs[:, None], ends[None]).all(axis=1)]
    if not len(on_both) or ends[0] == ends[1]:
        raise LineOffBorder(ends[1], a=a, b=b)
    ways = _between(on_both[0], points[0], points[-1])
    lands = [_even_odd(np.concatenate([points, way[::-1][1:]])) for way in ways]
    return min(lands, key=lambda land: (land.area, land.wkb)) if drawn.length else lands[0]


def _between(arc: shapely.Geometry, start: Points, end: Points) -> list[Points]:
    """Return the ways along an arc from one of its vertices to another: one, or two if closed."""
    points = shapely.get_coordinates(arc)
    if arc.is_closed:
        points = np.roll(points[:-1], -int(_place(points[:-1], start)), axis=0)
        to = _place(points, end)
        back = np.concatenate([points[to:], points[:1]])
        return [points[: to + 1], back[::-1]]
    first, last = _place(points, start), _place(points, end)
    if first < last:
        return [points[first : last + 1]]
    return [points[last : first + 1][::-1]]


def _place(points: Points, point: Points) -> int:
    return int(np.argmax((points == point).all(axis=1)))


def _even_odd(ring: Points) -> shapely.Geometry:
    """Return what a ring that may cross itself encloses an odd number of times."""
    if len(np.unique(ring, axis=0)) < 3:
        return shapely.Polygon()
    return shapely.make_valid(shapely.Polygon(ring))


def _labels(faces: Faces, swept: shapely.Geometry, drawn: shapely.Geometry) -> npt.NDArray[np.intp]:
    moving = np.zeros(len(faces.owner), dtype=bool)
    moving[holding(_single(swept), faces.shapes)[1]] = True
    moving &= faces.owner >= 0
    if not (moving & ~faces.thin).any():
        raise NothingMoves(drawn)
    labels = np.where(moving, 1 - faces.owner, faces.owner)
    return given_to(faces.shapes, labels, faces.thin & (labels >= 0))


def _single(geometry: shapely.Geometry) -> Geometries:
    array = np.empty(1, dtype=object)
    array[0] = geometry
    return array
