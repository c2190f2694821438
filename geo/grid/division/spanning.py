"""Random spanning trees of some units, grown from the first of them. All is compiled.

Source: R. Prim, Shortest connection networks and some generalizations, Bell System Technical
Journal 36.6 (1957), under random lengths of the edges.
"""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import bare, inner
from geo.grid.division.model import Bools, Floats, Ints, Keys
from geo.grid.division.net import Net, draw

_IN_TREE = -1.0  # shorter than any edge


class Edges(NamedTuple):
    """The edges among some nodes, in local numbers.

    ``at`` names them by node: those of node i stand at starts[i] to starts[i + 1].
    """

    a: Ints
    b: Ints
    cost: Floats
    pull: Floats
    starts: Ints
    at: Ints


class Tree(NamedTuple):
    """A spanning tree: the parent of each node, and all nodes, parents before their children."""

    up: Ints
    order: Ints


class Room(NamedTuple):
    """Room to grow trees in: lengths of edges, of the way to each node, and which come next."""

    length: Floats
    reach: Floats
    front: Ints


@inner
def edges_among(net: Net, nodes: Ints, local: Ints) -> Edges:
    """Return the edges among nodes whose local numbers stand in ``local``."""
    starts = np.zeros(len(nodes) + 1, np.int64)
    for i in range(len(nodes)):
        starts[i + 1] = starts[i]
        for e in range(net.starts[nodes[i]], net.starts[nodes[i] + 1]):
            starts[i + 1] += int(local[net.ends[e]] >= 0)
    count, fill = starts[-1] // 2, starts.copy()
    a, b = np.empty(count, np.int64), np.empty(count, np.int64)
    cost, pull = np.empty(count, np.float64), np.empty(count, np.float64)
    at, size = np.empty(2 * count, np.int64), 0
    for i in range(len(nodes)):
        for e in range(net.starts[nodes[i]], net.starts[nodes[i] + 1]):
            j = local[net.ends[e]]
            if j > i:
                a[size], b[size], cost[size], pull[size] = i, j, net.cost[e], net.pull[e]
                at[fill[i]], at[fill[j]] = size, size
                fill[i], fill[j], size = fill[i] + 1, fill[j] + 1, size + 1
    return Edges(a, b, cost, pull, starts, at)


@inner
def room_for(edges: Edges) -> tuple[Tree, Room]:
    """Return room for one tree after another among some edges."""
    nodes = len(edges.starts) - 1
    tree = Tree(np.empty(nodes, np.int64), np.empty(nodes, np.int64))
    length, reach = np.empty(len(edges.a), np.float64), np.empty(nodes, np.float64)
    return tree, Room(length, reach, np.empty(nodes, np.int64))


@bare
def grown(edges: Edges, state: Keys, tree: Tree, room: Room) -> bool:
    """Draw a spanning tree; return whether there is one.

    The likelier an edge's place in it, the stronger its pull: the tree is the least one under
    exponential lengths.
    """
    length, reach, front = room.length, room.reach, room.front
    for e in range(len(length)):
        length[e] = -np.log(draw(state)) / edges.pull[e]
    reach[:] = np.inf
    tree.up[0], node, waiting = -1, 0, 0
    for size in range(len(reach)):
        tree.order[size], reach[node] = node, _IN_TREE
        for k in range(edges.starts[node], edges.starts[node + 1]):
            e = edges.at[k]
            other = edges.a[e] + edges.b[e] - node
            if length[e] < reach[other]:
                if reach[other] == np.inf:
                    front[waiting] = other
                    waiting += 1
                reach[other], tree.up[other] = length[e], node
        if waiting == 0:
            return size + 1 == len(reach)
        # A heap would be slower: of the few nodes that cells have, fewer still come next.
        nearest, least = 0, np.inf
        for k in range(waiting):
            if reach[front[k]] < least:
                nearest, least = k, reach[front[k]]
        node = front[nearest]
        waiting -= 1
        front[nearest] = front[waiting]
    return True


@bare
def mark_below(tree: Tree, node: int, below: Bools) -> None:
    """Mark a node and all that hang on it, and no others."""
    below[:] = False
    below[node] = True
    for k in range(1, len(below)):
        v = tree.order[k]
        below[v] |= below[tree.up[v]]
