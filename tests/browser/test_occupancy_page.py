"""The home page as a hand uses it: legend, search, cards, links, empty and crowded places."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect

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
    expect(vacant).to_have_attribute("aria-pressed", "true")
    assert pixels(home.page) != before
    home.page.keyboard.press("Space")
    expect(vacant).to_have_attribute("aria-pressed", "false")
    assert pixels(home.page) == before


def test_slash_goes_to_the_search_and_enter_flies_there(home: Visit) -> None:
    home.page.keyboard.press("/")
    home.page.keyboard.type("３０号")
    home.page.wait_for_selector("#found li")
    expect(home.page.locator("#found li[aria-selected=true] span")).to_have_text("供电小区30号楼")
    home.page.keyboard.press("Enter")
    expect(home.page.locator("#right h2")).to_have_text("供电小区30号楼")
    expect(home.page).to_have_url(re.compile(f"#{pictures.COMMUNITY}B030$"))


def test_arrows_walk_through_what_was_found(home: Visit) -> None:
    home.page.fill("#find", "网格")
    chosen = home.page.locator("#found li[aria-selected=true] span")
    expect(chosen).to_have_text("供电社区第1网格")
    home.page.press("#find", "ArrowDown")
    expect(chosen).to_have_text("供电社区第2网格")
    home.page.press("#find", "ArrowUp")
    expect(chosen).to_have_text("供电社区第1网格")


def test_streets_addresses_and_codes_are_found(home: Visit) -> None:
    for asked, found in (
        ("供电路", "供电路"),
        ("新安街59号", "供电小区30号楼"),
        (GRID_6, "第6网格"),
    ):
        home.page.fill("#find", asked)
        expect(home.page.locator("#found li[aria-selected=true] span")).to_contain_text(found)


def test_an_estate_is_one_hit_before_its_buildings_and_the_rest_is_counted(home: Visit) -> None:
    home.page.fill("#find", "供电小区")

    hits = home.page.locator("#found li[role=option]")
    expect(hits.first.locator("span")).to_have_text("供电小区")
    expect(hits.first.locator("small")).to_contain_text("小区 · ")
    expect(hits).to_have_count(8)
    expect(home.page.locator("#found li.none")).to_contain_text("还有")


def test_cells_of_one_name_say_what_they_lie_in(home: Visit) -> None:
    home.page.fill("#find", "第6网格")

    expect(home.page.locator("#found li[aria-selected=true] small")).to_contain_text("供电社区")


@pytest.mark.parametrize("turned", [False, True])
def test_a_point_is_gone_to_and_its_cell_is_chosen(home: Visit, turned: bool) -> None:
    place = pictures.town().cells.set_index("code").geometry[GRID_6].representative_point()
    pair = [f"{place.x:.7f}", f"{place.y:.7f}"]
    home.page.fill("#find", ",".join(pair[::-1] if turned else pair))
    home.page.keyboard.press("Enter")

    home.page.wait_for_selector("#right:not([hidden])")
    expect(home.page).to_have_url(re.compile(GRID_6))


def test_nothing_found_says_what_to_try(home: Visit) -> None:
    home.page.fill("#find", "不存在的楼")
    expect(home.page.locator("#found li.none")).to_contain_text("不存在的楼")


def test_a_press_on_the_map_opens_the_building_and_asks_who_answers(home: Visit) -> None:
    home.page.evaluate("code => { location.hash = code; }", f"{pictures.COMMUNITY}B001")
    home.page.wait_for_selector("#right .why")
    expect(home.page.locator(".why")).to_have_text(
        "依据：楼栋没有指派主责，由网格的主责负责 · 距边界 12 米"
    )
    expect(home.page.locator(".who b")).to_have_text(["沈知夏", "骆平川"])
    expect(home.page.locator(".tel")).to_have_attribute("href", "tel:0561-1")
    expect(home.page.locator(".who .number")).to_have_text("0561-1")
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
    expect(home.page.locator("#right")).to_be_hidden()
    expect(home.page).to_have_url(f"{HOST}/")


def test_a_press_in_the_middle_of_a_cell_chooses_it(home: Visit) -> None:
    home.page.evaluate(ZOOM_TO, 16)
    home.page.mouse.click(800, 470)
    home.page.wait_for_selector("#right:not([hidden])")
    expect(home.page.locator("#right .crumbs")).not_to_be_empty()


def test_the_tip_says_what_a_building_holds(home: Visit) -> None:
    inside = pictures.town().buildings.geometry.iloc[0].representative_point()
    x, y = home.page.evaluate(
        "([lat, lon]) => { const m = window[document.querySelector('.folium-map').id];"
        " const p = m.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [inside.y, inside.x],
    )
    home.page.mouse.move(x, y + 56)
    expect(home.page.locator("#tip")).to_have_text(re.compile("^供电小区1号楼.*户"))


def test_no_answer_from_the_api_is_said_with_the_reason(browser: Browser) -> None:
    answers = {"/api/v1/locate": (503, {"detail": "数据库没有应答", "code": "unavailable"})}
    with visit(browser, html=page_of(pictures.town()), answers=answers) as made:
        page = opened(made)
        page.evaluate("code => { location.hash = code; }", GRID_6)
        page.wait_for_selector(".answers .hint")
        expect(page.locator(".answers")).to_contain_text("数据库没有应答")


def test_a_deep_link_opens_the_cell(browser: Browser, tmp_path: Path) -> None:
    address = as_file(tmp_path, occupancy_file(pictures.town(), lang="zh"))
    with visit(browser) as made:
        page = opened(made, f"{address}#{GRID_6}")
        expect(page.locator("#right h2")).to_have_text("供电社区第6网格")
        assert made.wrong == []


def test_a_place_without_buildings_says_what_to_do(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.without_households(pictures.town()))) as made:
        page = opened(made)
        expect(page.locator("#empty code")).to_have_text(
            "./wangge import buildings 楼栋.xlsx --crs gcj02"
        )
        assert page.inner_text("#figures").split() == ["0", "栋楼", "0", "户", "0", "人"]
        assert made.wrong == []


def test_the_public_map_shows_cells_with_bars(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.town().without_buildings())) as made:
        page = opened(made)
        expect(page.locator("#hint")).to_contain_text("楼栋不单独显示")
        expect(page.locator("#empty")).to_be_hidden()
        assert made.wrong == []


def test_a_crowded_place_says_that_buildings_are_left_out(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occupancy, "MOST_BUILDINGS", 82)
    with visit(browser, html=page_of(pictures.town())) as made:
        expect(opened(made).locator("#hint")).to_contain_text("83 栋楼")
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


@pytest.mark.parametrize("width", [1440, 1201, 901])
def test_the_line_at_the_bottom_ends_before_the_zoom_buttons(browser: Browser, width: int) -> None:
    """The longest there is: in English, of a demo, beside the card of what is chosen."""
    answers = {"/api/v1/locate": (200, TEAM)}
    with visit(
        browser, size=(width, 900), html=page_of(pictures.town(), "en"), answers=answers
    ) as made:
        page = opened(made)
        for chosen in ("", GRID_6):
            page.evaluate("code => { location.hash = code; }", chosen)
            expect(page.locator("#right")).to_be_visible(visible=bool(chosen))
            foot, zoom = (page.locator(one).bounding_box() for one in ("#foot", ".zoom"))
            assert foot is not None and zoom is not None
            assert foot["x"] + foot["width"] < zoom["x"]
            assert foot["y"] + foot["height"] < 900


def test_english_pages_hold_no_chinese_chrome(browser: Browser) -> None:
    with visit(browser, html=page_of(pictures.town(), "en")) as made:
        page = opened(made)
        said = page.inner_text("#legend") + page.inner_text("#hint") + page.inner_text("#foot")
        assert not [letter for letter in said if "\u4e00" <= letter <= "\u9fff"]
