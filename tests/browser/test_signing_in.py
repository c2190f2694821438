"""The sign-in as people use it: each role's own view, wrong passwords, first passwords, devices."""

import re

import pytest
from playwright.sync_api import Browser, expect

from geo.access.roles import Role
from tests.browser.journeys import PERSONS, somebody
from tests.maps.browsing import PHONE, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.db]

MAP, PLANS, PEOPLE, AWAY, REQUESTS = "地图", "边界", "住户", "请假", "信息请求"
USERS, AUDIT = "人员", "审计"
# Title of the map, whether it shows buildings, words of the bar: by hand, from the roles' table.
SEES = {
    Role.GRID_WORKER: ("第 1 网格", True, [MAP, PEOPLE, AWAY, REQUESTS]),
    Role.VOLUNTEER: ("第 1 网格", True, [MAP, PEOPLE]),
    Role.COMMUNITY_ADMIN: ("下社区", True, [MAP, PLANS, PEOPLE, AWAY, REQUESTS]),
    Role.INTAKE_CLERK: ("测试区", False, [MAP, PEOPLE, AWAY, REQUESTS]),
    Role.STREET_DISPATCHER: ("甲街道", True, [MAP, PLANS, PEOPLE, AWAY, REQUESTS]),
    Role.DUTY_LEADER: ("甲街道", True, [MAP, PLANS, AWAY]),
    Role.DEPARTMENT_OFFICER: ("测试区", False, [MAP, AWAY]),
    Role.DISTRICT_ADMIN: ("测试区", True, [MAP, PLANS, PEOPLE, AWAY, REQUESTS]),
    Role.SYSTEM_ADMIN: ("测试区", False, [MAP, USERS]),
    Role.AUDIT_ADMIN: ("测试区", False, [MAP, USERS, AUDIT]),
}
BLOCK = "name => JSON.parse(document.querySelector(`script[data-block=${name}]`).textContent)"
GOOD = "Blaue-Wolke-7"


# Of each kind one in every run: who works with people, who runs the machine, who reads the audit.
FEW = (Role.GRID_WORKER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)


@pytest.mark.parametrize(
    "role",
    [role if role in FEW else pytest.param(role, marks=pytest.mark.long) for role in PERSONS],
)
def test_one_press_opens_what_the_role_may_see(browser: Browser, home: str, role: Role) -> None:
    title, by_building, bar = SEES[role]
    with somebody(browser, home) as one:
        page = one.go("/login")
        page.click(f"[data-login={role}]")
        page.wait_for_selector("body[data-ready]")

        expect(page.locator("#title")).to_have_text(title)
        assert bool(page.evaluate(BLOCK, "buildings")["code"]) is by_building
        expect(page.locator(".topbar nav a")).to_have_text(bar)
        closed = {"/users": USERS, "/audit": AUDIT}
        for path, word in closed.items():
            one.expected.add(403)
            answer = page.goto(home + path)
            assert answer is not None
            assert answer.status == (200 if word in bar else 403)


