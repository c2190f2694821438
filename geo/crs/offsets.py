"""GCJ-02 and BD-09: the two shifted datums of Chinese web maps, both ways, whole arrays.

Where the shift applies
    A point is shifted when its WGS-84 position lies in the closed box 72.004° to 137.8347° E,
    0.8293° to 55.8271° N (``inside_china``): the box of every published converter. It is larger
    than China, whose land and sea end more than a degree within it, so nothing is said about a
    neighbour that names its data ``gcj02``. Elsewhere all three datums are one.
At its edge
    the shift ends abruptly, by 0.1 to 0.7 km. So a strip outside, as wide as the shift, holds
    points that a shifted point from inside lands on; the inverse takes the shifted one, and within
    that strip a round trip does not close. What no point is shifted to is taken as it stands.
NaN and infinity
    come back as they are: they lie outside.

The inverse is found by fixed-point iteration on the forward formula, so a round trip closes to well
below a micrometre. Systems without a shift belong in ``geo.crs.systems``.

Source: the published constants a = 6378245.0, ee = 0.00669342162296594323 (GCJ-02) and
x_pi = 3000π/180 (BD-09), as used alike by PRCoords, eviltransform and gcoord.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from geo.spatial.storage import Points

Column = npt.NDArray[np.float64]
_Kernel = Callable[[Column, Column], tuple[Column, Column]]

_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_ANGLE = np.pi * 3000.0 / 180.0
# No shift is as wide (0.025° at most), so what lies farther out was not shifted.
_WIDEST = 0.1
# An inverse ends up so far beside a point that lies on the very edge: 0.1 mm.
_EDGE = 1e-9
# Each round leaves at most a fortieth of the error: a last step of 1e-11° leaves 0.03 µm.
_LAST_STEP, _MOST_ROUNDS = 1e-11, 12
# Points at a time: what a round needs stays in the processor's cache.
_BLOCK = 4096


def inside_china(points: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return which points lie in the closed box in which GCJ-02 is shifted.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, WGS-84

    Returns
    -------
    (n,) bool, False for NaN

    Examples
    --------
    >>> inside_china([[116.8, 33.95], [26.9, 60.5], [72.004, 0.8293]]).tolist()
    [True, False, True]
    """
    return _in_box(points, 0.0)


def wgs84_to_gcj02(points: npt.ArrayLike) -> Points:
    """Return WGS-84 points as GCJ-02.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, WGS-84

    Returns
    -------
    (n, 2) float64, degrees lon, lat, GCJ-02; NaN stays NaN

    Examples
    --------
    >>> wgs84_to_gcj02([[116.397, 39.908]]).round(6).tolist()
    [[116.403243, 39.909403]]
    """
    return _moved(points, inside_china(points), _gcj02)


def gcj02_to_wgs84(points: npt.ArrayLike) -> Points:
    """Return GCJ-02 points as WGS-84, exact to well below a micrometre.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, GCJ-02

    Returns
    -------
    (n, 2) float64, degrees lon, lat, WGS-84; NaN stays NaN

    Examples
    --------
    >>> gcj02_to_wgs84(wgs84_to_gcj02([[116.8, 33.95]])).round(9).tolist()
    [[116.8, 33.95]]
    """
    return _back(points, _gcj02_inverse)


def wgs84_to_bd09(points: npt.ArrayLike) -> Points:
    """Return WGS-84 points as BD-09.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, WGS-84

    Returns
    -------
    (n, 2) float64, degrees lon, lat, BD-09; NaN stays NaN

    Examples
    --------
    >>> wgs84_to_bd09([[116.397, 39.908]]).round(6).tolist()
    [[116.409616, 39.915744]]
    """
    return _moved(points, inside_china(points), _bd09_of_wgs84)


def bd09_to_wgs84(points: npt.ArrayLike) -> Points:
    """Return BD-09 points as WGS-84, exact to well below a micrometre.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, BD-09

    Returns
    -------
    (n, 2) float64, degrees lon, lat, WGS-84; NaN stays NaN

    Examples
    --------
    >>> bd09_to_wgs84(wgs84_to_bd09([[116.8, 33.95]])).round(9).tolist()
    [[116.8, 33.95]]
    """
    return _back(points, _bd09_to_wgs84)


def gcj02_to_bd09(points: npt.ArrayLike) -> Points:
    """Return GCJ-02 points as BD-09.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, GCJ-02

    Returns
    -------
    (n, 2) float64, degrees lon, lat, BD-09; NaN stays NaN

    Examples
    --------
    >>> gcj02_to_bd09([[116.404, 39.915]]).round(6).tolist()
    [[116.410369, 39.921337]]
    """
    return _moved(points, inside_china(gcj02_to_wgs84(points)), _bd09)


def bd09_to_gcj02(points: npt.ArrayLike) -> Points:
    """Return BD-09 points as GCJ-02, exact to well below a micrometre.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat, BD-09

    Returns
    -------
    (n, 2) float64, degrees lon, lat, GCJ-02; NaN stays NaN

    Examples
    --------
    >>> bd09_to_gcj02(gcj02_to_bd09([[116.8, 33.95]])).round(9).tolist()
    [[116.8, 33.95]]
    """
    return wgs84_to_gcj02(bd09_to_wgs84(points))


