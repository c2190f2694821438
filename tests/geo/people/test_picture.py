"""The occupancy picture, against counts made by hand from ``tests.world``."""

from collections import Counter

import geopandas as gpd
import pandas as pd
import pytest

from geo.access.scope import Scope
from geo.grid import store as grid
from geo.grid.service import publish_cells
from geo.grid.store import holds_demo
from geo.people.picture import _opening_path, home_cell, occupancy_picture
from geo.places import service as places
from geo.places.picture import OccupancyPicture
from geo.work import Work
from tests import world

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"


@pytest.fixture
def picture(work: Work) -> OccupancyPicture:
    world.fill(work)
    return occupancy_picture(work, "100A", zone=ZONE)


def test_each_cell_counts_what_lies_below_it(picture: OccupancyPicture) -> None:
    cells = picture.cells.set_index("code")

    assert cells.loc["100A", ["buildings", "households", "persons"]].tolist() == [2, 5, 10]
    assert cells.loc["100A2001", ["owner_occupied", "rented", "vacant"]].tolist() == [2, 2, 1]
    assert cells.loc["100A1", ["buildings", "households"]].tolist() == [0, 0]


def test_it_shows_the_cell_what_is_below_and_its_siblings(picture: OccupancyPicture) -> None:
    assert set(picture.cells["code"]) == {"100A", "100A1", "100A2", "100A2001", "100A2002", "100B"}


def test_each_building_counts_its_own(picture: OccupancyPicture) -> None:
    buildings = picture.buildings.set_index("code")

    assert buildings.index.tolist() == ["b1", "b2"]
    assert buildings.loc["b1", ["households", "persons", "vacant"]].tolist() == [4, 6, 1]
    assert buildings.loc["b1", ["cell_code", "grid_code"]].tolist() == ["100A2001", "100A2001"]
    assert buildings.loc["b1", "address"] == "人民路1号幸福小区1号楼"


def test_the_kinds_come_in_legend_order(picture: OccupancyPicture) -> None:
    assert "".join(kind.short for kind in picture.kinds) == "自租空其?"


def test_the_crumbs_lead_from_the_root(picture: OccupancyPicture) -> None:
    assert picture.cell.crumbs == (("100", "测试区"),)
    assert (picture.cell.name, picture.cell.level, picture.cell.version) == ("甲街道", 2, 1)


def test_a_map_opens_at_the_smallest_cell_with_every_building(work: Work) -> None:
    world.fill(work)

    assert home_cell(work) == "100"  # b1 and b2 lie in town A, b3 in town B


def test_a_map_opens_with_the_fullest_cell_that_is_not_too_full() -> None:
    counts = Counter({"1.2.3.": 3_000, "1.2.4.": 2_500, "1.5.6.": 900})

    assert _opening_path(counts) == "1.2.3."


def test_a_map_opens_with_all_that_is_not_too_much() -> None:
    assert _opening_path(Counter({"1.2.3.": 30, "1.2.4.": 20})) == "1.2."
    assert _opening_path(Counter({"1.2.3.": 9_000})) == "1.2.3."


def test_invented_cells_are_labelled_after_own_ones_joined_them(work: Work) -> None:
    publish_cells(work, world.cells(), note="demo", demo=True)
    own = gpd.GeoDataFrame(
        {"code": ["9"], "name": ["own"], "level": [1], "parent_code": [None]},
        geometry=[world.box(5, 5, 6, 6)],
        crs=4326,
    )
    publish_cells(work, own, note="own")

    assert holds_demo(work.session, 2)


@pytest.mark.parametrize(
    ("areas", "opens_at"),
    [
        (["100A2"], "100A2"),  # although all its buildings lie in one grid
        (["100A2001"], "100A2001"),
        (["100A1", "100A2"], "100A"),  # two areas: the cell above both
        (["100A1"], "100A1"),  # without any building
    ],
)
def test_a_map_opens_at_the_area_of_its_reader(work: Work, areas: list[str], opens_at: str) -> None:
    world.fill(work)
    number = grid.publication_at(work.session, work.now).number
    paths = [grid.version_by_code(work.session, code, number).path for code in areas]
    work.scope = Scope.of_areas(paths)

    assert home_cell(work) == opens_at


def test_a_cell_below_every_grid_has_a_picture_too(work: Work) -> None:
    halves = {"100A2001a": world.box(0, 0, 0.25, 1), "100A2001b": world.box(0.25, 0, 0.5, 1)}
    facts = {"code": list(halves), "name": list(halves), "level": 5, "parent_code": "100A2001"}
    finer = gpd.GeoDataFrame(facts, geometry=list(halves.values()), crs=4326)
    publish_cells(work, pd.concat([world.cells(), finer], ignore_index=True), note="finer")
    places.add_estates(work, world.estates())
    places.add_buildings(work, world.buildings())

    buildings = occupancy_picture(work, "100A2001a", zone=ZONE).buildings.set_index("code")

    assert buildings.loc["b1", ["cell_code", "grid_code"]].tolist() == ["100A2001a", ""]
