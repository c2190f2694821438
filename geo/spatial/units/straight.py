"""Borders of a coverage made straight: vertices left out where neither building nor line minds.

A vertex between two others is left out when the triangle of the three holds no other vertex and
keeps clear of footprints. So nothing crosses afterwards, and no building changes sides.

Source: the least triangle goes first, as in M. Visvalingam, J. Whyatt, Line generalisation by
repeated elimination of points, The Cartographic Journal 30.1 (1993).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, Points
from geo.spatial.units.footprints import Ints

Bools = npt.NDArray[np.bool_]

CLEAR_M = 1.0  # from footprints; a border that is nearer stays
ON_LINE_M = 0.05
_APART_M = 1e-3  # vertices nearer than this to a triangle count as in it
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class _Net:
    """Vertices of a coverage and the segments between them.

    ``vertex`` names the point of each coordinate of the rings; ``sides`` holds the two neighbours
    of each vertex that has no more, -1 for others; ``known`` numbers the segments.
    """

    points: Points
    vertex: Ints
    sides: Ints
    known: Ints


def straightened(polygons: Geometries, footprints: Geometries, lines: Geometries) -> Geometries:
    """Return a coverage whose borders bend only where they must.

    Parameters
    ----------
    polygons : (n,) polygons of a valid coverage, metres
    footprints : (m,) what no border may come near, metres
    lines : (k,) borders along these stay as they are, and so does the outline, metres

    Returns
    -------
    (n,) polygons, a valid coverage; their vertices are some of those before

    Examples
    --------
    >>> west = shapely.Polygon([(0, 0), (10, 0), (12, 5), (10, 10), (0, 10)])
    >>> east = shapely.Polygon([(20, 0), (20, 10), (10, 10), (12, 5), (10, 0)])
    >>> none = np.empty(0, dtype=object)
    >>> shapely.area(straightened(np.array([west, east]), none, none)).tolist()
    [100.0, 100.0]
    """
    rings, owner = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(corners):
        return polygons
    net, free = _net_of(corners, ring)
    some = np.flatnonzero(free)
    near = shapely.STRtree(lines).query(
        shapely.points(net.points[some]), predicate="dwithin", distance=ON_LINE_M
    )
    free[some[near[0]]] = False
    alive = _thinned(net, free, footprints)
    last = np.append(ring[1:] != ring[:-1], True)  # a ring ends where it begins
    kept = alive[net.vertex] & ~last
    outlines = shapely.linearrings(corners[kept], indices=ring[kept])
    return polygons_of(outlines, owner)


def _net_of(corners: Points, ring: Ints) -> tuple[_Net, Bools]:
    """Return the net of rings, and which vertices stand between two others inside the outline."""
    points, vertex = np.unique(corners, axis=0, return_inverse=True)
    vertex = vertex.reshape(-1).astype(np.int64)
    count, same = len(points), ring[1:] == ring[:-1]
    ends = np.sort(np.column_stack([vertex[:-1][same], vertex[1:][same]]), axis=1)
    known, times = np.unique(ends[:, 0] * count + ends[:, 1], return_counts=True)
    low, high = known // count, known % count
    free = np.bincount(np.concatenate([low, high]), minlength=count) == 2
    outer = times == 1
    free[low[outer]] = free[high[outer]] = False
    tail, end = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.lexsort((end, tail))
    first = np.searchsorted(tail[order], np.flatnonzero(free))
    sides = np.full((count, 2), -1, dtype=np.int64)
    sides[free] = end[order][first[:, None] + [0, 1]]
    return _Net(points, vertex, sides, known), free


def _thinned(net: _Net, free: Bools, footprints: Geometries) -> Bools:
    """Return which vertices stay, (v,) bool."""
    alive, waiting = np.ones(len(free), dtype=np.bool_), free.copy()
    solid = shapely.STRtree(footprints)
    others = shapely.STRtree(shapely.points(net.points))
    known, sides = net.known, net.sides.copy()
    for _ in range(_ROUNDS):
        tried = _least(net.points, sides, waiting)
        if not len(tried):
            break
        a, b = sides[tried].T
        name = np.minimum(a, b) * len(free) + np.maximum(a, b)
        corners = np.stack([net.points[v] for v in (a, tried, b, a)], axis=1)
        shapes = shapely.polygons(corners)
        good = ~np.isin(name, known) & _once(name)
        good[solid.query(shapes, predicate="dwithin", distance=CLEAR_M)[0]] = False
        at, inside = others.query(shapes, predicate="dwithin", distance=_APART_M)
        own = (inside == tried[at]) | (inside == a[at]) | (inside == b[at])
        good[at[alive[inside] & ~own]] = False
        waiting[tried] = False
        alive[tried[good]] = False
        for one, gone, other in ((a, tried, b), (b, tried, a)):
            one, gone, other = one[good], gone[good], other[good]
            second = (sides[one, 0] != gone).astype(np.int64)
            sides[one, second] = np.where(sides[one, 0] >= 0, other, -1)
            waiting[one] = free[one]
        known = np.union1d(known, name[good])
    return alive


def _least(points: Points, sides: Ints, waiting: Bools) -> Ints:
    """Return vertices that wait and whose triangle is smaller than those of their neighbours."""
    tried = np.flatnonzero(waiting)
    tried = tried[sides[tried, 0] != sides[tried, 1]]
    a, b = sides[tried].T
    u, w = points[a] - points[tried], points[b] - points[tried]
    size = np.full(len(points), np.inf)
    size[tried] = np.abs(u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0])
    least = np.ones(len(tried), dtype=np.bool_)
    for side in (a, b):
        least &= (size[tried] < size[side]) | ((size[tried] == size[side]) & (tried < side))
    return tried[least]


def _once(names: Ints) -> Bools:
    """Return which names are the first of their kind."""
    result = np.zeros(len(names), dtype=np.bool_)
    result[np.unique(names, return_index=True)[1]] = True
    return result


def polygons_of(rings: Geometries, owner: Ints) -> Geometries:
    """Return polygons of rings, the outer one of each first."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    result = np.asarray(shapely.polygons(rings[first]), dtype=object)
    for at in np.flatnonzero(np.diff(np.append(first, len(rings))) > 1):
        holes = np.flatnonzero(owner == owner[first[at]])[1:]
        result[at] = shapely.polygons(rings[first[at]], holes=rings[holes])
    return result
