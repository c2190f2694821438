"""Spanning trees against Kruskal's algorithm in plain Python, under the same lengths."""

import numba
import numpy as np
import pytest

from geo.grid.division.model import Ints, Keys
from geo.grid.division.net import Net
from geo.grid.division.spanning import Edges, Room, Tree, edges_among, grown, mark_below, room_for
from tests.geo.grid.division.test_trees import net_of, random_net


@numba.njit
def tree_of(net: Net, nodes: Ints, state: Keys, cut: int) -> tuple[bool, Edges, Tree, Room, Ints]:
    local = np.full(len(net.weight), -1, np.int64)
    for i in range(len(nodes)):
        local[nodes[i]] = i
    edges = edges_among(net, nodes, local)
    tree, room = room_for(edges)
    whole, below = grown(edges, state, tree, room), np.ones(len(nodes), np.bool_)
    if whole:
        mark_below(tree, cut, below)
    return whole, edges, tree, room, below


def least_tree(edges: Edges, length: np.ndarray, count: int) -> set[tuple[int, int]]:
    group, taken = list(range(count)), set()
    for e in np.argsort(length):
        a, b = int(edges.a[e]), int(edges.b[e])
        if group[a] != group[b]:
            group = [group[b] if g == group[a] else g for g in group]
            taken.add((a, b))
    return taken


@pytest.mark.parametrize("seed", range(20))
def test_a_tree_is_the_least_under_its_lengths(seed: int) -> None:
    net, _ = random_net(seed)
    nodes = np.arange(9)

    whole, edges, tree, room, _ = tree_of(net, nodes, np.array([seed], np.uint64), 0)

    links = {(min(v, tree.up[v]), max(v, tree.up[v])) for v in range(1, 9)}
    place = np.argsort(tree.order)
    assert whole and links == least_tree(edges, room.length, 9)
    assert sorted(tree.order.tolist()) == list(range(9))
    assert all(place[tree.up[v]] < place[v] for v in range(1, 9))


def test_what_hangs_below_a_node_is_marked() -> None:
    chain = net_of(5, [(i, i + 1, 1.0) for i in range(4)], [1.0] * 5)

    *_, below = tree_of(chain, np.arange(5), np.array([3], np.uint64), 2)

    assert below.tolist() == [False, False, True, True, True]


def test_nodes_apart_have_no_tree_and_others_do_not_count() -> None:
    chain = net_of(5, [(i, i + 1, 1.0) for i in range(4)], [1.0] * 5)

    assert not tree_of(chain, np.array([0, 1, 3, 4]), np.array([3], np.uint64), 0)[0]
    assert tree_of(chain, np.array([2, 3, 4]), np.array([3], np.uint64), 0)[0]
