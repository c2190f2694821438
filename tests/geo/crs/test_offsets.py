"""The shifted datums: published points, and the identity of a round trip anywhere in China."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import offsets

METRE = 1e-5  # degrees, about

lon = st.floats(73.0, 135.0)
lat = st.floats(5.0, 53.0)


def test_published_points_are_met() -> None:
    # Tian'anmen, as the converters of coord-convert and gcoord print it (7 decimals).
    wgs84 = np.array([[116.3912757, 39.9072211]])
    gcj02 = offsets.wgs84_to_gcj02(wgs84)

    assert np.abs(gcj02 - [[116.3975186, 39.9086246]]).max() < METRE


def test_the_shift_at_huaibei_is_what_its_outline_shows() -> None:
    # The notes of the outline: +498 m east, -159 m north at Huaibei.
    shift = offsets.wgs84_to_gcj02([[116.8, 33.95]]) - [[116.8, 33.95]]
    metres = shift * [111_320 * np.cos(np.radians(33.95)), 110_950]

    assert np.abs(metres - [[498, -159]]).max() < 20


@given(lon, lat)
def test_gcj02_closes(x: float, y: float) -> None:
    point = np.array([[x, y]])

    back = offsets.gcj02_to_wgs84(offsets.wgs84_to_gcj02(point))

    assert np.abs(back - point).max() < 1e-11  # a micrometre


@given(lon, lat)
def test_bd09_closes(x: float, y: float) -> None:
    point = np.array([[x, y]])

    back = offsets.bd09_to_gcj02(offsets.gcj02_to_bd09(point))

    assert np.abs(back - point).max() < 1e-9


def test_nothing_is_shifted_outside_china() -> None:
    karhula = np.array([[26.93, 60.51]])

    assert (offsets.wgs84_to_gcj02(karhula) == karhula).all()
    assert (offsets.gcj02_to_wgs84(karhula) == karhula).all()
    assert (offsets.bd09_to_gcj02(karhula) == karhula).all()
