"""A corner of the suburb of ``tests/data/karhula.gpkg``: about 150 buildings with their streets."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

_FILE = Path(__file__).parents[3] / "data" / "karhula.gpkg"
_SIDE_M = 500.0


@dataclass(frozen=True)
class Suburb:
    area: shapely.Geometry
    footprints: np.ndarray
    households: np.ndarray
    streets: np.ndarray


@cache
def corner(east_m: float = 0.0, north_m: float = 0.0) -> Suburb:
    """Return what stands in a square whose lower left corner is so far from the middle."""
    area, buildings, streets = (
        gpd.read_file(_FILE, layer=layer) for layer in ("area", "buildings", "streets")
    )
    middle = area.geometry.iloc[0].centroid
    x, y = middle.x + east_m, middle.y + north_m
    window = shapely.box(x, y, x + _SIDE_M, y + _SIDE_M).intersection(area.geometry.iloc[0])
    kept = shapely.within(shapely.point_on_surface(buildings.geometry.values), window)
    return Suburb(
        window,
        np.asarray(buildings.geometry.values[kept], dtype=object),
        buildings["households"].to_numpy(dtype=np.float64)[kept],
        np.asarray(streets.geometry.values, dtype=object),
    )
