"""Where a city's own grid lies, from points that are known in both: least squares, and how good.

Two points give the four parameters exactly and check nothing; every further point is a check. What
the fit leaves over is told point by point, and a point that does not go with the others is named.
The deviation that remains may be the grid's own: a plane is not the earth.

Source: least squares as in R. E. Deakin, Coordinate Transformations for Cadastral Surveying, RMIT,
2007. The test for one false point is the mean-shift F test of an adjustment: two numbers of one
point freed, with Bonferroni's correction for having tried them all (R. D. Cook and S. Weisberg,
Residuals and Influence in Regression, 1982, 2.2.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.crs.faults import as_points
from geo.crs.local import Helmert, LocalGrid
from geo.crs.systems import System, system
from geo.crs.transform import is_projected, metric_crs, to_wgs84
from geo.errors import Invalid
from geo.spatial.storage import Points
from geo.texts import Lang, text

# A grid in metres: heights of 6 km and the width of a zone change the scale by less than 0.2 %.
_SCALE = 0.005
_CLOSEST_M = 10.0
# Points that disagree by more are of different grids, or hold a false one.
_WORST_M = 5.0
_LIKELY = 0.01
# What is no more is the rounding of numbers written down to the centimetre.
_ROUNDING_M = 0.02
_LISTED = 12


class ControlRefused(Invalid):
    """The control points give no grid: ``exchange.control_<why>`` says why."""

    code = "control_refused"

    def message(self, lang: Lang) -> str:
        """Return what is wrong with the points and what to do."""
        reason = text(f"exchange.control_{self.facts['why']}", lang, **self.facts)
        return text(f"errors.{self.code}", lang, reason=reason)


@dataclass(frozen=True, slots=True)
class Fit:
    """A grid tied to the world, and how well.

    Parameters
    ----------
    grid : what the points give
    residuals : (n, 2) float64, metres east and north from where a point is known to be to where
        the grid puts it; 0 for two points
    outlier : place of the one point that does not go with the others; None when there is none, or
        when fewer than four points cannot tell which
    """

    grid: LocalGrid
    residuals: Points
    outlier: int | None

    @property
    def distances_m(self) -> npt.NDArray[np.float64]:
        """How far off each point is, metres."""
        return np.asarray(np.hypot(*self.residuals.T))

    @property
    def rms_m(self) -> float:
        """Root mean square of the distances, metres."""
        return float(np.sqrt(np.mean(self.distances_m**2)))

    @property
    def checked(self) -> bool:
        """Whether there is a point more than the parameters need."""
        return len(self.residuals) > 2


def tied(
    points: npt.ArrayLike,
    known: npt.ArrayLike,
    crs: str | System,
    *,
    names: Sequence[str] = (),
    force: bool = False,
) -> Fit:
    """Return the grid that the control points give.

    Parameters
    ----------
    points : (n, 2) metres east, north in the city's grid, n ≥ 2
    known : (n, 2) the same points in ``crs``
    crs : name of the system they are known in; when it is projected, its plane is used
    names : of the points, for sentences; their numbers from 1 when not given
    force : points that disagree are taken all the same

    Raises
    ------
    ControlRefused
        When there are fewer than two points, they lie together, the axes of one side are swapped,
        the scale is not that of metres, or the points disagree by more than 5 m.
    UnknownCrs, CrsUncertain, CoordinateNotNumber, CoordinateRefused
        When the known positions cannot be used.

    Examples
    --------
    >>> from geo.crs.transform import from_storage
    >>> known = [[116.80, 33.95], [116.85, 33.95], [116.80, 33.98]]
    >>> grid = from_storage(known, "EPSG:4548") - [480_000.0, 3_750_000.0]
    >>> fit = tied(grid, from_storage(known, "EPSG:4548"), "EPSG:4548")
    >>> fit.grid.helmert.scale.__round__(9), fit.rms_m < 1e-6, fit.outlier
    (1.0, True, None)
    """
    local, system_known = as_points(points), system(crs)
    wgs84 = to_wgs84(known, system_known)
    if len(local) != len(wgs84) or len(local) < 2:
        raise ControlRefused(why="too_few", count=min(len(local), len(wgs84)))
    plane = _plane(wgs84, system_known)
    there = _drawn(wgs84, plane)
    _check_spread(local, there)
    helmert = fitted(local, there)
    found = Fit(LocalGrid(helmert, plane), helmert(local) - there, outlier(local, there))
    _check(found, local, there, names, force=force)
    return found


def fitted(points: Points, there: Points) -> Helmert:
    """Return the four parameters of least squares from points to where they are.

    Parameters
    ----------
    points, there : (n, 2) float64, n ≥ 2, not all in one place

    Examples
    --------
    >>> turned = fitted(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([[5.0, 5.0], [5.0, 15.0]]))
    >>> turned.scale, turned.turn_deg
    (1.0, 90.0)
    """
    (x, y), (east, north) = points.mean(axis=0).tolist(), there.mean(axis=0).tolist()
    dx, dy = (points - [x, y]).T
    de, dn = (there - [east, north]).T
    square = float(dx @ dx + dy @ dy)
    a, b = float(dx @ de + dy @ dn) / square, float(dx @ dn - dy @ de) / square
    return Helmert(a, b, x, y, east, north)


def outlier(points: Points, there: Points) -> int | None:
    """Return the place of the one point that does not go with the others, if there is one.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [900.0, 0.0], [900.0, 900.0], [0.0, 900.0], [400.0, 500.0]])
    >>> outlier(square, square + [[0, 0], [0, 0.01], [3.0, 0], [0.01, 0], [0, 0]])
    2
    """
    count = len(points)
    whole = _left_over(points, there)
    if count < 4 or whole <= count * _ROUNDING_M**2:
        return None
    rows = np.arange(count)
    without = np.array([_left_over(points[rows != i], there[rows != i]) for i in rows])
    floor = count * _ROUNDING_M**2
    best = int(np.argmin(without))
    # P(F > f) of an F of 2 and 2n-6 degrees of freedom, which here is a plain power.
    chance = count * (max(float(without[best]), floor) / whole) ** (count - 3)
    return best if chance < _LIKELY else None


def listed(distances_m: npt.NDArray[np.float64], names: Sequence[str] = ()) -> str:
    """Return how far off each point is, the worst first, as a line of text.

    Examples
    --------
    >>> listed(np.array([0.012, 0.5]), ["A", "B"])
    'B 0.500 m, A 0.012 m'
    """
    order = np.argsort(-distances_m, kind="stable")[:_LISTED]
    called = names or [str(place + 1) for place in range(len(distances_m))]
    shown = ", ".join(f"{called[place]} {distances_m[place]:.3f} m" for place in order)
    return shown + (", …" if len(distances_m) > _LISTED else "")


def _left_over(points: Points, there: Points) -> float:
    """Return the sum of squares that the fit leaves."""
    return float(np.sum((fitted(points, there)(points) - there) ** 2))


def _plane(wgs84: Points, known: System) -> str:
    """Return the plane to fit in: the known system's own, or one in the middle of the points."""
    if is_projected(known):
        return known.name
    (west, south), (east, north) = wgs84.min(axis=0).tolist(), wgs84.max(axis=0).tolist()
    return str(metric_crs((west, south, east, north)).srs)


