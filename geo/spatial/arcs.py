"""A coverage as arcs: each border once, and each ring the arcs it runs along.

What travels to an editor, where the arc is also the thing that is dragged: both cells follow by
construction. Exact: integers of the storage grid go out, the same polygons come back. Drawing (a
straightened picture) is ``maps.coverage``'s business.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, from_grid, to_grid

Ints = npt.NDArray[np.int64]

_SPAN = 2**32


@dataclass(frozen=True, slots=True)
class Arcs:
    """Borders of a coverage between nodes, and the polygons put together from them.

    A node is a vertex where other than two borders meet; a ring without one has its lowest.

    Parameters
    ----------
    points
        (n, 2) int64, storage grid numbers of the vertices, arc after arc, both ends in each.
    lengths
        (m,) vertices of each arc.
    refs
        (r,) the arcs of each ring in order: ``i`` as it stands, ``~i`` backwards.
    rings
        Arcs of each ring; the first ring of a polygon is its shell.
    polygons
        Rings of each polygon.
    parts
        (g,) polygons of each geometry, 0 for a null or empty one.
    """

    points: Ints
    lengths: Ints
    refs: Ints
    rings: Ints
    polygons: Ints
    parts: Ints

    def block(self) -> dict[str, list[int] | int]:
        """Return plain lists for JSON, coordinates as running differences.

        ``shift, origin, len, x, y`` are the form of ``maps.pack.flat``; ``ref, rings, polys,
        parts`` are the fields above.
        """
        steps = np.diff(self.points, axis=0, prepend=self.points[:1])
        return {
            "shift": 0,
            "origin": self.points[0].tolist() if len(self.points) else [0, 0],
            "len": self.lengths.tolist(),
            "x": steps[:, 0].tolist(),
            "y": steps[:, 1].tolist(),
            "ref": self.refs.tolist(),
            "rings": self.rings.tolist(),
            "polys": self.polygons.tolist(),
            "parts": self.parts.tolist(),
        }


def arcs_of(geometries: npt.ArrayLike) -> Arcs:
    """Return the arcs of a coverage.

    Parameters
    ----------
    geometries : (n,) polygons or multipolygons on the storage grid, a valid coverage

    Returns
    -------
    Arcs, in the order in which the rings come to them

    Examples
    --------
    >>> from geo.spatial.storage import GRID
    >>> pair = [shapely.box(0, 0, 8 * GRID, 8 * GRID), shapely.box(8 * GRID, 0, 9 * GRID, 8 * GRID)]
    >>> arcs = arcs_of(pair)
    >>> len(arcs.lengths), sorted(arcs.refs.tolist())
    (3, [-1, 0, 1, 2])
    """
    array = np.array(geometries, dtype=object).reshape(-1)
    array[shapely.is_empty(array)] = None
    parts, owner = shapely.get_parts(array, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, starts, size = _open_rings(rings)
    counts = np.bincount(part, minlength=len(parts)), np.bincount(owner, minlength=len(array))
    if not len(size):
        none = np.empty(0, np.int64)
        return Arcs(np.empty((0, 2), np.int64), none, none, none, counts[0], counts[1])
    row = np.unique(points[:, 0] * _SPAN + points[:, 1], return_inverse=True)[1].reshape(-1)
    ring = np.repeat(np.arange(len(size)), size)
    following = np.arange(len(row)) + 1
    following[starts + size - 1] = starts
    segment, degree = _segments(row, row[following])
    begins = _begins(row, ring, starts, degree)
    return _cut(points, row, segment, ring, following, begins, counts)


def polygons_of(arcs: Arcs) -> Geometries:
    """Return the polygons that arcs were taken from, rings begun at a node.

    Returns
    -------
    (g,) polygons, multipolygons where there are several parts, degrees lon, lat; None for none
    """
    lines = np.split(from_grid(arcs.points), np.cumsum(arcs.lengths)[:-1])
    pieces = np.split(arcs.refs, np.cumsum(arcs.rings)[:-1]) if len(arcs.rings) else []
    rings = [_ring(lines, refs) for refs in pieces]
    shells = np.cumsum(arcs.polygons) - arcs.polygons
    each = [
        shapely.Polygon(rings[at], rings[at + 1 : at + count])
        for at, count in zip(shells, arcs.polygons, strict=True)
    ]
    first = np.cumsum(arcs.parts) - arcs.parts
    found = np.empty(len(arcs.parts), dtype=object)
    for index, (at, count) in enumerate(zip(first, arcs.parts, strict=True)):
        if count:
            found[index] = each[at] if count == 1 else shapely.MultiPolygon(each[at : at + count])
    return found


def _open_rings(rings: Geometries) -> tuple[Ints, Ints, Ints]:
    """Return the vertices of rings without the closing one, where each begins and its size."""
    points, ring = shapely.get_coordinates(rings, return_index=True)
    kept = np.r_[ring[1:] == ring[:-1], False][: len(ring)]
    size = np.bincount(ring[kept], minlength=len(rings)).astype(np.int64)
    return to_grid(points[kept]).astype(np.int64), np.cumsum(size) - size, size


def _segments(one: Ints, two: Ints) -> tuple[Ints, Ints]:
    """Return the number of each undirected segment, and how many leave each vertex row."""
    low, high = np.minimum(one, two), np.maximum(one, two)
    unique, number = np.unique(low * _SPAN + high, return_inverse=True)
    degree = np.bincount(np.r_[unique // _SPAN, unique % _SPAN])
    return number.reshape(-1), degree


def _begins(row: Ints, ring: Ints, starts: Ints, degree: Ints) -> npt.NDArray[np.bool_]:
    """Tell at which ring vertices an arc begins: at nodes, else at the lowest of the ring."""
    begins: npt.NDArray[np.bool_] = degree[row] != 2
    lonely = ~np.logical_or.reduceat(begins, starts)
    lowest = np.minimum.reduceat(row, starts)
    begins |= lonely[ring] & (row == lowest[ring])
    return begins


def _cut(
    points: Ints,
    row: Ints,
    segment: Ints,
    ring: Ints,
    following: Ints,
    begins: npt.NDArray[np.bool_],
    counts: tuple[Ints, Ints],
) -> Arcs:
    """Cut rings at the vertices where arcs begin, and number the chains that are one border."""
    first = np.flatnonzero(begins)
    per_ring = np.bincount(ring[first])
    opening = np.cumsum(per_ring) - per_ring
    later = np.arange(len(first)) + 1
    later[opening + per_ring - 1] = opening
    before = np.empty_like(following)
    before[following] = np.arange(len(following))
    last = before[first[later]]  # the vertex whose segment ends the chain
    # A segment lies in exactly one arc: the smaller end segment names it.
    key = np.minimum(segment[first], segment[last])
    _, shown, name = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(shown, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    number = number[name.reshape(-1)]
    model = shown[order]
    mine = first[model[number]]
    same = (row[first] == row[mine]) & (segment[first] == segment[mine])
    refs = np.where(same, number, ~number)
    chain, lengths = _chains(first[model], last[model], ring, following)
    return Arcs(points[chain], lengths, refs, per_ring, *counts)


def _chains(first: Ints, last: Ints, ring: Ints, following: Ints) -> tuple[Ints, Ints]:
    """Return the ring vertices of chains, one after the other, both ends in each."""
    size = np.bincount(ring)
    start = (np.cumsum(size) - size)[ring[first]]
    around = size[ring[first]]
    lengths = (last - first) % around + 2
    step = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = (np.repeat(first - start, lengths) + step) % np.repeat(around, lengths)
    return np.repeat(start, lengths) + at, lengths


def _ring(lines: list[npt.NDArray[np.float64]], refs: Ints) -> npt.NDArray[np.float64]:
    pieces = [lines[ref] if ref >= 0 else lines[~ref][::-1] for ref in refs]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
