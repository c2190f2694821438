"""What everybody is told of a town, against counts made by hand."""

import pandas as pd
import pytest

from geo.grid.service import publish_cells
from geo.grid.store import version_by_code
from geo.people.picture import public_picture
from geo.people.public import public_counts_at, public_counts_of
from geo.people.service import add_households
from geo.places import service as places
from geo.work import Work
from tests import world

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
# Building b1 stands in grid 100A2001, b3 in community 100B1; nobody lives anywhere else.
COUNTS = {("b1", "owner_occupied"): 38, ("b1", "rented"): 3, ("b3", "owner_occupied"): 21}


def households() -> pd.DataFrame:
    rows = [
        {"building_code": building, "occupancy": occupancy, "number": f"{occupancy[0]}{number}"}
        for (building, occupancy), count in COUNTS.items()
        for number in range(count)
    ]
    return pd.DataFrame(rows).assign(stairwell=1, floor=1, persons=2, head_name="")


@pytest.fixture
def town(work: Work) -> Work:
    publish_cells(work, world.cells(), note="world")
    places.add_estates(work, world.estates())
    places.add_buildings(work, world.buildings())
    add_households(work, households(), zone=ZONE)
    return work


def told(work: Work, code: str) -> dict[str, object]:
    cell = version_by_code(work.session, code, 1)
    numbers = public_counts_of(work, cell.path, 1, today=work.now.date())
    row = numbers.loc[cell.path]
    return {name: None if value is pd.NA else int(value) for name, value in row.items()}


def test_a_leaf_tells_its_kinds_in_fives_and_their_sum(town: Work) -> None:
    found = told(town, "100A2001")

    assert found["owner_occupied"] == 35
    assert found["rented"] is None
    assert found["households"] == 35
    assert found["persons"] == 80  # 41 households of two


def test_an_empty_cell_tells_nothing(town: Work) -> None:
    assert set(told(town, "100A1").values()) == {None}


def test_a_cell_above_tells_less_than_its_parts_could_reach(town: Work) -> None:
    # 100B: 21 in B1, told 20 and at most 24; B2 tells nothing, at most 4; 24 + 4 - 4 leaves 20.
    assert told(town, "100B")["owner_occupied"] == 20
    # 100A2: 39 + 4 - 4 = 39 leaves 35; 100A: 39 + 4 - 4; 100: 39 + 24 - 4 = 59 is what it holds.
    assert told(town, "100")["owner_occupied"] == 55
    assert told(town, "100")["households"] == 55


def test_what_is_told_does_not_hang_on_the_cell_that_is_asked_for(town: Work) -> None:
    root = version_by_code(town.session, "100", 1)
    whole = public_counts_of(town, root.path, 1, today=town.now.date())

    for code in ("100A", "100A2", "100A2001", "100B"):
        cell = version_by_code(town.session, code, 1)
        mine = public_counts_of(town, cell.path, 1, today=town.now.date())
        pd.testing.assert_frame_equal(mine, whole.loc[mine.index])


def test_of_a_cell_of_level_five_nothing_is_told(work: Work) -> None:
    cells = world.cells()
    below = cells[cells["code"] == "100A2001"].assign(
        code="100A200101", name="1 组", level=5, parent_code="100A2001"
    )
    cells.loc[cells["code"] == "100A2001", "geometry"] = None
    publish_cells(work, pd.concat([cells, below], ignore_index=True), note="world")
    places.add_estates(work, world.estates())
    places.add_buildings(work, world.buildings())
    add_households(work, households(), zone=ZONE)
    group = version_by_code(work.session, "100A200101", 1)
    found = public_counts_at(work, group.path, 1, today=work.now.date())

    assert (found.households, found.persons) == (None, None)
    assert list(found.kinds) == ["owner_occupied", "rented", "vacant", "other", "unknown"]
    assert set(found.kinds.values()) == {None}
    # Its grid is told as if it had no parts.
    assert told(work, "100A2001")["owner_occupied"] == 35


def test_the_public_picture_shows_cells_and_no_building(town: Work) -> None:
    picture = public_picture(town, "100", zone=ZONE)
    cells = picture.cells.set_index("code")

    assert picture.detail == "cells"
    assert picture.buildings.empty
    assert cells.loc["100A2001", "owner_occupied"] == 35
    assert pd.isna(cells.loc["100A2002", "owner_occupied"])
    assert cells["buildings"].to_dict()["100"] == 3
    # The footprints are ground, b4 outside every cell too, so that the town is still seen.
    assert (picture.ground["kind"] == "other_building").sum() == 4


def test_a_town_without_households_tells_nothing(work: Work) -> None:
    publish_cells(work, world.cells(), note="world")

    assert set(told(work, "100").values()) == {None}
    assert public_picture(work, "100", zone=ZONE).cells["households"].isna().all()
