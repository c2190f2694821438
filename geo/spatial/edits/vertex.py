"""Move one vertex, and with it the borders of all cells that meet there."""

import numpy as np
import shapely

from geo.spatial.edits.drawing import point_drawn
from geo.spatial.edits.gate import gated
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.places import check_somewhere
from geo.spatial.edits.refusals import VertexMissing, VertexOnOutline, VertexStays
from geo.spatial.edits.rings import outline
from geo.spatial.edits.trim import REACH
from geo.spatial.edits.working import Working
from geo.spatial.storage import Points


def move_vertex(working: Working, at: shapely.Point, to: shapely.Point) -> Patch:
    """Return all cells that meet in a vertex with it elsewhere.

    On the vertex next to it, it becomes one with that.

    Parameters
    ----------
    working : the coverage
    at : where the vertex is, to some centimetres, degrees lon, lat, storage CRS
    to : where it shall be

    Raises
    ------
    EditRefused
        ``DrawingInvalid``, ``CutMisses``, ``VertexMissing``, ``VertexOnOutline``, ``VertexStays``;
        and ``CoverageWouldBreak`` when borders would cross.

    Examples
    --------
    >>> working = Working.of(
    ...     ["a", "b"],
    ...     [
    ...         shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 2), (0, 2)]),
    ...         shapely.Polygon([(1, 0), (2, 0), (2, 2), (1, 2), (1, 1)]),
    ...     ],
    ... )
    >>> patch = move_vertex(working, shapely.Point(1, 1), shapely.Point(1.5, 1))
    >>> {code: shape.area for code, shape in patch.shapes.items()}
    {'a': 2.5, 'b': 1.5}
    """
    start, end = point_drawn(at), point_drawn(to)
    check_somewhere(working, start)
    vertex = _vertex(working, start)
    goal = shapely.get_coordinates(end)[0]
    codes = working.touching(shapely.Point(vertex))
    shapes = working.shapes(codes)
    border = outline(shapes)
    if (border.reshape(-1, 2, 2) == vertex).all(axis=2).any():
        raise VertexOnOutline(shapely.Point(vertex))
    if (vertex == goal).all():
        raise VertexStays(end)
    moved = shapely.transform(
        shapes, lambda points: np.where((points == vertex).all(axis=1)[:, None], goal, points)
    )
    clean = shapely.normalize(shapely.remove_repeated_points(moved, 0.0))
    return gated(working, Patch(dict(zip(codes, clean, strict=True))))


def _vertex(working: Working, at: shapely.Point) -> Points:
    near = working.near(shapely.buffer(at, 2.0 * REACH))
    points = shapely.get_coordinates(working.shapes(near))
    apart = np.hypot(*(points - shapely.get_coordinates(at)[0]).T)
    if not len(points) or apart.min() > 2.0 * REACH:
        raise VertexMissing(at)
    return points[apart.argmin()]
