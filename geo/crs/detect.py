"""Which system data look like, by the ground they should lie on; named only when it is plain.

Every system that Chinese data come in is tried: the datums, Gauss-Krüger with and without the
number of the zone, UTM, Web Mercator, each with its axes swapped too. The shift of GCJ-02 is 0.3 to
0.7 km, so in a district only places near its outline tell one datum from another. Hence the margin:
a reading is named ``likely`` when it beats every other one by a sign test over the places that only
one of the two puts inside. Otherwise it says which readings it cannot tell apart.

WGS-84 and CGCS2000 are one here. So are, to the eye of an outline, CGCS2000, Xi'an 1980 and Beijing
1954 in the same zone: they differ by some tens of metres.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs.faults import as_points
from geo.crs.systems import System, system
from geo.crs.transform import possible, to_wgs84
from geo.crs.zones import ZONES, zone_of
from geo.spatial.storage import Points

_SAMPLE = 2000
# Places in one square of 0.001° or 100 m are one witness: a block of flats is not twenty.
_ROOM_DEG, _ROOM_M = 0.001, 100.0
_DATUMS = ("wgs84", "gcj02", "bd09")
_WEB_MERCATOR = "EPSG:3857"
_MERIDIANS_OFF = 6.0
# A reading is likely when it puts half of the places inside, beats each other one by 1 % of them,
# and would do so by chance once in a thousand.
_HALF, _LEAD, _CHANCE = 0.5, 0.01, 0.001


@dataclass(frozen=True, slots=True)
class Reading:
    """What comes of reading the data as one system.

    Parameters
    ----------
    system : as which they are read
    swapped : the two numbers of each coordinate are swapped first
    inside : how many of the places that were compared lie in the area
    """

    system: System
    swapped: bool
    inside: int


@dataclass(frozen=True, slots=True)
class Detection:
    """What data look like.

    Parameters
    ----------
    readings : those that put a place into the area, the best first
    rivals : the readings that cannot be told from the best one; empty when it is likely
    likely : the best one, when it is plain
    places : how many places were compared
    """

    readings: tuple[Reading, ...]
    rivals: tuple[Reading, ...]
    likely: Reading | None
    places: int

    def inside(self, known: System) -> int:
        """Return how many places lie in the area when read as a system, axes as they are."""
        return next((r.inside for r in self.readings if (r.system, r.swapped) == (known, False)), 0)


def detect(
    points: npt.ArrayLike, area: npt.ArrayLike, *, also: Sequence[str | System] = ()
) -> Detection:
    """Return which system the points look like, compared with the ground they should lie on.

    Parameters
    ----------
    points : (n, 2) numbers as given; what is not finite is left out
    area : polygons, storage CRS: the outline of the district, or its cells
    also : further systems to try

    Examples
    --------
    >>> from geo.crs.offsets import wgs84_to_gcj02
    >>> district = [shapely.box(116.7, 33.9, 116.9, 34.0)]
    >>> x, y = np.meshgrid(np.linspace(116.702, 116.898, 60), np.linspace(33.902, 33.998, 60))
    >>> found = detect(wgs84_to_gcj02(np.column_stack([x.ravel(), y.ravel()])), district)
    >>> found.likely.system.name, found.likely.swapped
    ('gcj02', False)
    >>> found = detect([[116.8, 33.95]], district)
    >>> found.likely, [reading.system.name for reading in found.rivals]
    (None, ['wgs84', 'gcj02', 'bd09'])
    """
    places = _witnesses(as_points(points))
    tree = shapely.STRtree(np.atleast_1d(np.asarray(area, dtype=object)))
    if not len(places) or not len(tree.geometries):
        return Detection((), (), None, len(places))
    bounds = shapely.total_bounds(tree.geometries)
    tried = [
        (known, swapped, _inside(places[:, ::-1] if swapped else places, known, tree))
        for swapped in (False, True)
        for known in _candidates(places[:, ::-1] if swapped else places, bounds, also)
    ]
    found = [(Reading(known, turn, int(marks.sum())), marks) for known, turn, marks in tried]
    found = sorted((pair for pair in found if pair[0].inside), key=lambda pair: -pair[0].inside)
    if not found:
        return Detection((), (), None, len(places))
    best, marks = found[0]
    rivals = tuple(other for other, theirs in found[1:] if not _beats(marks, theirs))
    alone = not rivals and _beats(marks, np.zeros_like(marks))
    enough = alone and best.inside >= _HALF * len(places)
    readings = tuple(reading for reading, _ in found)
    return Detection(
        readings, () if enough else (best, *rivals), best if enough else None, len(places)
    )


def _witnesses(points: Points) -> Points:
    """Return at most ``_SAMPLE`` places, one of each square, drawn the same way each time."""
    finite = points[np.isfinite(points).all(axis=1)]
    room = _ROOM_DEG if _are_degrees(finite) else _ROOM_M
    _, first = np.unique(np.floor(finite / room), axis=0, return_index=True)
    drawn = np.random.default_rng(0).permutation(len(first))[:_SAMPLE]  # rows may follow a raster
    return finite[first[drawn]]


def _are_degrees(points: Points) -> bool:
    """Return whether nearly all numbers could be degrees; a stray one may be anything."""
    return bool(len(points)) and float(np.mean(np.abs(points) <= 180.0)) > 0.95


def _candidates(
    points: Points, bounds: npt.NDArray[np.float64], also: Sequence[str | System]
) -> Iterator[System]:
    """Yield each system worth trying once, the plainest first."""
    names: list[str | System] = [*also]
    if _are_degrees(points):
        names = [*_DATUMS, *names]
    elif found := zone_of(points):
        names = [found.name, *names]
    else:
        names = [*_plane_names(float(bounds[0] + bounds[2]) / 2.0), *names]
    yield from dict.fromkeys(system(name) for name in names)


def _plane_names(lon: float) -> Iterator[str]:
    """Yield the planes in use around a longitude whose eastings carry no number."""
    for known in ZONES.values():
        if known.width == 3 and not known.numbered and abs(known.meridian - lon) <= _MERIDIANS_OFF:
            yield known.name
    yield _WEB_MERCATOR
    here = int((lon + 180.0) // 6.0) + 1
    for utm in (here, here - 1, here + 1):
        if 1 <= utm <= 60:
            yield f"EPSG:{32600 + utm}"


def _inside(points: Points, known: System, tree: shapely.STRtree) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(points), dtype=np.bool_)
    rows = np.flatnonzero(possible(points, known))
    if len(rows):
        hit, _ = tree.query(shapely.points(to_wgs84(points[rows], known)), predicate="intersects")
        inside[rows[hit]] = True
    return inside


def _beats(ours: npt.NDArray[np.bool_], theirs: npt.NDArray[np.bool_]) -> bool:
    """Return whether one reading is plainly better, by the places only one of them puts inside."""
    won, lost = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    return won - lost >= _LEAD * len(ours) and _chance(won, won + lost) <= _CHANCE


def _chance(won: int, of: int) -> float:
    """Return the chance that a fair coin shows heads so often or more."""
    return sum(comb(of, heads) for heads in range(won, of + 1)) / 2**of
