import re

import folium
import pytest
from folium.plugins import Fullscreen

from maps import assets, render
from maps.atlas.occupancy import occupancy_map
from maps.base import TownMap
from maps.pages.home import home_page, occupancy_drawn, occupancy_file
from maps.pages.shell import topbar
from tests.maps import pictures, views

ROOT = "/static/abc"


def served(town: TownMap) -> str:
    bar = topbar(views.view(), search=True)
    frame = render.fragment("frame.html", lang="zh", topbar=bar, bar="", static_root=ROOT)
    return render.served_page(render.drawn(town), frame=frame, nonce="n0nce", static_root=ROOT)


def home(lang: str = "zh") -> str:
    return home_page(
        occupancy_drawn(pictures.town(), lang=lang), views.view(lang, static_root=ROOT)
    )


def test_the_same_picture_is_the_same_bytes() -> None:
    assert home() == home()
    assert occupancy_file(pictures.town(), lang="zh") == occupancy_file(pictures.town(), lang="zh")


def test_rendering_twice_changes_nothing() -> None:
    town = occupancy_map(pictures.town(), lang="zh")
    assert served(town) == served(town)


def test_a_served_page_asks_only_below_its_static_root() -> None:
    page = home()
    links = re.findall(r'(?:src|href)="([^"#]+)"', page)
    ours = [link for link in links if not link.startswith(("/?", "data:"))]
    files = [link for link in ours if link not in ("/", "/login")]
    assert files
    for link in files:
        assert link.startswith(f"{ROOT}/")
        assert (assets.FOLDER / link.removeprefix(f"{ROOT}/")).is_file()


def test_every_inline_script_and_sheet_of_a_served_page_carries_the_nonce() -> None:
    page = home()
    for tag, attributes in re.findall(r"<(script|style)\b([^>]*)>", page):
        inert = tag == "script" and ("data-block" in attributes or " src=" in attributes)
        assert inert or 'nonce="n0nce"' in attributes


@pytest.mark.parametrize("page", ["home", "file"])
def test_no_attribute_holds_script_or_style(page: str) -> None:
    text = home() if page == "home" else occupancy_file(pictures.town(), lang="zh")
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"(?s)<(script|style)\b.*?</\1>", "", text))
    assert [tag for tag in tags if re.search(r"\s(style|on\w+)=", tag)] == []


def test_a_file_is_small_and_names_no_address() -> None:
    text = occupancy_file(pictures.town(), lang="zh")
    assert len(text.encode()) < 400_000
    own = text.replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in own
    assert "https:" not in own
    assert "src=" not in own


def test_a_file_carries_a_policy_that_names_each_of_its_scripts() -> None:
    text = occupancy_file(pictures.town(), lang="zh")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    scripts = text.count("data-script>") + text.count("<script>")
    assert policy[1].count("sha256-") == scripts + text.count("<style>")
    assert "unsafe" not in policy[1]


def test_a_layer_that_loads_from_elsewhere_is_refused() -> None:
    town = occupancy_map(pictures.town(), lang="zh")
    Fullscreen().add_to(town)
    with pytest.raises(assets.UnknownAsset, match="vendor it"):
        served(town)


def test_a_plain_folium_layer_draws_with_counted_names() -> None:
    town = occupancy_map(pictures.town(), lang="zh")
    folium.Circle([33.96, 116.8], radius=5).add_to(town)
    page = served(town)
    assert re.search(r"var circle_\d+ = L\.circle\(", page)
    assert "addTo(map_0)" in re.sub(r"\s", "", page)


def test_maps_do_not_change_folium_for_others() -> None:
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    town = occupancy_map(pictures.town(), lang="zh")
    town.add_js_link("extra", "vendor/extra.js")
    assert (list(folium.Map.default_js), list(folium.Map.default_css)) == before
    assert ("extra", "vendor/extra.js") not in TownMap.default_js


def test_a_file_keeps_the_licence_of_what_is_in_it() -> None:
    text = occupancy_file(pictures.town(), lang="zh")
    assert "BSD 2-Clause License" in text
    assert "Volodymyr Agafonkin" in text


def test_both_languages_render_and_say_so() -> None:
    assert '<html lang="zh-CN">' in home("zh")
    assert '<html lang="en">' in home("en")
    assert "Search" in home("en")


def test_folium_popups_are_not_used() -> None:
    banned = re.compile(r"\b(?:GeoJson)?(?:Popup|Tooltip)\(")
    folder = assets.FOLDER.parent
    found = [path for path in folder.rglob("*.py") if banned.search(path.read_text("utf-8"))]
    assert found == []
