"""Households as the office finds them: by a number, by doors, from the map; shown for a reason."""

import pytest
from playwright.sync_api import Browser, expect

from geo.runtime import Runtime
from tests import residents
from tests.browser.journeys import Somebody, somebody
from tests.maps.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.db]

ROWS = "#households tbody tr"


def search(one: Somebody, value: str, by: str = "phone") -> None:
    one.page.click(f"[data-by={by}]")
    one.page.fill("#asked", value)
    one.page.press("#asked", "Enter")


@SIZES
def test_a_caller_is_found_by_phone_and_nothing_of_it_stays_in_the_address(
    browser: Browser, home: str, staffed: Runtime, size: tuple[int, int]
) -> None:
    with somebody(browser, home, size=size) as clerk:
        page = clerk.sign_in("intake_clerk", following="/people")
        expect(page.locator("#more h2")).to_have_text("找一户人家")
        search(clerk, "138 7700-1001")
        expect(page.locator(ROWS)).to_have_count(1)
        row = page.inner_text(ROWS)
        assert "甲*" in row
        assert "138****1001" in row
        assert "13877001001" not in page.content()
        page.click(ROWS)
        household = residents.household_ids(staffed)["b1", 1, "101"]
        expect(page.locator("#file .facts")).to_contain_text(str(household))
        expect(page).to_have_url(f"{home}/people#{household}")
        # A clerk sees nobody in clear, and prints nothing.
        assert page.locator("#file .reveal").count() == 0
        assert page.locator("#file .acts a[href$='/print']").count() == 0


@SIZES
def test_the_question_for_a_clear_view_stands_whole_in_sight(
    browser: Browser, home: str, staffed: Runtime, size: tuple[int, int]
) -> None:
    household = residents.household_ids(staffed)["b1", 1, "101"]
    with somebody(browser, home, size=size) as admin:
        admin.expected.add(400)
        page = admin.sign_in("community_admin", following=f"/people#{household}")
        page.click("#file .reveal button")
        expect(page.locator("#file .asking .acts button")).to_have_count(2)
        expect(page.locator("#file > .acts")).to_be_hidden()
        buttons = page.locator("#file .asking .acts button").all()
        for button in buttons:
            expect(button).to_be_in_viewport(ratio=1)
        expect(page.locator("#reveal-hint")).to_be_in_viewport(ratio=1)
        expect(page.locator("#file > .acts")).to_be_hidden()
        # With a sentence above them too.
        page.fill("#reveal-reason", "看")
        buttons[1].click()
        expect(page.locator("#file .notice.wrong")).to_be_visible()
        for button in buttons:
            expect(button).to_be_in_viewport(ratio=1)
        buttons[0].click()
        expect(page.locator("#file > .acts")).to_be_visible()


@pytest.mark.parametrize(
    ("by", "value", "rows"),
    [
        ("id_number", "110101198001010010", 1),
        ("head_name", "甲二", 1),
        ("head_name", "甲", 0),
        ("phone", "13877001005", 0),  # somebody of another area
    ],
)
def test_a_value_is_compared_whole_within_the_own_area(
    browser: Browser, home: str, by: str, value: str, rows: int
) -> None:
    with somebody(browser, home) as worker:
        page = worker.sign_in("grid_worker", following="/people")
        search(worker, value, by)
        if rows:
            expect(page.locator(ROWS)).to_have_count(rows)
        else:
            expect(page.locator("#more h2")).to_have_text("没有找到")
        assert page.input_value("#asked") == value
        expect(page).to_have_url(f"{home}/people")


@SIZES
def test_a_number_is_shown_for_a_reason_and_masked_again(
    browser: Browser, home: str, staffed: Runtime, size: tuple[int, int]
) -> None:
    household = residents.household_ids(staffed)["b1", 1, "102"]
    with somebody(browser, home, size=size) as worker:
        worker.expected.add(400)
        page = worker.sign_in("grid_worker", following="")
        page.clock.install()
        worker.go(f"/people#{household}")
        page.click("#file .reveal button")
        labels = page.locator("#file fieldset label")
        expect(labels).to_have_text(["户主姓名", "电话"])  # an ID number is not theirs to see
        page.fill("#reveal-reason", "看")
        page.click("#file .adding .go")
        expect(page.locator("#file .notice")).to_contain_text("请写明理由")
        page.fill("#reveal-reason", "电话回访核实住址")
        page.click("#file .adding .go")
        expect(page.locator("#file .clear")).to_have_text(["甲二", "13877001002"])
        page.clock.fast_forward("01:01")
        expect(page.locator("#file .clear")).to_have_count(0)
        assert "13877001002" not in page.content()


