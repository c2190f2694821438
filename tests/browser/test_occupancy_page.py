"""The home page as a hand uses it: legend, search, cards, links, empty and crowded places."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page

from geo.places.picture import OccupancyPicture
from maps.atlas import occupancy
from maps.pages.home import home_page, occupancy_drawn, occupancy_file
from tests.maps import pictures, views
from tests.maps.browsing import HOST, SIZES, ZOOM_TO, Visit, as_file, chromium, opened, visit

pytestmark = pytest.mark.browser

GRID_6 = f"{pictures.COMMUNITY}006"
TEAM = {
    "matched": True,
    "team": [
        {"name": "沈知夏", "role": "grid_worker", "primary": True, "via": "cell"},
        {"name": "骆平川", "role": "building_head", "via": "building", "duty_phone": "0561-1"},
    ],
    "reason": "building > cell",
    "boundary": {"distance_m": 12.3},
}


OUTSIDE = """query => [...document.querySelectorAll(query)]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML)"""
CUT_OFF = """query => [...document.querySelectorAll(query)]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def home(browser: Browser) -> Iterator[Visit]:
    answers = {"/api/v1/locate": (200, TEAM)}
    with visit(browser, html=page_of(pictures.town()), answers=answers) as made:
        opened(made)
        yield made
        assert made.wrong == []
        assert made.outside == []


def page_of(picture: OccupancyPicture, lang: str = "zh") -> str:
    return home_page(occupancy_drawn(picture, lang=lang), views.view(lang))


def pixels(page: Page) -> str:
    return str(page.evaluate("document.querySelector('canvas.town').toDataURL()"))


def test_the_legend_is_the_table_of_counts_and_adds_up(home: Visit) -> None:
    rows = home.page.locator("#legend tbody tr").all_inner_texts()
    counts = [int(row.split()[1].replace(",", "")) for row in rows]
    shares = [float(row.split()[2].rstrip("%")) for row in rows]
    assert sum(counts) == 2863
    assert round(sum(shares), 1) == 100.0
    assert home.page.inner_text("#legend tfoot").split() == ["合计", "2,863", "100.0%"]
    assert home.page.inner_text("#figures").split() == ["83", "栋楼", "2,863", "户", "6,776", "人"]


def test_pressing_a_row_filters_and_pressing_it_again_clears(home: Visit) -> None:
    before = pixels(home.page)
    vacant = home.page.locator("#legend tbody button").nth(2)
    vacant.focus()
    home.page.keyboard.press("Enter")
    assert vacant.get_attribute("aria-pressed") == "true"
    assert pixels(home.page) != before
    home.page.keyboard.press("Space")
    assert vacant.get_attribute("aria-pressed") == "false"
    assert pixels(home.page) == before


def test_slash_goes_to_the_search_and_enter_flies_there(home: Visit) -> None:
    home.page.keyboard.press("/")
    home.page.keyboard.type("３０号")
    home.page.wait_for_selector("#found li")
    assert home.page.inner_text("#found li[aria-selected=true] span") == "供电小区30号楼"
    home.page.keyboard.press("Enter")
    assert home.page.inner_text("#right h2") == "供电小区30号楼"
    assert home.page.url.endswith(f"#{pictures.COMMUNITY}B030")


def test_arrows_walk_through_what_was_found(home: Visit) -> None:
    home.page.fill("#find", "网格")
    first = home.page.inner_text("#found li[aria-selected=true] span")
    home.page.press("#find", "ArrowDown")
    second = home.page.inner_text("#found li[aria-selected=true] span")
    home.page.press("#find", "ArrowUp")
    assert (first, second) == ("供电社区第1网格", "供电社区第2网格")
    assert home.page.inner_text("#found li[aria-selected=true] span") == first


def test_streets_addresses_and_codes_are_found(home: Visit) -> None:
    for asked, found in (
        ("供电路", "供电路"),
        ("新安街59号", "供电小区30号楼"),
        (GRID_6, "第6网格"),
    ):
        home.page.fill("#find", asked)
        assert found in home.page.inner_text("#found li[aria-selected=true] span")


def test_an_estate_is_one_hit_before_its_buildings_and_the_rest_is_counted(home: Visit) -> None:
    home.page.fill("#find", "供电小区")

    hits = home.page.locator("#found li[role=option]")
    assert hits.first.locator("span").inner_text() == "供电小区"
    assert "小区 · " in hits.first.locator("small").inner_text()
    assert hits.count() == 8
    assert "还有" in home.page.inner_text("#found li.none")


def test_cells_of_one_name_say_what_they_lie_in(home: Visit) -> None:
    home.page.fill("#find", "第6网格")

    assert "供电社区" in home.page.inner_text("#found li[aria-selected=true] small")


@pytest.mark.parametrize("turned", [False, True])
def test_a_point_is_gone_to_and_its_cell_is_chosen(home: Visit, turned: bool) -> None:
    place = pictures.town().cells.set_index("code").geometry[GRID_6].representative_point()
    pair = [f"{place.x:.7f}", f"{place.y:.7f}"]
    home.page.fill("#find", ",".join(pair[::-1] if turned else pair))
    home.page.keyboard.press("Enter")

    home.page.wait_for_selector("#right:not([hidden])")
    assert GRID_6 in home.page.url


