"""Boundaries on their page, before a real server: dragged, split, painted, approved, published.

The small town of ``tests.world``: the community 100A2 has two grids side by side; b1 with 4
households and b2 with one stand in the west one, at 0.1 and 0.3 of the step from the corner.
"""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from geo.grid.plans.job import publish_now
from geo.handlers import JOBS
from geo.jobs.loop import Loop
from geo.runtime import Runtime
from tests import world
from tests.browser import journeys
from tests.browser.journeys import Somebody, somebody
from tests.databases import Databases
from tests.maps.browsing import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.db]

WEST, EAST = "100A2001", "100A2002"
ON_SCREEN = """([lon, lat]) => {
  const element = document.querySelector('.folium-map');
  const { x, y } = window[element.id].latLngToContainerPoint([lat, lon]);
  const box = element.getBoundingClientRect();
  return [x + box.left, y + box.top]; }"""


@pytest.fixture(scope="module")
def office(databases: Databases, template: str) -> Iterator[Runtime]:
    """A town of these tests' own: what they publish, nobody else meets."""
    with journeys.filled(databases, template) as made:
        yield made


@pytest.fixture(scope="module")
def town(office: Runtime) -> Iterator[str]:
    with journeys.serving(office) as address:
        yield address


Cookies = dict[str, list[Any]]


@pytest.fixture(scope="module")
def kept() -> Cookies:
    """Who has signed in once does not type the password for every test."""
    return {}


@contextmanager
def staff(
    browser: Browser,
    town: str,
    kept: Cookies,
    login: str,
    path: str,
    *,
    size: tuple[int, int] = DESK,
) -> Iterator[tuple[Somebody, Page]]:
    """Somebody of an office at a page of the editor."""
    with somebody(browser, town, size=size) as one:
        if login in kept:
            one.context.add_cookies(kept[login])
            page = one.go(path)
        else:
            page = one.sign_in(login, following=path)
            kept[login] = one.context.cookies()
        yield one, page


@contextmanager
def planning(browser: Browser, town: str, kept: Cookies) -> Iterator[tuple[Somebody, Page, str]]:
    """A community admin with a new plan of 100A2, ready to be drawn; the number of the plan."""
    with staff(browser, town, kept, "community_admin", "/editor?lang=zh") as (one, page):
        page.fill("#new-title", "调格")
        page.press("#new-title", "Enter")
        page.wait_for_url(lambda url: "plan=" in url)
        drawn(page)
        yield one, page, page.url.partition("plan=")[2]


def drawn(page: Page) -> None:
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    page.wait_for_load_state("networkidle")


def at(page: Page, east: float, north: float) -> tuple[float, float]:
    """Where a place of the town, in steps from its corner, is on the screen."""
    place = world.at(east, north)
    x, y = page.evaluate(ON_SCREEN, [place.x, place.y])
    return x, y


def drag(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
        # A frame: what the hand does is drawn once a frame.
        page.evaluate("new Promise(requestAnimationFrame)")


def counts(one: Somebody, plan: str) -> dict[str, int]:
    status, body = one.ask("GET", f"/plans/{plan}/coverage")
    assert status == 200
    return dict(zip(body["codes"], body["households"], strict=True))


def steps(page: Page) -> Any:
    return page.locator(".ops li:not(.off)")


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


@pytest.mark.long
def test_painted_buildings_go_to_the_cell_that_receives(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        page.keyboard.press("t")
        page.mouse.click(*at(page, 0.8, 0.8))
        drag(page, at(page, 0.33, 0.53), at(page, 0.305, 0.505))
        page.mouse.up()
        expect(page.locator("#chip")).to_contain_text("1 栋 1 户")
        page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(1)
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
        page.mouse.up()
        expect(steps(page)).to_have_count(1)
        page.wait_for_load_state("networkidle")
        page.keyboard.press("v")
        page.mouse.click(*at(page, 0.2, 0.8))
        page.keyboard.press("b")
        # The first border of the chosen cell; its vertices in turn; then 20 m west.
        for key in ("Tab", "Tab", *("Shift+ArrowLeft",) * 20, "Enter"):
            page.keyboard.press(key)
        expect(steps(page)).to_have_count(2)
        assert counts(one, plan) == {WEST: 5, EAST: 0}


@pytest.mark.long
def test_two_editors_of_one_plan_do_not_overwrite_each_other(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with (
        planning(browser, town, kept) as (_, first, plan),
        staff(browser, town, kept, "district_admin", f"/editor?plan={plan}&lang=zh") as (
            two,
            second,
        ),
    ):
        two.expected.add(412)
        drawn(second)
        first.keyboard.press("m")
        for place in ((0.7, 0.7), (0.3, 0.7)):
            first.mouse.click(*at(first, *place))
        first.keyboard.press("Enter")
        expect(steps(first)).to_have_count(1)
        second.keyboard.press("c")
        for place in ((-0.05, 0.3), (1.05, 0.3)):
            second.mouse.click(*at(second, *place))
        second.mouse.click(*at(second, 0.75, 0.3))
        second.keyboard.press("Escape")
        for place in ((-0.05, 0.3), (0.55, 0.3)):
            second.mouse.click(*at(second, *place))
        second.keyboard.press("Enter")
        expect(second.locator("#band")).to_contain_text("您的这一步没有存")
        expect(second.locator("#band")).to_contain_text("community_admin")
        second.get_by_role("button", name="用对方的").click()
        expect(steps(second)).to_have_count(1)
        expect(second.locator("#band")).to_be_hidden()
        assert counts(two, plan) == {EAST: 5}


def test_a_plan_is_checked_submitted_approved_by_somebody_else_and_published(
    browser: Browser, town: str, kept: Cookies, office: Runtime
) -> None:
    with planning(browser, town, kept) as (_, page, plan):
        page.keyboard.press("m")
        for place in ((0.7, 0.7), (0.3, 0.7)):
            page.mouse.click(*at(page, *place))
        page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(1)
        page.click("#go-check")
        page.click("#go-mend")
        page.click(".excuse")
        page.fill("#asked-for", "全社区只有五户")
        page.press("#asked-for", "Enter")
        expect(page.locator(".tag.excused")).to_have_count(1)
        page.click("#go-check")
        page.click("#go-submit")
        expect(page.locator(".waits")).to_contain_text("等另一位同事批准")
        expect(page.locator("#tools")).to_be_hidden()
    path = f"/editor?plan={plan}&lang=zh"
    with staff(browser, town, kept, "street_dispatcher", path, size=PHONE) as (_, page):
        drawn(page)
        page.click("#go-approve")
        expect(page.locator("dialog")).to_contain_text("5 户")
        page.click("dialog .go")
        expect(page.locator(".waits")).to_contain_text("已批准")
        made = publish_now(office, int(plan))
        assert made is not None
        expect(page.locator(".notice.done")).to_contain_text(f"第 {made.number} 版", timeout=8000)
    with staff(browser, town, kept, "community_admin", "/editor?lang=zh") as (_, page):
        expect(page.locator(".plans .published")).to_have_count(1)
        assert page.locator("#sum").inner_text().startswith("1 格")
        page.fill("#version", "0")
        expect(page.locator("#band")).to_contain_text("正在看第 1 版的边界")
        page.get_by_role("button", name="回到现在").click()
        expect(page.locator("#band")).to_be_hidden()


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
