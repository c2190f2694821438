"""The coordinate systems that may be named: four datums and EPSG codes; axis order lon, lat.

WGS-84 and CGCS2000 are equal at this scale (PROJ knows no shift between them), so both are the
storage system. GCJ-02 and BD-09 have no EPSG code and are shifted by ``geo.crs.offsets``.

An EPSG system is taken when PROJ knows one way to WGS-84, everywhere as good as ``WORST_M``. For
Beijing 1954, Xi'an 1980 and New Beijing it knows none and would pass the numbers on unshifted, tens
of metres off (Beijing 1954 about 60 m at Huaibei, by the parameters PROJ has for other places), so
they are refused: their data come in by control points (``geo.crs.control``).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import pyproj

from geo.crs.local import LocalGrid
from geo.errors import Invalid

STORAGE_EPSG = 4326
CGCS2000_EPSG = 4490
# A system is refused when its way to WGS-84 may be worse: a small cell is tens of metres wide.
WORST_M = 5.0
_CHINA_2000 = "China 2000"


class Datum(StrEnum):
    """A named datum of geographic coordinates in degrees."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class UnknownCrs(Invalid):
    """The coordinate system is none of the four datums and no EPSG code that PROJ knows."""

    code = "unknown_crs"


class CrsUncertain(Invalid):
    """PROJ knows the system, but no way from it to WGS-84 that is good everywhere."""

    code = "crs_uncertain"


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system: a datum, a projected or geographic EPSG system, or a city's own grid."""

    name: str
    datum: Datum | None
    epsg: int | None
    local: LocalGrid | None = None


def system(name: str | System) -> System:
    """Return the system that a name means: a datum, ``EPSG:4527``, ``4527`` or an OGC URI.

    A system is itself.

    Raises
    ------
    UnknownCrs
        When the name is neither a datum nor an EPSG code that PROJ knows.
    CrsUncertain
        When PROJ knows the system, but no way to WGS-84 that is good everywhere.

    Examples
    --------
    >>> system("GCJ-02").datum
    <Datum.GCJ02: 'gcj02'>
    >>> system("EPSG:4527").epsg
    4527
    """
    if isinstance(name, System):
        return name
    if not isinstance(name, str):
        raise UnknownCrs(value=str(name))
    return _named(name)


@lru_cache(maxsize=256)
def _named(name: str) -> System:
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
    if epsg == CGCS2000_EPSG:
        return System("cgcs2000", Datum.CGCS2000, None)
    try:
        found = pyproj.CRS.from_epsg(epsg)
    except pyproj.exceptions.CRSError as error:
        raise UnknownCrs(value=name) from error
    if not (found.is_projected or found.is_geographic):  # a height, or three axes from the centre
        raise UnknownCrs(value=name)
    if not _is_certain(epsg):
        raise CrsUncertain(value=f"EPSG:{epsg}", name=found.name)
    return System(f"EPSG:{epsg}", None, epsg)


def _is_certain(epsg: int) -> bool:
    """Return whether there is one way to WGS-84 for the whole system, and how good is known.

    Where PROJ chooses among several by place, or falls back on no shift at all, the accuracy of its
    transformer is -1.
    """
    accuracy = transformer(epsg).accuracy
    return 0.0 <= accuracy <= WORST_M


@lru_cache(maxsize=64)
def transformer(epsg: int) -> pyproj.Transformer:
    """Return PROJ's way from an EPSG system to degrees lon, lat of the storage system.

    Systems of CGCS2000 go to its own degrees, which are the storage system's: PROJ would call the
    last step a guess.
    """
    known = pyproj.CRS.from_epsg(epsg)
    base = known.geodetic_crs
    is_chinese = base is not None and base.datum is not None and base.datum.name == _CHINA_2000
    target = CGCS2000_EPSG if is_chinese else STORAGE_EPSG
    return pyproj.Transformer.from_crs(epsg, target, always_xy=True)
