"""A local frame: native coordinates, metres from a near origin, and the lattice all is noded on.

Far from the origin of a projection the last digits of a float are too coarse for GEOS to unite a
coverage, so all work is done near zero. The lattice is a power of two of the native unit, so that
native coordinates of the result are exact and a coverage stays one when it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.measure import METRES_PER_DEGREE
from geo.spatial.storage import GRID, Geometries, Points

_METRIC_STEP = 2.0**-20  # 1 µm: a border that ends on the outline hardly moves it
_FILE_STEP_DEG = 2.0**-36  # 2 µm of latitude


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the work is done.

    Parameters
    ----------
    x, y : native coordinates of the origin, multiples of ``step``
    step : of the lattice, native units, a power of two
    east_m, north_m : metres to a native unit along each axis
    """

    x: float
    y: float
    step: float
    east_m: float
    north_m: float

    def metres(self, geometries: npt.ArrayLike) -> Geometries:
        """Return native geometries in metres from the origin."""
        return self._moved(geometries, self._to_metres)

    def native(self, geometries: npt.ArrayLike) -> Geometries:
        """Return geometries in metres in native coordinates, on the lattice."""
        return self._moved(geometries, self._to_native)

    def noded(self, lines: npt.ArrayLike) -> Geometries:
        """Return the faces between lines in metres, noded once on the lattice; dangles vanish."""
        flat = self._moved(lines, self._to_lattice)
        network = shapely.union_all(flat, grid_size=1.0)
        faces = shapely.get_parts(shapely.polygonize([network]))
        return self._moved(faces, self._from_lattice)

    def snapped(self, points: Points) -> Points:
        """Return points in metres, (n, 2), moved to the nearest lattice point."""
        return self._from_lattice(np.rint(self._to_lattice(points)))

    def numbers(self, points: Points) -> npt.NDArray[np.int64]:
        """Return lattice numbers of points in metres, (n, 2)."""
        return np.rint(self._to_lattice(points)).astype(np.int64)

    def _moved(self, geometries: npt.ArrayLike, way: Callable[[Points], Points]) -> Geometries:
        array = np.asarray(geometries, dtype=object)
        return np.asarray(shapely.transform(array, way), dtype=object)

    def _to_metres(self, points: Points) -> Points:
        return (points - [self.x, self.y]) * [self.east_m, self.north_m]

    def _to_native(self, points: Points) -> Points:
        return np.rint(self._to_lattice(points)) * self.step + [self.x, self.y]

    def _to_lattice(self, points: Points) -> Points:
        return points / [self.east_m * self.step, self.north_m * self.step]

    def _from_lattice(self, points: Points) -> Points:
        return points * [self.east_m * self.step, self.north_m * self.step]


def plane_frame(geometries: npt.ArrayLike, *, unit_m: float = 1.0) -> Frame:
    """Return the frame of geometries in a projected system.

    Parameters
    ----------
    geometries : (n,) what lies in it
    unit_m : metres to a unit of the system
    """
    x, y = _middle(geometries, _METRIC_STEP)
    return Frame(x, y, _METRIC_STEP, unit_m, unit_m)


def degree_frame(geometries: npt.ArrayLike, *, stored: bool) -> Frame:
    """Return the frame of geometries in degrees lon, lat.

    Parameters
    ----------
    geometries : (n,) what lies in it
    stored : on the storage grid; a file that stays a file gets a finer one
    """
    step = GRID if stored else _FILE_STEP_DEG
    x, y = _middle(geometries, step)
    return Frame(x, y, step, METRES_PER_DEGREE * cos(radians(y)), METRES_PER_DEGREE)


def _middle(geometries: npt.ArrayLike, step: float) -> tuple[float, float]:
    west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object))
    middle = np.rint(np.array([west + east, south + north]) / 2.0 / step) * step
    return float(middle[0]), float(middle[1])
