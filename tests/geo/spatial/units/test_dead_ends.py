"""Dead ends are led straight on where the way is free, and part the land on their sides."""

import itertools

import numpy as np
import pytest
import shapely

from geo.spatial.storage import Geometries
from geo.spatial.units.dead_ends import led_on
from geo.spatial.units.frame import plane_frame
from geo.spatial.units.ground import ground_units

TOWN = shapely.box(0.0, 0.0, 200.0, 100.0)
STREET = shapely.LineString([(0.0, 50.0), (180.0, 50.0)])


def ways(*lines: shapely.Geometry, houses: list[shapely.Geometry] | None = None) -> Geometries:
    solid = np.array(houses or [], dtype=object)
    return led_on(np.array(lines, dtype=object), np.array([TOWN]), solid)


def ends(way: shapely.Geometry) -> list[list[float]]:
    return shapely.get_coordinates(way).round(1).tolist()


def test_a_dead_end_goes_straight_on_to_the_outline_or_to_the_next_street() -> None:
    crossing = shapely.LineString([(190.0, 0.0), (190.0, 100.0)])

    assert [ends(way) for way in ways(STREET)] == [[[180.0, 50.0], [200.0, 50.0]]]
    assert [ends(way) for way in ways(STREET, crossing)] == [[[180.0, 50.0], [190.0, 50.0]]]


@pytest.mark.parametrize(
    ("lines", "houses"),
    [
        ([shapely.LineString([(0.0, 50.0), (139.0, 50.0)])], []),  # nothing ahead within 60 m
        ([shapely.LineString([(170.0, 50.0), (184.0, 50.0)])], []),  # too short to part anything
        ([STREET], [shapely.box(185.0, 50.4, 190.0, 60.0)]),  # less than 0.5 m past a house
        ([STREET], [shapely.box(180.0, 45.0, 190.0, 55.0)]),  # ends at a wall
        ([STREET, shapely.LineString([(180.0, 0.0), (180.0, 100.0)])], []),  # meets a street
        ([shapely.LineString([(0.0, 50.0), (200.0, 50.0)])], []),  # meets the outline
        ([shapely.LineString([(0.0, 50.0), (220.0, 50.0)])], []),  # ends outside
        ([shapely.MultiLineString()], []),
        ([], []),
    ],
)
def test_other_ends_stay_as_they_are(
    lines: list[shapely.Geometry], houses: list[shapely.Geometry]
) -> None:
    assert len(ways(*lines, houses=houses)) == 0


def test_the_land_of_a_house_does_not_reach_across_a_dead_end() -> None:
    corners = itertools.product((20.0, 95.0, 170.0), (20.0, 60.0))
    houses = [shapely.box(x, y, x + 8.0, y + 8.0) for x, y in corners]
    units = ground_units(plane_frame([TOWN]), [TOWN], houses, [STREET])
    north, south = shapely.box(0.0, 50.0, 200.0, 100.0), shapely.box(0.0, 0.0, 200.0, 50.0)

    for shape in units.shapes:
        assert min(shapely.intersection(shape, half).area for half in (north, south)) < 1e-3
    assert shapely.area(units.shapes).sum() == pytest.approx(TOWN.area)
