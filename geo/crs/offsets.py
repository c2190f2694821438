"""GCJ-02 and BD-09: the two shifted datums of Chinese web maps, both ways, whole arrays.

Outside the box in which the shift applies (``inside_china``) points stay where they are. The
inverse is found by fixed-point iteration on the forward formula, so a round trip closes to well
below a millimetre. Systems without a shift belong in ``geo.crs.systems``.

Source: the published constants a = 6378245.0, ee = 0.00669342162296594323 (GCJ-02) and
x_pi = 3000π/180 (BD-09), as used alike by coord-convert, prcoords and eviltransform.
"""

import numpy as np
import numpy.typing as npt

from geo.spatial.storage import Points

_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_ANGLE = np.pi * 3000.0 / 180.0
_ROUNDS = 6


def inside_china(points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return which points lie in the box in which GCJ-02 is shifted.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat

    Returns
    -------
    (n,) bool

    Examples
    --------
    >>> inside_china([[116.8, 33.95], [26.9, 60.5]]).tolist()
    [True, False]
    """
    lon, lat = np.asarray(points, dtype=np.float64).T
    in_lon = np.logical_and(lon >= 72.004, lon <= 137.8347)
    return np.asarray(in_lon & (lat >= 0.8293) & (lat <= 55.8271), dtype=np.bool_)


def wgs84_to_gcj02(points: npt.ArrayLike) -> Points:
    """Return WGS-84 points as GCJ-02.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, WGS-84

    Returns
    -------
    (n, 2) float64, degrees lon, lat, GCJ-02

    Examples
    --------
    >>> wgs84_to_gcj02([[116.397, 39.908]]).round(6).tolist()
    [[116.403243, 39.909403]]
    """
    wgs84 = np.asarray(points, dtype=np.float64)
    shifted = wgs84 + _gcj02_shift(wgs84)
    return np.where(inside_china(wgs84)[:, None], shifted, wgs84)


def gcj02_to_wgs84(points: npt.ArrayLike) -> Points:
    """Return GCJ-02 points as WGS-84, exact to about 1e-9 m.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, GCJ-02

    Returns
    -------
    (n, 2) float64, degrees lon, lat, WGS-84

    Examples
    --------
    >>> gcj02_to_wgs84(wgs84_to_gcj02([[116.8, 33.95]])).round(9).tolist()
    [[116.8, 33.95]]
    """
    gcj02 = np.asarray(points, dtype=np.float64)
    wgs84 = gcj02
    for _ in range(_ROUNDS):
        wgs84 = gcj02 - _gcj02_shift(wgs84)
    return np.where(inside_china(wgs84)[:, None], wgs84, gcj02)


def gcj02_to_bd09(points: npt.ArrayLike) -> Points:
    """Return GCJ-02 points as BD-09.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, GCJ-02

    Returns
    -------
    (n, 2) float64, degrees lon, lat, BD-09

    Examples
    --------
    >>> gcj02_to_bd09([[116.404, 39.915]]).round(6).tolist()
    [[116.410369, 39.921337]]
    """
    gcj02 = np.asarray(points, dtype=np.float64)
    return np.where(inside_china(gcj02)[:, None], _bd09(gcj02), gcj02)


def bd09_to_gcj02(points: npt.ArrayLike) -> Points:
    """Return BD-09 points as GCJ-02.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, BD-09

    Returns
    -------
    (n, 2) float64, degrees lon, lat, GCJ-02

    Examples
    --------
    >>> bd09_to_gcj02(gcj02_to_bd09([[116.8, 33.95]])).round(9).tolist()
    [[116.8, 33.95]]
    """
    bd09 = np.asarray(points, dtype=np.float64)
    gcj02 = bd09
    for _ in range(_ROUNDS):
        gcj02 = bd09 - (_bd09(gcj02) - gcj02)
    return np.where(inside_china(gcj02)[:, None], gcj02, bd09)


def _bd09(gcj02: Points) -> Points:
    lon, lat = gcj02.T
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_ANGLE)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _gcj02_shift(wgs84: Points) -> Points:
    lon, lat = wgs84.T
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (wave + _waves(y, 20.0, 40.0, 1.0, 3.0) + _waves(y, 160.0, 320.0, 12.0, 30.0)) * 2.0 / 3.0
    )
    east = (
        300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (wave + _waves(x, 20.0, 40.0, 1.0, 3.0) + _waves(x, 150.0, 300.0, 12.0, 30.0)) * 2.0 / 3.0
    )
    radians = np.radians(lat)
    curve = 1.0 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / curve**1.5
    parallel_m = _AXIS_M / np.sqrt(curve) * np.cos(radians)
    return np.column_stack([np.degrees(east / parallel_m), np.degrees(north / meridian_m)])


def _waves(
    value: npt.NDArray[np.float64], first: float, second: float, short: float, long: float
) -> npt.NDArray[np.float64]:
    return first * np.sin(value / short * np.pi) + second * np.sin(value / long * np.pi)
