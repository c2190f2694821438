"""Some cells cut anew, taken when that is better: fewer misses, or lesser ones, or a lower price.

A plan is the cell of each unit, kept as linked lists too, so that a cell is read without a look at
all units.
"""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import inner
from geo.grid.division.model import Bools, Ints, Keys
from geo.grid.division.net import EPS, Bounds, Net, connected, draw, judged, miss, weight_of
from geo.grid.division.trees import divide_into

_BESIDE = 256  # cells beside some cells that are looked at
_LAND = 1e-3  # what a unit counts beside its weight when cells keep their names


class Lists(NamedTuple):
    """A plan: cell of each unit, first unit of each cell, next unit of each, and room to work."""

    cell: Ints
    head: Ints
    after: Ints
    locked: Bools
    local: Ints


@inner
def listed(cell: Ints, locked: Bools) -> Lists:
    """Return the lists of a plan, which share its array of cells."""
    head = np.full(len(locked), -1, np.int64)
    after = np.full(len(cell), -1, np.int64)
    for i in range(len(cell) - 1, -1, -1):
        after[i] = head[cell[i]]
        head[cell[i]] = i
    return Lists(cell, head, after, locked, np.full(len(cell), -1, np.int64))


@inner
def units_of(plan: Lists, some: Ints) -> Ints:
    """Return the units of some cells, ascending."""
    count = 0
    for c in some:
        i = plan.head[c]
        while i >= 0:
            count += 1
            i = plan.after[i]
    nodes = np.empty(count, np.int64)
    at = 0
    for c in some:
        i = plan.head[c]
        while i >= 0:
            nodes[at] = i
            at += 1
            i = plan.after[i]
    return np.sort(nodes)


@inner
def cell_misses(net: Net, bounds: Bounds, plan: Lists, c: int) -> bool:
    """Return whether a cell is there and misses its bounds."""
    if plan.head[c] < 0:
        return False
    return miss(weight_of(net, units_of(plan, np.array([c]))), 1, bounds) > EPS


@inner
def beside(net: Net, plan: Lists, some: Ints) -> Ints:
    """Return the open cells beside some cells, ascending."""
    buffer = np.empty(_BESIDE, np.int64)
    size = 0
    for i in units_of(plan, some):
        for e in range(net.starts[i], net.starts[i + 1]):
            other = plan.cell[net.ends[e]]
            known = plan.locked[other] or size == _BESIDE
            for k in range(len(some)):
                known = known or some[k] == other
            for k in range(size):
                known = known or buffer[k] == other
            if not known:
                buffer[size] = other
                size += 1
    return np.sort(buffer[:size])


@inner
def cluster(net: Net, plan: Lists, c: int, reach: int, state: Keys) -> Ints:
    """Return a cell with up to ``reach`` open cells around it, drawn one by one."""
    some = np.empty(reach + 1, np.int64)
    some[0] = c
    size = 1
    while size <= reach:
        near = beside(net, plan, some[:size])
        if len(near) == 0:
            break
        some[size] = near[int(draw(state) * len(near))]
        size += 1
    return np.sort(some[:size])


@inner
def lowest_key(net: Net, plan: Lists, some: Ints) -> np.uint64:
    """Return the lowest key of some cells' units; it names a stream whatever changes elsewhere."""
    best = np.uint64(0xFFFFFFFFFFFFFFFF)
    for i in units_of(plan, some):
        best = min(best, net.key[i])
    return best


@inner
def first_free(plan: Lists) -> int:
    """Return a cell without units, -1 when all are taken."""
    for c in range(len(plan.head) - 1, -1, -1):
        if plan.head[c] < 0 and not plan.locked[c]:
            return c
    return -1


@inner
def names_of(
    net: Net, plan: Lists, nodes: Ints, part: Ints, parts: int, some: Ints, spare: int
) -> Ints:
    """Return the cell each part becomes: where most of it comes from, each once, or a spare one."""
    names = np.full(parts, -1, np.int64)
    held = np.zeros((len(some), parts), np.float64)
    for i in range(len(nodes)):
        held[np.searchsorted(some, plan.cell[nodes[i]]), part[i]] += net.weight[nodes[i]] + _LAND
    free = np.ones(len(some), np.bool_)
    while held.max() > 0:
        k, q = divmod(np.argmax(held), parts)
        names[q], free[k] = some[k], False
        held[k, :] = 0.0
        held[:, q] = 0.0
    for p in range(parts):
        if names[p] < 0:
            names[p] = spare
            if free.any():
                other = np.argmax(free)
                names[p], free[other] = some[other], False
    return names


@inner
def write(plan: Lists, some: Ints, nodes: Ints, part: Ints, names: Ints) -> None:
    """Write a division of some cells into the plan."""
    for c in some:
        plan.head[c] = -1
    for p in range(len(names)):
        plan.head[names[p]] = -1
    for i in range(len(nodes) - 1, -1, -1):
        unit, c = nodes[i], names[part[i]]
        plan.cell[unit] = c
        plan.after[unit] = plan.head[c]
        plan.head[c] = unit


@inner
def recut(
    net: Net, bounds: Bounds, plan: Lists, some: Ints, span: int, rounds: int, state: Keys
) -> bool:
    """Cut some cells anew; return whether that was better.

    Parameters
    ----------
    some : cells, ascending
    span : 1 when there may be one cell more or less afterwards, else 0
    rounds : how often each number of cells is tried
    """
    nodes = units_of(plan, some)
    if not connected(net, nodes, plan.local):
        return False
    before = np.searchsorted(some, plan.cell[nodes])
    missed, off, price = judged(net, bounds, nodes, before, len(some), plan.local)
    whole = weight_of(net, nodes)
    spare = first_free(plan) if span > 0 else -1
    best_nodes, best_part, best_parts = nodes, before, 0
    trial, part = np.empty(len(nodes), np.int64), np.empty(len(nodes), np.int64)
    for shift in range(-span, span + 1):
        parts = len(some) + shift
        if parts < 1 or parts > len(nodes) or (shift > 0 and spare < 0):
            continue
        # Another number of cells only where this one cannot hold what is there any better.
        if shift != 0 and miss(whole, parts, bounds) >= off - EPS:
            continue
        for _ in range(rounds if parts > 1 else 1):
            trial[:] = nodes
            if not divide_into(net, bounds, trial, part, parts, plan.local, state):
                break
            m, o, p = judged(net, bounds, trial, part, parts, plan.local)
            fewer = m < missed or (m == missed and o < off - EPS)
            if fewer or (m == missed and o < off + EPS and p < price - 1e-6):
                missed, off, price = m, o, p
                best_nodes, best_part, best_parts = trial.copy(), part.copy(), parts
    if best_parts == 0:
        return False
    names = names_of(net, plan, best_nodes, best_part, best_parts, some, spare)
    write(plan, some, best_nodes, best_part, names)
    return True
