"""The outline of the demo district and its divisions, from the data files beside this module.

The outline is kept as it came, in GCJ-02, and converted here. Straight edges of one datum are
not straight in another, so they are cut into short pieces first; a street that leaves the
district ends at one of these vertices, so that it adds none.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import shapely

from geo.crs.offsets import gcj02_to_wgs84
from geo.spatial.storage import Points, snap

DATA = Path(__file__).parent / "data"
_STEP_DEGREES = 0.00025  # about 25 m
_SHORT = {"安徽淮北相山经济开发区管理委员会": "相山经济开发区"}


@dataclass(frozen=True, slots=True)
class Division:
    """A real division: statistical code and the short name people use."""

    code: str
    name: str
    parent_code: str | None


@cache
def ring() -> Points:
    """Return the outline of the district.

    Returns
    -------
    (n, 2) float64, degrees lon, lat, storage grid; closed, counter-clockwise, no vertex twice

    Examples
    --------
    >>> bool((ring()[0] == ring()[-1]).all())
    True
    """
    text = (DATA / "outline_gcj02.geojson").read_text(encoding="utf-8")
    shape = shapely.get_parts(shapely.from_geojson(text))[0]
    pieces = shapely.segmentize(shapely.get_exterior_ring(shape), _STEP_DEGREES)
    points = snap(gcj02_to_wgs84(shapely.get_coordinates(pieces)))
    moved = np.flatnonzero((np.diff(points, axis=0) != 0.0).any(axis=1)) + 1
    outline = shapely.polygons(points[np.concatenate([[0], moved])])
    return shapely.get_coordinates(shapely.orient_polygons(outline))


@cache
def divisions() -> tuple[Division, ...]:
    """Return the district, its streets and its communities, in the order of the source.

    Returns
    -------
    tuple of Division: 1 district, 10 streets (9 digits), 88 communities (12 digits)

    Examples
    --------
    >>> [(d.code, d.name) for d in divisions() if d.code in ("340603002", "340603002001")]
    [('340603002', '东街道'), ('340603002001', '供电社区')]
    """
    source = json.loads((DATA / "divisions.json").read_text(encoding="utf-8"))
    district = Division(source["district"]["code"], source["district"]["name"], None)
    rows = [district]
    for street in source["streets"]:
        rows.append(Division(street["code"], _short(street["name"]), district.code))
        rows += [
            Division(community["code"], _short(community["name"]), street["code"])
            for community in street["communities"]
        ]
    return tuple(rows)


def _short(name: str) -> str:
    if name in _SHORT:
        return _SHORT[name]
    return name.removesuffix("居民委员会").removesuffix("村民委员会")
