import base64
import json
import zlib

import numpy as np
import pytest
import shapely

from geo.spatial.storage import GRID
from maps import pack


def box(x0: int, y0: int, x1: int, y1: int) -> shapely.Polygon:
    return shapely.box(x0 * GRID, y0 * GRID, x1 * GRID, y1 * GRID)


def test_a_ring_is_sent_without_its_closing_vertex() -> None:
    lines = pack.lines_of(np.array([box(0, 0, 80, 40)]))
    assert lines.lengths.tolist() == [4]
    assert sorted(map(tuple, lines.numbers.tolist())) == [(0, 0), (0, 5), (10, 0), (10, 5)]


def test_holes_turn_the_other_way() -> None:
    holed = box(0, 0, 800, 800) - box(80, 80, 160, 160)
    lines = pack.lines_of(np.array([holed]))
    rings = np.split(lines.numbers, np.cumsum(lines.lengths)[:-1])
    areas = [shapely.LinearRing(ring).is_ccw for ring in rings]
    assert areas == [True, False]


def test_every_geometry_keeps_its_own_lines() -> None:
    shapes = [shapely.Point(0, 0), None, shapely.MultiPolygon([box(0, 0, 8, 8), box(80, 0, 88, 8)])]
    block = pack.flat(pack.lines_of(np.array(shapes)), shift=3, geometries=3)
    assert block["lines"] == [1, 0, 2]
    assert block["len"] == [1, 4, 4]


def test_running_differences_add_up_to_the_grid_numbers() -> None:
    line = shapely.LineString([(979_789_414 * GRID, 5 * GRID), (979_789_400 * GRID, 9 * GRID)])
    lines = pack.lines_of(np.array([line]), shift=0)
    block = pack.flat(lines, shift=0)
    summed = np.cumsum([block["x"], block["y"]], axis=1).T + block["origin"]
    assert summed.tolist() == [[979_789_414, 5], [979_789_400, 9]]


def test_nothing_gives_an_empty_block() -> None:
    block = pack.flat(pack.lines_of(np.array([], dtype=object)), shift=3, geometries=0)
    assert block == {"shift": 3, "origin": [0, 0], "len": [], "x": [], "y": [], "lines": []}


@pytest.mark.parametrize(
    "text", ["</script>", "<!--", "a&b", "\u2028\u2029", "{{7*7}}", '"\\', "\ud800"]
)
def test_text_survives_as_json_that_cannot_leave_its_block(text: str) -> None:
    body = pack.dumps({"name": text})
    assert not set("<>&\u2028\u2029") & set(body)
    assert json.loads(body)["name"] == text.replace("\ud800", "\ufffd")


def test_deflated_text_comes_back() -> None:
    body = pack.deflated("网格" * 100)
    assert zlib.decompress(base64.b64decode(body)).decode() == "网格" * 100
    assert len(body) < 100


def test_words_are_sent_once() -> None:
    assert pack.words(["a", "", "a"]) == {"words": ["a", ""], "at": [0, 1, 0]}


def test_missing_numbers_are_nought() -> None:
    assert pack.integers([1.0, float("nan"), 2.6]) == [1, 0, 3]
