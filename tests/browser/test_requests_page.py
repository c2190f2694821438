"""What persons ask about their data: late ones first, answered by a second person, in words."""

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.runtime import Runtime
from tests import residents
from tests.browser.journeys import Somebody, somebody
from tests.maps.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.db]

ROWS = "#requests tbody tr"


def household_of(staffed: Runtime, number: str) -> int:
    return residents.household_ids(staffed)["b1", 1, number]


def taken_down(one: Somebody, household: int, kind: str, **more: object) -> str:
    wish: dict[str, object] = {"household": str(household), "kind": kind, "wish": "", **more}
    status, body = one.ask("POST", "/data-requests", wish)
    assert status == 200, body
    return str(body["id"])


def read_in_clear(page: Page) -> None:
    """Show what is asked in clear, for a reason."""
    page.click("#file .reveal button")
    page.fill("#reveal-reason", "核对后再决定")
    page.click("#file .wish .go")


def answer(page: Page, how: str, words: str = "") -> None:
    page.fill("#outcome", words)
    page.click(f"#file .adding {how}")


@SIZES
def test_what_is_late_stands_first_and_says_so(
    browser: Browser, home: str, staffed: Runtime, size: tuple[int, int]
) -> None:
    with somebody(browser, home, size=size) as worker:
        page = worker.sign_in("grid_worker", following="/me")
        due = taken_down(worker, household_of(staffed, "101"), "access")
        late = taken_down(worker, household_of(staffed, "102"), "access")
        residents.ask(
            staffed, "UPDATE data_request SET due_on = due_on - 33 WHERE id = :id", id=int(late)
        )
        page = worker.go("/data-requests")
        first = page.locator(ROWS).first
        expect(first).to_contain_text("超期 3 天")
        rows = page.locator(ROWS).all_inner_texts()  # all come with the first
        assert sum("超期" in row for row in rows[1:]) <= rows.count(rows[0])
        worker.go(f"/data-requests#{due}")
        expect(page.locator("#file .state")).to_contain_text("剩 30 天")
        # A grid worker takes down; who answers is said.
        expect(page.locator("#file .body .notice")).to_contain_text("社区管理员")
        assert page.locator("#outcome").count() == 0
    residents.ask(
        staffed, "UPDATE data_request SET due_on = due_on + 33 WHERE id = :id", id=int(late)
    )


@SIZES
def test_a_correction_is_answered_by_another_person_and_takes_hold(
    browser: Browser, home: str, staffed: Runtime, size: tuple[int, int]
) -> None:
    # Of this one no other test asks anything.
    household = residents.household_ids(staffed)["b1", 2, "102"]
    with somebody(browser, home, size=size) as worker:
        worker.sign_in("grid_worker", following="/me")
        fixed = {"head_phone": "13877002222"}
        said = {"wish": "换了号码", "corrections": fixed}
        request = taken_down(worker, household, "correction", **said)
    with somebody(browser, home, size=size) as admin:
        page = admin.sign_in("community_admin", following=f"/data-requests#{request}")
        expect(page.locator("#file .body")).to_contain_text("138****2222")
        expect(page.locator("#file .facts").first).to_contain_text("没有登记户主")
        # Nobody decides blind: what is asked opens for a reason, for a minute.
        read_in_clear(page)
        expect(page.locator("#file .wish")).to_contain_text("13877002222")
        expect(page.locator("#file .wish")).to_contain_text("换了号码")
        page.click("#file .shown button")
        expect(page.locator("#file .wish")).to_contain_text("138****2222")
        expect(page.locator("#file .wish")).not_to_contain_text("换了号码")
        answer(page, ".go", "已按要求更正")
        expect(page.locator(".toast")).to_contain_text("已办")
        expect(page.locator("#file .state")).to_contain_text("已办")
        expect(page.locator(ROWS, has_text=f"第 {household} 户")).to_have_count(0)
        status, body = admin.ask("GET", f"/households/{household}")
        assert (status, body["head_phone"]) == (200, "138****2222")
        back = {"head_phone": ""}
        again = taken_down(admin, household, "correction", corrections=back)
        admin.go(f"/data-requests?lang=zh#{again}")
        # Whoever took it down does not answer it.
        expect(page.locator("#file .body .notice")).to_contain_text("请同事来决定")
        assert page.locator("#outcome").count() == 0
    residents.ask(staffed, "DELETE FROM data_request WHERE id = :id", id=int(again))


