"""From any named system to the storage grid and back, and to metres for local measuring.

Coordinates come in once, here: shifted or projected to WGS-84, then snapped to the storage grid.
Nothing is converted silently: the caller names the system, and what comes in keeps its name. A
coordinate that cannot lie where its system is used is refused, not moved to the other side of the
earth.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.enums import TransformDirection

from geo.crs import offsets
from geo.crs.faults import AxesSwapped as AxesSwapped
from geo.crs.faults import CoordinateBeyondCrs as CoordinateBeyondCrs
from geo.crs.faults import CoordinateNotNumber as CoordinateNotNumber
from geo.crs.faults import CoordinateRefused as CoordinateRefused
from geo.crs.faults import Fault, Faults, as_points, refused
from geo.crs.systems import STORAGE_EPSG, Datum, System, system, transformer
from geo.spatial.storage import Geometries, Points, snap, snap_geometry

# How far beyond its official area a system's numbers are still believed, degrees: two zones to
# either side; to the north and south more, for a zone's area ends where the country does.
_BEYOND_LON, _BEYOND_LAT = 6.0, 30.0
# Numbers no larger are degrees: in metres they would lie within a street of a system's origin.
_DEGREES = 360.0
_Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Each:
    """Points of a batch, each with what is wrong with it.

    Parameters
    ----------
    points : (n, 2) float64, NaN where there is a fault
    faults : (n,) int8, ``geo.crs.faults.Fault``
    """

    points: Points
    faults: Faults


def to_storage(points: npt.ArrayLike, crs: str | System) -> Points:
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
    UnknownCrs, CrsUncertain
        When the system is not known, or its way to WGS-84 is not.
    CoordinateNotNumber
        When a value is a text, a truth value or nothing.
    CoordinateRefused
        When a number is not finite or lies outside ±180 and ±90 degrees; ``AxesSwapped`` when it
        would do with its numbers swapped, ``CoordinateBeyondCrs`` when it lies far from where the
        system is used.

    Examples
    --------
    >>> to_storage([[116.8, 33.95]], "wgs84").round(6).tolist()
    [[116.8, 33.95]]
    >>> to_storage([[39_500_000.0, 3_757_000.0]], "EPSG:4527").round(4).tolist()  # its meridian
    [[117.0, 33.9399]]
    """
    return snap(to_wgs84(points, crs))


def to_storage_each(points: npt.ArrayLike, crs: str | System) -> Each:
    """Return each point in storage degrees, snapped to the grid, or what is wrong with it.

    Raises
    ------
    UnknownCrs, CrsUncertain, CoordinateNotNumber
        As for ``to_storage``; a row that is null is given as NaN.

    Examples
    --------
    >>> each = to_storage_each([[116.8, 33.95], [33.95, 116.8], [float("nan"), 1.0]], "wgs84")
    >>> each.points.round(2).tolist(), [Fault(fault).name for fault in each.faults]
    ([[116.8, 33.95], [nan, nan], [nan, nan]], ['NONE', 'SWAPPED', 'NOT_FINITE'])
    """
    each = _each(as_points(points), system(crs))
    return Each(snap(each.points), each.faults)


def to_wgs84(points: npt.ArrayLike, crs: str | System) -> Points:
    """Return points in WGS-84 degrees as exact as they are, not snapped.

    Raises
    ------
    UnknownCrs, CrsUncertain, CoordinateNotNumber, CoordinateRefused
        As for ``to_storage``.

    Examples
    --------
    >>> to_wgs84([[481_510.0, 3_758_080.0]], "EPSG:4548").round(6).tolist()
    [[116.799977, 33.949519]]
    """
    given, known = as_points(points), system(crs)
    each = _each(given, known)
    if each.faults.any():
        raise refused(given, each.faults, known.name)
    return each.points


