"""My account says who else has set its password, the last time first; nothing when nobody has."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from geo.access.roles import Role
from maps.pages.me import me_page
from tests.maps import views
from tests.maps.browsing import HOST, chromium, visit

pytestmark = pytest.mark.browser

ME = {
    "login": "grid_worker", "name": "沈知夏", "kind": "person", "must_change": False, "demo": False,
    "roles": [], "permissions": [], "csrf": None,
}  # fmt: skip
RESETS = [
    {"at": "2026-11-20T01:00:00Z", "by": "root"},
    {"at": "2026-11-21T01:00:00Z", "by": "<b>second</b>"},
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.mark.parametrize("resets", [[], RESETS], ids=["none", "two"])
def test_whoever_reset_the_password_is_named(
    browser: Browser, resets: list[dict[str, str]]
) -> None:
    answers = {
        "/api/v1/me": (200, ME | {"resets": resets}),
        "/api/v1/sign-ins": (200, {"items": [], "next": None}),
    }
    html = me_page(views.view(role=Role.GRID_WORKER))
    with visit(browser, html=html, answers=answers) as made:
        page = made.page
        page.goto(f"{HOST}/")
        expect(page.locator("#roles li")).to_have_count(1)
        expect(page.locator("#resets li")).to_have_count(len(resets))
        assert page.locator("#resets-part").is_visible() is bool(resets)
        if resets:
            expect(page.locator("#resets li").first).to_contain_text("由 <b>second</b> 重置")
            expect(page.locator("#resets li").nth(1)).to_contain_text("由 root 重置")
        assert made.wrong == []