def test_the_sheet_and_the_request_are_one_press_from_the_household(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    household = residents.household_ids(staffed)["b1", 2, "101"]
    with somebody(browser, home) as admin:
        page = admin.sign_in("community_admin", following=f"/people#{household}")
        sheet = page.locator("#file .acts a[href$='/print']")
        expect(sheet).to_have_attribute("href", f"/households/{household}/print")
        page.click("#file .acts button:has-text('登记信息请求')")
        page.select_option("#add-kind", "correction")
        page.click("dialog .go")
        expect(page.locator("dialog .notice")).to_contain_text("至少一项")
        page.check("dialog .fix:nth-of-type(2) input[type=checkbox]")
        page.fill("dialog .fix:nth-of-type(2) input[type=text]", "13877009999")
        page.click("dialog .go")
        expect(page.locator(".toast")).to_contain_text("已登记")
        page.click("#file .acts a:has-text('提过的请求')")
        expect(page.locator("#requests tbody tr")).to_have_count(1)
        expect(page.locator("#requests")).not_to_contain_text("138****9999")
        page.click("#requests tbody tr")
        expect(page.locator("#file")).to_contain_text("138****9999")
        assert "13877009999" not in page.content()


def test_who_may_not_search_sees_the_doors_of_the_own_area(browser: Browser, home: str) -> None:
    with somebody(browser, home) as volunteer:
        page = volunteer.sign_in("volunteer", following="/people")
        expect(page.locator(ROWS)).to_have_count(5)
        assert page.locator("#asked").count() == 0
        page.select_option("#occupancy", "rented")
        expect(page.locator(ROWS).filter(has_not_text="出租")).to_have_count(0)
        page.locator(ROWS).first.press("Enter")
        expect(page.locator("#file h2")).to_be_visible()
        assert page.locator("#file .acts").count() == 0
        page.keyboard.press("Escape")
        expect(page.locator("#file")).to_be_hidden()
        expect(page.locator(f"{ROWS}:focus")).to_have_count(1)


def test_the_map_leads_to_the_doors_of_a_building(browser: Browser, home: str) -> None:
    with somebody(browser, home) as worker:
        page = worker.sign_in("grid_worker", following="/")
        page.wait_for_selector("body[data-ready]")
        page.fill("#find", "b1")
        page.press("#find", "Enter")
        page.click("#right .acts a:has-text('住户')")
        expect(page.locator(ROWS)).to_have_count(4)
        expect(page.locator("#where")).to_contain_text("的住户")
        expect(page).to_have_url(f"{home}/people?building=b1")


def test_a_household_of_somebody_else_is_not_there(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    foreign = residents.household_ids(staffed)["b3", 1, "101"]
    with somebody(browser, home) as worker:
        worker.expected.add(404)
        page = worker.sign_in("grid_worker", following=f"/people#{foreign}")
        expect(page.locator("#file .notice")).to_be_visible()
        expect(page.locator("#file")).not_to_contain_text("丙")


def test_too_many_searches_say_how_long_to_wait(browser: Browser, home: str) -> None:
    with somebody(browser, home) as clerk:
        clerk.expected.add(429)
        page = clerk.sign_in("intake_clerk", following="/people")
        page.route(
            "**/households/search",
            lambda route: route.fulfill(
                status=429,
                headers={"Retry-After": "12"},
                body='{"code": "too_many_requests", "detail": "-"}',
                content_type="application/problem+json",
            ),
        )
        search(clerk, "13877001001")
        expect(page.locator("#said")).to_contain_text("12 秒后再试")
        expect(page.locator("#asked")).to_have_value("13877001001")