def geometries_to_storage(geometries: npt.ArrayLike, crs: str | System) -> Geometries:
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
    UnknownCrs, CrsUncertain, CoordinateRefused
        As for ``to_storage``.

    Examples
    --------
    >>> geometries_to_storage([shapely.Point(116.8, 33.95)], "wgs84")[0].geom_type
    'Point'
    """
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    known = system(crs)
    return snap_geometry(shapely.transform(flat, lambda xy: to_wgs84(xy, known)))


def from_storage(points: npt.ArrayLike, crs: str | System) -> Points:
    """Return storage points in another system, for output.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, storage CRS; NaN stays NaN
    crs : name of the system

    Returns
    -------
    (n, 2) float64 in the unit of ``crs``, lon, lat or east, north

    Raises
    ------
    UnknownCrs, CrsUncertain
        As for ``to_storage``.
    CoordinateBeyondCrs
        When a point lies far from where the system is used.

    Examples
    --------
    >>> from_storage([[116.8, 33.95]], "gcj02").round(4).tolist()
    [[116.8054, 33.9486]]
    """
    wgs84, known = np.asarray(points, dtype=np.float64), system(crs)
    if known.local is not None:
        return known.local.from_wgs84(wgs84)
    if known.epsg is not None:
        return _projected(wgs84, known)
    if known.datum is Datum.GCJ02:
        return offsets.wgs84_to_gcj02(wgs84)
    if known.datum is Datum.BD09:
        return offsets.wgs84_to_bd09(wgs84)
    return wgs84


def possible(points: Points, crs: str | System) -> _Marks:
    """Return which points, as they stand, may lie where their system is used.

    Parameters
    ----------
    points : (n, 2) float64, in the unit of ``crs``

    Examples
    --------
    >>> possible(np.array([[481_500.0, 3_757_000.0], [116.8, 33.95]]), "EPSG:4548").tolist()
    [True, False]
    """
    known = system(crs)
    return _fit(points, _to_wgs84(points, known), known)


def is_projected(known: System) -> bool:
    """Return whether a system of PROJ is a plane, not degrees.

    Examples
    --------
    >>> is_projected(system("EPSG:4548")), is_projected(system("gcj02"))
    (True, False)
    """
    return known.epsg is not None and _is_plane(known.epsg)


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


def _each(points: Points, known: System) -> Each:
    """Return points in WGS-84 degrees with a fault for each row that cannot be used."""
    wgs84 = _to_wgs84(points, known)
    good = _fit(points, wgs84, known)
    faults = np.zeros(len(points), dtype=np.int8)
    if good.all():
        return Each(wgs84, faults)
    bad = np.flatnonzero(~good)
    turned = points[bad, ::-1]
    faults[bad] = Fault.BEYOND_CRS if known.datum is None else Fault.OFF_GLOBE
    faults[bad[_fit(turned, _to_wgs84(turned, known), known)]] = Fault.SWAPPED
    faults[~np.isfinite(points).all(axis=1)] = Fault.NOT_FINITE
    return Each(np.where(good[:, None], wgs84, np.nan), faults)


def _to_wgs84(points: Points, known: System) -> Points:
    """Return points in WGS-84 degrees, whatever comes of numbers that cannot be right."""
    if known.local is not None:
        return known.local.to_wgs84(points)
    if known.epsg is not None:
        x, y = points.T
        return np.column_stack(transformer(known.epsg).transform(x, y))
    if known.datum is Datum.GCJ02:
        return offsets.gcj02_to_wgs84(points)
    if known.datum is Datum.BD09:
        return offsets.bd09_to_wgs84(points)
    return points


def _fit(points: Points, wgs84: Points, known: System) -> _Marks:
    """Return which points may be meant in their system: in reach, and no degrees for metres."""
    good = _in_reach(wgs84, known) & np.isfinite(points).all(axis=1)
    if is_projected(known):
        good &= (np.abs(points) > _DEGREES).any(axis=1)
    return good


def _in_reach(wgs84: Points, known: System) -> _Marks:
    """Return which points are on the globe and not far from where their system is used."""
    lon, lat = wgs84.T
    good: _Marks = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    if known.epsg is None:
        return good
    west, south, east, north = _area(known.epsg)
    width = (east - west) % 360.0 or 360.0
    eastward = np.where(good, lon - west + _BEYOND_LON, 0.0) % 360.0
    good &= (lat >= south - _BEYOND_LAT) & (lat <= north + _BEYOND_LAT)
    good &= eastward <= width + 2.0 * _BEYOND_LON
    return good


def _projected(wgs84: Points, known: System) -> Points:
    assert known.epsg is not None
    faults = np.zeros(len(wgs84), dtype=np.int8)
    missing = np.asarray(np.isnan(wgs84).any(axis=1))
    faults[~(_in_reach(wgs84, known) | missing)] = Fault.BEYOND_CRS
    if faults.any():
        raise refused(wgs84, faults, known.name)
    lon, lat = wgs84.T
    way = transformer(known.epsg)
    moved = np.column_stack(way.transform(lon, lat, direction=TransformDirection.INVERSE))
    return np.where(missing[:, None], np.nan, moved)


@lru_cache(maxsize=64)
def _area(epsg: int) -> tuple[float, float, float, float]:
    """Return where a system is used, degrees west, south, east, north; east may be below west."""
    area = pyproj.CRS.from_epsg(epsg).area_of_use
    return (-180.0, -90.0, 180.0, 90.0) if area is None else area.bounds


@lru_cache(maxsize=64)
def _is_plane(epsg: int) -> bool:
    return bool(pyproj.CRS.from_epsg(epsg).is_projected)
