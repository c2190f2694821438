"""A graph of units as kernels see it, and how its cuts are judged."""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import bare, inner
from geo.grid.division.model import Floats, Ints, Keys

EPS = 1e-9


class Net(NamedTuple):
    """Units and their borders in rows: those of unit u stand at starts[u] to starts[u + 1].

    ``home`` is the cell a unit comes from, -1 for none, ``mass`` what it costs to move it, metres;
    ``key`` follows from the place of a unit. The rest as in ``geo.grid.division.graph.Graph``.
    """

    starts: Ints
    ends: Ints
    cost: Floats
    pull: Floats
    weight: Floats
    home: Ints
    mass: Floats
    key: Keys


class Bounds(NamedTuple):
    """Bounds of a cell, what imbalance costs (metres to a share of one), trees drawn for a cut."""

    low: float
    high: float
    level: float
    trees: int


@bare
def draw(state: Keys) -> float:
    """Return the next number of a stream in (0, 1); ``state`` is (1,) (splitmix64)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@bare
def miss(total: float, parts: int, bounds: Bounds) -> float:
    """Return by how much a total misses what so many parts may hold."""
    return max(0.0, bounds.low * parts - total, total - bounds.high * parts)


@bare
def weight_of(net: Net, nodes: Ints) -> float:
    """Return what nodes weigh together."""
    total = 0.0
    for node in nodes:
        total += net.weight[node]
    return total


@inner
def connected(net: Net, nodes: Ints, local: Ints) -> bool:
    """Return whether nodes hang together: cells beside one another may part while others are cut.

    ``local`` is an array of -1 for all units, and is left so.
    """
    for i in range(len(nodes)):
        local[nodes[i]] = i
    stack = np.empty(len(nodes) + 1, np.int64)
    stack[0] = nodes[0]
    local[nodes[0]] = -1
    size, reached = 1, 1
    while size > 0:
        size -= 1
        node = stack[size]
        for e in range(net.starts[node], net.starts[node + 1]):
            if local[net.ends[e]] >= 0:
                local[net.ends[e]] = -1
                stack[size] = net.ends[e]
                size += 1
                reached += 1
    for i in range(len(nodes)):
        local[nodes[i]] = -1
    return reached == len(nodes)


@inner
def judged(
    net: Net, bounds: Bounds, nodes: Ints, part: Ints, parts: int, local: Ints
) -> tuple[int, float, float]:
    """Return missed cells, by how much, and the price of a division of nodes, metres.

    The price is what borders cost, imbalance, and what is moved from home.
    """
    total = np.zeros(parts, np.float64)
    for i in range(len(nodes)):
        local[nodes[i]] = part[i]
        total[part[i]] += net.weight[nodes[i]]
    price = moved(net, nodes, part, parts)
    for i in range(len(nodes)):
        for e in range(net.starts[nodes[i]], net.starts[nodes[i] + 1]):
            if local[net.ends[e]] > part[i]:
                price += net.cost[e]
    missed, off = 0, 0.0
    middle = (bounds.low + bounds.high) / 2.0
    for p in range(parts):
        by = miss(total[p], 1, bounds)
        if by > EPS:
            missed += 1
            off += by
        price += bounds.level * abs(total[p] - middle) / middle * 0.5
    for i in range(len(nodes)):
        local[nodes[i]] = -1
    return missed, off, price


@inner
def moved(net: Net, nodes: Ints, part: Ints, parts: int) -> float:
    """Return the mass away from home: each home keeps one part, each part is one home's."""
    away = 0.0
    for node in nodes:
        if net.home[node] >= 0:
            away += net.mass[node]
    if away == 0.0:
        return 0.0
    homes = np.unique(net.home[nodes])
    held = np.zeros((len(homes), parts), np.float64)
    for i in range(len(nodes)):
        if net.home[nodes[i]] >= 0:
            held[np.searchsorted(homes, net.home[nodes[i]]), part[i]] += net.mass[nodes[i]]
    while True:
        at = np.argmax(held)
        h, p = at // parts, at % parts
        if held[h, p] <= 0.0:
            return away
        away -= held[h, p]
        held[h, :] = 0.0
        held[:, p] = 0.0
