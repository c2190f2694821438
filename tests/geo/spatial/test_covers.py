"""One owner for each point: on borders and corners, in holes, outside; against a plain loop."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.covers import first_covering
from tests.world import at, box

RING = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
CELLS = np.array([box(1, 1, 2, 2), RING, box(4, 0, 5, 4), box(0, 4, 5, 5)], dtype=object)

steps = st.integers(-2, 48).map(lambda n: n / 8)


def oracle(point: shapely.Point) -> int:
    return next((i for i, cell in enumerate(CELLS) if cell.covers(point)), -1)


def test_a_point_on_a_shared_border_goes_to_the_first() -> None:
    assert first_covering([at(4, 2), at(2, 1.5)], CELLS).tolist() == [1, 0]


def test_a_corner_of_three_goes_to_the_first() -> None:
    assert first_covering([at(4, 4)], CELLS).tolist() == [1]


def test_the_inside_of_a_hole_goes_to_what_fills_it() -> None:
    assert first_covering([at(1.5, 1.5)], CELLS).tolist() == [0]


def test_nothing_owns_the_outside_an_empty_point_or_none() -> None:
    assert first_covering([at(9, 9), shapely.Point(), None], CELLS).tolist() == [-1, -1, -1]


def test_no_polygon_owns_nothing() -> None:
    assert first_covering([at(0, 0)], np.array([], dtype=object)).tolist() == [-1]


@settings(max_examples=200, deadline=None)
@given(steps, steps)
def test_every_point_agrees_with_a_plain_loop(x: float, y: float) -> None:
    assert first_covering([at(x, y)], CELLS).tolist() == [oracle(at(x, y))]
