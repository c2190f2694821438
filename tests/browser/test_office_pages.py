"""People, roles and the audit as the office uses them: found, opened, changed, taken back."""

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, expect

from geo.access.roles import ROLES, Role
from geo.runtime import Runtime
from tests import residents
from tests.browser.journeys import HOSTILE, Somebody, somebody
from tests.maps.browsing import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.db]


def test_the_audit_finds_the_reveal_just_made(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    household = residents.household_ids(staffed)["b1", 1, "101"]
    reason = "电话回访核实漏水住址"
    with somebody(browser, home) as worker:
        worker.sign_in("grid_worker", following="/me")
        wish = {"fields": ["head_phone"], "reason": reason}
        status, body = worker.ask("POST", f"/households/{household}/reveal", wish)
        assert (status, body["head_phone"]) == (200, "13877001001")

    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit")
        page.fill("#subject", str(household))
        page.press("#subject", "Enter")
        first = page.locator("#records tbody tr", has_text="查看完整信息").first
        expect(first).to_contain_text(reason)
        expect(first).to_contain_text("grid_worker")
        expect(page.locator("#asked")).to_contain_text(f"第 {household} 户")
        first.click()
        expect(page.locator("#file .facts").first).to_contain_text(reason)
        # Words, no codes.
        expect(page.locator("#file .changes tbody td, #file .changes tbody th")).to_have_text(
            ["看了哪几项", "–", "电话"]
        )
        # The audit says that it was seen, never what.
        assert "13877001001" not in page.content()
        page.click("#file .acts button:has-text('同一请求')")
        expect(page.locator("#records tbody tr")).to_have_count(1)
        expect(page).to_have_url(re.compile("request_id="))


def test_the_address_of_a_search_opens_it_again(browser: Browser, home: str) -> None:
    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit")
        page.select_option("#action", "sign_in")
        page.select_option("#outcome", "done")
        expect(page).to_have_url(re.compile("action=sign_in&outcome=done"))
        again = auditor.go(page.url.removeprefix(home))
        expect(again.locator("#action")).to_have_value("sign_in")
        expect(again.locator("#records .what").first).to_be_visible()
        assert set(again.locator("#records .what").all_inner_texts()) == {"登录"}


def test_a_search_that_finds_nothing_says_what_to_do(browser: Browser, home: str) -> None:
    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit?from=2001-01-01&to=2001-01-02")

        expect(page.locator("#more h2")).to_have_text("没有符合的记录")
        page.click("#reset")
        expect(page.locator("#records tbody tr").first).to_be_visible()


@SIZES
def test_the_records_asked_for_are_saved_as_a_file(
    browser: Browser, home: str, size: tuple[int, int]
) -> None:
    with somebody(browser, home, size=size) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit?action=sign_in")
        if page.is_visible("#unfold"):
            page.click("#unfold")
        page.click("#export")
        expect(page.locator("dialog")).to_contain_text("符合当前条件")
        with page.expect_download() as saved:
            page.click("dialog .go")
        assert saved.value.suggested_filename.startswith("audit-2")
        content = saved.value.path().read_bytes()
        found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert {row["action"] for row in found} == {"sign_in"}
        expect(page.locator(".toast")).to_contain_text(f"已导出 {len(found)} 条")


def test_a_file_that_was_cut_says_so(browser: Browser, home: str) -> None:
    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit")
        headers = {"Wangge-Records": "50000", "Wangge-Cut-At": "2026-11-20T01:02:03+00:00"}
        page.route("**/audit/export*", lambda route: route.fulfill(body="x", headers=headers))
        page.click("#export")
        page.click("dialog .go")
        expect(page.locator("dialog .notice")).to_contain_text("50,000 条，到 2026-11-20 09:02:03")


def test_no_unusual_reads_are_said_to_be_none(browser: Browser, home: str) -> None:
    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit")
        page.click("#tab-findings")

        expect(page.locator("#findings h2")).to_have_text("没有异常查看")


@SIZES
def test_hostile_names_are_shown_and_never_run(
    browser: Browser, home: str, size: tuple[int, int]
) -> None:
    with somebody(browser, home, size=size) as admin:
        page = admin.sign_in("system_admin", following="/users?q=hostile")
        names = page.locator("#people tbody tr td:first-child")
        expect(names).to_have_count(len(HOSTILE))
        expect(names).to_have_text(list(HOSTILE))
        for number, name in enumerate(HOSTILE):
            admin.go(f"/users?q=hostile#hostile{number}")
            expect(page.locator("#file h2")).to_have_text(name)
            assert page.evaluate("document.images.length") == 0
            _fits(admin)

    with somebody(browser, home, size=size) as one:
        page = one.sign_in("hostile0", following="/me")
        expect(page.locator("h1")).to_have_text(HOSTILE[0])
        page.click("#me summary")
        expect(page.locator(".who-am-i b")).to_have_text(HOSTILE[0])

    with somebody(browser, home, size=size) as auditor:
        page = auditor.sign_in("audit_admin", following="/audit?account=hostile0")
        expect(page.locator("#records .name").first).to_have_text(HOSTILE[0])
        assert page.evaluate("document.images.length") == 0
        _fits(auditor)


def _fits(one: Somebody) -> None:
    wide = one.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], one.page.url


