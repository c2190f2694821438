"""Names that are markup, script or template: shown as they are, never run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from maps.pages.home import home_page, occupancy_drawn, occupancy_file
from tests.maps import pictures, views
from tests.maps.browsing import HOST, SIZES, ZOOM_TO, as_file, chromium, opened, visit

pytestmark = pytest.mark.browser

HOSTILE = (
    "${alert(1)}",
    "`);alert(1);//",
    "\\`);alert(1);//",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><b onmouseover='alert(1)'>",
    "';alert(1);'",
    '";alert(1);"',
    "{{7*7}}{% raw %}{{ self }}",
    "{%- include 'page.html' %}",
    "a\u2028alert(1)\u2029b",
    "<!--<script>",
    "]]><x/>",
    "javascript:alert(1)",
    "&lt;b&gt;&amp;amp;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "一栋\u202e反写",
    "=HYPERLINK(0)",
)
TEAM = {
    "matched": True,
    "team": [
        {"name": name, "role": name, "primary": True, "via": name, "duty_phone": name}
        for name in HOSTILE[:6]
    ],
    "reason": f"{HOSTILE[5]} > {HOSTILE[0]}",
    "boundary": {"distance_m": 12.3},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def picture_at(position: int):
    names = HOSTILE[position:] + HOSTILE[:position]
    return pictures.town(names=names), names


@SIZES
@pytest.mark.parametrize("kind", ["home", "file"])
def test_hostile_names_are_shown_and_never_run(
    browser: Browser, tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    picture, names = picture_at(0)
    answers = {"/api/v1/locate": (200, TEAM)}
    html = ""
    if kind == "home":
        html = home_page(occupancy_drawn(picture, lang="zh"), views.view())
    address = f"{HOST}/" if html else as_file(tmp_path, occupancy_file(picture, lang="zh"))
    with visit(browser, size=size, html=html, answers=answers) as made:
        page = opened(made, address)
        for zoom in (15, 17, 18, 19):
            page.evaluate(ZOOM_TO, zoom)
        for number, building in enumerate(picture.buildings["code"][: len(names)]):
            page.evaluate("code => { location.hash = code; }", building)
            page.wait_for_selector("#right:not([hidden])")
            # The card of the one before stands until the address is read.
            expect(page.locator("#right h2")).to_have_text(names[number])
        for cell in picture.cells["code"][1 : len(names)]:
            page.evaluate("code => { location.hash = code; }", cell)
        page.fill("#find", "alert")
        page.wait_for_selector("#found li")
        expect(page.locator("#found li").nth(1)).to_be_visible()
        page.press("#find", "Enter")
        page.wait_for_timeout(200)
        assert made.wrong == []
        assert made.outside == []
        assert page.evaluate("document.images.length") == 0
        assert page.locator("#right script, #found script, .who script, #right img").count() == 0


@pytest.mark.parametrize("position", range(len(HOSTILE)))
def test_the_title_of_the_page_is_the_name_itself(position: int) -> None:
    picture, names = picture_at(position)
    html = home_page(occupancy_drawn(picture, lang="zh"), views.view())
    assert names[0] not in ("", "49")
    assert html.count("<script") == 5 + 2 + 2
    assert html.count("</script") == html.count("<script")
    page = html.split('data-block="page">')[1].split("</script>")[0]
    assert json.loads(page)["cell"]["name"] == names[0]
    assert "49" not in html.split("<title>")[1].split("</title>")[0]
