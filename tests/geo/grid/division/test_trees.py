"""Cuts against all cuts of tiny graphs, found by trying every subset."""

from itertools import combinations

import numpy as np
import pytest

from geo.grid.division import sweeps, trees
from geo.grid.division.net import Bounds, Net

LEVEL = 0.0


def net_of(count: int, edges: list[tuple[int, int, float]], weight: list[float]) -> Net:
    both = sorted([(a, b, c) for a, b, c in edges] + [(b, a, c) for a, b, c in edges])
    tails = np.array([a for a, _, _ in both])
    starts = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))])
    cost = np.array([c for _, _, c in both])
    return Net(
        starts.astype(np.int64),
        np.array([b for _, b, _ in both], dtype=np.int64),
        cost,
        np.ones(len(both)),
        np.array(weight, dtype=np.float64),
        np.full(count, -1, dtype=np.int64),
        np.zeros(count),
        np.arange(1, count + 1, dtype=np.uint64),
    )


def random_net(seed: int) -> tuple[Net, list[tuple[int, int, float]]]:
    """A grid of 3 × 3 with random costs and weights."""
    rng = np.random.default_rng(seed)
    edges = []
    for y in range(3):
        for x in range(3):
            here = 3 * y + x
            edges += [(here, here + 1, float(rng.integers(1, 20)))] if x < 2 else []
            edges += [(here, here + 3, float(rng.integers(1, 20)))] if y < 2 else []
    return net_of(9, edges, rng.integers(0, 9, 9).astype(float).tolist()), edges


def hangs(nodes: set[int], edges: list[tuple[int, int, float]]) -> bool:
    reached, todo = set(), [min(nodes)]
    while todo:
        node = todo.pop()
        reached.add(node)
        for a, b, _ in edges:
            other = b if a == node else a if b == node else -1
            if other in nodes and other not in reached:
                todo.append(other)
    return reached == nodes


def all_cuts(net: Net, edges: list[tuple[int, int, float]], bounds: Bounds) -> list[float]:
    """Cost of every cut into two connected parts within the bounds."""
    found = []
    for size in range(1, 9):
        for some in combinations(range(9), size):
            side = set(some)
            rest = set(range(9)) - side
            totals = [net.weight[sorted(part)].sum() for part in (side, rest)]
            fits = all(bounds.low <= total <= bounds.high for total in totals)
            if fits and hangs(side, edges) and hangs(rest, edges):
                found.append(sum(c for a, b, c in edges if (a in side) != (b in side)))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_a_cut_in_two_is_the_cheapest_there_is(seed: int) -> None:
    net, edges = random_net(seed)
    total = float(net.weight.sum())
    bounds = Bounds(0.35 * total, 0.65 * total, LEVEL, 400)
    expected = all_cuts(net, edges, bounds)

    part = trees.seeded(net, bounds, np.arange(9), 2, seed)

    cost = sum(c for a, b, c in edges if part[a] != part[b])
    totals = np.bincount(part, net.weight)
    assert expected
    assert ((totals >= bounds.low) & (totals <= bounds.high)).all()
    assert cost == min(expected)


def test_a_graph_in_two_pieces_is_not_divided_across() -> None:
    net = net_of(4, [(0, 1, 1.0), (2, 3, 1.0)], [1.0, 1.0, 1.0, 1.0])

    assert trees.seeded(net, Bounds(1.0, 3.0, LEVEL, 5), np.arange(4), 2, 1).tolist() == [-1] * 4


def test_parts_hang_together_and_are_as_many_as_asked_for() -> None:
    net, edges = random_net(5)
    bounds = Bounds(0.0, 100.0, LEVEL, 20)

    part = trees.seeded(net, bounds, np.arange(9), 4, 9)

    assert sorted(set(part.tolist())) == [0, 1, 2, 3]
    assert all(hangs({i for i in range(9) if part[i] == p}, edges) for p in range(4))


def test_a_cell_that_is_too_small_takes_from_its_neighbour() -> None:
    chain = [(i, i + 1, 1.0) for i in range(5)]
    net = net_of(6, chain, [10.0] * 6)
    cell = np.array([0, 1, 1, 1, 1, 1])

    sweeps.repaired(net, Bounds(30.0, 50.0, LEVEL, 10), cell, np.zeros(4, bool), 1, 0, 4)

    assert np.bincount(cell, net.weight)[np.unique(cell)].tolist() == [30.0, 30.0]


def test_locked_cells_give_and_take_nothing() -> None:
    chain = [(i, i + 1, 1.0) for i in range(5)]
    net = net_of(6, chain, [10.0] * 6)
    cell = np.array([0, 1, 1, 1, 1, 1])

    sweeps.repaired(
        net, Bounds(30.0, 50.0, LEVEL, 10), cell, np.array([False, True, False]), 1, 0, 4
    )

    assert cell.tolist() == [0, 1, 1, 1, 1, 1]


def test_two_cells_are_not_joined_once_a_third_has_come_between_them() -> None:
    net = net_of(3, [(0, 1, 1.0), (1, 2, 1.0)], [10.0, 40.0, 20.0])
    cell = np.array([0, 1, 2])

    sweeps.repaired(net, Bounds(30.0, 50.0, LEVEL, 10), cell, np.zeros(5, bool), 1, 0, 4)

    assert not (cell[0] == cell[2] != cell[1])
