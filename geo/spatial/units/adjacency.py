"""What borders on what in a coverage, by hashed segments: lengths, and how much runs along what."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, Points
from geo.spatial.units.footprints import Ints

Floats = npt.NDArray[np.float64]


def shared_segments(polygons: Geometries) -> tuple[Ints, Ints, Points, Points]:
    """Return the segments that two polygons of a coverage share.

    Parameters
    ----------
    polygons : (n,) polygons of a valid coverage

    Returns
    -------
    (s,) and (s,) int64: the polygons on either side, the lower first
    (s, 2) and (s, 2) float64: the ends, the lower first
    """
    rings, owner = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b, at = corners[:-1][same], corners[1:][same], owner[ring[:-1][same]]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a[turned], b[turned] = b[turned], a[turned]
    order = np.lexsort((at, b[:, 1], b[:, 0], a[:, 1], a[:, 0]))
    a, b, at = a[order], b[order], at[order]
    twin = np.flatnonzero((a[1:] == a[:-1]).all(axis=1) & (b[1:] == b[:-1]).all(axis=1))
    return at[twin].astype(np.int64), at[twin + 1].astype(np.int64), a[twin], b[twin]


def shared_edges(polygons: Geometries) -> tuple[Ints, Ints, Floats]:
    """Return pairs of polygons of a coverage that share a border, and its length.

    Examples
    --------
    >>> halves = np.array([shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 2)])
    >>> [part.tolist() for part in shared_edges(halves)]
    [[0], [1], [2.0]]
    """
    first, second, a, b = shared_segments(polygons)
    first, second, (length,) = summed(first, second, len(polygons), np.hypot(*(b - a).T))
    return first, second, length


def summed(
    first: Ints, second: Ints, count: int, *values: Floats
) -> tuple[Ints, Ints, list[Floats]]:
    """Return pairs once each, sorted, with the sums of their values."""
    pairs, inverse = np.unique(first * count + second, return_inverse=True)
    sums = [
        np.bincount(inverse, value, minlength=len(pairs)).astype(np.float64) for value in values
    ]
    return pairs // count, pairs % count, sums


def along(a: Points, b: Points, lines: Geometries, within_m: float) -> Ints:
    """Return the line each segment runs along, -1 for none.

    Parameters
    ----------
    a, b : (s, 2) ends of the segments, metres
    lines : (m,) lines, the most important first, metres
    within_m : how far the middle and the ends of a segment may be off

    Returns
    -------
    (s,) int64, the first of several
    """
    result = np.full(len(a), -1, dtype=np.int64)
    if not len(lines) or not len(a):
        return result
    middles = shapely.points((a + b) / 2.0)
    segment, line = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=within_m)
    for end in (a, b):
        off = shapely.distance(shapely.points(end[segment]), lines[line])
        near = off <= within_m * 1.5
        segment, line = segment[near], line[near]
    order = np.lexsort((line, segment))
    segment, first = np.unique(segment[order], return_index=True)
    result[segment] = line[order[first]]
    return result
