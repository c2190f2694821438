"""Boxes around stretches of borders, so that who seeks the nearest edge looks at few edges.

A stretch is up to eight edges of one ring, one after the other. The stretches of ring ``r``, whose
first vertex is ``v``, stand from row ``v // 8 + r`` on: rings and vertices only grow, so nothing
has to say where. A row between two rings may be left over; its box is nowhere.
"""

import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]

# So many edges are measured at once.
STRETCH = 8
_LOW, _HIGH = np.iinfo(np.int32).min, np.iinfo(np.int32).max
_NOWHERE = (_HIGH, _HIGH, _LOW, _LOW)


def rows_until(vertices: int, rings: int) -> int:
    """Return before which row the stretches of so many vertices in so many rings end."""
    return vertices // STRETCH + rings


def stretches_of(vertices: Int32s, rings: Int32s, *, vertex: int = 0, ring: int = 0) -> Int32s:
    """Return the boxes of the stretches of rings: west, south, east, north in grid numbers.

    Parameters
    ----------
    vertices : (n, 2) int32, with a row behind the last one that a ring has
    rings : (k,) int32, the number after the last vertex of each
    vertex, ring : how many vertices and rings stand before them

    Returns
    -------
    (m, 4) int32, from row ``rows_until(vertex, ring)`` on
    """
    base, number = rows_until(vertex, ring), len(rings)
    ends = np.concatenate([[0], rings]).astype(np.int64)
    boxes = np.empty((rows_until(vertex + int(ends[-1]), ring + number) - base, 4), dtype=np.int32)
    boxes[:] = _NOWHERE
    firsts, edges = ends[:-1], np.diff(ends) - 1
    counts = -(-edges // STRETCH)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.repeat((firsts + vertex) // STRETCH + np.arange(ring, ring + number) - base, counts)
    starts = np.repeat(firsts, counts) + STRETCH * within
    # A stretch ends at the vertex where the next one begins. Every second bound ends a stretch:
    # what lies between two is reduced too, and left out.
    stops = np.minimum(starts + STRETCH + 1, np.repeat(ends[1:], counts))
    bounds = np.column_stack([starts, stops]).reshape(-1)
    if len(bounds):
        boxes[rows + within, :2] = np.minimum.reduceat(vertices, bounds, axis=0)[::2]
        boxes[rows + within, 2:] = np.maximum.reduceat(vertices, bounds, axis=0)[::2]
    return boxes
