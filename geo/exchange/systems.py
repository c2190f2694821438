"""Which system a file is in, and which one its numbers look like. Never guessed silently.

A file that names its system keeps it; one that does not needs ``--crs``. The guess only goes into
the sentence that asks for it.
"""

import numpy as np
import pyproj
import shapely

from geo.crs.systems import Datum, System, UnknownCrs, system
from geo.crs.transform import CoordinateRefused, to_storage
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.spatial.covers import first_covering
from geo.spatial.storage import Geometries, Points

_EQUAL = {Datum.WGS84, Datum.CGCS2000}
_SAMPLE = 2000
_DATUMS = ("wgs84", "gcj02", "bd09")
_WEB_MERCATOR = "EPSG:3857"
# CGCS2000 Gauss-Krüger by 3 degrees: zones 25 to 45 with the number before the easting, then
# the meridians 75°E to 135°E without it. Source: EPSG 4513-4533 and 4534-4554.
_ZONES = range(25, 46)
_ZONED_EPSG, _PLAIN_EPSG = 4513, 4534


def decided(table: Table, *, asked: str | None, force: bool, file: str, points: Points) -> System:
    """Return the system of a table's coordinates.

    Parameters
    ----------
    asked : what the user named
    force : the user's word counts even against the file's own
    points : of the file, to say what its numbers look like

    Raises
    ------
    FileRefused
        When neither the file nor the user names a system, or they contradict each other.
    UnknownCrs
        When the user's is none.
    """
    wanted = system(asked) if asked else None
    if table.system is None:
        if wanted is None:
            raise FileRefused(f"crs_missing_{_unit(points)}", file=file, epsg=_zone_of(points) or 0)
        return wanted
    own = _named(table.system)
    if wanted is None and own is None:
        raise FileRefused("crs_without_code", file=file, name=_title(table.system))
    if wanted is not None and not (force or table.assumed or _same(wanted, own)):
        name = own.name if own else _title(table.system)
        raise FileRefused("crs_contradicted", file=file, own=name, asked=wanted.name)
    chosen = wanted or own
    assert chosen is not None
    return chosen


def unit_mismatch(points: Points, known: System) -> str | None:
    """Return ``degrees`` or ``metres`` when the numbers are plainly not in the system's unit."""
    in_metres = known.epsg is not None and not pyproj.CRS.from_epsg(known.epsg).is_geographic
    unit = _unit(points)
    if in_metres and unit == "degrees":
        return unit
    return "metres" if not in_metres and unit in ("metres", "zone") else None


def likelier(points: Points, known: System, leaves: Geometries) -> tuple[str, int, int]:
    """Return the system that puts most points into the grid, how many, and how many it has now.

    Parameters
    ----------
    points : (n, 2) float64, as in the file; a sample of them is tried
    leaves : (m,) leaf cells, storage CRS
    """
    sample = points[:: max(1, len(points) // _SAMPLE)]
    names = [known.name, *_DATUMS, *_projected(sample)]
    counts = {name: _inside(sample, name, leaves) for name in dict.fromkeys(names)}
    best = max(counts, key=counts.__getitem__)
    scale = len(points) / max(1, len(sample))
    return best, round(counts[best] * scale), round(counts[known.name] * scale)


def _inside(points: Points, name: str, leaves: Geometries) -> int:
    try:
        moved = to_storage(points, name)
    except (CoordinateRefused, UnknownCrs):
        return 0
    return int((first_covering(shapely.points(moved), leaves) >= 0).sum())


def _projected(points: Points) -> list[str]:
    """Return the projected systems worth trying: all zones, or the one in the easting."""
    if _unit(points) == "degrees":
        return []
    if zone := _zone_of(points):
        return [f"EPSG:{zone}"]
    return [_WEB_MERCATOR, *(f"EPSG:{_PLAIN_EPSG + place}" for place in range(len(_ZONES)))]


def _zone_of(points: Points) -> int | None:
    """Return the EPSG code when the eastings begin with a zone number."""
    zones = np.unique(points[:, 0] // 1_000_000) if len(points) else np.empty(0)
    if len(zones) == 1 and int(zones[0]) in _ZONES:
        return _ZONED_EPSG + int(zones[0]) - _ZONES[0]
    return None


def _unit(points: Points) -> str:
    if not len(points):
        return "unknown"
    if (np.abs(points) <= 180.0).all():
        return "degrees"
    if _zone_of(points):
        return "zone"
    return "metres" if (np.abs(points).max(axis=1) > 1000.0).mean() > 0.5 else "unknown"


def _named(text: str) -> System | None:
    """Return a file's system when it has an EPSG code, found in its WKT if need be."""
    try:
        return system(text)
    except UnknownCrs:
        pass
    try:
        code = pyproj.CRS.from_user_input(text).to_epsg()
    except pyproj.exceptions.CRSError:
        return None
    return system(f"EPSG:{code}") if code else None


def _title(text: str) -> str:
    try:
        return pyproj.CRS.from_user_input(text).name
    except pyproj.exceptions.CRSError:
        return text[:60]


def _same(one: System, other: System | None) -> bool:
    if other is None:
        return False
    return one == other or (one.datum in _EQUAL and other.datum in _EQUAL)
