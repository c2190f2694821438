"""Strips cut in Chromium against areas that shapely measures."""

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page

from maps import assets
from tests.maps.browsing import HOST, chromium, visit

pytestmark = pytest.mark.browser

CUT = """async ([root, shapes]) => {
  const { split } = await import(`${root}/js/map/split.js`);
  return shapes.map(({ rings, counts }) => split(rings, counts));
}"""

COUNTS = [[29, 10, 3, 0, 0], [1, 1, 1, 1, 1], [0, 0, 7, 0, 0], [0, 1, 0, 0, 999], [3, 0, 2, 0, 1]]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, visit(browser, html="<p>") as made:
        made.page.goto(f"{HOST}/")
        yield made.page


def turned(shape: shapely.Geometry, angle: float, at: tuple[float, float]) -> shapely.Geometry:
    c, s = np.cos(angle), np.sin(angle)
    return shapely.transform(shape, lambda xy: xy @ np.array([[c, s], [-s, c]]) + at)


SHAPES = {
    "slab": shapely.box(0, 0, 60, 12),
    "tower": shapely.box(0, 0, 24, 26),
    "L": shapely.box(0, 0, 60, 12).union(shapely.box(0, 0, 14, 40)),
    "U": shapely.box(0, 0, 60, 40).difference(shapely.box(14, 12, 46, 40)),
    "triangle": shapely.Polygon([(0, 0), (50, 3), (18, 30)]),
    "courtyard": shapely.box(0, 0, 50, 40).difference(shapely.box(12, 10, 38, 30)),
    "two parts": shapely.MultiPolygon([shapely.box(0, 0, 30, 10), shapely.box(40, 2, 70, 14)]),
}


def rings_of(shape: shapely.Geometry) -> list[list[float]]:
    parts = shapely.get_parts(shapely.orient_polygons(shape))
    rings = shapely.get_rings(parts)
    return [shapely.get_coordinates(ring)[:-1].ravel().tolist() for ring in rings]


def area(rings: list[list[float]]) -> float:
    return sum(_signed(np.reshape(ring, (-1, 2))) for ring in rings)


def _signed(ring: np.ndarray) -> float:
    x, y = (ring - ring[0]).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("angle", [0.0, 0.3, 1.5707, 2.2, -0.8])
def test_the_area_of_each_strip_is_the_share_of_its_households(
    page: Page, name: str, angle: float
) -> None:
    shape = turned(SHAPES[name], angle, (3000.0, -2000.0))
    rings = rings_of(shape)
    asked = [{"rings": rings, "counts": counts} for counts in COUNTS]
    for counts, strips in zip(
        COUNTS, page.evaluate(CUT, [assets.static_root(), asked]), strict=True
    ):
        total = sum(counts)
        shares = {strip["kind"]: area(strip["rings"]) / shape.area for strip in strips}
        expected = {kind: n / total for kind, n in enumerate(counts) if n}
        assert shares == pytest.approx(expected, abs=1e-9)


def test_strips_of_a_rectangle_lie_side_by_side_along_its_length(page: Page) -> None:
    asked = [{"rings": rings_of(shapely.box(0, 0, 100, 10)), "counts": [50, 30, 20]}]
    strips = page.evaluate(CUT, [assets.static_root(), asked])[0]
    boxes = [shapely.MultiPoint(np.reshape(s["rings"][0], (-1, 2))).bounds for s in strips]
    assert boxes == [(0, 0, 50, 10), (50, 0, 80, 10), (80, 0, 100, 10)]


def test_a_tower_is_cut_into_upright_strips(page: Page) -> None:
    asked = [{"rings": rings_of(shapely.box(0, 0, 24, 26)), "counts": [1, 1]}]
    first, second = page.evaluate(CUT, [assets.static_root(), asked])[0]
    assert shapely.MultiPoint(np.reshape(first["rings"][0], (-1, 2))).bounds == (0, 0, 12, 26)
    assert shapely.MultiPoint(np.reshape(second["rings"][0], (-1, 2))).bounds == (12, 0, 24, 26)


def test_a_building_without_households_has_no_strip(page: Page) -> None:
    asked = [{"rings": rings_of(SHAPES["slab"]), "counts": [0, 0, 0]}]
    assert page.evaluate(CUT, [assets.static_root(), asked]) == [[]]


SHARES = """async ([root, tables]) => {
  const { percents } = await import(`${root}/js/core/shares.js`);
  return tables.map(percents);
}"""


def test_shares_in_a_legend_add_up_to_a_hundred(page: Page) -> None:
    tables = [[26, 2, 2], [1, 1, 1, 1], [1947, 526, 251, 75, 64], [0, 5], [1, 0, 0, 99999]]
    for shares in page.evaluate(SHARES, [assets.static_root(), tables]):
        assert round(sum(float(share[:-1]) for share in shares), 1) == 100.0
    assert page.evaluate(SHARES, [assets.static_root(), [[0, 0]]]) == [["–", "–"]]


def test_equal_counts_have_equal_shares(page: Page) -> None:
    # 86.67, 6.67 and 6.67: both small ones are rounded up. Thirds cannot add to a hundred.
    tables = [[26, 2, 2], [1, 1, 1], [2, 2, 2, 1, 1], [3, 3, 1]]
    told = page.evaluate(SHARES, [assets.static_root(), tables])

    assert told[:2] == [["86.6%", "6.7%", "6.7%"], ["33.3%"] * 3]
    # 25, 25, 25, 12.5, 12.5 are exact; 42.86, 42.86 and 14.29: one pair up makes 100.1.
    assert told[2] == ["25.0%", "25.0%", "25.0%", "12.5%", "12.5%"]
    assert told[3] == ["42.9%", "42.9%", "14.2%"]


def test_what_rounding_leaves_goes_to_the_largest_remainders(page: Page) -> None:
    # 25, 10 and 1 of 36 are 69.44, 27.78 and 2.78: two tenths are left for the last two.
    shares = page.evaluate(SHARES, [assets.static_root(), [[25, 10, 1]]])
    assert shares == [["69.4%", "27.8%", "2.8%"]]
