"""The storage grid: lon/lat on multiples of 2⁻²³ degree, exact in binary (about 1 cm).

An int32 pair n is stored as n·2⁻²³, so WKB, SQL, numpy and GEOS agree bit for bit, and a point
that lies on a slanted edge is seen as on it. Everything that comes in is snapped once, here.

Source: measurements in ``docs/decisions/0002-storage-grid.md``.
"""

import numpy as np
import numpy.typing as npt
import shapely

Points = npt.NDArray[np.float64]
GridPoints = npt.NDArray[np.int32]
Geometries = npt.NDArray[np.object_]

CELLS_PER_DEGREE = 2**23
GRID = 1.0 / CELLS_PER_DEGREE


def to_grid(points: npt.ArrayLike) -> GridPoints:
    """Return the grid numbers of points, rounded to the nearest.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, finite and within ±180 and ±90

    Returns
    -------
    (n, 2) int32

    Examples
    --------
    >>> to_grid([[116.8, 33.95]]).tolist()
    [[979789414, 284793242]]
    """
    return np.rint(np.asarray(points, dtype=np.float64) * CELLS_PER_DEGREE).astype(np.int32)


def from_grid(numbers: npt.ArrayLike) -> Points:
    """Return the degrees of grid numbers, exact.

    Parameters
    ----------
    numbers : (n, 2) integers

    Returns
    -------
    (n, 2) float64, degrees lon, lat

    Examples
    --------
    >>> from_grid([[2**23, 2**22]]).tolist()
    [[1.0, 0.5]]
    """
    return np.asarray(numbers, dtype=np.float64) * GRID


def snap(points: npt.ArrayLike) -> Points:
    """Return points moved to the nearest grid point.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat; a null coordinate stays NaN

    Returns
    -------
    (n, 2) float64, degrees lon, lat, on the grid

    Examples
    --------
    >>> bool((snap([[116.8000001, 33.95]]) == snap(snap([[116.8000001, 33.95]]))).all())
    True
    >>> snap([[-0.0, -1e-12]]).tolist()
    [[0.0, 0.0]]
    """
    numbers = np.rint(np.asarray(points, dtype=np.float64) * CELLS_PER_DEGREE)
    return (numbers + 0.0) * GRID  # there is one zero


def snapped(degrees: float) -> float:
    """Return one coordinate moved to the nearest grid point, as ``snap`` does.

    Examples
    --------
    >>> snapped(116.8) == float(snap([[116.8, 0.0]])[0, 0])
    True
    """
    return round(degrees * CELLS_PER_DEGREE) * GRID


def snap_geometry(geometries: npt.ArrayLike) -> Geometries:
    """Return geometries with every vertex on the grid, kept valid, null kept null.

    Parts that fall together on the grid vanish; a polygon that vanishes becomes empty. A coverage
    must not be snapped cell by cell if its cells do not share their vertices yet.

    Parameters
    ----------
    geometries : (n,) geometries, degrees lon, lat

    Returns
    -------
    (n,) geometries, degrees lon, lat, on the grid

    Examples
    --------
    >>> shapely.get_coordinates(snap_geometry([shapely.Point(0.1, 0.2)])).tolist()
    [[0.10000002384185791, 0.20000004768371582]]
    """
    array = np.asarray(geometries, dtype=object)
    return np.asarray(shapely.set_precision(array, GRID), dtype=object)
