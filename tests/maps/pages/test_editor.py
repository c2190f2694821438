"""The page of the editor: what it brings along, and that every sentence it needs is there."""

import json
import re
from pathlib import Path

from geo.access.roles import Role
from geo.texts import catalogue
from maps import assets
from maps.pages.editor import TOOLS, editor_page
from tests.maps import pictures, views

KEY = re.compile(r"""['"`](editor\.[a-z_]+)['"`]""")
BLOCK = re.compile(r'<script[^>]*data-block="(\w+)">(.*?)</script>', re.DOTALL)


def page(plan: int | None = None, *, divides: bool = True) -> str:
    view = views.view(role=Role.COMMUNITY_ADMIN, address="/editor")
    return editor_page(pictures.town(), view, plan=plan, divides=divides)


def modules() -> list[Path]:
    return sorted((assets.FOLDER / "js/editor").rglob("*.js"))


def test_the_page_brings_ground_cells_and_buildings_and_names_its_plan() -> None:
    blocks = {name: json.loads(body) for name, body in BLOCK.findall(page(plan=7))}

    assert {"page", "ground", "cells", "buildings", "bar"} <= blocks.keys()
    assert blocks["bar"]["facts"]["plan"] == "7"
    assert sum(blocks["buildings"]["households"]) == pictures.HOUSEHOLDS
    assert len(blocks["page"]["palette"]["sizes"]) == 5


def test_tools_stand_in_one_row_with_their_words() -> None:
    html = page()

    assert len(TOOLS) == 7
    for tool, key in TOOLS:
        word = catalogue()[f"pages.editor.tool_{tool}"]["zh"]
        assert f"<span>{word}<kbd>{key}</kbd></span>" in html


def test_what_the_api_cannot_do_yet_is_absent_not_grey() -> None:
    assert 'id="tool-divide"' not in page(divides=False)


def test_every_sentence_that_a_module_names_is_in_the_catalogue() -> None:
    named = {key for module in modules() for key in KEY.findall(module.read_text("utf-8"))}

    assert len(named) > 80
    assert sorted(key for key in named if f"pages.{key}" not in catalogue()) == []


def test_no_module_is_larger_than_a_page_of_code() -> None:
    assert [
        path.name for path in modules() if len(path.read_text("utf-8").splitlines()) > 260
    ] == []
