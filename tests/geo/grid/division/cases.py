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
