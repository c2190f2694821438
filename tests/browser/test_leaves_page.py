"""Who is away: entered, ended and undone on the page, before a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journeys import Somebody, somebody
from tests.maps.browsing import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.fixture(
    params=[pytest.param(DESK, id="desk", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def person(browser: Browser, home: str, request: pytest.FixtureRequest) -> Iterator[Somebody]:
    with somebody(browser, home, size=request.param) as made:
        yield made


def test_a_leave_is_entered_ended_and_undone_with_the_keyboard(person: Somebody) -> None:
    person.sign_in("community_admin")
    page = person.go("/leaves")
    expect(page.locator("#more h2")).to_have_text("没有人离岗")

    page.locator("#add").press("Enter")
    page.keyboard.type("沈")
    expect(page.locator(".worker-list button")).to_contain_text("沈知夏")
    page.keyboard.press("Enter")
    page.focus("#worker-other")
    page.keyboard.type("骆平")
    expect(page.locator(".worker-list:visible button")).to_contain_text("骆平川")
    page.keyboard.press("Enter")
    page.locator("dialog .go").press("Enter")

    rows = page.locator("#leaves tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("沈知夏")
    expect(rows).to_contain_text("离岗中")
    expect(rows).to_contain_text("骆平川")

    page.locator("#leaves button").press("Enter")
    expect(rows).to_have_count(0)
    page.locator(".toast button").press("Enter")
    expect(rows).to_contain_text("骆平川")
    page.locator(".toast button").press("Enter")
    expect(rows).to_have_count(0)


def test_who_may_only_read_sees_no_button(person: Somebody) -> None:
    person.sign_in("grid_worker")
    page = person.go("/leaves")

    expect(page.locator("#more h2")).to_have_text("没有人离岗")
    expect(page.locator("#add")).to_have_count(0)
