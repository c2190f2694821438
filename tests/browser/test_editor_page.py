"""Boundaries on their page, before a real server: dragged, split, painted, divided, from a scan."""

import base64
import re
from contextlib import nullcontext

import pytest
import shapely
from playwright.sync_api import Browser, FilePayload, expect

from geo.handlers import JOBS
from geo.jobs.loop import Loop
from geo.runtime import Runtime
from tests import world
from tests.browser.drawing import (
    EAST,
    WEST,
    Cookies,
    at,
    counts,
    deed,
    drag,
    drawn,
    planning,
    renewed,
    staff,
    steps,
)
from tests.maps.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.db]


def test_a_dragged_border_takes_both_cells_along(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("b")
        drag(page, at(page, 0.5, 0.5), at(page, 0.4, 0.5), at(page, 0.2, 0.5))
        expect(page.locator("#tip")).to_contain_text("2号楼")
        page.mouse.up()
        expect(steps(page)).to_have_count(1)
        expect(page.locator(".impact .imp")).to_contain_text("1 户")
        assert counts(one, plan) == {WEST: 4, EAST: 1}


@pytest.mark.long
def test_a_border_let_go_by_escape_stays(browser: Browser, town: str, kept: Cookies) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("b")
        drag(page, at(page, 0.5, 0.5), at(page, 0.2, 0.5))
        page.keyboard.press("Escape")
        page.mouse.up()
        page.wait_for_load_state("networkidle")
        expect(steps(page)).to_have_count(0)
        assert counts(one, plan) == {WEST: 5, EAST: 0}


@pytest.mark.long
def test_a_drawn_line_splits_and_undo_and_redo_go_back_and_forth(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("c")
        for place in ((-0.05, 0.3), (0.25, 0.3), (0.55, 0.3)):
            page.mouse.click(*at(page, *place))
        expect(page.locator("#chip")).to_contain_text("第 1 网格")
        page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(1)
        assert sorted(counts(one, plan).values()) == [0, 1, 4]
        page.keyboard.press("Control+z")
        expect(page.locator(".ops .off")).to_have_count(1)
        assert sorted(counts(one, plan).values()) == [0, 5]
        page.click("#redo")
        expect(steps(page)).to_have_count(1)
        expect(page.locator(".ops .off")).to_have_count(0)
        assert sorted(counts(one, plan).values()) == [0, 1, 4]


@pytest.mark.long
def test_neighbours_are_merged_into_the_first_one_pressed(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("m")
        page.mouse.click(*at(page, 0.7, 0.7))
        page.mouse.click(*at(page, 0.3, 0.7))
        expect(page.locator("#chip")).to_contain_text("共 5 户")
        page.click("#chip .go")
        expect(steps(page)).to_have_count(1)
        assert counts(one, plan) == {EAST: 5}


def test_painted_buildings_go_to_the_cell_that_receives(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        one.expected.add(409)
        page.keyboard.press("t")
        page.mouse.click(*at(page, 0.8, 0.8))
        # A cell that would vanish is refused, and that is said until the drawing is taken back.
        drag(page, at(page, 0.13, 0.13), at(page, 0.105, 0.105))
        page.mouse.up()
        drag(page, at(page, 0.33, 0.53), at(page, 0.305, 0.505))
        page.mouse.up()
        expect(page.locator("#chip")).to_contain_text("2 栋 5 户")
        page.keyboard.press("Enter")
        said = page.locator(".panel .body .notice")
        expect(said).to_contain_text("第 1 网格会消失")
        page.keyboard.press("Control+z")
        expect(said).to_be_hidden()
        drag(page, at(page, 0.33, 0.53), at(page, 0.305, 0.505))
        page.mouse.up()
        expect(page.locator("#chip")).to_contain_text("1 栋 1 户")
        page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(1)
        expect(page.locator(".impact .imp")).to_have_text("2 格、1 户")
        assert counts(one, plan) == {WEST: 4, EAST: 1}


@pytest.mark.long
def test_a_line_that_parts_nothing_is_told_and_the_plan_is_unharmed(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("c")
        page.mouse.click(*at(page, 0.1, 0.7))
        page.mouse.click(*at(page, 0.3, 0.8))
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("没有把一个网格分成两半")
        expect(steps(page)).to_have_count(0)
        assert counts(one, plan) == {WEST: 5, EAST: 0}


@pytest.mark.long
def test_a_border_is_moved_without_a_mouse(browser: Browser, town: str, kept: Cookies) -> None:
    """The upper end lies on the outline and is locked: a vertex between the ends is made first."""
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("b")
        drag(page, at(page, 0.5, 0.5), at(page, 0.45, 0.5))
        with renewed(page):
            page.mouse.up()
        expect(steps(page)).to_have_count(1)
        page.keyboard.press("v")
        page.mouse.click(*at(page, 0.2, 0.8))
        page.keyboard.press("b")
        # The first border of the chosen cell; its vertices in turn; then 20 m west.
        for key in ("Tab", "Tab", *("Shift+ArrowLeft",) * 20, "Enter"):
            page.keyboard.press(key)
        expect(steps(page)).to_have_count(2)
        assert counts(one, plan) == {WEST: 5, EAST: 0}


PICTURE = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = 400; canvas.height = 400;
  const context = canvas.getContext('2d');
  context.fillStyle = '#EFE3C8';
  context.fillRect(0, 0, 400, 400);
  return canvas.toDataURL('image/png').split(',')[1]; }"""


@pytest.mark.long
def test_a_scan_is_put_in_its_place_and_stays_in_the_browser(
    browser: Browser, town: str, kept: Cookies
) -> None:
    """Corners of the picture on corners of the community; the last one 0.1 of its side off."""
    with planning(browser, town, kept) as (_, page, _plan):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method))
        picture = base64.b64decode(page.evaluate(PICTURE))
        file = FilePayload(name="wall.png", mimeType="image/png", buffer=picture)
        page.set_input_files("#scan", files=[file])
        corners = [((0.1, 0.9), (0, 0)), ((0.9, 0.9), (1, 0)), ((0.1, 0.1), (0, 1))]
        for (u, v), place in [*corners, ((0.9, 0.1), (1.1, 1))]:
            if (u, v) == (0.9, 0.1):
                # For the first three the picture comes by itself.
                page.click("#scan-points")
            expect(page.locator("canvas.scan")).to_be_visible()
            box = page.locator("canvas.scan").bounding_box()
            assert box is not None
            page.mouse.click(box["x"] + u * box["width"], box["y"] + v * box["height"])
            page.mouse.click(*at(page, *place))
        # A fourth of what one of four corners is off stays at each: 72 m over 4, less a pixel.
        expect(page.locator("#scan-said")).to_contain_text(re.compile(r"1[78]\.\d 米"))
        assert "POST" not in asked
        page.reload()
        drawn(page)
        expect(page.locator("#scan-said")).to_contain_text(re.compile(r"1[78]\.\d 米"))


@pytest.mark.long
def test_a_division_is_looked_at_before_it_is_taken(
    browser: Browser, town: str, office: Runtime, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        before = counts(one, plan)
        chip = page.locator("#chip")
        for answer, button in (("放弃", ".go"), ("采用", "[value=previous]")):
            page.click("#tool-divide")
            page.mouse.click(*at(page, 0.2, 0.2))
            page.fill("#divide-min", "1")
            page.fill("#divide-max", "4")
            with page.expect_response("**/division"):
                page.click(f".divide {button}")
            while Loop(office, JOBS).run_one():
                pass
            expect(chip).to_be_visible(timeout=10_000)
            expect(chip).to_contain_text("划为 2 格")
            assert counts(one, plan) == before
            with page.expect_response("**/coverage") if answer == "采用" else nullcontext():
                chip.get_by_text(answer).click()
            expect(chip).to_be_hidden()
        after = counts(one, plan)
        assert sorted(after.values()) == [0, 1, 4]
        assert after[WEST] == 4


def test_the_outline_takes_in_land_of_nobody_and_gives_it_back(
    browser: Browser, town: str, kept: Cookies
) -> None:
    """South of the west grid is no cell; east of the east one lies another community."""
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("b")
        drag(page, at(page, 0.25, 0), at(page, 0.25, 0.1))
        expect(page.locator("#tip")).to_contain_text("不能内缩")
        page.mouse.up()
        drag(page, at(page, 0.25, 0), at(page, 0.25, -0.05), at(page, 0.25, -0.1))
        expect(page.locator("#tip")).to_contain_text("外扩")
        page.mouse.up()
        expect(page.locator("#chip")).to_contain_text("归入第 1 网格")
        with renewed(page):
            page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(2)
        expect(page.locator(".impact .imp")).to_contain_text("外边界外扩")
        assert counts(one, plan) == {WEST: 5, EAST: 0}
        with renewed(page):
            page.keyboard.press("Control+z")
        expect(steps(page)).to_have_count(0)
        drag(page, at(page, 1, 0.5), at(page, 1.05, 0.5), at(page, 1.1, 0.5))
        page.mouse.up()
        page.click("#chip .go")
        expect(page.locator(".toast")).to_contain_text("已是旁边网格的地")
        expect(steps(page)).to_have_count(0)


@pytest.mark.long
def test_cells_are_merged_by_keys_alone(browser: Browser, town: str, kept: Cookies) -> None:
    """The cross begins in the middle of the map; it is walked into one grid, then the other."""
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("m")
        for key in (*("Shift+ArrowLeft",) * 3, "Space"):
            page.keyboard.press(key)
        expect(page.locator("#chip")).to_contain_text("第 1 网格保留")
        for key in (*("Shift+ArrowRight",) * 6, "Space"):
            page.keyboard.press(key)
        expect(page.locator("#chip")).to_contain_text("共 5 户")
        with renewed(page):
            page.keyboard.press("Enter")
        assert counts(one, plan) == {WEST: 5}


HALVES = [[0, 1, 0.5, 2], [0.5, 1, 1, 2]]


def test_painted_grids_change_their_community(browser: Browser, town: str, kept: Cookies) -> None:
    """The upper community is divided in two first; then the west grid of the lower one joins it."""
    path = "/editor?lang=zh"
    with staff(browser, town, kept, "street_dispatcher", path) as (one, page):
        page.fill("#new-title", "换社区")
        page.press("#new-title", "Enter")
        page.wait_for_url(lambda url: "plan=" in url)
        drawn(page)
        plan = page.url.partition("plan=")[2]
        parts = [
            {"name": name, "polygon": shapely.geometry.mapping(world.box(*half))}
            for name, half in zip(("左", "右"), HALVES, strict=True)
        ]
        replaced = {"op": "replace", "cells": ["100A1"], "parent": "100A1", "parts": parts}
        deed(page, plan, "operations", {"operations": [replaced]}, 1)
        page.reload()
        drawn(page)
        page.locator("#levels button", has_text="社区").click()
        page.keyboard.press("t")
        page.mouse.click(*at(page, 0.25, 1.5))
        drag(page, at(page, 0.33, 0.53), at(page, 0.305, 0.505))
        page.mouse.up()
        expect(page.locator("#chip")).to_contain_text("划入上社区")
        with renewed(page):
            page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(2)
        status, body = one.ask("GET", f"/plans/{plan}/coverage")
        assert status == 200
        parents = dict(zip(body["codes"], body["parents"], strict=True))
        assert parents[WEST] == "100A1"
        assert parents[EAST] == "100A2"


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_all_tools_fit_a_phone(
    browser: Browser, town: str, kept: Cookies, lang: str
) -> None:
    with staff(browser, town, kept, "community_admin", f"/editor?lang={lang}", size=PHONE) as (
        _,
        page,
    ):
        page.fill("#new-title", "手机")
        page.press("#new-title", "Enter")
        page.wait_for_url(lambda url: "plan=" in url)
        drawn(page)
        page.click("#tool-divide")  # the longest of them, in bold
        expect(page.locator("#tool-divide")).to_have_attribute("aria-pressed", "true")
        assert (
            page.evaluate("""() => [document.querySelector('#tools'),
          ...document.querySelectorAll('#tools button')]
          .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)""")
            == []
        )