def test_people_are_found_as_one_types(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.type("#q", "volun")
        expect(page.locator("#people tbody tr")).to_have_count(1)
        page.fill("#q", "nobody-is-called-so")
        expect(page.locator("#more h2")).to_have_text("没有找到")
        expect(page).to_have_url(re.compile(r"\?q=nobody-is-called-so$"))


def test_a_lock_is_taken_back_by_one_press(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users#intake_clerk")
        page.click("#file .acts button:has-text('锁定')")
        expect(page.locator("#file .state")).to_have_text("已锁定")
        expect(page.locator("#people tr[aria-selected=true]")).to_contain_text("已锁定")
        page.click(".toast button")
        expect(page.locator("#file .state")).to_have_text("在用")


def test_a_role_that_was_ended_comes_back_by_one_press(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users#volunteer")
        page.click("#file .rows button")
        expect(page.locator("#file .rows").first).to_contain_text("没有角色")
        page.click(".toast button")
        expect(page.locator("#file .rows").first).to_contain_text("第 1 网格")
        expect(page.locator("#file .former summary")).to_have_text("从前的角色 1 个")


def test_ending_for_good_asks_first(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users#hostile2")
        page.click("#file .acts button:has-text('停用')")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator("#file .state")).to_have_text("在用")


def test_nobody_changes_the_own_account(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users#system_admin")

        expect(page.locator("#file h2")).to_have_text("员system_admin")
        assert page.locator("#file .acts").count() == 0


def test_who_may_only_read_is_offered_nothing_to_change(browser: Browser, home: str) -> None:
    with somebody(browser, home) as auditor:
        page = auditor.sign_in("audit_admin", following="/users#grid_worker")

        expect(page.locator("#file h2")).to_have_text("员grid_worker")
        assert page.locator("#add").count() == 0
        assert page.locator("#file button:not(.close)").count() == 0


def test_a_systems_key_is_shown_once(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.click("#add")
        page.click("dialog .seg button:has-text('外部系统')")
        page.fill("#add-name", "热线平台")
        page.fill("#add-login", "hotline")
        page.fill("#cell-search", "甲街道")
        page.click(".tree .line:has-text('甲街道')")
        page.click("dialog button.go")
        page.click("#file button:has-text('新密钥')")
        page.fill("#key-name", "工单同步")
        # Cut to less than the account may.
        expect(page.locator("#file .cut-to input:checked")).to_have_count(
            len(ROLES[Role.SYSTEM_CLIENT].permissions)
        )
        page.uncheck("#file .cut-to input[value='people.read']")
        page.click("#file .adding button.go")
        expect(page.locator("#secret")).not_to_be_empty()
        secret = page.inner_text("#secret")
        assert secret.startswith("wgk_")
        page.click("dialog button.go")
        expect(page.locator("#file")).to_contain_text("工单同步")
        assert secret not in page.content()
        row = page.locator("#file .keys li")
        expect(row).to_contain_text("只可：")
        expect(row).not_to_contain_text("查看住户（脱敏）")
        expect(page.locator("#file .body > .plain")).to_have_text("再给一个辖区")
        expect(page.locator("#file")).not_to_contain_text("system:")
        # An ended key does not look alive.
        row.get_by_role("button", name="结束").click()
        page.click("dialog button.go")
        expect(row).to_contain_text("已结束")
        expect(row).not_to_contain_text("到期")
        expect(row.get_by_role("button")).to_have_count(0)


def test_what_is_wrong_with_a_new_person_is_told_at_once(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.click("#add")
        page.fill("#add-login", "Qian DD")
        page.press("#add-login", "Tab")
        # As the field is left, before anything else is filled in.
        expect(page.locator("#add-login-fault")).to_contain_text("Qian DD")
        page.click("dialog button.go")
        for part in ("姓名", "Qian DD", "辖区"):
            expect(page.locator("dialog .notice.wrong")).to_contain_text(part)
        expect(page.locator("#add-name")).to_be_focused()
        page.fill("#add-login", "qian.dd")
        expect(page.locator("#add-login-fault")).to_be_hidden()


def test_the_matrix_is_the_table_of_roles(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.click("#tab-roles")
        row = page.locator(".matrix tr", has_text="打印个人信息副本")
        expect(row).to_be_visible()
        marks = row.locator("td").evaluate_all("cells => cells.map(c => c.className)")
        heads = page.locator(".matrix thead th span").all_inner_texts()
        allowed = [head for head, mark in zip(heads, marks, strict=True) if mark == "yes"]
        assert allowed == ["社区管理员", "区管理员"]
