"""Borders made shorter: a valid coverage afterwards, footprints and lines respected."""

import numpy as np
import pytest
import shapely

from geo.spatial.units.shorter import shortened
from geo.spatial.units.straight import CLEAR_M
from tests.geo.spatial.units.test_straight import voronoi

NONE = np.empty(0, dtype=object)
OUTLINE = np.array([shapely.box(0, 0, 20, 20).boundary], dtype=object)
CORNERS = np.array([(0.0, 0.0), (20.0, 0.0), (10.0, 300.0**0.5)])


def thirds(meet: tuple[float, float] = (10, 13)) -> np.ndarray:
    """Return a triangle of equal sides in three cells that meet in a point."""
    turned = np.roll(CORNERS, -1, axis=0)
    return np.array([shapely.Polygon([*two, meet]) for two in zip(CORNERS, turned, strict=True)])


def slanted() -> np.ndarray:
    west = shapely.Polygon([(0, 0), (8, 0), (12, 20), (0, 20)])
    east = shapely.Polygon([(8, 0), (20, 0), (20, 20), (12, 20)])
    return np.array([west, east], dtype=object)


def inner_length(cells: np.ndarray) -> float:
    rim = shapely.length(shapely.coverage_union_all(cells))
    return float((shapely.length(cells).sum() - rim) / 2.0)


def meeting_point(cells: np.ndarray) -> np.ndarray:
    return shapely.get_coordinates(shapely.intersection_all(cells))[0]


def test_borders_meet_where_they_are_shortest() -> None:
    made = shortened(thirds(), NONE, NONE)

    assert meeting_point(made) == pytest.approx(CORNERS.mean(axis=0), abs=0.3)
    assert shapely.coverage_is_valid(made)


def test_a_building_in_the_way_stays_in_its_cell_and_apart_from_the_border() -> None:
    house = shapely.box(9, 7.5, 11, 9)
    cells = thirds()

    made = shortened(cells, np.array([house]), NONE)

    assert shapely.covers(cells, house).tolist() == shapely.covers(made, house).tolist()
    assert shapely.distance(house, shapely.boundary(made)).min() >= CLEAR_M - 1e-9


def test_a_border_ends_on_a_street_where_it_is_shortest() -> None:
    made = shortened(slanted(), NONE, OUTLINE)

    assert inner_length(made) == pytest.approx(20.0, abs=0.01)
    assert shapely.area(shapely.union_all(made)) == pytest.approx(400.0)
    assert shapely.coverage_is_valid(made)


def test_an_end_does_not_slide_across_a_building() -> None:
    house = shapely.box(8.5, 0.5, 9.5, 1.5)

    made = shortened(slanted(), np.array([house]), OUTLINE)

    assert shapely.covers(made, house).tolist() == shapely.covers(slanted(), house).tolist()


def test_an_end_does_not_leave_the_corner_of_a_street() -> None:
    corner = shapely.Polygon([(0, 0), (10, -3), (14, 20), (0, 20)])
    other = shapely.Polygon([(10, -3), (20, 0), (20, 20), (14, 20)])
    cells = np.array([corner, other], dtype=object)

    made = shortened(cells, NONE, NONE)

    assert shapely.equals(shapely.union_all(made), shapely.union_all(cells))


def test_borders_on_streets_stay() -> None:
    cells = thirds()
    streets = shapely.boundary(cells)

    made = shortened(cells, NONE, streets)

    assert all(shapely.equals_exact(a, b) for a, b in zip(made, cells, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_cells_stay_a_coverage_with_every_house_where_it_was(seed: int) -> None:
    cells, houses = voronoi(seed)

    made = shortened(cells, houses, NONE)

    assert shapely.coverage_is_valid(made)
    assert shapely.is_valid(made).all()
    assert inner_length(made) < inner_length(cells)
    off = shapely.symmetric_difference(shapely.union_all(made), shapely.union_all(cells))
    assert shapely.area(off) < 1e-3
    home, now = (shapely.STRtree(of).query(houses, predicate="covered_by") for of in (cells, made))
    assert np.array_equal(home, now)


def test_the_order_of_cells_and_houses_changes_nothing() -> None:
    cells, houses = voronoi(3)
    order = np.random.default_rng(0).permutation(len(cells))

    made = shortened(cells, houses, NONE)
    again = shortened(cells[order], houses[::-1], NONE)

    assert all(shapely.equals_exact(a, b) for a, b in zip(made[order], again, strict=True))
