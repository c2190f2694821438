"""Ground units: exact coverage, no footprint cut, streets kept, the same for any order of rows."""

import numpy as np
import pytest
import shapely

from geo.spatial.storage import GRID
from geo.spatial.units.adjacency import shared_edges
from geo.spatial.units.frame import degree_frame, plane_frame
from geo.spatial.units.ground import Units, building_ground, ground_units
from tests.geo.spatial.units.suburb import corner

CORNERS = [(0.0, 0.0), (-700.0, -300.0)]


@pytest.fixture(params=CORNERS, ids=str)
def suburb(request):
    return corner(*request.param)


def units_of(suburb, **options) -> Units:
    frame = plane_frame([suburb.area])
    return ground_units(frame, [suburb.area], suburb.footprints, suburb.streets, **options)


def square(x: float, y: float, side: float = 10.0) -> shapely.Geometry:
    return shapely.box(x, y, x + side, y + side)


def test_units_are_a_valid_coverage_that_fills_the_area(suburb):
    units = units_of(suburb)

    shapes = units.frame.native(units.shapes)

    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_type_id(shapes) == 3).all()
    # The outline moves by half a step of 0.12 mm at most.
    off = shapely.symmetric_difference(shapely.union_all(shapes), suburb.area)
    assert shapely.area(off) <= shapely.length(suburb.area) * units.frame.step


def test_every_footprint_lies_whole_in_one_unit(suburb):
    units = units_of(suburb)
    shapes = units.frame.native(units.shapes)

    inside = shapely.intersection(suburb.footprints, suburb.area)
    lost = shapely.area(shapely.difference(inside, shapes[units.unit]))

    assert (units.unit >= 0).all()
    assert lost.max() < 0.05


def test_no_unit_crosses_a_street_that_no_building_stands_on(suburb):
    units = units_of(suburb)
    shapes = units.frame.native(units.shapes)
    solid = shapely.buffer(shapely.union_all(suburb.footprints), 0.1)
    streets = shapely.union_all(suburb.streets).difference(solid)
    ends = shapely.buffer(shapely.boundary(shapely.line_merge(streets)), 0.5)
    # A dead end parts nothing: only streets with land of two blocks beside them count.
    faces = shapely.polygonize([shapely.union_all([*suburb.streets, suburb.area.boundary])])
    rims = shapely.union_all(shapely.boundary(shapely.get_parts(faces))).intersection(streets)

    crossed = shapely.length(
        shapely.intersection(shapely.buffer(shapes, -0.02), shapely.difference(rims, ends))
    )

    assert crossed.sum() < 0.01 * shapely.length(rims)


def test_land_without_a_building_stays_a_unit_of_its_own():
    area, houses = shapely.box(0, 0, 100, 40), [square(10, 10), square(60, 10)]
    street = shapely.LineString([(30, -5), (30, 45)])
    other = shapely.LineString([(50, -5), (50, 45)])

    units = ground_units(plane_frame([area]), [area], houses, [street, other])

    assert len(units.shapes) == 3
    empty = np.setdiff1d(np.arange(3), units.unit)
    assert shapely.area(units.shapes[empty]).tolist() == [800.0]


def test_the_same_units_come_of_rows_in_any_order(suburb):
    order = np.random.default_rng(3).permutation(len(suburb.footprints))
    streets = np.random.default_rng(4).permutation(len(suburb.streets))
    frame = plane_frame([suburb.area])

    one = units_of(suburb)
    other = ground_units(frame, [suburb.area], suburb.footprints[order], suburb.streets[streets])

    assert shapely.to_wkb(one.shapes).tolist() == shapely.to_wkb(other.shapes).tolist()
    assert one.unit[order].tolist() == other.unit.tolist()
    assert one.along.tolist() == other.along.tolist()


def test_borders_are_as_long_as_the_shapes_say(suburb):
    units = units_of(suburb)

    common = shapely.length(
        shapely.intersection(units.shapes[units.first], units.shapes[units.second])
    )
    first, second = shapely.STRtree(units.shapes).query(units.shapes, predicate="touches")
    line = shapely.intersection(units.shapes[first], units.shapes[second])

    assert np.allclose(common, units.length_m, atol=1e-3)
    assert ((first < second) & (shapely.length(line) > 0)).sum() == len(units.first)
    assert ((units.along >= 0.0) & (units.along <= 1.0 + 1e-9)).all()


