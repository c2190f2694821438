import geopandas as gpd
import numpy as np
import shapely

from geo.crs.offsets import wgs84_to_gcj02
from geo.crs.transform import from_storage
from geo.exchange.locations import hold_to_cells
from geo.exchange.run import Run
from geo.exchange.table import Table
from tests import world
from tests.geo.exchange.places import keys, place, rows_of, run, shapes_of


def held(running: Run, table: Table) -> Run:
    made, found = place(running, table)
    assert found is not None
    hold_to_cells(running, made, found, found.stored)
    return running


def test_single_places_outside_are_noted() -> None:
    inside, outside = world.at(0.5, 0.5), world.at(3.0, 3.0)

    running = held(run(), shapes_of(inside, outside, inside))

    assert keys(running) == []
    assert [(n.key, n.count, n.rows) for n in running.report.notes] == [
        ("outside_every_cell", 1, (2,))
    ]


def test_a_file_all_outside_is_refused_unless_forced() -> None:
    table = shapes_of(world.at(3.0, 3.0), world.at(3.1, 3.0))

    assert keys(held(run(), table)) == [(0, "all_outside")]
    assert keys(held(run(force_crs=True), table)) == []


def test_without_a_grid_nothing_is_outside() -> None:
    running = held(run(grid=False), shapes_of(world.at(3.0, 3.0)))

    assert (keys(running), running.report.notes) == ([], [])


def test_a_file_in_another_datum_is_told_which() -> None:
    # A cell of 0.0078 degrees is 720 m wide, BD-09 shifts by about 1 km.
    points = [shapely.get_coordinates(world.at(e, 1.9))[0] for e in (1.7, 1.8, 1.9)]
    shifted = [tuple(xy) for xy in from_storage(points, "bd09")]

    running = held(run(crs="wgs84"), rows_of(shifted))

    assert keys(running) == [(0, "all_outside_try")]
    assert "--crs bd09" in running.report.faults[0].message("zh")


def test_a_file_half_inside_that_looks_shifted_is_noted() -> None:
    lon = np.linspace(0.05, 1.95, 40)
    points = np.array([shapely.get_coordinates(world.at(e, 0.05))[0] for e in lon])
    shifted = wgs84_to_gcj02(points)  # about 130 m to the south-east, out of the town

    running = held(run(crs="wgs84"), rows_of([*map(tuple, shifted), (116.804, 33.91)]))

    (outside, looks) = running.report.notes
    assert (outside.key, looks.key) == ("outside_every_cell", "looks_shifted")
    assert looks.facts["best"] == "gcj02"


def test_swapped_metres_that_would_lie_in_the_grid_are_called_swapped() -> None:
    point = gpd.GeoSeries([world.at(0.5, 0.5)], crs=4326).to_crs(4548).iloc[0]
    running = held(run(crs="EPSG:4548"), rows_of([(point.y, point.x), (point.x, point.y)]))

    assert keys(running) == [(2, "axes_swapped")]
