"""Whether a shape is another by land, or by the vertices of a neighbour alone. Pure.

The outline of a district has thousands of vertices, of which an edit adds one or two: looking at
those takes a thousandth of what the difference of the shapes takes.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID

# Ground thinner than the storage grid is the trace of snapping, not land that moved.
LAND_M2 = 1.0
_NEAR = 2.0 * GRID
_MANY = 50


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
    fresh, gone = _beside(after, before), _beside(before, after)
    if len(fresh) + len(gone) <= _MANY and _lie_on(fresh, before) and _lie_on(gone, after):
        return True
    return bool(area_m2([shapely.symmetric_difference(before, after)])[0] <= LAND_M2)


def _beside(one: shapely.Geometry, other: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Return the vertices of a shape that another one does not have."""
    found = np.setdiff1d(_as_complex(one), _as_complex(other))
    return np.column_stack([found.real, found.imag])


def _as_complex(shape: shapely.Geometry) -> npt.NDArray[np.complex128]:
    points = shapely.get_coordinates(shape)
    return np.asarray(points[:, 0] + 1j * points[:, 1])


def _lie_on(points: npt.NDArray[np.float64], shape: shapely.Geometry) -> bool:
    """Return whether points lie on the border of a shape, to the trace of snapping."""
    if not len(points):
        return True
    border = shapely.boundary(shape)
    return bool((shapely.distance(shapely.points(points), border) <= _NEAR).all())
