"""The coordinate systems that may be named: four datums and any EPSG code; axis order lon, lat.

WGS-84 and CGCS2000 are equal at this scale (PROJ knows no shift between them), so both are the
storage system. GCJ-02 and BD-09 have no EPSG code and are shifted by ``geo.crs.offsets``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import pyproj

from geo.errors import Invalid

STORAGE_EPSG = 4326


class Datum(StrEnum):
    """A named datum of geographic coordinates in degrees."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class UnknownCrs(Invalid):
    """The coordinate system is none of the four datums and no EPSG code that PROJ knows."""

    code = "unknown_crs"


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system: one of the datums, or a projected or geographic EPSG system."""

    name: str
    datum: Datum | None
    epsg: int | None


@lru_cache(maxsize=256)
def system(name: str) -> System:
    """Return the system that a name means: a datum, ``EPSG:4527``, ``4527`` or an OGC URI.

    Raises
    ------
    UnknownCrs
        When the name is neither a datum nor an EPSG code that PROJ knows.

    Examples
    --------
    >>> system("GCJ-02").datum
    <Datum.GCJ02: 'gcj02'>
    >>> system("EPSG:4527").epsg
    4527
    """
    plain = re.sub(r"[\s_-]", "", name.strip().lower())
    if plain in Datum.__members__.values():
        return System(plain, Datum(plain), None)
    if plain.endswith("crs84"):
        return System("wgs84", Datum.WGS84, None)
    code = re.fullmatch(r"(?:(?:urn:ogc:def:crs:|.*/)?epsg[:/]+(?:[\d.]*[:/])?)?(\d{4,6})", plain)
    if code is None:
        raise UnknownCrs(value=name)
    return _epsg_system(int(code.group(1)), name)


def _epsg_system(epsg: int, name: str) -> System:
    if epsg == STORAGE_EPSG:
        return System("wgs84", Datum.WGS84, None)
    if epsg == 4490:
        return System("cgcs2000", Datum.CGCS2000, None)
    try:
        found = pyproj.CRS.from_epsg(epsg)
    except pyproj.exceptions.CRSError as error:
        raise UnknownCrs(value=name) from error
    if not (found.is_projected or found.is_geographic):  # a height, or three axes from the centre
        raise UnknownCrs(value=name)
    return System(f"EPSG:{epsg}", None, epsg)
