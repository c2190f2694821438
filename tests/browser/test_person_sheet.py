"""The sheet on the page and the sheet in a file say the same, line by line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from api.schemas.persons import PersonFileBody
from geo.access.roles import Role
from geo.texts import Lang
from maps.pages.person_print import print_file, print_page
from tests.maps import filed, views
from tests.maps.browsing import HOST, PHONE, chromium, visit

pytestmark = pytest.mark.browser

HOUSEHOLD = "/api/v1/households/41235"
SHOWN = {
    "id": "41235",
    "building_name": "30号楼",
    "stairwell": 2,
    "number": "502",
    "head_name": "王**",
}
LINES = "() => document.querySelector('.sheet').innerText.split('\\n').map((l) => l.trim())"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("bare", [False, True], ids=["full", "bare"])
def test_the_page_says_what_the_file_says(browser: Browser, lang: Lang, bare: bool) -> None:
    file = filed.person(bare=bare)
    body = PersonFileBody.of(file).model_dump(mode="json")
    answers = {HOUSEHOLD: (200, SHOWN), f"{HOUSEHOLD}/print": (200, body)}
    who = views.view(lang, role=Role.COMMUNITY_ADMIN)
    html = print_page(who, file.household_id, kinds=filed.KINDS)
    with visit(browser, html=html, answers=answers) as made:
        page = made.page
        page.goto(f"{HOST}/")
        page.fill("#reason", "本人要副本")
        page.click("#go")
        page.wait_for_selector("#sheet:not([hidden])")
        on_page = page.evaluate(LINES)
        assert made.wrong == []

    printed = print_file(file, kinds=filed.KINDS, zone="Asia/Shanghai", lang=lang, demo=True)
    with visit(browser, html=printed) as made:
        made.page.goto(f"{HOST}/")
        in_file = made.page.evaluate(LINES)

    assert [line for line in on_page if line] == [line for line in in_file if line]
    assert len(on_page) > 20


def test_on_a_phone_each_cell_of_a_table_says_what_it_is(browser: Browser) -> None:
    printed = print_file(filed.person(), kinds=filed.KINDS, zone="Asia/Shanghai", lang="zh")
    words = (
        "() => [...document.querySelectorAll('.sheet section:nth-of-type(5) tr:nth-child(1) td')]"
        ".map((cell) => getComputedStyle(cell, '::before').content)"
    )
    page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    page.set_content(printed)
    found = page.evaluate(words)
    page.close()

    assert found == ['"谁"', '"做了什么"', '"哪天"', '"次数"', '"理由"']
