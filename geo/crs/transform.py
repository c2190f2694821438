"""From any named system to the storage grid, and to metres for local measuring.

Coordinates come in once, here: shifted or projected to WGS-84, then snapped to the storage grid.
Nothing is converted silently: the caller names the system, and what comes in keeps its name.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.enums import TransformDirection

from geo.crs import offsets
from geo.crs.systems import STORAGE_EPSG, Datum, System, system
from geo.errors import Invalid
from geo.spatial.storage import Geometries, Points, snap, snap_geometry


class CoordinateRefused(Invalid):
    """A coordinate is not a finite number within the range of its system."""

    code = "coordinate_refused"


def to_storage(points: npt.ArrayLike, crs: str) -> Points:
    """Return points in storage degrees, snapped to the grid.

    Parameters
    ----------
    points : (n, 2) float64, lon, lat or east, north in the unit of ``crs``
    crs : name of the system, see ``geo.crs.systems.system``

    Returns
    -------
    (n, 2) float64, degrees lon, lat, WGS-84, on the storage grid

    Raises
    ------
    UnknownCrs
        When the system is not known.
    CoordinateRefused
        When a number is not finite or lies outside ±180 and ±90 degrees.

    Examples
    --------
    >>> to_storage([[116.8, 33.95]], "wgs84").round(6).tolist()
    [[116.8, 33.95]]
    >>> to_storage([[39_500_000.0, 0.0]], "EPSG:4527").round(6).tolist()  # its meridian
    [[117.0, 0.0]]
    """
    return snap(checked(_to_wgs84(checked_finite(points), system(crs))))


def geometries_to_storage(geometries: npt.ArrayLike, crs: str) -> Geometries:
    """Return geometries in storage degrees on the grid, kept valid, null kept null.

    Parameters
    ----------
    geometries : (n,) geometries in ``crs``; a third ordinate is dropped
    crs : name of the system

    Returns
    -------
    (n,) geometries, degrees lon, lat, WGS-84, on the storage grid

    Raises
    ------
    UnknownCrs, CoordinateRefused
        As for ``to_storage``.

    Examples
    --------
    >>> geometries_to_storage([shapely.Point(116.8, 33.95)], "wgs84")[0].geom_type
    'Point'
    """
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    known = system(crs)
    moved = shapely.transform(flat, lambda xy: checked(_to_wgs84(checked_finite(xy), known)))
    return snap_geometry(moved)


def from_storage(points: npt.ArrayLike, crs: str) -> Points:
    """Return storage points in another system, for output.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, storage CRS
    crs : name of the system

    Returns
    -------
    (n, 2) float64 in the unit of ``crs``, lon, lat or east, north

    Raises
    ------
    UnknownCrs
        When the system is not known.

    Examples
    --------
    >>> from_storage([[116.8, 33.95]], "gcj02").round(4).tolist()
    [[116.8054, 33.9486]]
    """
    wgs84 = np.asarray(points, dtype=np.float64)
    known = system(crs)
    if known.epsg is not None:
        return _projected(wgs84, known.epsg, inverse=True)
    if known.datum is Datum.GCJ02:
        return offsets.wgs84_to_gcj02(wgs84)
    if known.datum is Datum.BD09:
        return offsets.wgs84_to_bd09(wgs84)
    return wgs84


def checked(points: Points) -> Points:
    """Return points unchanged when every one lies on the globe.

    Raises
    ------
    CoordinateRefused
        Names the first point outside ±180 and ±90 degrees.

    Examples
    --------
    >>> checked(np.array([[116.8, 33.95]])).tolist()
    [[116.8, 33.95]]
    """
    outside = ~((np.abs(points[:, 0]) <= 180.0) & (np.abs(points[:, 1]) <= 90.0))
    if outside.any():
        lon, lat = points[np.argmax(outside)]
        raise CoordinateRefused(lon=float(lon), lat=float(lat))
    return points


def checked_finite(points: npt.ArrayLike) -> Points:
    """Return points as float64 when every number is finite.

    Raises
    ------
    CoordinateRefused
        Names the first point with NaN or infinity.

    Examples
    --------
    >>> checked_finite([[1, 2]]).tolist()
    [[1.0, 2.0]]
    """
    array = np.asarray(points, dtype=np.float64)
    strange = ~np.isfinite(array).all(axis=1)
    if strange.any():
        lon, lat = array[np.argmax(strange)]
        raise CoordinateRefused(lon=str(lon), lat=str(lat))
    return array


def metric_crs(bounds: tuple[float, float, float, float]) -> pyproj.CRS:
    """Return a transverse Mercator system in metres centred on the bounds.

    Parameters
    ----------
    bounds : west, south, east, north, degrees, storage CRS

    Returns
    -------
    pyproj.CRS, unit metre, scale 1 on its central meridian

    Examples
    --------
    >>> metric_crs((116.7, 33.9, 116.9, 34.0)).axis_info[0].unit_name
    'metre'
    """
    west, south, east, north = bounds
    lon, lat = (west + east) / 2.0, (south + north) / 2.0
    return pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0={lat:.6f} +lon_0={lon:.6f} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m"
    )


def to_metres(geometries: npt.ArrayLike) -> Geometries:
    """Return geometries in a metric system centred on them, for measuring only.

    Parameters
    ----------
    geometries : (n,) geometries, degrees lon, lat, storage CRS, not all empty

    Returns
    -------
    (n,) geometries, metres

    Examples
    --------
    >>> line = shapely.LineString([(116.8, 33.95), (116.8, 33.96)])
    >>> round(float(shapely.length(to_metres([line])[0])))
    1109
    """
    array = np.asarray(geometries, dtype=object)
    west, south, east, north = shapely.total_bounds(array)
    transformer = pyproj.Transformer.from_crs(
        STORAGE_EPSG, metric_crs((west, south, east, north)), always_xy=True
    )
    moved = shapely.transform(array, lambda xy: np.column_stack(transformer.transform(*xy.T)))
    return np.asarray(moved, dtype=object)


def _to_wgs84(points: Points, known: System) -> Points:
    if known.epsg is not None:
        return _projected(points, known.epsg, inverse=False)
    if known.datum is Datum.GCJ02:
        return offsets.gcj02_to_wgs84(checked(points))
    if known.datum is Datum.BD09:
        return offsets.bd09_to_wgs84(checked(points))
    return points


def _projected(points: Points, epsg: int, *, inverse: bool) -> Points:
    direction = TransformDirection.INVERSE if inverse else TransformDirection.FORWARD
    x, y = points.T
    return np.column_stack(_transformer(epsg).transform(x, y, direction=direction))


@lru_cache(maxsize=64)
def _transformer(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(epsg, STORAGE_EPSG, always_xy=True)