def test_a_border_along_a_street_knows_its_class():
    area, houses = shapely.box(0, 0, 100, 40), [square(10, 10), square(60, 10)]
    river = shapely.LineString([(45, -5), (45, 45)])

    units = ground_units(plane_frame([area]), [area], houses, [river], classes=[2])

    assert units.length_m.tolist() == pytest.approx([40.0])
    assert units.along.tolist() == [[0.0, 0.0, 1.0]]


def test_footprints_that_overlap_stand_on_one_unit_unless_they_weigh_too_much():
    area = shapely.box(0, 0, 100, 40)
    houses = [square(10, 10), square(12, 10), square(60, 10)]
    frame = plane_frame([area])

    together = ground_units(frame, [area], houses, weights=[20, 20, 5], most=50)
    heavy = ground_units(frame, [area], houses, weights=[40, 20, 5], most=50)

    assert together.unit[0] == together.unit[1] != together.unit[2]
    assert len(set(heavy.unit.tolist())) == 3


def test_houses_wall_to_wall_part_at_the_wall():
    area = shapely.box(0, 0, 60, 40)
    houses = [square(10, 10), square(20, 10), square(30, 10)]

    units = ground_units(plane_frame([area]), [area], houses)

    assert len(units.shapes) == 3
    lost = shapely.area(shapely.difference(houses, units.frame.native(units.shapes)[units.unit]))
    assert lost.max() < 1e-3


def test_a_building_outside_has_no_unit_and_one_across_the_rim_keeps_what_is_inside():
    area = shapely.box(0, 0, 60, 40)
    houses = [square(10, 10), square(52, 10), square(200, 10)]

    units = ground_units(plane_frame([area]), [area], houses)

    assert (units.unit >= 0).tolist() == [True, True, False]


def test_two_areas_side_by_side_share_the_vertices_of_their_border():
    areas = [shapely.box(0, 0, 50, 40), shapely.box(50, 0, 100, 40)]
    houses = [square(5, 5), square(5, 25), square(70, 5), square(70, 22), square(46, 12)]

    units = ground_units(plane_frame(areas), areas, houses)

    assert shapely.coverage_is_valid(units.shapes)
    assert units.area[units.unit].tolist() == [0, 0, 1, 1, 1]


def test_degrees_are_parted_on_the_storage_grid(suburb):
    points = np.array([116.8, 33.95])
    near = lambda g: shapely.transform(g, lambda xy: xy)  # noqa: E731
    middle = shapely.get_coordinates(suburb.area).mean(axis=0)
    turned = lambda g: shapely.transform(  # noqa: E731
        near(g), lambda xy: (xy - middle) / [92_000.0, 111_000.0] + points
    )
    area = shapely.set_precision(turned(suburb.area), GRID)
    frame = degree_frame([area], stored=True)

    units = ground_units(frame, [area], turned(suburb.footprints), turned(suburb.streets))

    corners = shapely.get_coordinates(frame.native(units.shapes)) / GRID
    assert (corners == np.rint(corners)).all()
    assert shapely.coverage_is_valid(frame.native(units.shapes))


def test_the_ground_of_chosen_buildings_and_of_the_others_make_the_cells_again():
    cells = [shapely.box(0, 0, 2**-9, 2**-9), shapely.box(2**-9, 0, 2**-8, 2**-9)]
    rng = np.random.default_rng(5)
    spots = rng.permutation(
        np.stack(np.meshgrid(np.arange(1, 15), np.arange(1, 7)), -1).reshape(-1, 2)
    )
    houses = [shapely.box(x, y, x + 2**-14, y + 2**-14) for x, y in spots[:20] * 2.0**-12]
    chosen = np.arange(len(houses)) % 3 == 0

    ground = building_ground(cells, houses, chosen)
    rest = building_ground(cells, houses, ~chosen)

    assert shapely.area(shapely.intersection(ground, rest)) == 0.0
    assert shapely.union(ground, rest).equals(shapely.union_all(cells))


def test_shared_edges_of_polygons_with_holes_count_the_hole():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))

    first, second, length = shared_edges(np.array([ring, shapely.box(1, 1, 2, 2)]))

    assert (first.tolist(), second.tolist(), length.tolist()) == ([0], [1], [4.0])
