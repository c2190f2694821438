"""``wangge names`` as the operator meets it."""

import json

import pytest

from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command

pytestmark = pytest.mark.db

NAME = "铁路小学后门那栋"


@pytest.fixture(autouse=True)
def town(runtime: Runtime) -> Runtime:
    world.store(runtime)
    return runtime


def test_a_name_is_added_listed_located_and_ended(wangge: Command) -> None:
    added = json.loads(
        wangge("names", "add", NAME, "--building", "b1", "--stairwell", "2", "--json").out
    )
    assert (added["name"], added["building"], added["stairwell"]) == (NAME, "b1", 2)
    assert f"{added['id']}  {NAME}  b1#2" in wangge("names", "list", "--building", "b1").out
    found = json.loads(wangge("locate", "--address", NAME, "--json").out)
    assert found["address"]["candidates"][0]["code"] == "b1"

    assert NAME in wangge("names", "end", added["id"]).out
    assert json.loads(wangge("names", "list", "--json").out) == []


def test_a_gate_by_its_point_and_an_estate(wangge: Command) -> None:
    gate = world.at(0.25, 0.25)
    wangge("names", "add", "北门", "--lon", f"{gate.x}", "--lat", f"{gate.y}")
    wangge("names", "add", "幸福里", "--estate", "e1")
    listed = json.loads(wangge("names", "list", "--json").out)

    assert {row["name"]: (row["estate"], row["lon"] is None) for row in listed} == {
        "北门": (None, False),
        "幸福里": ("e1", True),
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("add", NAME), "building"),
        (("add", NAME, "--building", "none"), "none"),
        (("add", "13800138000", "--building", "b1"), "phone"),
        (("add", NAME, "--lon", "116.8"), "building"),
        (("end", "999"), "999"),
        (("list", "--building", "none"), "none"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    wangge: Command, options: tuple[str, ...], said: str
) -> None:
    refused = wangge("names", *options)

    assert (refused.status, said in refused.err) == (2, True)
