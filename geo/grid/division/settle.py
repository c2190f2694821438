"""A plan within its bounds settled: units move one by one to where borders follow streets.

Then roundness counts less, step by step, where less than half of the borders are on streets, or
more, where cells are not round enough; as long as there is enough of the other.
"""

import numpy as np

from geo.grid.division import flips
from geo.grid.division.graph import Graph
from geo.grid.division.model import Floats, Ints, Rules
from geo.grid.division.search import Plan, Progress, bounds_of
from geo.spatial.units.ground import Units

# A metre of border on a street earns what one off it costs. All of roundness, and the heat at
# first, count so many outlines of a square cell.
_ON_STREET = 2.0
_HEAT = 0.075
_COOLING = 1.5
_WALKS = 300
_LATER = 100  # of them, the coolest, where roundness counts less or more
# Going straight and short afterwards adds some of both.
_ENOUGH_ON_STREETS = 0.5
_ROUND_ENOUGH = 0.56
# What roundness counts then, where there is enough on streets, and enough roundness, or not.
_STEPS = {(False, True): (0.25, 0.125), (True, False): (2.0, 4.0, 8.0)}


def settle(
    units: Units,
    graph: Graph,
    plan: Plan,
    rules: Rules,
    progress: Progress,
    *,
    walks: int = 0,
) -> None:
    """Move units to neighbouring cells, in place, bounds and connectedness kept.

    Parameters
    ----------
    units : Units
    graph : Graph of them
    plan : Plan, each cell of one piece
    rules : Rules
    progress : called with ``improve``
    walks : how often to walk over all units, once; 0: as often as it takes
    """
    land, bounds = _land_of(graph), bounds_of(rules, 0)
    cells = len(np.unique(plan.cell))
    usual = 4.0 * float(np.sqrt(graph.area.sum() / cells))
    heats = _HEAT * usual * np.linspace(1.0, 0.0, walks or _WALKS) ** _COOLING
    flips.flipped(land, bounds, plan.cell, plan.locked, usual, heats)
    if walks:
        return
    enough = _enough(units, graph, plan.cell)
    steps = _STEPS.get(enough, ())
    for number, roundness in enumerate(steps):
        progress("improve", number + 1, len(steps) + 1)
        before = plan.cell.copy()
        flips.flipped(land, bounds, plan.cell, plan.locked, roundness * usual, heats[-_LATER:])
        now = _enough(units, graph, plan.cell)
        if now == enough:
            continue
        if not all(now):
            plan.cell[:] = before
        break
    progress("improve", len(steps) + 1, len(steps) + 1)


def _land_of(graph: Graph) -> flips.Land:
    return flips.Land(
        graph.starts,
        graph.ends,
        graph.length,
        graph.length - _ON_STREET * graph.street,
        graph.weight,
        graph.area,
        graph.rim,
        graph.key,
    )


def _enough(units: Units, graph: Graph, cell: Ints) -> tuple[bool, bool]:
    """Return whether enough of the borders is on streets, and cells are round enough."""
    apart = cell[units.first] != cell[units.second]
    length = units.length_m
    on_streets = float((length * units.along.sum(axis=1))[apart].sum())
    rim: Floats = np.bincount(cell, graph.rim).astype(np.float64)
    np.subtract.at(rim, cell[units.first[~apart]], 2.0 * length[~apart])
    there = rim > 0.0
    area = np.bincount(cell, graph.area)[there]
    roundness = 4.0 * np.pi * area / rim[there] ** 2
    return (
        on_streets >= _ENOUGH_ON_STREETS * max(float(length[apart].sum()), 1.0),
        float(roundness.mean()) >= _ROUND_ENOUGH,
    )
