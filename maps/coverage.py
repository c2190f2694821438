"""Borders of a coverage as arcs: each drawn once, knowing the cells at its sides.

An arc runs between nodes and lies between two leaf cells (or one, at the rim). A cell of any
level is then a set of leaves, and its border the arcs with exactly one side in that set: no ring
is sent twice and no dash is drawn over another. Sending, not editing: nothing here changes cells.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.spatial.storage import Geometries, to_grid
from maps.pack import Ints, Lines

NONE = -1


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs of a coverage.

    Parameters
    ----------
    lines
        Their vertices as storage grid numbers; ``owner`` counts the arcs.
    sides
        (m, 2) index of the leaf cells at the two sides, :data:`NONE` where there is none.
    level
        (m,) the highest level (lowest number) whose border the arc is. Not sent: the client
        knows the chains too.
    """

    lines: Lines
    sides: Ints
    level: Ints


def arcs(leaves: Geometries, chains: Ints, *, tolerance: float = 0) -> Arcs:
    """Return the borders of a coverage's leaves as arcs.

    Parameters
    ----------
    leaves
        (n,) polygons or multipolygons on the storage grid, valid as a coverage.
    chains
        (n, 5) index of each leaf's cell at level 1 … 5, :data:`NONE` where there is none.
    tolerance
        Storage grid steps by which an arc may be straightened; its ends stay.

    Returns
    -------
    Arcs
        By their sides; empty for no leaves.
    """
    vertices, ends, owner = _segments(leaves)
    if not len(ends):
        empty = Lines(np.empty((0, 2), np.int64), *np.empty((2, 0), np.int64))
        return Arcs(empty, np.empty((0, 2), np.int64), np.empty(0, np.int64))
    size = len(vertices)
    keys = np.sort(ends, axis=1) @ np.array([size, 1])
    unique, inverse = np.unique(keys, return_inverse=True)
    sides = _sides(inverse, owner, len(unique))
    merged = _merged(vertices, np.stack([unique // size, unique % size], axis=1))
    first, second = (_rows(vertices, shapely.get_point(merged, step)) for step in (0, 1))
    found = np.searchsorted(unique, np.minimum(first, second) * size + np.maximum(first, second))
    order = np.lexsort(sides[found].T[::-1])
    merged, found = merged[order], found[order]
    straight = shapely.simplify(merged, tolerance) if tolerance else merged
    points, line = shapely.get_coordinates(straight, return_index=True)
    lengths = np.bincount(line)
    return Arcs(
        Lines(points.astype(np.int64), lengths, np.arange(len(lengths))),
        sides[found],
        _levels(sides[found], chains),
    )


def _segments(leaves: Geometries) -> tuple[Ints, Ints, Ints]:
    """Return distinct vertices, the two vertex rows of each ring segment, and its leaf."""
    parts, owner = shapely.get_parts(np.asarray(leaves, dtype=object), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    vertices, row = np.unique(to_grid(points).astype(np.int64), axis=0, return_inverse=True)
    row = row.reshape(-1)
    inside = np.flatnonzero((ring[1:] == ring[:-1]) & (row[1:] != row[:-1]))
    ends = np.stack([row[inside], row[inside + 1]], axis=1)
    return vertices, ends, owner[part[ring[inside]]].astype(np.int64)


def _sides(inverse: Ints, owner: Ints, size: int) -> Ints:
    order = np.argsort(inverse, kind="stable")
    sorted_segment = inverse[order]
    first = np.searchsorted(sorted_segment, np.arange(size), side="left")
    last = np.searchsorted(sorted_segment, np.arange(size), side="right") - 1
    one, two = owner[order[first]], owner[order[last]]
    return np.stack([one, np.where(first == last, NONE, two)], axis=1)


def _merged(vertices: Ints, segments: Ints) -> Geometries:
    lines = np.asarray(shapely.linestrings(vertices[segments].astype(np.float64)), dtype=object)
    parts: Geometries = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return parts


def _rows(vertices: Ints, points: Geometries) -> Ints:
    """Return the row of each point in the lexicographically sorted vertices."""
    numbers = shapely.get_coordinates(points).astype(np.int64)
    span = 2**33
    keys = vertices @ np.array([span, 1])
    rows: Ints = np.searchsorted(keys, numbers @ np.array([span, 1]))
    return rows


def _levels(sides: Ints, chains: Ints) -> Ints:
    """Return the first level at which the chains of the two sides part."""
    nothing = np.full((1, chains.shape[1]), NONE)
    chain = np.concatenate([chains, nothing])
    level: Ints = 1 + np.argmax(chain[sides[:, 0]] != chain[sides[:, 1]], axis=1)
    return level
