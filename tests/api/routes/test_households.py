"""Households over the small town: four in b1, one in b2, two in b3."""

import pytest

from api.app import create_app
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client

pytestmark = pytest.mark.db

HOUSEHOLDS = "/api/v1/households"
DOORS = {("b1", 1, "101"), ("b1", 1, "102"), ("b1", 2, "101"), ("b1", 2, "102"),
         ("b2", 1, "201"), ("b3", 1, "101"), ("b3", 1, "102")}  # fmt: skip


def doors(client: Client, query: str = "") -> list[tuple[str, int, str]]:
    rows = client.items(f"{HOUSEHOLDS}?{query}")
    return [(row["building_code"], row["stairwell"], row["number"]) for row in rows]


@pytest.mark.parametrize("limit", range(1, 9))
def test_every_walk_gives_each_household_once(staff: Client, limit: int) -> None:
    found = doors(staff, f"limit={limit}")

    assert len(found) == 7
    assert set(found) == DOORS


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("cell=100", 7),
        ("cell=100A", 5),
        ("cell=100A2001", 5),
        ("cell=100A2002", 0),
        ("cell=100B1", 2),
        ("building=b2", 1),
        ("building=b3&cell=100A", 0),
        ("occupancy=rented", 2),
        ("occupancy=other", 0),
        ("vacant=true", 1),
        ("vacant=false", 6),
        ("vacant=true&occupancy=rented", 0),
    ],
)
def test_filters_narrow_the_list(staff: Client, query: str, count: int) -> None:
    assert len(doors(staff, query)) == count


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("occupancy=castle", 400, "occupancy_unknown"),
        ("building=nowhere", 404, "building_unknown"),
        ("cell=nowhere", 404, "cell_unknown"),
        ("vacant=1", 400, "invalid_parameter"),
        ("head_name=x", 400, "invalid_parameter"),
        ("persons=3", 400, "invalid_parameter"),
    ],
)
def test_wrong_filters_are_refused(staff: Client, query: str, status: int, code: str) -> None:
    response = staff.get(f"{HOUSEHOLDS}?{query}")

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_household_is_shown_with_its_dwelling(staff: Client) -> None:
    listed = staff.json(f"{HOUSEHOLDS}?building=b2")["items"][0]
    found = staff.json(f"{HOUSEHOLDS}/{listed['id']}")

    assert found == listed
    assert (found["floor"], found["number"], found["occupancy"]) == (2, "201", "rented")
    assert (found["persons"], found["head_name"], found["cell_code"]) == (4, "乙**", "100A2001")


def test_persons_not_stated_are_null(staff: Client) -> None:
    (unknown,) = staff.items(f"{HOUSEHOLDS}?occupancy=unknown")

    assert unknown["persons"] is None


def test_an_ended_household_leaves_the_list_and_keeps_its_address(runtime: Runtime) -> None:
    world.store(runtime)
    client = Client.of(create_app(runtime))
    gone = client.json(f"{HOUSEHOLDS}?building=b2")["items"][0]["id"]
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('wangge.scope', '*', true)")
        connection.exec_driver_sql(
            "UPDATE household SET ended_on = DATE '2001-01-01' WHERE id = %s", (int(gone),)
        )

    assert len(client.items(HOUSEHOLDS)) == 6
    assert client.json(f"{HOUSEHOLDS}/{gone}")["id"] == gone
    assert client.json("/api/v1/cells/100/counts")["households"] == 6


@pytest.mark.parametrize(
    ("identity", "status", "code"),
    [
        ("999999", 404, "household_unknown"),
        (str(2**63 - 1), 404, "household_unknown"),
        (str(2**63), 400, "invalid_parameter"),
        ("0", 400, "invalid_parameter"),
        ("1'", 400, "invalid_parameter"),
        ("1%00", 400, "invalid_parameter"),
    ],
)
def test_an_id_that_is_none_is_refused(
    staff: Client, identity: str, status: int, code: str
) -> None:
    response = staff.get(f"{HOUSEHOLDS}/{identity}")

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_the_ways_of_holding_a_dwelling_come_in_legend_order(anyone: Client) -> None:
    found = anyone.items("/api/v1/occupancies")

    assert [kind["short_zh"] for kind in found] == ["自", "租", "空", "其", "?"]
