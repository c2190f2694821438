"""Unusual reads: a second person sees what and how often, and writes down what was found."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from geo.access.roles import Role
from maps.pages.audit import audit_page
from tests.maps import views
from tests.maps.browsing import HOST, SIZES, chromium, visit

pytestmark = pytest.mark.browser

AUDIT = "/api/v1/audit"
OPEN = {
    "id": "1", "week": "2026-11-16", "rule": "night", "login": "grid_worker", "name": "沈知夏",
    "count": 23, "examples": ["5"], "given_by": [], "found_at": "2026-11-23T00:10:00Z",
    "reviewed_by": None, "reviewed_at": None, "remark": "",
}  # fmt: skip
DONE = OPEN | {
    "id": "2", "rule": "bulk", "reviewed_by": "second", "reviewed_at": "2026-11-23T02:00:00Z",
    "remark": "<img src=x onerror=alert(1)>供暖排查",
}  # fmt: skip
POWERS = OPEN | {"id": "3", "rule": "powers", "login": "puppet", "count": 2, "given_by": ["root"]}
NONE = {"items": [], "next": None}
CHAIN = {"head": None, "unsealed": 0, "verified": None}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@SIZES
def test_a_finding_is_looked_at_and_remarked_on(browser: Browser, size: tuple[int, int]) -> None:
    answers = {
        f"{AUDIT}/records": (200, NONE),
        f"{AUDIT}/chain": (200, CHAIN),
        f"{AUDIT}/findings": (200, {"items": [OPEN, DONE], "next": None}),
        f"{AUDIT}/findings/1/review": (200, OPEN),
    }
    html = audit_page(views.view(role=Role.AUDIT_ADMIN))
    with visit(browser, size=size, html=html, answers=answers) as made:
        page = made.page
        page.goto(f"{HOST}/")
        page.click("#tab-findings")
        rows = page.locator(".findings > li")
        expect(rows.first).to_contain_text("夜间 · 23 次")
        expect(rows.nth(1)).to_contain_text("<img src=x onerror=alert(1)>供暖排查")
        assert rows.nth(1).locator("form").count() == 0
        with page.expect_request("**/review") as sent:
            page.fill("#remark-1", "当班处理漏水,属实")
            page.press("#remark-1", "Enter")
        assert sent.value.post_data_json == {"remark": "当班处理漏水,属实"}
        assert sent.value.headers["x-csrf-token"] == views.CSRF
        expect(rows.first).to_be_visible()

        page.locator(".findings .plain").first.click()
        expect(page.locator("#account")).to_have_value("grid_worker")
        expect(page.locator("#from")).to_have_value("2026-11-16")
        expect(page.locator("#to")).to_have_value("2026-11-22")
        assert made.wrong == []
        assert page.evaluate("document.images.length") == 0


def test_who_gave_powerful_access_to_whom_is_said_and_its_records_are_the_givers(
    browser: Browser,
) -> None:
    answers = {
        f"{AUDIT}/records": (200, NONE),
        f"{AUDIT}/chain": (200, CHAIN),
        f"{AUDIT}/findings": (200, {"items": [POWERS], "next": None}),
    }
    html = audit_page(views.view(role=Role.AUDIT_ADMIN))
    with visit(browser, html=html, answers=answers) as made:
        page = made.page
        page.goto(f"{HOST}/")
        page.click("#tab-findings")
        expect(page.locator(".findings > li")).to_contain_text("获得高权限 · 2 次")
        expect(page.locator(".findings > li")).to_contain_text("root 给予 puppet")
        page.locator(".findings .plain").first.click()
        expect(page.locator("#account")).to_have_value("root")
        assert made.wrong == []


def test_a_broken_chain_is_said_first(browser: Browser) -> None:
    verified = {"at": "2026-11-22T01:00:00Z", "actor": "system:x", "ok": False, "links": 9}
    head = {"seq": "12345", "hash": "ab", "sealed_at": "2026-11-21T03:05:10Z", "record_id": "9"}
    chain = {"head": head, "unsealed": 2, "verified": verified | {"faults": 3}}
    answers = {f"{AUDIT}/records": (200, NONE), f"{AUDIT}/chain": (200, chain)}
    html = audit_page(views.view(role=Role.AUDIT_ADMIN))
    with visit(browser, html=html, answers=answers) as made:
        made.page.goto(f"{HOST}/")
        expect(made.page.locator("#chain .pill.off")).to_contain_text("有 3 处不对")
        expect(made.page.locator("#chain")).to_contain_text("已封存到第 12,345 条")
        assert made.wrong == []
