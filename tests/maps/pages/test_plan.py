"""The plan below the sign-in: borders only, each once, in whole units."""

import numpy as np
import shapely

from maps.pages.plan import SIDE, plan

ON_EQUATOR = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]


def shapes(*given: shapely.Geometry | None) -> np.ndarray:
    return np.array(given, dtype=object)


def test_borders_are_drawn_once_in_the_frame_of_the_drawing() -> None:
    svg = plan([shapes(*ON_EQUATOR)])
    d = svg.split(' d="')[1].split('"')[0]

    # Two squares side by side: an outline of four corners and one border between them.
    assert d.count("M") == 3
    numbers = [int(number) for number in d.replace("M", " ").replace("L", " ").split()]
    assert (min(numbers), max(numbers)) == (0, SIDE)
    assert f'viewBox="0 0 {SIDE} {SIDE // 2}"' in svg


def test_each_level_is_a_path_of_its_own() -> None:
    svg = plan([shapes(shapely.box(0, 0, 2, 1)), shapes(*ON_EQUATOR)])

    assert svg.count("<path") == 2
    assert svg.index("level-0") < svg.index("level-1")


def test_cells_without_a_shape_draw_nothing() -> None:
    assert plan([shapes(None, shapely.Polygon())]) == ""
    assert plan([]) == ""
