"""Borders made straight: a valid coverage afterwards, footprints and lines respected."""

import numpy as np
import pytest
import shapely

from geo.spatial.units.straight import CLEAR_M, straightened

NONE = np.empty(0, dtype=object)
BENT = [(10, 0), (12, 4), (9, 8), (10, 10)]


def halves() -> np.ndarray:
    west = shapely.Polygon([(0, 0), *BENT, (0, 10)])
    east = shapely.Polygon([(20, 0), (20, 10), *reversed(BENT)])
    return np.array([west, east], dtype=object)


def voronoi(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells united of small Voronoi ones by nearest of six centres, and houses on half of those."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0.0, 100.0, (160, 2))
    box = shapely.box(0, 0, 100, 100)
    small = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=box, ordered=True)
    )
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*shapely.boundary(small), box.boundary])])
    )
    faces = faces[shapely.within(shapely.point_on_surface(faces), box)]
    middle = shapely.get_coordinates(shapely.centroid(faces))
    centres = rng.uniform(0.0, 100.0, (6, 2))
    near = np.hypot(*(middle[:, None] - centres[None]).transpose(2, 0, 1)).argmin(axis=1)
    cells = [shapely.coverage_union_all(faces[near == c]) for c in np.unique(near)]
    houses = shapely.buffer(shapely.points(middle[::2]), 1.0)
    inside = shapely.union_all(shapely.boundary(cells))
    return shapely.get_parts(np.array(cells)), houses[shapely.distance(houses, inside) > 0.0]


def test_a_border_goes_straight_where_nothing_is_in_its_way() -> None:
    west, east = straightened(halves(), NONE, NONE)

    assert shapely.equals(west, shapely.box(0, 0, 10, 10))
    assert shapely.equals(east, shapely.box(10, 0, 20, 10))


def test_a_border_bends_round_a_building() -> None:
    house = shapely.box(10.2, 3.5, 11.0, 4.5)

    west, east = straightened(halves(), np.array([house]), NONE)

    assert shapely.covers(west, house)
    assert west.area < halves()[0].area + CLEAR_M * 10.0
    assert shapely.coverage_is_valid([west, east])


def test_a_border_on_a_street_stays() -> None:
    street = np.array([shapely.LineString(BENT)], dtype=object)

    made = straightened(halves(), NONE, street)

    assert all(shapely.equals_exact(a, b) for a, b in zip(made, halves(), strict=True))


def test_an_island_keeps_an_area() -> None:
    ring = [(4, 4), (6, 4), (7, 5), (6, 6), (4, 6), (3, 5)]
    island, sea = shapely.Polygon(ring), shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [ring])

    made = straightened(np.array([sea, island], dtype=object), NONE, NONE)

    assert shapely.coverage_is_valid(made)
    assert shapely.is_valid(made).all()
    assert made[1].area > 0.0


@pytest.mark.parametrize("seed", range(12))
def test_cells_stay_a_coverage_with_every_house_where_it_was(seed: int) -> None:
    cells, houses = voronoi(seed)

    made = straightened(cells, houses, NONE)

    assert shapely.is_valid(made).all()
    assert shapely.coverage_is_valid(made)
    assert shapely.area(made).sum() == pytest.approx(1e4)
    assert shapely.length(made).sum() < shapely.length(cells).sum()
    before = shapely.covers(cells[:, None], houses[None])
    assert (shapely.covers(made[:, None], houses[None]) == before).all()
