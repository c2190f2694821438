"""Whether a shape is another by land, or by the vertices of a neighbour alone. Pure.

The outline of a district has thousands of vertices, of which an edit adds one or two: looking at
those takes a thousandth of what the difference of the shapes takes.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID, Points, from_grid, to_grid

# Ground thinner than the storage grid is the trace of snapping, not land that moved.
LAND_M2 = 1.0
_NEAR = 2.0 * GRID
_MANY = 50
_BITS = 32

Keys = npt.NDArray[np.int64]


def is_trace(before: shapely.Geometry | None, after: shapely.Geometry | None) -> bool:
    """Return whether two shapes differ by vertices alone, not by land.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> is_trace(square, shapely.segmentize(square, 0.5)), is_trace(square, shapely.box(0, 0, 1, 2))
    (True, False)
    """
    if before is None or after is None:
        return False
    sizes = area_m2([before, after])
    if abs(float(sizes[0] - sizes[1])) > LAND_M2:
        return False
    fresh, gone = _lone_vertices(before, after)
    if len(fresh) + len(gone) <= _MANY and _lie_on(fresh, before) and _lie_on(gone, after):
        return True
    return bool(area_m2([shapely.symmetric_difference(before, after)])[0] <= LAND_M2)


def _lone_vertices(before: shapely.Geometry, after: shapely.Geometry) -> tuple[Points, Points]:
    """Return the vertices that only the later of two shapes has, and those it lost."""
    old, new = _keys(before), _keys(after)
    return _points(new[~_among(new, old)]), _points(old[~_among(old, new)])


def _keys(shape: shapely.Geometry) -> Keys:
    """Return a number for each vertex, in order: they compare far faster than pairs."""
    steps = to_grid(shapely.get_coordinates(shape)).astype(np.int64)
    return np.sort((steps[:, 0] << _BITS) + steps[:, 1])


def _points(keys: Keys) -> Points:
    x = (keys + (1 << (_BITS - 1))) >> _BITS
    return from_grid(np.column_stack([x, keys - (x << _BITS)]))


def _among(keys: Keys, others: Keys) -> npt.NDArray[np.bool_]:
    """Return which keys are among others, both in order."""
    places = np.minimum(np.searchsorted(others, keys), len(others) - 1)
    return np.asarray(others[places] == keys)


def _lie_on(points: Points, shape: shapely.Geometry) -> bool:
    """Return whether points lie on the border of a shape, to the trace of snapping."""
    if not len(points):
        return True
    border = shapely.boundary(shape)
    return bool((shapely.distance(shapely.points(points), border) <= _NEAR).all())
