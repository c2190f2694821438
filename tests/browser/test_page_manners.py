"""How pages behave: they fit, can be read, need no mouse, keep what was typed, say what failed."""

import json
import re
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.runtime import Runtime
from tests import residents
from tests.browser.journeys import somebody
from tests.maps.browsing import DESK, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.db]

PAGES = [
    ("", "/login"),
    ("community_admin", "/me"),
    ("system_admin", "/users"),
    ("system_admin", "/users#grid_worker"),
    ("audit_admin", "/audit"),
    ("community_admin", "/editor"),
    ("community_admin", "/people"),
    ("volunteer", "/people"),
    ("community_admin", "/people#1"),
    ("community_admin", "/data-requests"),
    ("community_admin", "/leaves"),
    ("community_admin", "/names"),
    ("community_admin", "/households/1/print"),
]
# Contrast of each text against the nearest opaque ground behind it, by WCAG 2.1.
CONTRAST = """() => {
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const parts = (css) => css.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) =>
    0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parts(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const seen = [...document.querySelectorAll('body *')].filter((e) => e.offsetParent
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
    && !e.disabled && getComputedStyle(e).visibility === 'visible');
  return seen.map((e) => {
    const [one, two] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
    return [(Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05), e.outerHTML.slice(0, 90)];
  });
}"""
CUT = """() => [...document.querySelectorAll('main button, main .button, main a, main h1, main h2')]
  .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
  .map((e) => e.outerHTML.slice(0, 90))"""


# Languages and sizes of letters; on a phone, which every run looks at, the two that differ most.
WAYS = list(product(("zh", "en"), ("", "1")))


@SIZES
@pytest.mark.parametrize(("login", "path"), PAGES, ids=[path for _, path in PAGES])
def test_every_page_fits_and_can_be_read(
    browser: Browser, home: str, login: str, path: str, size: tuple[int, int]
) -> None:
    with somebody(browser, home, size=size) as one:
        one.expected.add(404)
        if login:
            one.sign_in(login, following=path)
        for lang, large in WAYS if size == DESK else WAYS[::3]:
            one.context.add_cookies([{"name": "wangge_large", "value": large, "url": home}])
            question = "?lang=" + lang
            page = one.go(path.replace("#", f"{question}#") if "#" in path else path + question)
            _reads_well(page, f"{path} {size} {lang} {large}")


def _reads_well(page: Page, where: str) -> None:
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, where
    assert page.evaluate(CUT) == [], where
    measured = page.evaluate(CONTRAST)
    assert len(measured) > 5, where
    assert [html for ratio, html in measured if ratio < 4.5] == [], where