def _drawn(wgs84: Points, plane: str) -> Points:
    return LocalGrid(Helmert(1.0, 0.0, 0.0, 0.0, 0.0, 0.0), plane).from_wgs84(wgs84)


def _check_spread(points: Points, there: Points) -> None:
    for side in (points, there):
        span = float(np.hypot(*np.ptp(side, axis=0)))
        if span < _CLOSEST_M:
            raise ControlRefused(why="too_close", span_m=round(span, 2), least_m=_CLOSEST_M)


def _check(found: Fit, points: Points, there: Points, names: Sequence[str], *, force: bool) -> None:
    if _looks_swapped(found, points, there):
        raise ControlRefused(why="swapped")
    scale = found.grid.helmert.scale
    if abs(scale - 1.0) > _SCALE:
        raise ControlRefused(why="scale", scale=round(scale, 6))
    if found.rms_m > _WORST_M and not force:
        raise ControlRefused(
            why="disagree",
            rms_m=round(found.rms_m, 2),
            most_m=_WORST_M,
            residuals=listed(found.distances_m, names),
        )


def _looks_swapped(found: Fit, points: Points, there: Points) -> bool:
    """Return whether the points go together with east and north of one side swapped.

    A mirrored figure cannot be turned into its original, unless it has only two points: there, a
    turn tells.
    """
    mirrored = fitted(points[:, ::-1], there)
    if not found.checked:
        turn = found.grid.helmert.turn_deg
        return abs(turn) > 20.0 and abs(mirrored.turn_deg) < 5.0
    left = np.sqrt(np.mean(np.sum((mirrored(points[:, ::-1]) - there) ** 2, axis=1)))
    return bool(found.rms_m > _WORST_M and left < found.rms_m / 10.0)
