"""The bent plane on which the demo town is drawn: straight plan metres to storage degrees.

The plan is drawn with straight streets in plan coordinates ``uv`` (metres east and north of the
middle of Gongdian). ``to_metres`` bends it into ``xy`` (the same, on the ground), ``to_degrees``
brings that to the storage grid. The bend is conformal in the large (angles stay right, so rows
of houses stay rows) plus a slow wobble of a few metres.
"""

import numpy as np
import numpy.typing as npt

from geo.crs.transform import from_storage, to_storage
from geo.spatial.storage import Points

METRIC = "EPSG:4548"  # CGCS2000, Gauss-Krüger, central meridian 117° E
ORIGIN_M = (482_460.0, 3_759_160.0)  # east, north of uv (0, 0)

_TURN = np.exp(0.055j)  # streets rise a little towards the east
_BEND_KM = -0.0015 + 0.0036j
_BEND_KM2 = -0.00006j
# (amplitude m, wave length m, phase): what moves x depends on v and the other way round.
_WOBBLE_X = ((12.0, 980.0, 0.4), (30.0, 3900.0, 1.9))
_WOBBLE_Y = ((12.0, 1210.0, 2.2), (26.0, 4700.0, 0.6))
_ROUNDS = 30

Floats = npt.NDArray[np.float64]


def to_metres(uv: npt.ArrayLike) -> Points:
    """Return plan points on the ground.

    Parameters
    ----------
    uv : (n, 2) float64, plan metres

    Returns
    -------
    (n, 2) float64, metres east and north of the origin

    Examples
    --------
    >>> to_metres([[0.0, 0.0]]).round(1).tolist()
    [[33.1, 24.4]]
    """
    u, v = np.asarray(uv, dtype=np.float64).T
    z = _bent((u + 1j * v) / 1000.0) * 1000.0
    return np.column_stack([z.real + _waves(v, _WOBBLE_X), z.imag + _waves(u, _WOBBLE_Y)])


def to_plan(xy: npt.ArrayLike) -> Points:
    """Return ground points on the plan, the inverse of ``to_metres`` to below a millimetre.

    Parameters
    ----------
    xy : (n, 2) float64, metres east and north of the origin

    Returns
    -------
    (n, 2) float64, plan metres

    Examples
    --------
    >>> to_plan(to_metres([[900.0, -400.0]])).round(3).tolist()
    [[900.0, -400.0]]
    """
    wanted = np.asarray(xy, dtype=np.float64)
    uv = wanted.copy()
    for _ in range(_ROUNDS):
        missed = (wanted - to_metres(uv)) @ np.array([1.0, 1j])
        step = missed / _slope((uv @ np.array([1.0, 1j])) / 1000.0)
        uv = uv + np.column_stack([step.real, step.imag])
    return uv


def eastward(uv: npt.ArrayLike) -> Floats:
    """Return the direction in which streets run east at plan points.

    Parameters
    ----------
    uv : (n, 2) float64, plan metres

    Returns
    -------
    (n,) float64, radians from east, counter-clockwise

    Examples
    --------
    >>> bool(abs(eastward([[0.0, 0.0]])[0]) < 0.15)
    True
    """
    points = np.asarray(uv, dtype=np.float64)
    reach = np.array([5.0, 0.0])
    dx, dy = (to_metres(points + reach) - to_metres(points - reach)).T
    return np.arctan2(dy, dx)


def to_degrees(xy: npt.ArrayLike) -> Points:
    """Return ground points in storage degrees.

    Parameters
    ----------
    xy : (n, 2) float64, metres east and north of the origin

    Returns
    -------
    (n, 2) float64, degrees lon, lat, on the storage grid

    Examples
    --------
    >>> to_degrees([[0.0, 0.0]]).round(3).tolist()
    [[116.81, 33.959]]
    """
    return to_storage(np.asarray(xy, dtype=np.float64) + ORIGIN_M, METRIC)


def from_degrees(points: npt.ArrayLike) -> Points:
    """Return storage points on the ground.

    Parameters
    ----------
    points : (n, 2) float64, degrees lon, lat

    Returns
    -------
    (n, 2) float64, metres east and north of the origin

    Examples
    --------
    >>> from_degrees(to_degrees([[120.0, -30.0]])).round(1).tolist()
    [[120.0, -30.0]]
    """
    return from_storage(points, METRIC) - ORIGIN_M


def _bent(w: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    return _TURN * (w + _BEND_KM * w**2 + _BEND_KM2 * w**3)


def _slope(w: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    return _TURN * (1.0 + 2.0 * _BEND_KM * w + 3.0 * _BEND_KM2 * w**2)


def _waves(at: Floats, waves: tuple[tuple[float, float, float], ...]) -> Floats:
    total = np.zeros_like(at)
    for amplitude, length, phase in waves:
        total += amplitude * np.sin(2.0 * np.pi * at / length + phase)
    return total