def _in_box(points: npt.ArrayLike, wider: float) -> npt.NDArray[np.bool_]:
    lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    in_lon = (lon >= _WEST - wider) & (lon <= _EAST + wider)
    return np.asarray(in_lon & (lat >= _SOUTH - wider) & (lat <= _NORTH + wider), dtype=np.bool_)


def _moved(points: npt.ArrayLike, chosen: npt.NDArray[np.bool_], kernel: _Kernel) -> Points:
    """Return a copy in which the chosen points went through a kernel, block by block."""
    result = np.array(points, dtype=np.float64).reshape(-1, 2)
    rows = np.flatnonzero(chosen)
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK]
        result[part, 0], result[part, 1] = kernel(result[part, 0], result[part, 1])
    return result


def _back(points: npt.ArrayLike, kernel: _Kernel) -> Points:
    """Return where points were before their shift; the same where they had none."""
    wgs84 = _moved(points, _in_box(points, _WIDEST), kernel)
    shifted = _in_box(wgs84, _EDGE)
    return np.where(shifted[:, None], wgs84, np.asarray(points, dtype=np.float64).reshape(-1, 2))


def _undone(forward: _Kernel, lon: Column, lat: Column) -> tuple[Column, Column]:
    """Return what a forward formula moves to the given points, by fixed-point iteration."""
    x, y = lon, lat
    for _ in range(_MOST_ROUNDS):
        there_x, there_y = forward(x, y)
        step_x, step_y = lon - there_x, lat - there_y
        x, y = x + step_x, y + step_y
        if max(np.abs(step_x).max(), np.abs(step_y).max()) < _LAST_STEP:
            break
    return x, y


def _gcj02_inverse(lon: Column, lat: Column) -> tuple[Column, Column]:
    return _undone(_gcj02, lon, lat)


def _bd09_of_wgs84(lon: Column, lat: Column) -> tuple[Column, Column]:
    return _bd09(*_gcj02(lon, lat))


def _bd09_to_wgs84(lon: Column, lat: Column) -> tuple[Column, Column]:
    return _gcj02_inverse(*_undone(_bd09, lon, lat))


def _bd09(lon: Column, lat: Column) -> tuple[Column, Column]:
    """Return GCJ-02 as BD-09: lengthened and turned about (0, 0) by waves, then moved.

    Cosine and sine of the angle, at most 3e-6, are 1 - a²/2 and a to the last bit.
    """
    longer = 1.0 + 0.00002 * np.sin(lat * _BD_ANGLE) / np.hypot(lon, lat)
    angle = 0.000003 * np.cos(lon * _BD_ANGLE)
    straight = longer * (1.0 - 0.5 * angle * angle)
    across = longer * angle
    return lon * straight - lat * across + 0.0065, lat * straight + lon * across + 0.006


def _gcj02(lon: Column, lat: Column) -> tuple[Column, Column]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    x30, x12, x3, x1, x_half = _sines(x)
    y30, y12, y3, y1, _ = _sines(y)
    wave = 20.0 * (x_half * (3.0 - 4.0 * x_half * x_half)) + 20.0 * x_half
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20.0 * y1 + 40.0 * y3 + 160.0 * y12 + 320.0 * y30) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20.0 * x1 + 40.0 * x3 + 150.0 * x12 + 300.0 * x30) * (2.0 / 3.0)
    radians = np.radians(lat)
    curve = 1.0 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    parallel_m = _AXIS_M / np.sqrt(curve) * np.cos(radians)
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (curve * np.sqrt(curve))
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _sines(t: Column) -> tuple[Column, Column, Column, Column, Column]:
    """Return sin(πt/30), sin(πt/12), sin(πt/3), sin(πt) and sin(2πt).

    All are sines of multiples of πt/60, so one sine and one cosine give them by the rules for sums
    of angles: a third of the time, the same to 2e-16 degrees of the shift.
    """
    sin_60, cos_60 = np.sin(t * (np.pi / 60.0)), np.cos(t * (np.pi / 60.0))
    sin_30, cos_30 = _doubled(sin_60, cos_60)
    sin_15, cos_15 = _doubled(sin_30, cos_30)
    sin_12 = sin_15 * cos_60 + cos_15 * sin_60
    cos_12 = cos_15 * cos_60 - sin_15 * sin_60
    sin_3, cos_3 = _doubled(*_doubled(sin_12, cos_12))
    sin_1 = sin_3 * (3.0 - 4.0 * sin_3 * sin_3)
    cos_1 = cos_3 * (4.0 * cos_3 * cos_3 - 3.0)
    return sin_30, sin_12, sin_3, sin_1, 2.0 * sin_1 * cos_1


def _doubled(sine: Column, cosine: Column) -> tuple[Column, Column]:
    """Return sine and cosine of twice the angle."""
    return 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine
