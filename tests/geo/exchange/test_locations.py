import numpy as np
import pytest
import shapely

from geo.crs.offsets import wgs84_to_gcj02
from geo.exchange.locations import LINES, POINTS, POLYGONS
from geo.exchange.table import from_records
from geo.spatial.storage import snap
from tests.geo.exchange.places import keys, place, rows_of, run, shapes_of


def test_columns_of_degrees_become_points_on_the_storage_grid() -> None:
    running = run(crs="wgs84")

    _, found = place(running, rows_of([(116.81, 33.91)]))

    assert found is not None
    assert shapely.get_coordinates(found.stored).tolist() == snap([[116.81, 33.91]]).tolist()


def test_gcj02_comes_back_to_where_it_is() -> None:
    running = run(crs="gcj02")
    shifted = wgs84_to_gcj02([[116.81, 33.91]])[0]

    _, found = place(running, rows_of([tuple(shifted)]))

    assert found is not None
    assert np.abs(shapely.get_coordinates(found.stored) - [116.81, 33.91]).max() < 1e-7


def test_wkt_is_read_and_heights_are_dropped() -> None:
    running = run(crs="wgs84")
    table = from_records("", [["wkt"], ["POINT Z (116.81 33.91 5)"], ["POLYGON ((0 0"]])

    _, found = place(running, table)

    assert found is not None
    assert not shapely.has_z(found.stored[0])
    assert keys(running) == [(3, "geometry_unreadable")]


def test_each_kind_of_bad_place_is_a_fault_of_its_row() -> None:
    bow = shapely.Polygon([(116.8, 33.9), (116.9, 34.0), (116.9, 33.9), (116.8, 34.0)])
    tiny = shapely.box(116.8, 33.9, 116.8 + 1e-8, 33.9 + 1e-8)
    running = run()

    place(
        running,
        shapes_of(
            None,
            shapely.Point(),
            shapely.LineString([(116.8, 33.9), (116.9, 33.9)]),
            shapely.Point(float("nan"), 33.9),
            shapely.Point(float("inf"), 33.9),
            shapely.Point(200.0, 95.0),
            shapely.Point(33.9, 116.8),
            bow,
            tiny,
        ),
    )

    assert keys(running) == [
        (1, "geometry_missing"),
        (2, "geometry_missing"),
        (3, "geometry_type_0"),
        (4, "coordinate_not_finite"),
        (5, "coordinate_not_finite"),
        (6, "coordinate_outside_globe"),
        (7, "axes_swapped"),
        (8, "polygon_invalid"),
        (9, "geometry_too_small"),
    ]


def test_where_a_polygon_crosses_itself_is_told() -> None:
    # The edges (0,0)-(2,2) and (2,0)-(0,2) of a bow tie cross at (1,1).
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    running = run(grid=False)

    place(running, shapes_of(bow))

    assert "x=1, y=1" in running.report.faults[0].message("en")
    assert "Self-intersection" in running.report.faults[0].message("zh")


@pytest.mark.parametrize(
    ("types", "shape", "key"),
    [
        (POLYGONS, shapely.Point(116.8, 33.9), "geometry_type_3"),
        (LINES | POLYGONS, shapely.Point(116.8, 33.9), "geometry_type_1"),
        (POINTS | POLYGONS, shapely.MultiPoint([(116.8, 33.9), (116.81, 33.9)]), "geometry_type_0"),
    ],
)
def test_a_geometry_of_another_type_is_named(
    types: frozenset[int], shape: shapely.Geometry, key: str
) -> None:
    running = run()

    place(running, shapes_of(shape), types)

    assert keys(running) == [(1, key)]
    assert shape.geom_type in running.report.faults[0].message("en")


def test_a_multi_geometry_of_one_part_is_that_part() -> None:
    _, found = place(run(), shapes_of(shapely.MultiPoint([(116.81, 33.91)])))

    assert found is not None
    assert found.stored[0].geom_type == "Point"


def test_a_number_that_cannot_be_read_is_one_fault_not_two() -> None:
    running = run(crs="wgs84")

    place(running, rows_of([("116.8E", 33.9), ("", ""), (116.81, 33.91)]))

    assert keys(running) == [(2, "not_a_number")]  # row 3 is blank


def test_half_a_pair_is_no_place() -> None:
    running = run(crs="wgs84")

    place(running, rows_of([(116.8, ""), (116.81, 33.91)]))

    assert keys(running) == [(2, "geometry_missing")]


def test_one_column_of_a_pair_is_missed() -> None:
    running = run(crs="wgs84")

    place(running, from_records("", [["经度", "name"], ["116.8", "x"]]))

    assert [(fault.column, fault.key) for fault in running.report.faults] == [
        ("纬度", "missing_column")
    ]


def test_a_file_without_a_system_is_one_fault_of_the_whole_file() -> None:
    running = run()

    _, found = place(running, rows_of([(116.8, 33.9)] * 3))

    assert found is None
    assert keys(running) == [(0, "crs_missing_degrees")]


@pytest.mark.parametrize(
    ("crs", "pair", "key"),
    [
        ("EPSG:4548", (116.8, 33.9), "numbers_are_degrees"),
        ("wgs84", (481_500.0, 3_757_000.0), "numbers_are_metres"),
    ],
)
def test_numbers_in_the_wrong_unit_are_one_fault_of_the_whole_file(
    crs: str, pair: tuple[float, float], key: str
) -> None:
    running = run(crs=crs)

    place(running, rows_of([pair] * 3))

    assert keys(running) == [(0, key)]
