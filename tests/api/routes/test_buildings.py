"""Buildings over the small town: b1 and b2 in grid 1, b3 in the north, b4 outside every cell."""

import pytest

from api.app import create_app
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client

pytestmark = pytest.mark.db

BUILDINGS = "/api/v1/buildings"


def codes(client: Client, query: str = "") -> list[str]:
    return sorted(row["code"] for row in client.items(f"{BUILDINGS}?{query}"))


@pytest.mark.parametrize("limit", range(1, 6))
def test_every_walk_gives_each_building_once(staff: Client, limit: int) -> None:
    assert codes(staff, f"limit={limit}") == ["b1", "b2", "b3", "b4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cell=100", ["b1", "b2", "b3"]),
        ("cell=100A", ["b1", "b2"]),
        ("cell=100A2001", ["b1", "b2"]),
        ("cell=100A2002", []),
        ("cell=100B", ["b3"]),
        ("estate=e1", ["b1", "b2"]),
        ("estate=e1&cell=100B", []),
        ("kind=slab", ["b1", "b2", "b3", "b4"]),
        ("kind=tower", []),
        ("q=3号", ["b3"]),
        ("code=b4", ["b4"]),
    ],
)
def test_filters_narrow_the_list(staff: Client, query: str, found: list[str]) -> None:
    assert codes(staff, query) == found


def test_a_window_gives_the_buildings_whose_point_is_in_it(staff: Client) -> None:
    west, south, east, north = world.box(0, 0, 0.2, 0.2).bounds

    assert codes(staff, f"bbox={west:.7f},{south:.7f},{east:.7f},{north:.7f}") == ["b1"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("cell=nowhere", 404, "cell_unknown"),
        ("estate=nowhere", 404, "estate_unknown"),
        ("kind=castle", 400, "invalid_parameter"),
        ("bbox=33,116,34,117", 400, "invalid_parameter"),
        ("sort=name", 400, "invalid_parameter"),
    ],
)
def test_wrong_filters_are_refused(staff: Client, query: str, status: int, code: str) -> None:
    response = staff.get(f"{BUILDINGS}?{query}")

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_wrong_kind_is_told_those_there_are(staff: Client) -> None:
    (fault,) = staff.get(f"{BUILDINGS}?kind=castle").json()["errors"]

    assert "tower" in fault["detail"]


def test_a_building_is_shown_with_address_estate_and_cell(staff: Client) -> None:
    found = staff.json(f"{BUILDINGS}/b1")

    assert found["address"] == {"road": "人民路", "door_no": "1号", "building_no": "1号楼"}
    assert found["estate"] == {"code": "e1", "name": "幸福小区"}
    assert found["cell_code"] == "100A2001"
    assert (found["floors"], found["stairwells"], found["source_crs"]) == (6, 2, "wgs84")
    assert isinstance(found["id"], str)
    point = world.at(0.1, 0.1)
    assert found["point"]["lon"] == pytest.approx(point.x, abs=1e-7)


def test_a_building_outside_every_cell_has_no_cell_and_no_estate(staff: Client) -> None:
    found = staff.json(f"{BUILDINGS}/b4")

    assert (found["cell_code"], found["estate"]) == (None, None)


def test_geojson_gives_the_footprint(staff: Client) -> None:
    feature = staff.json(f"{BUILDINGS}/b1?f=geojson")

    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["code"] == "b1"


def test_geojson_gives_the_point_where_there_is_no_footprint(runtime: Runtime) -> None:
    world.store(runtime)
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE building SET footprint = NULL WHERE code = 'b1'")
    found = Client(create_app(runtime)).json(f"{BUILDINGS}?code=b1&f=geojson")

    (feature,) = found["features"]
    assert feature["geometry"]["type"] == "Point"


def test_an_unknown_building_is_not_found(staff: Client) -> None:
    for path in (f"{BUILDINGS}/nowhere", f"{BUILDINGS}/nowhere/households"):
        response = staff.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "building_unknown")


def test_the_households_of_a_building(staff: Client) -> None:
    found = staff.items(f"{BUILDINGS}/b1/households?limit=3")

    assert [(row["stairwell"], row["number"]) for row in found] == [
        (1, "101"), (1, "102"), (2, "101"), (2, "102")
    ]  # fmt: skip
    assert {row["building_code"] for row in found} == {"b1"}


def test_before_the_first_publication_buildings_are_listed_without_cells(runtime: Runtime) -> None:
    client = Client(create_app(runtime))

    assert client.json(BUILDINGS) == {"items": [], "next": None}
    assert client.get(f"{BUILDINGS}?cell=100").json()["code"] == "cell_unknown"
