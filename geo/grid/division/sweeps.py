"""A walk over the cells of a plan that miss their bounds."""

import numpy as np

from geo.grid.division.compiled import compiled, inner
from geo.grid.division.model import Bools, Ints, Keys
from geo.grid.division.net import Bounds, Net
from geo.grid.division.recut import (
    Lists,
    beside,
    cell_misses,
    cluster,
    listed,
    lowest_key,
    recut,
)

_PAIRS = 12  # tries with two neighbours
_WIDER = 4  # tries with each larger number of them
_ROUNDS = 3


@compiled
def repaired(
    net: Net, bounds: Bounds, cell: Ints, locked: Bools, span: int, turn: int, widest: int
) -> None:
    """Cut cells that miss their bounds anew with neighbours: one, two, then more around them.

    Parameters
    ----------
    net, bounds : the graph, and how cuts are judged
    cell : (n,) the plan, changed in place
    locked : (cells,) bool; some cells have no units
    span : 1 when the number of cells may change, else 0
    turn : which random numbers are drawn
    widest : how many cells around one are cut anew together at most
    """
    plan = listed(cell, locked)
    state = np.empty(1, np.uint64)
    for c in range(len(locked)):
        if locked[c] or not cell_misses(net, bounds, plan, c):
            continue
        alone = np.array([c])
        state[0] = lowest_key(net, plan, alone) + np.uint64(turn * 7919)
        for other in beside(net, plan, alone):
            recut(net, bounds, plan, np.sort(np.array([c, other])), span, 1, state)
            if not cell_misses(net, bounds, plan, c):
                break
        around(net, bounds, plan, c, span, widest, state)


@inner
def around(
    net: Net, bounds: Bounds, plan: Lists, c: int, span: int, widest: int, state: Keys
) -> None:
    """Cut a cell anew with ever more cells around it until it misses no more."""
    for reach in range(2, widest + 1):
        for _ in range(_PAIRS if reach == 2 else _WIDER):
            if not cell_misses(net, bounds, plan, c):
                return
            some = cluster(net, plan, c, reach, state)
            recut(net, bounds, plan, some, span, _ROUNDS, state)
