"""The public map: nothing in the page, shown or not, tells an exact count or a house."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pandas as pd
import pytest
from fastapi import FastAPI

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.people.service import add_households
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client
from tests.databases import Databases

pytestmark = pytest.mark.db

# Households of building b3 (in the community 100B1, without grids) and b1, b2 (grid 100A2001),
# beside those of ``tests.world``; what is true and what is told of them, by hand.
MORE = {"b3": {"owner_occupied": 37, "rented": 11}, "b2": {"owner_occupied": 21, "vacant": 3}}
TRUE = {
    "100B1": {"owner_occupied": 38, "rented": 11, "unknown": 1},
    "100A2001": {"owner_occupied": 23, "rented": 2, "vacant": 4},
}
TOLD = {"100B1": [35, 10, 0, 0, 0], "100A2001": [20, 0, 0, 0, 0]}
KINDS = ["owner_occupied", "rented", "vacant", "other", "unknown"]


@pytest.fixture(scope="module")
def fuller(databases: Databases, template: str) -> Iterator[FastAPI]:
    """The small town with enough households to be told."""
    name = databases.create(template=template)
    runtime = Runtime(databases.settings(name))
    world.store(runtime)
    with runtime.work(Actor.system("test")) as work:
        add_households(work, _households(), zone="Asia/Shanghai")
    yield create_app(runtime)
    runtime.close()
    databases.drop(name)


def _households() -> pd.DataFrame:
    rows = [
        (building, 9, floor, f"{floor:02}{number:03}", kind, 2, "")
        for building, kinds in MORE.items()
        for floor, (kind, count) in enumerate(kinds.items(), start=1)
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=world.households().columns)


def anyone(app: FastAPI) -> Client:
    return Client(app, address="192.0.2.7", host="grid.example")


def blocks(html: str) -> dict[str, Any]:
    found = re.findall(r'data-block="(\w+)">(.*?)</script>', html, re.DOTALL)
    return {name: json.loads(body) for name, body in found}


def codes(block: dict[str, Any]) -> list[str]:
    tails = [block["code"]["tail"]["words"][at] for at in block["code"]["tail"]["at"]]
    whole = set(block["code"]["whole"])
    parents, parent = [], 0
    for step in block["parent"]:
        parent += step
        parents.append(parent)
    full: list[str] = []
    for row, tail in enumerate(tails):
        full.append(tail if row in whole or parents[row] < 0 else full[parents[row]] + tail)
    return full


@pytest.mark.parametrize("path", ["/", "/maps/public", "/maps/public?cell=100B", "/?cell=100A2"])
def test_every_number_of_people_is_a_multiple_of_five(fuller: FastAPI, path: str) -> None:
    cells = blocks(anyone(fuller).get(path).text)["cells"]

    numbers = [*cells["households"], *cells["persons"], *chain(*cells["counts"])]
    assert max(numbers) > 0
    assert [number for number in numbers if number % 5] == []


def test_small_numbers_are_not_told_and_others_rounded_down(fuller: FastAPI) -> None:
    cells = blocks(anyone(fuller).get("/maps/public?cell=100").text)["cells"]
    row = {code: number for number, code in enumerate(codes(cells))}

    for code, told in TOLD.items():
        assert [column[row[code]] for column in cells["counts"]] == told
        assert cells["households"][row[code]] == sum(told)
        true = [TRUE[code].get(kind, 0) for kind in KINDS]
        assert all(number <= exact for number, exact in zip(told, true, strict=True))


def test_no_house_and_no_small_cell_is_in_the_page(fuller: FastAPI) -> None:
    html = anyone(fuller).get("/").text
    found = blocks(html)

    buildings = found["buildings"]
    assert [buildings[name] for name in ("code", "name", "households", "persons")] == [[]] * 4
    assert buildings["counts"] == [[]] * len(KINDS)
    assert max(found["cells"]["level"]) <= 4
    for name in ("1号楼", "b1", "人民路1号", "幸福小区"):
        assert f'"{name}"' not in html, name


def test_exact_numbers_stand_nowhere_in_the_page(fuller: FastAPI) -> None:
    html = anyone(fuller).get("/").text
    told = re.sub(r'"(?:x|y|len|lines|origin|width_dm)":\[[^\]]*\]', "", html)

    # 38 and 23 are owner-occupied, 29 all households of the grid, 79 of the town.
    for exact in (38, 23, 29, 79):
        assert not re.search(rf'"(?:households|persons)":\[[^\]]*\b{exact}\b', told), exact
        assert not re.search(rf'"counts":\[\[[^\]]*\b{exact}\b', told), exact


def test_who_is_signed_in_without_maps_gets_the_same_numbers(fuller: FastAPI) -> None:
    everybody = blocks(anyone(fuller).get("/maps/public").text)["cells"]
    clerk = Client.page(fuller, Role.INTAKE_CLERK)

    assert blocks(clerk.get("/").text)["cells"] == everybody


def test_a_map_that_is_shown_again_has_a_nonce_of_its_own(fuller: FastAPI) -> None:
    first = anyone(fuller).get("/maps/public").text
    again = anyone(fuller).get("/maps/public").text
    nonces = {re.search(r"nonce=\"([^\"]+)\"", html)[1] for html in (first, again)}  # type: ignore[index]

    assert blocks(first)["cells"] == blocks(again)["cells"]
    assert len(nonces) == 2


def test_the_public_map_says_how_its_numbers_are_coarse(fuller: FastAPI) -> None:
    found = blocks(anyone(fuller).get("/", accept_language="zh").text)

    assert "整倍数" in found["page"]["texts"]["pages.hint_public"]
    assert found["page"]["detail"] == "cells"
    assert "api" not in found["page"]["links"]
