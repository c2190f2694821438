"""Cuts of a graph of units by random spanning trees: two parts, and by turns any number.

A spanning tree falls into two connected parts wherever one of its edges is cut. Each cut is judged
by how far the parts miss their bounds, then by what the border between them costs. All is compiled.

Source: GerryChain's recombination (D. DeFord, M. Duchin, J. Solomon, Recombination: a family of
Markov chains for redistricting, Harvard Data Science Review 3.1, 2021), with two bounds instead of
one target, and the cheapest cut of many trees instead of a random one.
"""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import bare, compiled, inner
from geo.grid.division.model import Bools, Floats, Ints, Keys
from geo.grid.division.net import EPS, Bounds, Net, miss, weight_of
from geo.grid.division.spanning import (
    Edges,
    Tree,
    edges_among,
    grown,
    mark_below,
    room_for,
)

_LARGE = 600  # units: a cut of so many is mended later anyway
_MIDDLE_FROM = 6  # parts: from here on both sides get at least a third


class Load(NamedTuple):
    """What nodes weigh, which of so many homes each comes from (-1: none), and its mass."""

    weight: Floats
    home: Ints
    mass: Floats
    homes: int


@inner
def load_of(net: Net, nodes: Ints) -> Load:
    """Return what nodes weigh and where they come from, homes numbered from 0."""
    mass = net.mass[nodes]
    home = np.full(len(nodes), -1, np.int64)
    if mass.sum() == 0.0:
        return Load(net.weight[nodes], home, mass, 0)
    names = np.unique(net.home[nodes])
    names = names[names >= 0]
    for i in range(len(nodes)):
        if net.home[nodes[i]] >= 0:
            home[i] = np.searchsorted(names, net.home[nodes[i]])
    return Load(net.weight[nodes], home, mass, len(names))


@bare
def border_cost(edges: Edges, below: Bools) -> float:
    """Return what the border between the nodes ``below`` and the others costs."""
    cost = 0.0
    for e in range(len(edges.a)):
        if below[edges.a[e]] != below[edges.b[e]]:
            cost += edges.cost[e]
    return cost


@inner
def homes_parted(load: Load, below: Bools) -> float:
    """Return the mass that leaves its home when the nodes ``below`` are cut off."""
    there, here = np.zeros(load.homes, np.float64), np.zeros(load.homes, np.float64)
    for i in range(len(below)):
        if load.home[i] >= 0 and below[i]:
            there[load.home[i]] += load.mass[i]
        elif load.home[i] >= 0:
            here[load.home[i]] += load.mass[i]
    return np.minimum(there, here).sum()


@bare
def parts_of(
    total: float, whole: float, size: int, count: int, parts: int, bounds: Bounds
) -> tuple[int, float]:
    """Return how many of the parts a subtree of that total should hold, and the miss of both sides.

    Neither side may hold more parts than units, ``size`` of ``count``; 0 parts: it cannot be.
    """
    best, least = 0, np.inf
    middle = int(np.round(total * parts / whole)) if whole > 0.0 else parts // 2
    for m in range(middle - 1, middle + 2):
        if 1 <= m < parts and m <= size and parts - m <= count - size:
            off = miss(total, m, bounds) + miss(whole - total, parts - m, bounds)
            # A cut far from the middle, only where there is no other.
            if parts > _MIDDLE_FROM and (3 * m < parts or 3 * m > 2 * parts):
                off += whole
            if off < least - EPS:
                best, least = m, off
    return best, least


@inner
def cuts_in(
    tree: Tree, load: Load, whole: float, parts: int, bounds: Bounds, most: float
) -> tuple[Ints, Ints, Floats, float]:
    """Return the nodes above which a tree is cut with the least miss, if that is no more than most.

    With them the parts below each, what stands below every node of the tree, and that miss.
    """
    count = len(load.weight)
    total, size = load.weight.copy(), np.ones(count, np.int64)
    for k in range(count - 1, 0, -1):
        v = tree.order[k]
        total[tree.up[v]] += total[v]
        size[tree.up[v]] += size[v]
    nodes, held = np.empty(count, np.int64), np.empty(count, np.int64)
    found, least = 0, most
    for k in range(1, count):
        v = tree.order[k]
        m, off = parts_of(total[v], whole, size[v], count, parts, bounds)
        if m == 0 or off >= least + EPS:
            continue
        if off < least - EPS:
            found, least = 0, off
        nodes[found], held[found] = v, m
        found += 1
    return nodes[:found], held[:found], total, least


