"""Land that shuts in a cell: found, so that it can be parted from its building."""

import numpy as np

from geo.grid.division.graph import Graph
from geo.grid.division.model import Bools, Ints
from geo.grid.division.search import Plan


def shutting_in(graph: Graph, plan: Plan, missed: Bools, rings: int) -> Ints:
    """Return the peopled units in and around cells that miss their bounds.

    Parameters
    ----------
    graph : Graph
    plan : Plan
    missed : (cells,) bool
    rings : how many cells away

    Returns
    -------
    (k,) int64, ascending
    """
    reached = missed[plan.cell]
    tail = graph.tails
    for _ in range(rings):
        reached = reached | (np.bincount(graph.ends[reached[tail]], minlength=len(reached)) > 0)
        # Whole cells: the way out may lie on their far side.
        wide = np.zeros(len(missed), dtype=np.bool_)
        wide[plan.cell[reached]] = True
        reached = wide[plan.cell]
    return np.flatnonzero(reached & (graph.weight > 0.0)).astype(np.int64)
