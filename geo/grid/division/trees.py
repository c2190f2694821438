"""Cuts of a graph of units by random spanning trees: two parts, and by turns any number.

A spanning tree falls into two connected parts wherever one of its edges is cut. Each cut is judged
by how far the parts miss their bounds, then by what the border between them costs. All is compiled.

Source: GerryChain's recombination (D. DeFord, M. Duchin, J. Solomon, Recombination: a family of
Markov chains for redistricting, Harvard Data Science Review 3.1, 2021), with two bounds instead of
one target, and the cheapest cut of many trees instead of a random one.
"""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import compiled, inner
from geo.grid.division.model import Bools, Floats, Ints, Keys
from geo.grid.division.net import EPS, Bounds, Net, draw, miss, weight_of

_LARGE = 600  # units: a cut of so many is mended later anyway
_MIDDLE_FROM = 6  # parts: from here on both sides get at least a third


class Edges(NamedTuple):
    """The edges among some nodes, in local numbers."""

    a: Ints
    b: Ints
    cost: Floats
    pull: Floats


class Tree(NamedTuple):
    """A spanning tree: parents, nodes from the root on, depths."""

    up: Ints
    order: Ints
    depth: Ints


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


@inner
def homes_parted(load: Load, tree: Tree) -> Floats:
    """Return for each node the mass that leaves its home when its subtree is cut off."""
    count = len(load.weight)
    parted = np.zeros(count, np.float64)
    below = np.empty(count, np.float64)
    for h in range(load.homes):
        for i in range(count):
            below[i] = load.mass[i] if load.home[i] == h else 0.0
        for k in range(count - 1, 0, -1):
            below[tree.up[tree.order[k]]] += below[tree.order[k]]
        for i in range(count):
            parted[i] += min(below[i], below[0] - below[i])
    return parted


@inner
def root_of(parent: Ints, node: int) -> int:
    """Return the root of a node in a union-find forest, halving its path."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@inner
def edges_among(net: Net, nodes: Ints, local: Ints) -> Edges:
    """Return the edges among nodes whose local numbers stand in ``local``."""
    count = 0
    for i in range(len(nodes)):
        for e in range(net.starts[nodes[i]], net.starts[nodes[i] + 1]):
            if local[net.ends[e]] > i:
                count += 1
    a, b = np.empty(count, np.int64), np.empty(count, np.int64)
    cost, pull = np.empty(count, np.float64), np.empty(count, np.float64)
    at = 0
    for i in range(len(nodes)):
        for e in range(net.starts[nodes[i]], net.starts[nodes[i] + 1]):
            j = local[net.ends[e]]
            if j > i:
                a[at], b[at], cost[at], pull[at] = i, j, net.cost[e], net.pull[e]
                at += 1
    return Edges(a, b, cost, pull)


@inner
def drawn(edges: Edges, count: int, state: Keys, tree: Tree) -> bool:
    """Draw a spanning tree; return whether there is one.

    The likelier an edge's place in it, the stronger its pull: the tree is the least one under
    exponential lengths.
    """
    keys = np.empty(len(edges.a), np.float64)
    for e in range(len(edges.a)):
        keys[e] = -np.log(draw(state)) / edges.pull[e]
    forest = np.arange(count)
    degree = np.zeros(count + 1, np.int64)
    taken = np.empty(max(count - 1, 0), np.int64)
    size = 0
    for e in np.argsort(keys, kind="mergesort"):
        r, s = root_of(forest, edges.a[e]), root_of(forest, edges.b[e])
        if r != s:
            forest[r] = s
            taken[size] = e
            size += 1
            degree[edges.a[e] + 1] += 1
            degree[edges.b[e] + 1] += 1
            if size == count - 1:
                break
    if size < count - 1:
        return False
    hang(edges, taken, np.cumsum(degree), tree)
    return True


@inner
def hang(edges: Edges, taken: Ints, first: Ints, tree: Tree) -> None:
    """Hang a tree of edges on its first node."""
    fill = first.copy()
    link = np.empty(2 * len(taken), np.int64)
    for e in taken:
        link[fill[edges.a[e]]] = edges.b[e]
        fill[edges.a[e]] += 1
        link[fill[edges.b[e]]] = edges.a[e]
        fill[edges.b[e]] += 1
    tree.up[0], tree.order[0], tree.depth[0] = -1, 0, 0
    done, end = 0, 1
    while done < end:
        node = tree.order[done]
        done += 1
        for k in range(first[node], first[node + 1]):
            if link[k] != tree.up[node]:
                tree.up[link[k]] = node
                tree.depth[link[k]] = tree.depth[node] + 1
                tree.order[end] = link[k]
                end += 1


@inner
def border_costs(edges: Edges, tree: Tree, count: int) -> Floats:
    """Return for each node what the border of its subtree costs."""
    border = np.zeros(count, np.float64)
    for e in range(len(edges.a)):
        i, j = edges.a[e], edges.b[e]
        border[i] += edges.cost[e]
        border[j] += edges.cost[e]
        while i != j:
            if tree.depth[i] >= tree.depth[j]:
                i = tree.up[i]
            else:
                j = tree.up[j]
        border[i] -= 2.0 * edges.cost[e]
    for k in range(count - 1, 0, -1):
        border[tree.up[tree.order[k]]] += border[tree.order[k]]
    return border


@inner
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
def best_in(
    edges: Edges, tree: Tree, load: Load, whole: float, parts: int, bounds: Bounds
) -> tuple[int, int, float, float]:
    """Return the node above which a tree is cut best, the parts below, the miss and the price."""
    count = len(load.weight)
    border = border_costs(edges, tree, count)
    if load.homes > 0:
        border += homes_parted(load, tree)
    total, size = load.weight.copy(), np.ones(count, np.int64)
    for k in range(count - 1, 0, -1):
        v = tree.order[k]
        total[tree.up[v]] += total[v]
        size[tree.up[v]] += size[v]
    share = max(whole / parts, EPS)
    node, held, least, cheapest = -1, 0, np.inf, np.inf
    for k in range(1, count):
        v = tree.order[k]
        m, off = parts_of(total[v], whole, size[v], count, parts, bounds)
        price = border[v] + bounds.level * abs(total[v] - share * m) / share
        if m > 0 and (off < least - EPS or (off < least + EPS and price < cheapest - EPS)):
            node, held, least, cheapest = v, m, off, price
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
    tree = Tree(np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64))
    side, held = np.zeros(count, np.bool_), 0
    least, cheapest = np.inf, np.inf
    for _ in range(trees):
        if not drawn(edges, count, state, tree):
            break
        node, m, off, price = best_in(edges, tree, load, whole, parts, bounds)
        if node >= 0 and (off < least - EPS or (off < least + EPS and price < cheapest - EPS)):
            least, cheapest, held = off, price, m
            side[:] = False
            side[node] = True
            # Parents stand before their children in the order.
            for k in range(1, count):
                if side[tree.up[tree.order[k]]]:
                    side[tree.order[k]] = True
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