@inner
def best_in(
    edges: Edges, tree: Tree, load: Load, whole: float, parts: int, bounds: Bounds, most: float
) -> tuple[int, int, float, float]:
    """Return the node above which a tree is cut best, the parts below, the miss and the price.

    -1 for none: each would miss its bounds by more than ``most``.
    """
    nodes, helds, total, least = cuts_in(tree, load, whole, parts, bounds, most)
    share, below = max(whole / parts, EPS), np.empty(len(total), np.bool_)
    node, held, cheapest = -1, 0, np.inf
    for v, m in zip(nodes, helds):  # noqa: B905 (compiled)
        mark_below(tree, v, below)
        price = border_cost(edges, below) + bounds.level * abs(total[v] - share * m) / share
        if load.homes > 0:
            price += homes_parted(load, below)
        if price < cheapest - EPS:
            node, held, cheapest = v, m, price
    return node, held, least, cheapest


@inner
def bisect(
    net: Net, bounds: Bounds, nodes: Ints, parts: int, trees: int, local: Ints, state: Keys
) -> tuple[Bools, int]:
    """Return which nodes are on one side of the best cut found, and the parts that side holds.

    No parts: the nodes are not connected.
    """
    count = len(nodes)
    for i in range(count):
        local[nodes[i]] = i
    edges = edges_among(net, nodes, local)
    for i in range(count):
        local[nodes[i]] = -1
    load, whole = load_of(net, nodes), weight_of(net, nodes)
    tree, room = room_for(edges)
    side, held = np.zeros(count, np.bool_), 0
    least, cheapest = np.inf, np.inf
    for _ in range(trees):
        if not grown(edges, state, tree, room):
            break
        node, m, off, price = best_in(edges, tree, load, whole, parts, bounds, least)
        if node >= 0 and (off < least - EPS or price < cheapest - EPS):
            least, cheapest, held = off, price, m
            mark_below(tree, node, side)
    return side, held


@inner
def divide_into(
    net: Net, bounds: Bounds, nodes: Ints, part: Ints, parts: int, local: Ints, state: Keys
) -> bool:
    """Write the part of each node into ``part``, 0 to parts - 1; return whether that worked.

    ``nodes`` is sorted anew in place, ``part`` goes with it.
    """
    stack = np.empty((2 * parts + 2, 4), np.int64)
    stack[0] = (0, len(nodes), parts, 0)
    size = 1
    while size > 0:
        size -= 1
        begin, stop, m, number = stack[size]
        if m == 1:
            part[begin:stop] = number
            continue
        some = nodes[begin:stop].copy()
        trees = max(bounds.trees // 4, 3) if len(some) > _LARGE else bounds.trees
        side, held = bisect(net, bounds, some, m, trees, local, state)
        if held == 0:
            return False
        at, end = begin, stop
        for i in range(len(some)):
            if side[i]:
                nodes[at] = some[i]
                at += 1
        for i in range(len(some) - 1, -1, -1):
            if not side[i]:
                end -= 1
                nodes[end] = some[i]
        stack[size] = (begin, at, held, number)
        stack[size + 1] = (at, stop, m - held, number + held)
        size += 2
    return True


@compiled
def seeded(net: Net, bounds: Bounds, nodes: Ints, parts: int, seed: int) -> Ints:
    """Return the part of each node of a connected graph, 0 to parts - 1.

    Parameters
    ----------
    net : Net
    bounds : Bounds of a part
    nodes : (k,) the nodes to divide
    parts : into how many, at most k
    seed : of the random numbers

    Returns
    -------
    (k,) int64; -1 all over when the nodes are not connected
    """
    local = np.full(len(net.weight), -1, np.int64)
    state = np.empty(1, np.uint64)
    state[0] = np.uint64(seed)
    some, part = nodes.copy(), np.full(len(nodes), -1, np.int64)
    result = np.full(len(net.weight), -1, np.int64)
    if divide_into(net, bounds, some, part, parts, local, state):
        for i in range(len(some)):
            result[some[i]] = part[i]
    return result[nodes]