def test_every_demo_account_says_what_it_sees(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/login")

        expect(page.locator(".accounts b")).to_have_count(len(PERSONS))
        expect(page.locator(".accounts .sees")).to_have_text([re.compile(".")] * len(PERSONS))


def test_without_signing_in_the_town_is_shown_by_cells(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/")
        page.wait_for_selector("body[data-ready]")

        assert page.evaluate(BLOCK, "buildings")["code"] == []
        expect(page.locator(".topbar .go")).to_have_text("登录")
        page.click(".topbar .go")
        expect(page.locator("h1")).to_have_text("登录")


def test_the_fifth_wrong_password_pauses_the_login(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        one.expected.add(401)
        page = one.go("/login")
        page.fill("#login", "hostile3")
        for tries_left in (4, 3, 2, 1):
            page.fill("#password", "not-this-one")
            page.press("#password", "Enter")
            expect(page.locator("#wrong")).to_contain_text(f"再错 {tries_left} 次")
        page.press("#password", "Enter")
        expect(page.locator("#wrong")).to_contain_text("已暂停 15 分钟")

        page.fill("#password", "wangge-demo")
        page.press("#password", "Enter")
        expect(page.locator("#wrong")).to_contain_text("已暂停 15 分钟")
        expect(page).to_have_url(re.compile("/login$"))


def test_nothing_is_sent_before_both_are_filled_in(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/login")
        page.fill("#login", "grid_worker")
        page.click("#go")

        expect(page.locator("#wrong")).to_have_text("请填登录名和密码。")
        expect(page.locator("#password")).to_be_focused()


def test_a_password_can_be_looked_at(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/login")
        page.fill("#password", "seen")
        page.click(".show")
        expect(page.locator("#password")).to_have_attribute("type", "text")
        page.click(".show")
        expect(page.locator("#password")).to_have_attribute("type", "password")


@pytest.mark.parametrize(
    "asked",
    ["//elsewhere.example/", "/\\elsewhere.example", "https://elsewhere.example", "/\t/x.example"],
)
def test_the_way_on_never_leads_elsewhere(browser: Browser, home: str, asked: str) -> None:
    with somebody(browser, home) as one:
        page = one.type_in("duty_leader", following=asked)

        expect(page).to_have_url(f"{home}/")


def test_the_way_on_leads_back_to_where_one_was(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/users?q=grid")
        expect(page).to_have_url(re.compile(re.escape(f"{home}/login?next=")))
        page.fill("#login", "system_admin")
        page.fill("#password", "wangge-demo")
        page.press("#password", "Enter")
        page.wait_for_url(f"{home}/users?q=grid")
        expect(page.locator("#people tbody tr")).to_have_count(1)


@SIZES
def test_somebody_added_signs_in_and_must_change_the_password(
    browser: Browser, home: str, size: tuple[int, int]
) -> None:
    login = f"new.{size[0]}"
    with somebody(browser, home, size=size) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.click("#add")
        page.fill("#add-name", "新来的")
        page.fill("#add-login", login)
        page.fill("#cell-search", "下社区")
        page.click(".tree .line:has-text('下社区')")
        page.click("dialog button.go")
        expect(page.locator("#secret")).not_to_be_empty()
        secret = page.inner_text("#secret")
        page.click("dialog button.go")
        expect(page.locator("#file h2")).to_have_text("新来的")
        expect(page.locator("#file .state")).to_have_text("待改密码")

    with somebody(browser, home, size=size) as one:
        page = one.go("/login?next=/me")
        page.fill("#login", login)
        page.fill("#password", secret)
        page.press("#password", "Enter")
        page.wait_for_selector("#new")
        # Nothing else opens before.
        page.goto(f"{home}/")
        page.wait_for_selector("#new")
        page.goto(f"{home}/login?next=/me")
        page.fill("#old", secret)
        page.fill("#new", "short")
        page.fill("#same", "short")
        page.click("#change-go")
        expect(page.locator("#change .notice")).to_contain_text("还没有达到")
        page.fill("#new", GOOD)
        page.fill("#same", GOOD)
        expect(page.locator(".rules li.kept")).to_have_count(4)
        page.click("#change-go")
        page.wait_for_url(f"{home}/me")
        expect(page.locator("#roles")).to_contain_text("下社区")


def test_another_device_is_ended_and_notices_at_once(browser: Browser, home: str) -> None:
    with somebody(browser, home) as phone, somebody(browser, home) as desk:
        phone.sign_in("department_officer", following="/me")
        page = desk.sign_in("department_officer", following="/me")
        rows = page.locator("#sign-ins li")
        expect(page.locator("#sign-ins .pill")).to_have_text(["本机"])
        before = rows.count()
        page.locator("#sign-ins button").first.click()  # newest first, this one aside
        expect(rows).to_have_count(before - 1)

        phone.expected.add(401)
        expect(phone.go("/me")).to_have_url(re.compile(re.escape(f"{home}/login?next=%2Fme")))


def test_all_others_are_ended_and_this_one_stays(browser: Browser, home: str) -> None:
    with somebody(browser, home) as first, somebody(browser, home) as second:
        first.sign_in("duty_leader", following="/me")
        page = second.sign_in("duty_leader", following="/me")
        page.click("#end-others")
        expect(page.locator("#sign-ins li")).to_have_count(1)

        expect(second.go("/me")).to_have_url(f"{home}/me")
        expect(first.go("/me")).to_have_url(re.compile(f"^{home}/login"))


def test_signing_out_leads_to_the_door_and_the_cookie_is_gone(browser: Browser, home: str) -> None:
    with somebody(browser, home, size=PHONE) as one:
        page = one.sign_in("volunteer", following="/me")
        page.click("#me summary")
        page.click("#sign-out")
        page.wait_for_url(f"{home}/login")

        assert [cookie["name"] for cookie in one.context.cookies()] == []
        assert one.go("/me").url.startswith(f"{home}/login?next=")


@SIZES
def test_the_other_language_stays(browser: Browser, home: str, size: tuple[int, int]) -> None:
    with somebody(browser, home, size=size) as one:
        page = one.sign_in("grid_worker", following="/me")
        if size == PHONE:
            page.click("#me summary")
        page.click("a[data-lang=en]:visible")
        page.wait_for_url("**/me?lang=en")
        expect(page.locator("html")).to_have_attribute("lang", "en")

        assert one.go("/me").get_attribute("html", "lang") == "en"
        assert one.go("/").get_attribute("html", "lang") == "en"