def test_nothing_found_says_what_to_try(home: Visit) -> None:
    home.page.fill("#find", "不存在的楼")
    assert "不存在的楼" in home.page.inner_text("#found li.none")


def test_a_press_on_the_map_opens_the_building_and_asks_who_answers(home: Visit) -> None:
    home.page.evaluate("code => { location.hash = code; }", f"{pictures.COMMUNITY}B001")
    home.page.wait_for_selector("#right .why")
    assert home.page.inner_text(".why") == "依据：楼栋没有指派主责，由网格的主责负责 · 距边界 12 米"
    assert home.page.locator(".who b").all_inner_texts() == ["沈知夏", "骆平川"]
    assert home.page.get_attribute(".tel", "href") == "tel:0561-1"
    assert home.page.inner_text(".who .number") == "0561-1"
    assert home.asked == [f"/api/v1/locate?building={pictures.COMMUNITY}B001"]


def test_a_cell_is_asked_for_by_a_point_inside_it(home: Visit) -> None:
    home.page.evaluate("code => { location.hash = code; }", GRID_6)
    home.page.wait_for_selector("#right .why")
    query = dict(part.split("=") for part in home.asked[0].split("?")[1].split("&"))
    cells = pictures.town().cells.set_index("code")
    point = shapely.Point(float(query["lon"]), float(query["lat"]))
    assert cells.geometry[GRID_6].contains(point)


def test_escape_closes_the_card_and_cleans_the_address(home: Visit) -> None:
    home.page.evaluate("code => { location.hash = code; }", GRID_6)
    home.page.wait_for_selector("#right:not([hidden])")
    home.page.keyboard.press("Escape")
    assert home.page.locator("#right").is_hidden()
    assert home.page.url == f"{HOST}/"


def test_a_press_in_the_middle_of_a_cell_chooses_it(home: Visit) -> None:
    home.page.evaluate(ZOOM_TO, 16)
    home.page.mouse.click(800, 470)
    home.page.wait_for_selector("#right:not([hidden])")
    assert home.page.inner_text("#right .crumbs")


def test_the_tip_says_what_a_building_holds(home: Visit) -> None:
    inside = pictures.town().buildings.geometry.iloc[0].representative_point()
    x, y = home.page.evaluate(
        "([lat, lon]) => { const m = window[document.querySelector('.folium-map').id];"
        " const p = m.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [inside.y, inside.x],
    )
    home.page.mouse.move(x, y + 56)
    assert home.page.inner_text("#tip").startswith("供电小区1号楼")
    assert "户" in home.page.inner_text("#tip")


def test_no_answer_from_the_api_is_said_with_the_reason(browser: Browser) -> None:
    answers = {"/api/v1/locate": (503, {"detail": "数据库没有应答", "code": "unavailable"})}
    with visit(browser, html=page_of(pictures.town()), answers=answers) as made:
        page = opened(made)
        page.evaluate("code => { location.hash = code; }", GRID_6)
        page.wait_for_selector(".answers .hint")
        assert "数据库没有应答" in page.inner_text(".answers")


def test_a_deep_link_opens_the_cell(browser: Browser, tmp_path: Path) -> None:
    address = as_file(tmp_path, occupancy_file(pictures.town(), lang="zh"))
    with visit(browser) as made:
        page = opened(made, f"{address}#{GRID_6}")
        assert page.inner_text("#right h2") == "供电社区第6网格"
        assert made.wrong == []


def test_a_place_without_buildings_says_what_to_do(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.without_households(pictures.town()))) as made:
        page = opened(made)
        assert page.inner_text("#empty code") == "./wangge import buildings 楼栋.xlsx --crs gcj02"
        assert page.inner_text("#figures").split() == ["0", "栋楼", "0", "户", "0", "人"]
        assert made.wrong == []


def test_the_public_map_shows_cells_with_bars(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.town().without_buildings())) as made:
        page = opened(made)
        assert "楼栋不单独显示" in page.inner_text("#hint")
        assert page.locator("#empty").is_hidden()
        assert made.wrong == []


def test_a_crowded_place_says_that_buildings_are_left_out(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occupancy, "MOST_BUILDINGS", 82)
    with visit(browser, html=page_of(pictures.town())) as made:
        assert "83 栋楼" in opened(made).inner_text("#hint")
        assert made.wrong == []


@SIZES
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_sticks_out_of_the_page(browser: Browser, lang: str, size: tuple[int, int]) -> None:
    answers = {"/api/v1/locate": (200, TEAM)}
    with visit(browser, size=size, html=page_of(pictures.town(), lang), answers=answers) as made:
        page = opened(made)
        page.evaluate("code => { location.hash = code; }", GRID_6)
        page.wait_for_selector("#right .why")
        wide = page.evaluate(f"({OUTSIDE})('.card, .topbar, .card *')")
        cut = page.evaluate(f"({CUT_OFF})('.card h1, .card h2, .card td, .card th, .acts *')")
        assert (wide, cut) == ([], [])
        assert made.wrong == []


def test_english_pages_hold_no_chinese_chrome(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.town(), "en")) as made:
        page = opened(made)
        said = page.inner_text("#legend") + page.inner_text("#hint") + page.inner_text("#foot")
        assert not [letter for letter in said if "\u4e00" <= letter <= "\u9fff"]