def test_the_door_opens_without_a_mouse(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.go("/login")
        expect(page.locator("#login")).to_be_focused()
        page.keyboard.type("duty_leader")
        page.keyboard.press("Tab")
        page.keyboard.type("wangge-demo")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{home}/")


def test_the_list_of_people_is_walked_by_keys(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.focus("#people tbody tr")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#people tbody tr:nth-child(2)")).to_be_focused()
        second = page.inner_text("#people tbody tr:nth-child(2) .login")
        page.keyboard.press("Enter")
        expect(page.locator("#file .sub")).to_have_text(second)
        page.keyboard.press("Escape")
        expect(page.locator("#file")).to_be_hidden()
        expect(page.locator("#people tbody tr:focus .login")).to_have_text(second)


def test_an_area_is_chosen_by_keys(browser: Browser, home: str) -> None:
    with somebody(browser, home) as admin:
        page = admin.sign_in("system_admin", following="/users")
        page.focus("#add")
        page.keyboard.press("Enter")
        page.focus("#cell-search")
        page.wait_for_selector(".tree .line")
        for key in ("ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        page.wait_for_selector(".tree ul .line")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".picked b")).to_have_text("甲街道")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator("#add")).to_be_focused()


def test_what_was_typed_outlives_a_sign_in_that_has_ended(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one, somebody(browser, home) as other:
        page = one.sign_in("community_admin", following="/households/1/print")
        page.fill("#reason", "本人到窗口要副本")
        other.sign_in("community_admin", following="/me")
        other.ask("POST", "/sign-ins/end-others")

        one.expected.add(401)
        page.click("#go")
        page.fill("#again-password", "wrong")
        page.press("#again-password", "Enter")
        expect(page.locator("dialog .notice")).to_be_visible()
        page.fill("#again-password", "wangge-demo")
        page.press("#again-password", "Enter")
        expect(page.locator("#sheet")).to_be_visible()
        expect(page).to_have_url(re.compile("/households/1/print$"))


def test_without_a_network_it_says_so_and_goes_on_later(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.sign_in("community_admin", following="/households/1/print")
        page.fill("#reason", "本人到窗口要副本")
        one.context.set_offline(True)
        page.click("#go")
        expect(page.locator("#said")).to_contain_text("没有连上服务器")
        expect(page.locator("#reason")).to_have_value("本人到窗口要副本")
        one.context.set_offline(False)
        page.click("#said button")
        expect(page.locator("#sheet")).to_be_visible()
        one.wrong[:] = [line for line in one.wrong if "ERR_INTERNET_DISCONNECTED" not in line]


def test_the_same_deed_tried_again_keeps_its_key(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        one.expected.add(503)
        page = one.sign_in("community_admin", following="/households/1/print")
        keys: list[str] = []
        body = json.dumps(
            {"detail": "数据库没有应答", "code": "too_busy", "request_id": "abcd1234"}
        )
        page.route(
            "**/print",
            lambda route: (
                keys.append(route.request.headers["idempotency-key"]),
                route.fulfill(status=503, body=body, content_type="application/problem+json"),
            ),
        )
        page.fill("#reason", "本人到窗口要副本")
        page.click("#go")
        expect(page.locator("#said")).to_contain_text("数据库没有应答")
        expect(page.locator("#said small")).to_contain_text("abcd1234")
        page.click("#said button")
        expect(page.locator("#go")).to_be_enabled()
        page.fill("#reason", "本人又来要副本")
        page.click("#go")
        expect(page.locator("#go")).to_be_enabled()
        assert len(keys) == 3
        assert keys[0] == keys[1] != keys[2]


def test_too_many_requests_say_how_long_to_wait(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        one.expected.add(429)
        page = one.go("/login")
        page.route(
            "**/sign-ins",
            lambda route: route.fulfill(
                status=429,
                headers={"Retry-After": "90"},
                body='{"code": "too_many_requests", "detail": "-"}',
                content_type="application/problem+json",
            ),
        )
        page.fill("#login", "anybody")
        page.fill("#password", "anything")
        page.click("#go")
        expect(page.locator("#wrong")).to_contain_text("90 秒后再试")


def test_an_unused_page_says_so_and_stays_by_one_press(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.sign_in("community_admin", following="")
        page.clock.install()
        one.go("/me")
        page.clock.fast_forward("27:00")
        assert page.locator("dialog").count() == 0
        page.clock.fast_forward("01:30")
        expect(page.locator("dialog h2")).to_have_text("还在吗？")
        # Answered, not only asked: the answer is what prolongs.
        with page.expect_response("**/api/v1/me"):
            page.click("dialog .go")
        page.clock.fast_forward("27:00")
        assert page.locator("dialog").count() == 0
        page.clock.fast_forward("04:00")
        page.wait_for_url(f"{home}/login?next=%2Fme")


def test_larger_type_is_remembered(browser: Browser, home: str) -> None:
    with somebody(browser, home) as one:
        page = one.sign_in("community_admin", following="/me")
        before = page.locator("h1").bounding_box()
        page.check("#large")
        page = one.go("/me")
        after = page.locator("h1").bounding_box()

        assert before is not None
        assert after is not None
        assert after["height"] == pytest.approx(before["height"] * 1.25, rel=0.02)
        expect(page.locator("#large")).to_be_checked()


def test_the_file_of_a_neighbour_cannot_be_printed(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    foreign = residents.household_ids(staffed)["b3", 1, "101"]
    with somebody(browser, home) as one:
        one.expected.add(404)
        page = one.sign_in("community_admin", following=f"/households/{foreign}/print")

        expect(page.locator("#said")).to_be_visible()
        expect(page.locator("#go")).to_be_disabled()
        assert "丙一" not in page.content()


def test_a_file_is_printed_on_one_sheet_of_a4(
    browser: Browser, home: str, staffed: Runtime
) -> None:
    # Hardly any other test reads this one: each read of a day and reason is a line.
    household = residents.household_ids(staffed)["b2", 1, "201"]
    with somebody(browser, home) as one:
        page = one.sign_in("community_admin", following=f"/households/{household}/print")
        page.fill("#reason", "本人到窗口要副本")
        page.click("#go")
        expect(page.locator("#sheet")).to_contain_text("13877001004")
        page.emulate_media(media="print")
        expect(page.locator(".topbar")).to_be_hidden()
        expect(page.locator("#acts")).to_be_hidden()
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
