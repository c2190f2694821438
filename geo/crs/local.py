"""A city's own plane grid with an unknown shift, tied to the world by four parameters.

The four parameters (Helmert in the plane: two shifts, a turn, a scale) lead from the grid to a
plane whose place in the world is known. How they are found from control points is the business of
``geo.crs.control``.

Source: the similarity E = X + a·dx - b·dy, N = Y + b·dx + a·dy with a = m·cos φ, b = m·sin φ
(四参数); R. E. Deakin, Coordinate Transformations for Cadastral Surveying, RMIT, 2007.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
from pyproj.enums import TransformDirection

from geo.spatial.storage import Points

_STORAGE = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Helmert:
    """Four parameters, about a point near the middle so that no digits are lost.

    Parameters
    ----------
    a, b : m·cos φ and m·sin φ
    x, y : the middle, in the grid
    east, north : where the middle goes, in the plane
    """

    a: float
    b: float
    x: float
    y: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Metres of the plane to a metre of the grid."""
        return math.hypot(self.a, self.b)

    @property
    def turn_deg(self) -> float:
        """How far the grid is turned, degrees, counter-clockwise."""
        return math.degrees(math.atan2(self.b, self.a))

    def __call__(self, points: npt.ArrayLike) -> Points:
        """Return points of the grid in the plane, (n, 2) metres; NaN stays NaN."""
        dx, dy = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - [self.x, self.y]).T
        east, north = self.a * dx - self.b * dy, self.b * dx + self.a * dy
        return np.column_stack([self.east + east, self.north + north])

    def inverse(self, points: npt.ArrayLike) -> Points:
        """Return points of the plane in the grid, (n, 2) metres; NaN stays NaN."""
        de, dn = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - [self.east, self.north]).T
        square = self.a * self.a + self.b * self.b
        dx, dy = (self.a * de + self.b * dn) / square, (self.a * dn - self.b * de) / square
        return np.column_stack([self.x + dx, self.y + dy])


@dataclass(frozen=True, slots=True)
class LocalGrid:
    """A city's own grid, where it lies in the world.

    Parameters
    ----------
    helmert : from the grid to the plane
    plane : the plane, as PROJ reads it; of the storage datum

    Examples
    --------
    >>> plane = "+proj=tmerc +lat_0=33.95 +lon_0=116.8 +ellps=WGS84 +units=m"
    >>> grid = LocalGrid(Helmert(1.0, 0.0, 5000.0, 3000.0, 0.0, 0.0), plane)
    >>> grid.to_wgs84([[5000.0, 3000.0]]).round(7).tolist()
    [[116.8, 33.95]]
    >>> grid.from_wgs84([[116.8, 33.95]]).round(3).tolist()
    [[5000.0, 3000.0]]
    """

    helmert: Helmert
    plane: str

    @property
    def name(self) -> str:
        """What the system is called in rows that came from it: the same parameters, one name."""
        numbers = (self.helmert.a, self.helmert.b, *self.helmert([[0.0, 0.0]])[0])
        text = "|".join([*(f"{number:.9e}" for number in numbers), self.plane])
        return f"local:{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def to_wgs84(self, points: npt.ArrayLike) -> Points:
        """Return points of the grid, (n, 2) metres east, north, in degrees lon, lat."""
        east, north = self.helmert(points).T
        moved = _transformer(self.plane).transform(east, north)
        return np.column_stack(moved)

    def from_wgs84(self, points: npt.ArrayLike) -> Points:
        """Return points in degrees lon, lat in metres east, north of the grid."""
        lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
        direction = TransformDirection.INVERSE
        moved = _transformer(self.plane).transform(lon, lat, direction=direction)
        return self.helmert.inverse(np.column_stack(moved))


@lru_cache(maxsize=16)
def _transformer(plane: str) -> pyproj.Transformer:
    """Return the way from a plane to degrees of its own datum, which is the storage datum."""
    known = pyproj.CRS.from_user_input(plane)
    return pyproj.Transformer.from_crs(known, known.geodetic_crs or _STORAGE, always_xy=True)
