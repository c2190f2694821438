"""Areas and lengths in metres of geometries in storage degrees. Shapes of cells belong elsewhere.

Source: EPSG:6933, the cylindrical equal-area projection of the WGS-84 ellipsoid.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo.spatial.storage import Points

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of the mean radius 6,371,008 m
_EQUAL_AREA_EPSG = 6933


def area_m2(geometries: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return areas on the ellipsoid.

    Parameters
    ----------
    geometries : (n,) geometries, degrees lon, lat, storage CRS; null and empty measure 0

    Returns
    -------
    (n,) float64, m²

    Examples
    --------
    >>> area_m2([shapely.box(116.8, 33.9, 116.81, 33.91)]).round(-2).tolist()
    [1025900.0]
    """
    flat = shapely.transform(np.asarray(geometries, dtype=object), _equal_area)
    return np.nan_to_num(shapely.area(flat))


def length_m(geometries: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return lengths of lines, and of the borders of polygons, within about 0.5 %.

    Parameters
    ----------
    geometries : (n,) geometries, degrees lon, lat, storage CRS; null and empty measure 0

    Returns
    -------
    (n,) float64, metres, on a sphere of the earth's mean radius, each at its own latitude

    Examples
    --------
    >>> length_m([shapely.LineString([(116.8, 33.95), (116.8, 33.96)])]).round(-1).tolist()
    [1110.0]
    """
    array = np.asarray(geometries, dtype=object)
    lines = np.where(shapely.get_dimensions(array) == 2, shapely.boundary(array), array)
    return np.nan_to_num(shapely.length(shapely.transform(lines, _local_metres)))


def _local_metres(points: Points) -> Points:
    lon, lat = points.T
    middle = np.radians(lat.mean()) if len(lat) else 0.0
    return np.column_stack([lon * np.cos(middle), lat]) * METRES_PER_DEGREE


def _equal_area(points: Points) -> Points:
    x, y = points.T
    return np.column_stack(_transformer().transform(x, y))


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, _EQUAL_AREA_EPSG, always_xy=True)
