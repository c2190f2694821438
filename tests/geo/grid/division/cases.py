"""Cases for tests of the division: a corner of the suburb, and made-up streets of houses."""

import numpy as np
import shapely

from geo.grid.division.model import CLASS, Barrier, Case
from geo.spatial.units.frame import plane_frame
from tests.geo.spatial.units.suburb import corner

HOUSE_M = 10.0


def case_of(area, footprints, weights, barriers=(), **given) -> Case:
    areas = np.atleast_1d(np.asarray(area, dtype=object))
    shapes = np.asarray(footprints, dtype=object)
    lines = np.asarray(barriers, dtype=object)
    facts = {
        "parents": np.arange(len(areas)),
        "classes": np.full(len(lines), CLASS[Barrier.STREET]),
        "previous": np.empty(0, dtype=object),
        "locked": np.zeros(0, dtype=np.bool_),
        "stairwells": np.ones(len(shapes), dtype=np.int64),
    } | given
    return Case(
        frame=plane_frame(areas),
        areas=areas,
        footprints=shapes,
        weights=np.asarray(weights, dtype=np.float64),
        barriers=lines,
        **facts,
    )


def suburb_case(east_m: float = 0.0, north_m: float = 0.0, **given) -> Case:
    there = corner(east_m, north_m)
    return case_of(there.area, there.footprints, there.households, there.streets, **given)


def rows_of_houses(columns: int, rows: int, weight: float = 10.0, **given) -> Case:
    """Houses in rows with a street below each, 20 m apart."""
    houses = [
        shapely.box(x * 20.0 + 5.0, y * 20.0 + 5.0, x * 20.0 + 15.0, y * 20.0 + 15.0)
        for y in range(rows)
        for x in range(columns)
    ]
    wide, high = columns * 20.0, rows * 20.0
    streets = [shapely.LineString([(-5, y * 20.0), (wide + 5, y * 20.0)]) for y in range(1, rows)]
    weights = np.full(len(houses), weight)
    return case_of(shapely.box(0, 0, wide, high), houses, weights, streets, **given)


def long_blocks(columns: int, rows: int, *, seed: int) -> Case:
    """Houses of 80 m by 30 m with streets all around each; half of them are empty."""
    corners = [(x * 80.0, y * 30.0) for y in range(rows) for x in range(columns)]
    houses = [shapely.box(x + 6.0, y + 6.0, x + 74.0, y + 24.0) for x, y in corners]
    wide, high = columns * 80.0, rows * 30.0
    across = [shapely.LineString([(-5, y * 30.0), (wide + 5, y * 30.0)]) for y in range(1, rows)]
    along = [shapely.LineString([(x * 80.0, -5), (x * 80.0, high + 5)]) for x in range(1, columns)]
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 26, len(houses)) * (rng.random(len(houses)) >= 0.5)
    return case_of(shapely.box(0, 0, wide, high), houses, weights, [*across, *along])
