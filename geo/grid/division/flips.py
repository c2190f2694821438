"""Units moved one by one to a neighbouring cell where that is better, by simulated annealing.

What is weighed here is what a plan is judged by: borders on streets against borders off them, and
how round cells are. Bounds and connectedness hold after every move.

Source: S. Kirkpatrick, C. Gelatt, M. Vecchi, Optimization by simulated annealing, Science 220
(1983). Roundness: D. Polsby, R. Popper, The third criterion, Yale Law & Policy Review 9.2 (1991).
"""

from typing import NamedTuple

import numpy as np

from geo.grid.division.compiled import bare, compiled, inner
from geo.grid.division.model import Bools, Floats, Ints, Keys
from geo.grid.division.net import EPS, Bounds, draw, miss

_ROUND = 4.0 * np.pi
_SURELY = 1e-6  # metres: less is no gain


class Land(NamedTuple):
    """Units and their borders in rows, as in ``Net``, with what their shapes measure.

    ``cost`` is what a border costs, negative on a street; ``area`` and ``rim`` are of each unit.
    """

    starts: Ints
    ends: Ints
    length: Floats
    cost: Floats
    weight: Floats
    area: Floats
    rim: Floats
    key: Keys


class Tally(NamedTuple):
    """What cells hold: weight, area, outline and units; and room for a search."""

    weight: Floats
    area: Floats
    rim: Floats
    units: Ints
    seen: Ints
    stack: Ints


@inner
def tallied(land: Land, cell: Ints, cells: int) -> Tally:
    """Return what cells hold."""
    count = len(cell)
    tally = Tally(
        np.zeros(cells, np.float64),
        np.zeros(cells, np.float64),
        np.zeros(cells, np.float64),
        np.zeros(cells, np.int64),
        np.zeros(count, np.int64),
        np.empty(count, np.int64),
    )
    for u in range(count):
        c = cell[u]
        tally.weight[c] += land.weight[u]
        tally.area[c] += land.area[u]
        tally.rim[c] += land.rim[u]
        tally.units[c] += 1
        for e in range(land.starts[u], land.starts[u + 1]):
            if cell[land.ends[e]] == c:
                tally.rim[c] -= land.length[e]
    return tally


@bare
def shared(land: Land, cell: Ints, u: int, c: int) -> tuple[float, float]:
    """Return the length and the cost of the border of a unit with a cell."""
    length, cost = 0.0, 0.0
    for e in range(land.starts[u], land.starts[u + 1]):
        if cell[land.ends[e]] == c:
            length += land.length[e]
            cost += land.cost[e]
    return length, cost


@bare
def rounder(tally: Tally, c: int, area: float, rim: float) -> float:
    """Return by how much rounder a cell would be."""
    now = tally.area[c] / tally.rim[c] ** 2
    return _ROUND * ((tally.area[c] + area) / (tally.rim[c] + rim) ** 2 - now)


@bare
def fits(tally: Tally, bounds: Bounds, c: int, weight: float) -> bool:
    """Return whether a cell misses its bounds no more when its weight changes."""
    before = miss(tally.weight[c], 1, bounds)
    return weight == 0.0 or miss(tally.weight[c] + weight, 1, bounds) <= before + EPS


@bare
def hangs_without(land: Land, cell: Ints, tally: Tally, u: int, stamp: int) -> bool:
    """Return whether the cell of a unit hangs together without it; ``stamp`` is new and even."""
    wanted, start = 0, -1
    for e in range(land.starts[u], land.starts[u + 1]):
        v = land.ends[e]
        if cell[v] == cell[u]:
            tally.seen[v] = stamp
            wanted, start = wanted + 1, v
    if wanted == 0:
        return False
    tally.stack[0], tally.seen[start] = start, stamp + 1
    size, found = 1, 1
    while size > 0 and found < wanted:
        size -= 1
        node = tally.stack[size]
        for e in range(land.starts[node], land.starts[node + 1]):
            v = land.ends[e]
            if v != u and cell[v] == cell[u] and tally.seen[v] != stamp + 1:
                found += int(tally.seen[v] == stamp)
                tally.seen[v] = stamp + 1
                tally.stack[size] = v
                size += 1
    return found == wanted


@bare
def on_border(land: Land, cell: Ints, u: int) -> bool:
    """Return whether a unit borders on another cell."""
    for e in range(land.starts[u], land.starts[u + 1]):  # noqa: SIM110 (compiled)
        if cell[land.ends[e]] != cell[u]:
            return True
    return False


@bare
def best_move(
    land: Land, bounds: Bounds, cell: Ints, locked: Bools, tally: Tally, u: int, worth: float
) -> tuple[int, float]:
    """Return the cell a unit should move to, -1 for none, and what that costs more."""
    a, best, least = cell[u], -1, np.inf
    if not on_border(land, cell, u) or locked[a] or tally.units[a] < 2:
        return best, least
    if not fits(tally, bounds, a, -land.weight[u]):
        return best, least
    length, cost = shared(land, cell, u, a)
    left = worth * rounder(tally, a, -land.area[u], 2.0 * length - land.rim[u]) - cost
    for e in range(land.starts[u], land.starts[u + 1]):
        b = cell[land.ends[e]]
        if b in (a, best) or locked[b] or not fits(tally, bounds, b, land.weight[u]):
            continue
        length, cost = shared(land, cell, u, b)
        more = rounder(tally, b, land.area[u], land.rim[u] - 2.0 * length)
        price = -left - cost - worth * more
        if price < least - EPS:
            best, least = b, price
    return best, least


@bare
def move(land: Land, cell: Ints, tally: Tally, u: int, b: int) -> None:
    """Move a unit to another cell."""
    a = cell[u]
    for c, way in ((a, -1.0), (b, 1.0)):
        length, _ = shared(land, cell, u, c)
        tally.weight[c] += way * land.weight[u]
        tally.area[c] += way * land.area[u]
        tally.rim[c] += way * (land.rim[u] - 2.0 * length)
        tally.units[c] += int(way)
    cell[u] = b


@compiled
def flipped(
    land: Land, bounds: Bounds, cell: Ints, locked: Bools, worth: float, heats: Floats
) -> int:
    """Move units to neighbouring cells, in place; return how many moves were made.

    Parameters
    ----------
    land : Land
    bounds : bounds of a cell
    cell : (n,) the plan; every cell hangs together, and does so afterwards
    locked : (cells,) bool
    worth : what roundness counts, metres of border for all of it
    heats : (s,) for each walk over all units, how much worse a move may be, metres; 0: not at all
    """
    tally = tallied(land, cell, len(locked))
    state = np.empty(1, np.uint64)
    moves, stamp = 0, 0
    for s in range(len(heats)):
        before = moves
        for u in range(len(cell)):
            b, price = best_move(land, bounds, cell, locked, tally, u, worth)
            if b < 0:
                continue
            allowed = 0.0
            if heats[s] > 0.0:
                state[0] = land.key[u] + np.uint64((s + 1) * 7919)
                allowed = -heats[s] * np.log(draw(state))
            if price >= allowed - _SURELY:
                continue
            stamp += 2
            if hangs_without(land, cell, tally, u, stamp):
                move(land, cell, tally, u, b)
                moves += 1
        if heats[s] == 0.0 and moves == before:
            break
    return moves
