"""From a graph to a plan, the cell of each unit: seed, repair.

Random numbers come from streams that the place of a cell's units names, so the same case gives the
same plan, and a change in one corner draws no other numbers in another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.grid.division import sweeps, trees
from geo.grid.division.feasibility import Land
from geo.grid.division.graph import Graph
from geo.grid.division.model import Bools, Floats, Ints, Rules
from geo.grid.division.net import EPS, Bounds, Net

Progress = Callable[[str, int, int], None]

_LEVEL_M = 10.0  # what a share of imbalance costs beside metres of border
_REPAIRS = 2
_SEED_TREES = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """The cell of each unit, some numbers without units among them.

    Parameters
    ----------
    cell : (n,) int64
    locked : (cells,) bool
    home : (n,) cell each unit comes from, -1 for none
    mass : (n,) what it costs to move it, metres
    """

    cell: Ints
    locked: Bools
    home: Ints
    mass: Floats


def seed_plan(graph: Graph, found: Sequence[Land], rules: Rules, progress: Progress) -> Plan:
    """Return a first plan: each land divided into its number of cells."""
    count = len(graph.weight)
    plan = Plan(
        np.full(count, -1, dtype=np.int64),
        np.zeros(0, dtype=np.bool_),
        np.full(count, -1, dtype=np.int64),
        np.zeros(count),
    )
    net, bounds = net_of(graph, plan), bounds_of(rules, _SEED_TREES)
    taken = 0
    for done, land in enumerate(found):
        cells = min(land.cells, len(land.units))
        seed = int(graph.key[land.units].min() >> np.uint64(1))
        plan.cell[land.units] = taken + trees.seeded(net, bounds, land.units, cells, seed)
        taken += cells
        progress("seed", done + 1, len(found))
    return replace(plan, locked=np.zeros(_room(taken, rules), dtype=np.bool_))


def repair(
    graph: Graph, plan: Plan, rules: Rules, *, turn: int = 0, widest: int = 4, span: int = 1
) -> int:
    """Cut cells that miss their bounds anew, in place; return how many miss still.

    Parameters
    ----------
    turn : which random numbers are drawn
    widest : how many cells around one are cut anew together at most
    span : by how many their number may change at a time, where none is asked for
    """
    net, bounds = net_of(graph, plan), bounds_of(rules, rules.effort)
    span = 0 if rules.count is not None else span
    for number in range(_REPAIRS):
        if not missed(graph, plan, rules).any():
            break
        sweeps.repaired(net, bounds, plan.cell, plan.locked, span, turn + number, widest)
    return int(missed(graph, plan, rules).sum())


def net_of(graph: Graph, plan: Plan) -> Net:
    """Return a graph and where its units come from as kernels see them."""
    return Net(
        graph.starts,
        graph.ends,
        graph.cost,
        graph.pull,
        graph.weight,
        plan.home,
        plan.mass,
        graph.key,
    )


def bounds_of(rules: Rules, drawn: int) -> Bounds:
    """Return the bounds of rules as kernels see them."""
    return Bounds(float(rules.low), float(rules.high), _LEVEL_M, drawn)


def _room(cells: int, rules: Rules) -> int:
    """Return how many cells there may be at most while they are cut."""
    return cells if rules.count is not None else cells + cells // 4 + 16


def missed(graph: Graph, plan: Plan, rules: Rules) -> Bools:
    """Return which cells miss their bounds, locked ones left out."""
    room = len(plan.locked)
    total = np.bincount(plan.cell, graph.weight, minlength=room)
    there = np.bincount(plan.cell, minlength=room) > 0
    off = (total < rules.low - EPS) | (total > rules.high + EPS)
    return there & ~plan.locked & off
