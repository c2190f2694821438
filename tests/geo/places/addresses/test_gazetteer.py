"""What a gazetteer makes of its rows."""

import math

import pytest

from geo.places.addresses.aliases import Aliases
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.places import PlaceKind
from geo.places.addresses.rows import (
    AliasRow,
    AreaRow,
    Bearer,
    BuildingTable,
    EstateRow,
    SiteRow,
)  # fmt: skip

TABLE = BuildingTable(
    id=(11, 12, 13, 14),
    code=("a", "b", "c", "d"),
    name=("望江苑一期1号楼", "望江苑一期2号楼", "供销大厦", "李庄7号"),
    estate_id=(1, 1, 0, 2),
    road=("江边路", "江边路", "五一路", ""),
    door_no=("8号", "8号", "12号", "7号"),
    building_no=("1号楼", "2号楼", "", ""),
    stairwells=(2, 2, 1, 0),
    path=("1.2.5.", "1.2.6.", "1.3.", ""),
    lon=(116.80, 116.81, 116.9, 116.7),
    lat=(33.90, 33.90, 33.9, 33.8),
)
MADE = Gazetteer(
    TABLE,
    [EstateRow(1, "e1", "望江苑一期"), EstateRow(2, "e2", "李庄"), EstateRow(3, "e3", "空院")],
    [AreaRow(1, "1", "临江区", 1, "1."), AreaRow(2, "2", "东关街道", 2, "1.2.")],
    [SiteRow(1, "东关菜市场", 116.8, 33.9)],
    ["后街"],
)


def bearers(name: str) -> set[Bearer]:
    return {
        one for n, text in enumerate(MADE.index.texts) if text == name for one in MADE.bearers[n]
    }


@pytest.mark.parametrize(
    ("row", "address"),
    [(0, "江边路8号望江苑一期1号楼"), (2, "五一路12号"), (3, "李庄7号")],
)
def test_an_address_is_one_line(row: int, address: str) -> None:
    assert MADE.address(row) == address


def test_names_that_say_no_more_than_estate_and_number_are_no_names() -> None:
    assert bearers("供销大厦") == {Bearer(PlaceKind.BUILDING, 2)}
    assert bearers("望江苑1期1号楼") == bearers("李庄7号") == set()


@pytest.mark.parametrize(
    ("short", "bearer"),
    [
        ("望江苑", Bearer(PlaceKind.ESTATE, 0)),
        ("菜市场", Bearer(PlaceKind.SITE, 0)),
        ("东关", Bearer(PlaceKind.AREA, 1)),
        ("51路", Bearer(PlaceKind.STREET, 1)),
        ("后街", Bearer(PlaceKind.STREET, 2)),
    ],
)
def test_what_people_leave_away_is_a_name_too(short: str, bearer: Bearer) -> None:
    assert bearers(short) == {bearer}


def test_an_estate_lies_in_the_cell_that_holds_all_of_it() -> None:
    place = MADE.place(Bearer(PlaceKind.ESTATE, 0))

    assert (place.code, place.path) == ("e1", "1.2.")
    assert place.lon in (116.80, 116.81)


def test_an_estate_without_buildings_lies_nowhere() -> None:
    place = MADE.place(Bearer(PlaceKind.ESTATE, 2))

    assert (place.path, math.isnan(place.lon)) == ("", True)


def test_a_street_keeps_the_name_it_is_written_with() -> None:
    assert MADE.place(Bearer(PlaceKind.STREET, 1)).name == "五一路"


def test_an_alias_of_what_is_gone_means_nothing() -> None:
    rows = [AliasRow(1, "老楼", building_id=99), AliasRow(2, "老院", estate_id=99)]
    named = Aliases(MADE, [*rows, AliasRow(3, "西门", lon=116.8, lat=33.9)]).ready()

    assert [named.bearer(number) for number in range(2)] == [None, None]
    gate = named.bearer(2)
    assert gate is not None
    assert named.place(gate).name == "西门"
