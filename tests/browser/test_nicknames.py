"""What people call a building: added, undone, ended and searched for, before a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import world
from tests.browser.journeys import Somebody, somebody
from tests.maps.browsing import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.db]

NAME = "铁路小学后门那栋"


@pytest.fixture(
    params=[pytest.param(DESK, id="desk", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def worker(browser: Browser, home: str, request: pytest.FixtureRequest) -> Iterator[Somebody]:
    with somebody(browser, home, size=request.param) as made:
        made.sign_in("grid_worker")
        yield made


def opened(worker: Somebody, building: str) -> Page:
    page = worker.go(f"/#{building}")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".names-new")).to_be_visible()
    return page


def test_a_name_is_added_undone_and_found_with_the_keyboard_alone(worker: Somebody) -> None:
    page = opened(worker, "b1")
    names = page.locator(".names-list li")
    expect(names).to_have_text("还没有俗称。大家怎么叫它，填在下面。")

    page.focus(".names-new input")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    expect(names.locator("span")).to_have_text([NAME])
    expect(page.locator(".names-new input")).to_have_value("")

    # The box keeps the focus, so that a second Enter of an input method undoes nothing.
    page.keyboard.press("Enter")
    expect(page.locator(".names-new input")).to_be_focused()
    expect(names.locator("span")).to_have_text([NAME])

    page.locator(".names-said button").press("Enter")
    expect(names.locator("span")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(names.locator("span")).to_have_text([NAME])

    page.fill("#find", "铁路小学后")
    expect(page.locator("#found li")).to_have_count(1)
    expect(page.locator("#found li span")).to_have_text(NAME)
    page.keyboard.press("Enter")
    expect(page.locator(".right h2")).to_have_text("1号楼")

    page.locator(".names-list button").click()
    expect(names.locator("span")).to_have_count(0)


def test_a_name_that_stands_already_is_said_and_not_undone(worker: Somebody) -> None:
    page = opened(worker, "b1")
    for _ in range(2):
        page.fill(".names-new input", NAME)
        page.keyboard.press("Enter")
        expect(page.locator(".names-new input")).to_have_value("")

    expect(page.locator(".names-said")).to_have_text(f"已有这个俗称：“{NAME}”")
    page.locator(".names-list button").click()
    expect(page.locator(".names-list span")).to_have_count(0)


def test_what_cannot_be_a_name_is_said_and_the_input_stays(worker: Somebody) -> None:
    page = opened(worker, "b1")
    worker.expected.add(400)
    page.fill(".names-new input", "张三 13800138000")
    page.keyboard.press("Enter")

    expect(page.locator(".names .notice")).to_contain_text("不能作为地名")
    expect(page.locator(".names-new input")).to_have_value("张三 13800138000")


def test_a_building_of_other_areas_is_asked_for_once_and_has_no_names(worker: Somebody) -> None:
    page = opened(worker, "b1")
    worker.expected.add(404)
    asked: list[str] = []
    page.on("request", lambda made: asked.append(made.url))

    # What the card leaves for a building that was searched for beyond the own areas.
    page.evaluate("""() => document.querySelector('#right .names').parentElement.insertAdjacentHTML(
      'beforeend', '<div class="names" data-building="b3"></div>')""")

    expect(page.locator("[data-building=b3]")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if "nicknames?building=b3" in url]) == 1


def test_a_name_of_an_estate_or_a_spot_leads_there(worker: Somebody) -> None:
    page = opened(worker, "b1")
    point = world.at(0.3, 0.5)
    spot = {"lon": point.x, "lat": point.y, "crs": "wgs84"}
    meant = {"幸福里": {"estate": "e1"}, "后门岗亭": spot}
    for name, place in meant.items():
        status, made = worker.ask("POST", "/addresses/nicknames", {"name": name, **place})
        assert status == 200, made

        page.fill("#find", name)
        expect(page.locator("#found li span").first).to_have_text(name)
        page.keyboard.press("Enter")
        # Neither is a building of the map: the card of b1 gives way to the own cell, at the spot.
        expect(page.locator("#right")).to_be_hidden()
        expect(page.locator("#found")).to_be_hidden()
        assert worker.ask("POST", f"/addresses/nicknames/{made['id']}/end")[0] == 200


def test_all_names_are_searched_ended_and_undone_with_the_keyboard(worker: Somebody) -> None:
    page = worker.go("/names")
    expect(page.locator("#more h2")).to_have_text("还没有俗称")
    point = world.at(0.3, 0.5)
    for name, place in {
        NAME: {"building": "b1", "stairwell": 2},
        "后门岗亭": {"lon": point.x, "lat": point.y, "crs": "wgs84"},
        "红楼": {"estate": "e1"},
    }.items():
        assert worker.ask("POST", "/addresses/nicknames", {"name": name, **place})[0] in (200, 201)

    page = worker.go("/names")
    rows = page.locator("#names tbody tr")
    expect(rows).to_have_count(3)
    for words, name in {"小学": NAME, "岗": "后门岗亭", "人民路1号": NAME, "b1": NAME}.items():
        page.fill("#search", words)
        expect(rows).to_have_count(1)
        expect(rows.locator(".name")).to_have_text(name)
    expect(rows).to_contain_text("人民路1号幸福小区1号楼")
    expect(rows).to_contain_text("2 单元")
    expect(rows).to_contain_text("grid_worker")

    rows.locator("button").press("Enter")
    expect(page.locator("#more h2")).to_have_text("没有找到")
    page.locator(".toast button").press("Enter")
    expect(rows).to_contain_text("2 单元")
    rows.locator("a").press("Enter")
    expect(page.locator(".right h2")).to_have_text("1号楼")
    page.locator(".names-all").press("Enter")
    expect(rows).to_have_count(3)
    for left in (2, 1, 0):
        rows.locator("button").first.press("Enter")
        expect(rows).to_have_count(left)


def test_who_sees_no_buildings_names_one_that_was_searched_for(browser: Browser, home: str) -> None:
    # An intake clerk's map draws cells: calls name buildings all the same.
    with somebody(browser, home) as clerk:
        clerk.sign_in("intake_clerk")
        page = clerk.go("/")
        page.wait_for_selector("body[data-ready]")
        page.fill("#find", "幸福小区1号楼")
        expect(page.locator("#found li span").first).to_have_text("人民路1号幸福小区1号楼")
        page.keyboard.press("Enter")

        expect(page.locator(".right .address")).to_have_text("人民路1号幸福小区1号楼")
        expect(page.locator(".right .who b").first).to_be_visible()
        page.fill(".names-new input", NAME)
        page.keyboard.press("Enter")
        expect(page.locator(".names-list span")).to_have_text([NAME])

        page.fill("#find", NAME)
        expect(page.locator("#found li span")).to_have_text([NAME])
        page.keyboard.press("Enter")
        expect(page.locator(".names-list span")).to_have_text([NAME])
        page.locator(".names-list button").click()
        expect(page.locator(".names-list span")).to_have_count(0)
