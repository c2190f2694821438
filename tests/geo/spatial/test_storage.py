"""The storage grid: exact in binary, stable under text and WKB."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.spatial.storage import from_grid, snap, to_grid

numbers = st.tuples(st.integers(-180 * 2**23, 180 * 2**23), st.integers(-90 * 2**23, 90 * 2**23))


@given(numbers)
def test_a_grid_number_survives_degrees(n: tuple[int, int]) -> None:
    assert to_grid(from_grid([n])).tolist() == [list(n)]


@given(numbers)
def test_a_grid_number_survives_seven_decimals(n: tuple[int, int]) -> None:
    text = [float(f"{value:.7f}") for value in from_grid([n])[0]]

    assert to_grid([text]).tolist() == [list(n)]


@given(numbers)
def test_a_grid_point_survives_wkb_bit_for_bit(n: tuple[int, int]) -> None:
    point = shapely.Point(from_grid([n])[0])

    back = shapely.from_wkb(shapely.to_wkb(point))

    assert (shapely.get_coordinates(back) == shapely.get_coordinates(point)).all()


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_moves_by_half_a_step_at_most(x: float, y: float) -> None:
    assert np.abs(snap([[x, y]]) - [[x, y]]).max() <= 2.0**-24
