"""Which system a file is in, and which one its numbers look like. Never guessed silently.

A file that names its system keeps it; one that does not needs ``--crs``. The guess only goes into
the sentence that asks for it.
"""

from typing import Any

import numpy as np
import pyproj

from geo.crs.detect import detect
from geo.crs.systems import CrsUncertain, Datum, System, UnknownCrs, system
from geo.crs.transform import is_projected
from geo.crs.zones import ZONES, zone_of
from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.spatial.storage import Geometries, Points

_EQUAL = {Datum.WGS84, Datum.CGCS2000}
_NUMBERED_FROM_M = 10_000_000.0


def decided(
    table: Table, *, asked: str | System | None, force: bool, file: str, points: Points
) -> System:
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
            zone = zone_of(points)
            epsg = zone.epsg if zone else 0
            raise FileRefused(f"crs_missing_{_unit(points)}", file=file, epsg=epsg)
        return wanted
    own, certain = _named(table.system)
    if wanted is None:
        if own is None:
            key = "crs_without_code" if certain else "crs_uncertain"
            raise FileRefused(key, file=file, name=_title(table.system))
        return own
    tied = wanted.local is not None and own is None
    if not (force or tied or table.assumed or _same(wanted, own)):
        name = own.name if own else _title(table.system)
        raise FileRefused("crs_contradicted", file=file, own=name, asked=wanted.name)
    return wanted


def unit_mismatch(points: Points, known: System) -> str | None:
    """Return what the numbers plainly are when the system has others.

    Returns
    -------
    ``degrees`` or ``metres``; ``zone`` when the number of a zone stands before the easting and the
    system has none there, ``no_zone`` when it is missing; None when the numbers go with the system
    """
    in_metres = is_projected(known) or known.local is not None
    unit = _unit(points)
    if in_metres and unit == "degrees":
        return unit
    if not in_metres:
        return "metres" if unit in ("metres", "zone") else None
    known_zone, found = ZONES.get(known.epsg or 0), zone_of(points)
    if known_zone is None or not len(points):
        return None
    if not known_zone.numbered and found:
        return "zone"
    lacking = known_zone.numbered and (np.abs(points) < _NUMBERED_FROM_M).all()
    return "no_zone" if lacking else None


def looking_like(points: Points, leaves: Geometries) -> tuple[str, dict[str, Any]] | None:
    """Return the fault that names the system the points plainly look like, and its facts.

    Parameters
    ----------
    points : (n, 2) float64, as in the file
    leaves : (m,) leaf cells, storage CRS
    """
    found = detect(points, leaves)
    if found.likely is None:
        return None
    key = "crs_missing_swapped" if found.likely.swapped else "crs_missing_likely"
    facts = {"best": found.likely.system.name, "inside": found.likely.inside}
    return key, facts | {"places": found.places}


def _unit(points: Points) -> str:
    if not len(points):
        return "unknown"
    if (np.abs(points) <= 180.0).all():
        return "degrees"
    if zone_of(points):
        return "zone"
    return "metres" if (np.abs(points).max(axis=1) > 1000.0).mean() > 0.5 else "unknown"


def _named(text: str) -> tuple[System | None, bool]:
    """Return a file's system when it has a usable EPSG code, in its WKT if need be.

    The second is False when it has a code, but no certain way to WGS-84.
    """
    try:
        return system(text), True
    except CrsUncertain:
        return None, False
    except UnknownCrs:
        pass
    try:
        code = pyproj.CRS.from_user_input(text).to_epsg()
    except pyproj.exceptions.CRSError:
        return None, True
    return _named(f"EPSG:{code}") if code else (None, True)


def _title(text: str) -> str:
    try:
        return pyproj.CRS.from_user_input(text).name
    except pyproj.exceptions.CRSError:
        return text[:60]


def _same(one: System, other: System | None) -> bool:
    if other is None:
        return False
    return one == other or (one.datum in _EQUAL and other.datum in _EQUAL)
