"""The shifted datums: published points, an independent scalar version, and identities."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.crs import offsets
from tests.geo.crs import published

# 1e-6 m is 9e-12 degrees of latitude, and more of longitude.
MICROMETRE = 9e-12
# Land and sea of China, with a margin.
lon = st.floats(73.0, 136.0)
lat = st.floats(3.0, 54.0)
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271

There = Callable[[list[list[float]]], np.ndarray]
PAIRS: list[tuple[There, There]] = [
    (offsets.wgs84_to_gcj02, offsets.gcj02_to_wgs84),
    (offsets.wgs84_to_bd09, offsets.bd09_to_wgs84),
    (offsets.gcj02_to_bd09, offsets.bd09_to_gcj02),
]


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Shanghai, Shenzhen, Beijing: the tests of eviltransform (MIT), to its 5 decimals.
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        # The tests of gcoord (MIT), to its 5 decimals.
        ((122.99395597, 44.99804071), (123.0, 45.0)),
        # Tian'anmen, as coord-convert and gcoord print it.
        ((116.3912757, 39.9072211), (116.3975186, 39.9086246)),
    ],
)
def test_published_points_of_gcj02_are_met(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    assert np.abs(offsets.wgs84_to_gcj02([wgs84]) - gcj02).max() < 1e-5
    assert np.abs(offsets.gcj02_to_wgs84([gcj02]) - wgs84).max() < 1e-5


def test_published_points_of_bd09_are_met() -> None:
    # The tests of gcoord (MIT), to its 5 decimals; the last one goes to WGS-84.
    assert np.abs(offsets.gcj02_to_bd09([[123, 45]]) - [123.00636499, 45.00636899]).max() < 1e-5
    assert np.abs(offsets.bd09_to_gcj02([[123, 45]]) - [122.99363304, 44.99365430]).max() < 1e-5
    assert np.abs(offsets.bd09_to_wgs84([[123, 45]]) - [122.98762210, 44.99171540]).max() < 1e-5


@given(lon, lat)
@example(105.0, 35.0)
@example(105.0 + 1e-12, 35.0)
def test_an_independent_scalar_version_says_the_same(x: float, y: float) -> None:
    gcj02, bd09 = offsets.wgs84_to_gcj02([[x, y]])[0], offsets.wgs84_to_bd09([[x, y]])[0]

    assert np.abs(gcj02 - published.gcj02(x, y)).max() < 1e-12
    assert np.abs(bd09 - published.bd09(x, y)).max() < 1e-12


@given(st.floats(73.0, 136.0).filter(lambda x: abs(x - 105.0) > 0.1), lat)
def test_newtons_method_finds_the_same_inverse(x: float, y: float) -> None:
    wgs84 = offsets.gcj02_to_wgs84([[x, y]])[0]

    assert np.abs(wgs84 - published.undone(published.gcj02, x, y)).max() < MICROMETRE


def test_the_shift_at_huaibei_is_what_its_outline_shows() -> None:
    # The notes of the outline: +498 m east, -159 m north at Huaibei.
    shift = offsets.wgs84_to_gcj02([[116.8, 33.95]]) - [[116.8, 33.95]]
    metres = shift * [111_320 * np.cos(np.radians(33.95)), 110_950]

    assert np.abs(metres - [[498, -159]]).max() < 20


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(x=lon, y=lat)
@example(x=105.0, y=35.0)
@example(x=105.0 - 1e-13, y=20.0)
def test_there_and_back_closes_within_a_micrometre(
    there: There, back: There, x: float, y: float
) -> None:
    assert np.abs(back(there([[x, y]])) - [[x, y]]).max() < MICROMETRE


@pytest.mark.parametrize(("there", "back"), PAIRS)
def test_points_all_over_china_close_within_a_micrometre(there: There, back: There) -> None:
    random = np.random.default_rng(20261122)
    points = np.column_stack([random.uniform(73, 136, 100_000), random.uniform(3, 54, 100_000)])

    assert np.abs(back(there(points)) - points).max() < MICROMETRE


def test_an_array_is_the_points_one_by_one() -> None:
    # More than a block, so that the seams are seen.
    random = np.random.default_rng(7)
    points = np.column_stack([random.uniform(60, 150, 9000), random.uniform(-5, 60, 9000)])
    some = [0, 1, 4095, 4096, 4097, 8191, 8192, 8999]

    whole = offsets.gcj02_to_wgs84(points)[some]

    single = np.vstack([offsets.gcj02_to_wgs84(points[i : i + 1]) for i in some])
    assert np.abs(whole - single).max() < MICROMETRE


@pytest.mark.parametrize("move", [f for pair in PAIRS for f in pair])
@pytest.mark.parametrize(
    "point",
    [[26.93, 60.51], [0.0, 0.0], [-116.8, -33.95], [116.8, -33.95], [180.0, 90.0], [71.8, 30.0]],
)
def test_nothing_is_shifted_outside_china(move: There, point: list[float]) -> None:
    assert move([point]).tolist() == [point]


@pytest.mark.parametrize("move", [f for pair in PAIRS for f in pair])
def test_nan_and_infinity_come_back_beside_points_that_are_moved(move: There) -> None:
    points = [[np.nan, np.nan], [116.8, np.nan], [np.inf, 33.95], [116.8, 33.95], [-np.inf, 0.0]]

    moved = move(points)

    assert np.array_equal(moved[[0, 1, 2, 4]], np.array(points)[[0, 1, 2, 4]], equal_nan=True)
    assert np.abs(moved[3] - points[3]).max() > 0.001


@pytest.mark.parametrize("move", [f for pair in PAIRS for f in pair])
def test_no_points_are_no_points(move: There) -> None:
    assert move(np.empty((0, 2))).shape == (0, 2)  # type: ignore[arg-type]


def test_what_is_given_is_not_changed() -> None:
    points = np.array([[116.8, 33.95]])

    offsets.gcj02_to_wgs84(points)

    assert points.tolist() == [[116.8, 33.95]]


@pytest.mark.parametrize(
    ("edge", "beyond"),
    [
        ([WEST, 30.0], [np.nextafter(WEST, 0), 30.0]),
        ([EAST, 30.0], [np.nextafter(EAST, 180), 30.0]),
        ([110.0, SOUTH], [110.0, np.nextafter(SOUTH, 0)]),
        ([110.0, NORTH], [110.0, np.nextafter(NORTH, 90)]),
    ],
)
def test_the_edge_is_shifted_and_the_next_number_is_not(
    edge: list[float], beyond: list[float]
) -> None:
    assert np.abs(offsets.wgs84_to_gcj02([edge]) - edge).max() > 1e-3
    assert offsets.wgs84_to_gcj02([beyond]).tolist() == [beyond]


@pytest.mark.parametrize(("there", "back"), PAIRS[:2])
@given(t=st.floats(0.0, 1.0), side=st.integers(0, 3))
def test_the_edge_itself_closes(there: There, back: There, t: float, side: int) -> None:
    x, y = WEST + t * (EAST - WEST), SOUTH + t * (NORTH - SOUTH)
    point = [[WEST, y], [EAST, y], [x, SOUTH], [x, NORTH]][side]

    assert np.abs(back(there([point])) - [point]).max() < MICROMETRE


def test_a_point_just_outside_that_a_shifted_one_lands_on_is_taken_for_the_shifted_one() -> None:
    # At 137.8347 E, 30 N points move east, out of the box: their images lie beside unshifted ones.
    inside = np.array([[EAST - 1e-4, 30.0]])
    image = offsets.wgs84_to_gcj02(inside)

    assert image[0, 0] > EAST
    assert np.abs(offsets.gcj02_to_wgs84(image) - inside).max() < MICROMETRE
    assert (offsets.wgs84_to_gcj02(image) == image).all()  # as WGS-84 it lies outside