def test_a_refusal_needs_a_word(browser: Browser, home: str, staffed: Runtime) -> None:
    household = household_of(staffed, "101")
    with somebody(browser, home) as worker:
        worker.sign_in("grid_worker", following="/me")
        request = taken_down(worker, household, "objection")
    with somebody(browser, home) as admin:
        admin.expected.add(400)
        page = admin.sign_in("community_admin", following=f"/data-requests#{request}")
        answer(page, "button:not(.go)")
        expect(page.locator("#file .notice.wrong")).to_contain_text("理由")
        answer(page, "button:not(.go)", "无法核实是本人")
        expect(page.locator("#file .state")).to_contain_text("不予办理")
        page.click("[data-state=refused]")
        expect(page.locator(ROWS).first).to_contain_text("限制处理")


def test_an_erasure_asks_first_and_is_for_who_may_erase(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    household = household_of(staffed, "101")
    with somebody(browser, home) as worker:
        worker.sign_in("grid_worker", following="/me")
        request = taken_down(worker, household, "erasure")
    with somebody(browser, home) as admin:
        page = admin.sign_in("community_admin", following=f"/data-requests#{request}")
        expect(page.locator("#file .adding .hint")).to_contain_text("清除权限")
        assert page.locator("#file .adding .go").count() == 0
    with somebody(browser, home) as district:
        page = district.sign_in("district_admin", following=f"/data-requests#{request}")
        page.click("#file .adding .go")
        expect(page.locator("dialog h2")).to_contain_text(f"第 {household} 户")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator("#file .state")).to_contain_text("剩")
        answer(page, "button:not(.go)", "仍在处理一件投诉")
        expect(page.locator("#file .state")).to_contain_text("不予办理")


def test_a_request_for_a_number_says_whose_it_is_before_it_is_sent(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    household = household_of(staffed, "101")
    with somebody(browser, home) as clerk:
        page = clerk.sign_in("intake_clerk", following="/data-requests")
        page.click("#add")
        page.fill("#add-household", str(household))
        page.press("#add-household", "Tab")
        expect(page.locator("#add-household-hint")).to_contain_text("甲*")
        page.click("dialog .go")
        expect(page.locator("#file h2")).to_have_text("查阅、复制")
        expect(page.locator("#file .sub")).to_contain_text(f"第 {household} 户")


def test_a_value_that_cannot_be_right_is_told_at_its_field(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    household = household_of(staffed, "101")
    with somebody(browser, home) as clerk:
        clerk.expected.add(400)
        page = clerk.sign_in("intake_clerk", following="/data-requests")
        page.click("#add")
        page.fill("#add-household", str(household))
        page.select_option("#add-kind", "correction")
        page.check("dialog .fix:nth-of-type(2) input[type=checkbox]")
        phone = page.locator("dialog .fix:nth-of-type(2) input[type=text]")
        phone.fill("abc")
        page.click("dialog .go")
        expect(page.locator("dialog .notice.wrong")).to_contain_text("11 位手机号")
        expect(phone).to_have_attribute("aria-invalid", "true")
        expect(phone).to_be_focused()


def test_a_request_of_somebody_else_is_not_there(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    foreign = residents.household_ids(staffed)["b3", 1, "101"]
    with somebody(browser, home) as district:
        district.sign_in("district_admin", following="/me")
        request = taken_down(district, foreign, "access")
    with somebody(browser, home) as worker:
        worker.expected.add(404)
        page = worker.sign_in("grid_worker", following=f"/data-requests#{request}")
        expect(page.locator("#file .notice")).to_be_visible()
        assert str(foreign) not in page.inner_text("#file .body")


def test_an_answer_that_was_cut_off_says_so_and_is_asked_again(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("community_admin", following="/me")
        page.route("**/api/v1/data-requests?*", lambda route: route.fulfill(body='{"items": [{"id'))
        page.goto(f"{home}/data-requests?lang=zh")
        said = page.get_by_role("alert")
        expect(said).to_contain_text("再试一次")
        page.unroute("**/api/v1/data-requests?*")
        said.get_by_role("button", name="再试一次").click()
        expect(said).to_have_count(0)
        expect(page.locator(f"{ROWS}, #more .nothing").first).to_be_visible()
