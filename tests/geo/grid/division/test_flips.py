"""Units moved one by one: bounds, connectedness and locked cells hold, and plans get better."""

import numpy as np
import pytest

from geo.grid.division import flips
from geo.grid.division.net import Bounds
from tests.geo.grid.division.test_trees import hangs

SIDE = 6
STREET_X = 3  # a street runs along the west of this column
HOT = 40.0 * np.linspace(1.0, 0.0, 80)


def chessboard(weights: np.ndarray) -> tuple[flips.Land, list[tuple[int, int, float]]]:
    """Squares of 10 m by 10 m, one street from south to north through the middle."""
    edges = []
    for at in range(SIDE * SIDE):
        x = at % SIDE
        if x < SIDE - 1:
            edges.append((at, at + 1, -10.0 if x + 1 == STREET_X else 10.0))
        if at + SIDE < SIDE * SIDE:
            edges.append((at, at + SIDE, 10.0))
    both = sorted(edges + [(b, a, c) for a, b, c in edges])
    tails = np.array([a for a, _, _ in both])
    count = SIDE * SIDE
    return flips.Land(
        np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))]).astype(np.int64),
        np.array([b for _, b, _ in both], dtype=np.int64),
        np.full(len(both), 10.0),
        np.array([c for _, _, c in both]),
        weights,
        np.full(count, 100.0),
        np.full(count, 40.0),
        np.arange(1, count + 1, dtype=np.uint64),
    ), edges


def columns(*cells: int) -> np.ndarray:
    return np.tile(np.array(cells, dtype=np.int64), SIDE)


def test_a_border_beside_a_street_moves_onto_it() -> None:
    land, _ = chessboard(np.ones(SIDE * SIDE))
    cell = columns(0, 0, 1, 1, 1, 1)

    flips.flipped(land, Bounds(10.0, 26.0, 0.0, 0), cell, np.zeros(2, bool), 100.0, HOT)

    assert cell.tolist() == columns(0, 0, 0, 1, 1, 1).tolist()


def test_a_border_stays_where_bounds_leave_no_room() -> None:
    land, _ = chessboard(np.ones(SIDE * SIDE))
    cell = columns(0, 0, 1, 1, 1, 1)

    flips.flipped(land, Bounds(12.0, 24.0, 0.0, 0), cell, np.zeros(2, bool), 100.0, np.zeros(9))

    assert np.bincount(cell).tolist() == [12, 24]


def test_a_locked_cell_gives_and_takes_nothing() -> None:
    land, _ = chessboard(np.ones(SIDE * SIDE))
    cell = columns(0, 0, 1, 1, 2, 2)

    flips.flipped(land, Bounds(6.0, 30.0, 0.0, 0), cell, np.array([False, True, False]), 100.0, HOT)

    assert (
        np.flatnonzero(cell == 1).tolist()
        == np.flatnonzero(columns(0, 0, 1, 1, 2, 2) == 1).tolist()
    )


@pytest.mark.parametrize("seed", range(8))
def test_cells_stay_whole_and_within_their_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    land, edges = chessboard(rng.integers(0, 9, SIDE * SIDE).astype(np.float64))
    cell = columns(0, 0, 1, 1, 2, 2)
    before = np.bincount(cell, land.weight)
    bounds = Bounds(float(before.min()), float(before.max()), 0.0, 0)

    moves = flips.flipped(land, bounds, cell, np.zeros(3, bool), 50.0, HOT)

    after = np.bincount(cell, land.weight, minlength=3)
    assert moves > 0
    assert (after >= bounds.low).all()
    assert (after <= bounds.high).all()
    assert all(hangs(set(np.flatnonzero(cell == c).tolist()), edges) for c in range(3))


def test_a_cell_that_misses_its_bounds_never_misses_by_more() -> None:
    land, _ = chessboard(np.ones(SIDE * SIDE))
    cell = columns(0, 1, 1, 1, 1, 1)

    flips.flipped(land, Bounds(12.0, 24.0, 0.0, 0), cell, np.zeros(2, bool), 0.0, HOT)

    assert 6 <= np.bincount(cell)[0] <= 24
