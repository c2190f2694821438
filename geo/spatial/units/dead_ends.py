"""Dead ends of streets, led on to the next line: so they too part the land on their sides."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, Points
from geo.spatial.units.footprints import Ints

_TOUCH_M = 0.01  # an end that lies nearer to another line is none
_LEAST_M = 15.0  # a shorter street parts nothing
_AHEAD_M = 60.0
_BACK_M = 10.0  # of the street that says where it leads
_CLEAR_M = 0.5  # of footprints
_BEYOND_M = 0.01  # of what comes next, so that the way meets it whatever is rounded


def led_on(lines: Geometries, areas: Geometries, footprints: Geometries) -> Geometries:
    """Return the ways straight on from dead ends to what comes next.

    An end stays one when nothing comes within 60 m, or a footprint stands in the way.

    Parameters
    ----------
    lines : (m,) lines, some of several parts or empty, metres
    areas : (a,) polygons; their outlines are met like lines, ends outside are left, metres
    footprints : (n,) polygons, metres

    Returns
    -------
    (k,) lines of two points, metres

    Examples
    --------
    >>> street, town = shapely.LineString([(0, 50), (80, 50)]), shapely.box(0, 0, 100, 100)
    >>> way = led_on(np.array([street]), np.array([town]), np.empty(0, dtype=object))
    >>> shapely.get_coordinates(way).round(1).tolist()
    [[80.0, 50.0], [100.0, 50.0]]
    """
    parts = shapely.get_parts(lines)
    parts = parts[shapely.length(parts) > 0.0]
    stops = np.concatenate([parts, shapely.boundary(areas)])
    tree = shapely.STRtree(stops)
    ends, street = _dead_ends(parts, tree, shapely.union_all(areas))
    step = ends[:, 1] - ends[:, 0]
    aim = step / np.hypot(*step.T)[:, None]
    size = _free(_lines(ends[:, 1], aim * _AHEAD_M), street, tree, stops)
    some = np.isfinite(size)
    ways = _lines(ends[some, 1], aim[some] * (size[some, None] + _BEYOND_M))
    blocked, _ = shapely.STRtree(footprints).query(ways, "dwithin", _CLEAR_M)
    return np.delete(ways, blocked)


def _dead_ends(
    parts: Geometries, tree: shapely.STRtree, land: shapely.Geometry
) -> tuple[Points, Ints]:
    """Return dead ends, each behind a point of its street, as (e, 2, 2), and their streets."""
    street = np.repeat(np.arange(len(parts)), 2)
    size = np.repeat(shapely.length(parts), 2)
    last = np.tile([False, True], len(parts))
    points = shapely.get_point(parts[street], np.where(last, -1, 0))
    step = np.minimum(_BACK_M, size)
    behind = shapely.line_interpolate_point(parts[street], np.where(last, size - step, step))
    met = np.bincount(tree.query(points, "dwithin", _TOUCH_M)[0], minlength=len(points))
    dead = (met == 1) & (size >= _LEAST_M) & shapely.contains(land, points)
    both = np.column_stack([behind[dead], points[dead]])
    return shapely.get_coordinates(both).reshape(-1, 2, 2), street[dead]


def _lines(points: Points, steps: Points) -> Geometries:
    corners = np.stack([points, points + steps], axis=1)
    return np.asarray(shapely.linestrings(corners), dtype=object)


def _free(
    rays: Geometries, own: Ints, tree: shapely.STRtree, stops: Geometries
) -> npt.NDArray[np.float64]:
    """Return how far each ray goes until it meets another line than its own; inf for ever."""
    ray, stop = tree.query(rays, "intersects")
    ray, stop = ray[stop != own[ray]], stop[stop != own[ray]]
    met = shapely.intersection(rays[ray], stops[stop])
    result = np.full(len(rays), np.inf)
    np.minimum.at(result, ray, shapely.distance(shapely.get_point(rays[ray], 0), met))
    return result
