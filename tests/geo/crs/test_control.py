"""Grids tied by control points: a textbook's example, an independent solver, and identities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs.control import ControlRefused, Fit, fitted, outlier, tied
from geo.crs.local import Helmert
from geo.crs.systems import System
from geo.crs.transform import from_storage, to_storage, to_wgs84

# Points around Huaibei, WGS-84.
KNOWN = np.array(
    [[116.70, 33.90], [116.90, 33.90], [116.90, 34.02], [116.70, 34.02], [116.81, 33.95]]
)
PLANE = from_storage(KNOWN, "EPSG:4548")
# A city's grid, turned by 1.5° and 40 ppm too large, its origin near the town.
TURNED = fitted(
    np.array([[0.0, 0.0], [1000.0, 0.0]]),
    np.array([[480e3, 3750e3], [480e3 + 999.64 * np.cos(0.02618), 3750e3 + 999.64 * 0.026177]]),
)
GRID = TURNED.inverse(PLANE)


def refusal(*given: object, **options: object) -> ControlRefused:
    with pytest.raises(ControlRefused) as refused:
        tied(*given, **options)  # type: ignore[arg-type]
    return refused.value


def test_the_textbook_example_is_met() -> None:
    # Ghilani and Wolf, Adjustment Computations, example 18.1, with its parameters and residuals.
    points = np.array([[121.622, -128.066], [141.228, 187.718], [175.802, 135.728]])
    there = np.array([[1049422.40, 51089.20], [1049413.95, 49659.30], [1049244.95, 49884.95]])

    found = fitted(points, there)

    assert (round(found.a, 5), round(found.b, 5)) == (-4.51249, -0.25371)
    assert np.abs(found([[0.0, 0.0]]) - [[1050003.715, 50542.131]]).max() < 0.001
    left = found(points) - there
    assert np.abs(left - [[0.004, -0.029], [0.101, -0.077], [-0.105, 0.106]]).max() < 0.0006


@given(st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_points_go_where_a_general_least_squares_solver_puts_them(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.uniform(-1e4, 1e4, (n, 2))
    there = TURNED(points) - [480e3, 3750e3] + random.normal(0, 1, (n, 2))
    x, y, one, none = points[:, 0], points[:, 1], np.ones(n), np.zeros(n)
    rows = np.block([[np.array([x, -y, one, none]).T], [np.array([y, x, none, one]).T]])

    solution = np.linalg.lstsq(rows, there.T.reshape(-1), rcond=None)[0]

    # Parameters of points that happen to lie together are loose; where they put the points is not.
    assert np.abs(fitted(points, there)(points) - (rows @ solution).reshape(2, n).T).max() < 1e-5


def test_two_points_are_met_exactly_and_check_nothing() -> None:
    found = tied(GRID[:2], PLANE[:2], "EPSG:4548")

    assert np.abs(found.grid.to_wgs84(GRID) - KNOWN).max() < 1e-9
    assert (found.checked, found.outlier) == (False, None)
    assert found.rms_m < 1e-6


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:4527", "EPSG:4509"])
def test_in_the_plane_it_was_made_in_a_grid_is_found_again(crs: str) -> None:
    found = tied(GRID, from_storage(KNOWN, crs), crs)

    assert found.grid.helmert.scale == pytest.approx(TURNED.scale, abs=1e-9)
    assert found.grid.helmert.turn_deg == pytest.approx(TURNED.turn_deg, abs=1e-7)
    assert found.rms_m < 1e-6
    assert np.abs(found.grid.to_wgs84(GRID) - KNOWN).max() < 1e-11


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4979"])
def test_known_in_degrees_a_grid_is_found_within_what_a_plane_allows(crs: str) -> None:
    # 22 x 13 km: scale differs by (11 km / 6371 km)² / 2 = 1.5 ppm from middle to edge, 2 cm.
    found = tied(GRID, from_storage(KNOWN, crs) if crs != "EPSG:4979" else KNOWN, crs)

    assert found.rms_m < 0.05
    assert np.abs(found.grid.to_wgs84(GRID) - KNOWN).max() < 1e-6


@settings(deadline=None)
@given(
    x=st.floats(-2e4, 2e4), y=st.floats(-2e4, 2e4), turn=st.floats(-3.1, 3.1),
    scale=st.floats(0.996, 1.004),
)  # fmt: skip
def test_there_and_back_closes_within_a_micrometre(
    x: float, y: float, turn: float, scale: float
) -> None:
    helmert = Helmert(scale * np.cos(turn), scale * np.sin(turn), 5e3, 7e3, 480e3, 3.75e6)
    point = np.array([[x, y]])

    assert np.abs(helmert.inverse(helmert(point)) - point).max() < 1e-6


def test_a_grid_is_a_system_like_any_other() -> None:
    grid = tied(GRID, PLANE, "EPSG:4548").grid
    known = System(grid.name, None, None, grid)

    assert np.abs(to_wgs84(GRID, known) - KNOWN).max() < 1e-11
    assert np.abs(from_storage(KNOWN, known) - GRID).max() < 1e-6
    assert (to_storage(from_storage(to_storage(KNOWN, "wgs84"), known), known)
            == to_storage(KNOWN, "wgs84")).all()  # fmt: skip


def test_the_same_parameters_have_the_same_name() -> None:
    one = tied(GRID, PLANE, "EPSG:4548").grid
    same = tied(GRID[::-1], PLANE[::-1], "EPSG:4548").grid
    other = tied(np.add(GRID, [1.0, 0.0]), PLANE, "EPSG:4548").grid

    assert one.name == same.name
    assert one.name.startswith("local:")
    assert other.name != one.name


def test_residuals_are_told_point_by_point() -> None:
    # Four corners of a square and its middle 10 cm off to the east: the shift takes a fifth.
    square = np.array([[0, 0], [1000, 0], [1000, 1000], [0, 1000], [500, 500]], dtype=float)
    off = np.add(square, [480e3, 3750e3])
    off[4] += [0.1, 0.0]

    found = tied(square, off, "EPSG:4548")

    assert np.abs(found.residuals - [*[[0.02, 0.0]] * 4, [-0.08, 0.0]]).max() < 1e-6
    assert found.rms_m == pytest.approx(np.sqrt((4 * 0.02**2 + 0.08**2) / 5), abs=1e-6)


def test_a_false_point_among_good_ones_is_named() -> None:
    noise = np.random.default_rng(3).normal(0, 0.02, PLANE.shape)
    there = PLANE + noise
    there[2] += [1.5, -2.0]

    found = tied(GRID, there, "EPSG:4548")

    assert found.outlier == 2


@pytest.mark.parametrize("count", [4, 5])
def test_good_points_are_called_false_once_in_a_hundred_at_most(count: int) -> None:
    # The level of the test is 1 %; of 1,000 draws more than 22 are a matter of 1 in 5,000.
    random = np.random.default_rng(count)
    draws = (random.normal(0, 0.3, (count, 2)) for _ in range(1000))

    called = sum(outlier(GRID[:count], PLANE[:count] + noise) is not None for noise in draws)

    assert called <= 22


def test_three_points_cannot_tell_which_is_false() -> None:
    there = np.add(PLANE[:3], [[0, 0], [0, 0], [3.0, 0]])

    found = tied(GRID[:3], there, "EPSG:4548")

    assert (found.outlier, found.checked) == (None, True)
    assert found.rms_m > 0.5


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_points_are_refused(count: int) -> None:
    assert refusal(GRID[:count], PLANE[:count], "EPSG:4548").facts["why"] == "too_few"


def test_points_in_one_place_are_refused() -> None:
    there = np.repeat(PLANE[:1], 3, axis=0)

    assert refusal(GRID[:3], there, "EPSG:4548").facts["why"] == "too_close"
    assert refusal(np.repeat(GRID[:1], 3, axis=0), PLANE[:3], "EPSG:4548").facts["why"] == (
        "too_close"
    )


@pytest.mark.parametrize("count", [2, 3, 5])
def test_swapped_axes_of_the_grid_are_called_swapped(count: int) -> None:
    assert refusal(GRID[:count, ::-1], PLANE[:count], "EPSG:4548").facts["why"] == "swapped"


def test_feet_are_not_taken_for_metres() -> None:
    error = refusal(GRID / 0.3048, PLANE, "EPSG:4548")

    assert (error.facts["why"], error.facts["scale"]) == ("scale", pytest.approx(0.3048, rel=1e-3))


def test_points_that_contradict_each_other_are_refused_unless_forced() -> None:
    there = np.add(PLANE, [[0, 0], [40.0, 0], [0, 0], [0, -30.0], [0, 0]])

    error = refusal(GRID, there, "EPSG:4548", names=list("ABCDE"))

    assert error.facts["why"] == "disagree"
    assert error.message("zh").count(" m") == 5
    assert isinstance(tied(GRID, there, "EPSG:4548", force=True), Fit)


def test_the_refusal_says_why_in_both_languages() -> None:
    error = refusal(GRID[:1], PLANE[:1], "EPSG:4548")

    assert "至少要 2 个" in error.message("zh")
    assert "at least 2" in error.message("en")
