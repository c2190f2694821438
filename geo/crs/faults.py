"""What cannot be a coordinate: which row, what is wrong with it, and the refusal that says so.

A single point or a whole array is refused by the first row that is wrong; a batch asks for the
fault of every row instead and goes on with the rest.
"""

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import Invalid
from geo.spatial.storage import Points

Faults = npt.NDArray[np.int8]
_ROWS_NAMED = 20
_SHOWN = 40
_TOO_LARGE = 2**62


class Fault(IntEnum):
    """What is wrong with a row; 0 for nothing."""

    NONE = 0
    NOT_FINITE = 1
    OFF_GLOBE = 2
    SWAPPED = 3
    BEYOND_CRS = 4


class CoordinateRefused(Invalid):
    """A coordinate is not a finite number within ±180 and ±90 degrees.

    Facts
    -----
    lon, lat : the first one, as given
    count, rows : how many rows are wrong, and the first of them, counted from 0
    """

    code = "coordinate_refused"


class AxesSwapped(CoordinateRefused):
    """A coordinate cannot be used as it stands, and could with its two numbers swapped."""

    code = "axes_swapped"


class CoordinateBeyondCrs(CoordinateRefused):
    """A coordinate lies far from where its system is used, so it is in another system or unit."""

    code = "coordinate_beyond_crs"


class CoordinateNotNumber(Invalid):
    """A coordinate is no pair of numbers: a text, a truth value, nothing, or not two."""

    code = "coordinate_not_number"


REFUSALS: dict[Fault, type[CoordinateRefused]] = {
    Fault.NOT_FINITE: CoordinateRefused,
    Fault.OFF_GLOBE: CoordinateRefused,
    Fault.SWAPPED: AxesSwapped,
    Fault.BEYOND_CRS: CoordinateBeyondCrs,
}


def as_points(values: npt.ArrayLike) -> Points:
    """Return points as an array of numbers, nothing read out of what is no number.

    Numbers written as text, truth values and null are refused, though numpy would take them.

    Parameters
    ----------
    values : (n, 2) numbers, an array or nested sequences; NaN and infinity pass

    Returns
    -------
    (n, 2) float64; (0, 2) for nothing

    Raises
    ------
    CoordinateNotNumber
        Names the first row that is no pair of numbers, counted from 0.

    Examples
    --------
    >>> as_points([[1, 2.5]]).tolist()
    [[1.0, 2.5]]
    """
    array: npt.NDArray[Any] = (
        values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    )
    if array.size == 0:
        return np.empty((0, 2))
    if array.ndim != 2 or array.shape[1] != 2:
        raise _no_pair(array)
    if array.dtype.kind not in "fiu":
        good = np.frompyfunc(_is_number, 1, 1)(array).astype(np.bool_).all(axis=1)
        if not good.all():
            row = int(np.argmin(good))
            raise CoordinateNotNumber(row=row, value=_shown(array[row]))
    return array.astype(np.float64, copy=False)


def refused(points: Points, faults: Faults, crs: str) -> CoordinateRefused:
    """Return the refusal of the rows with a fault; the first decides which.

    Parameters
    ----------
    points : (n, 2) float64, as given
    faults : (n,) at least one of them not 0
    crs : name of the system they were given in
    """
    rows = np.flatnonzero(faults)
    lon, lat = (_fact(value) for value in points[rows[0]].tolist())
    facts = {"crs": crs, "count": len(rows), "rows": rows[:_ROWS_NAMED].tolist()}
    return REFUSALS[Fault(faults[rows[0]])](lon=lon, lat=lat, **facts)


def _no_pair(array: npt.NDArray[Any]) -> CoordinateNotNumber:
    """Return the refusal of what is not (n, 2): it names the first row that is no pair."""
    rows = array.reshape(-1) if array.ndim == 0 else array
    bad = (place for place, row in enumerate(rows) if not (np.ndim(row) and len(row) == 2))
    row = next(bad, 0)
    return CoordinateNotNumber(row=row, value=_shown(rows[row]))


def _is_number(value: Any) -> bool:
    """Return whether a value is a number; a whole one too large for any coordinate is none."""
    if isinstance(value, bool | np.bool_):
        return False
    if isinstance(value, int):
        return abs(value) < _TOO_LARGE
    return isinstance(value, float | np.integer | np.floating)


def _fact(value: float) -> float | str:
    """Return a number as JSON can hold it."""
    return value if np.isfinite(value) else str(value)


def _shown(value: Any) -> str:
    shown = value.tolist() if isinstance(value, np.ndarray) else value
    return repr(shown)[:_SHOWN]
