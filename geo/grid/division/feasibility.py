"""What can be divided at all: land that hangs together, and how many cells fit what it holds."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from geo.grid.division.graph import Graph, components
from geo.grid.division.model import DivisionRefused, Ints, Rules

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Land:
    """Units that hang together, and their number of cells.

    Parameters
    ----------
    units : (k,) ascending
    total : what they hold, a building above the maximum counted as the maximum
    cells : how many cells to make
    feasible : whether so many cells can hold the total
    """

    units: Ints
    total: float
    cells: int
    feasible: bool


def numbers(total: float, low: float, high: float) -> range:
    """Return the numbers of cells that can hold a total within the bounds.

    Examples
    --------
    >>> list(numbers(120.0, 30.0, 50.0)), list(numbers(55.0, 30.0, 50.0))
    ([3, 4], [])
    """
    most = floor(total / low + _SLACK) if low > 0.0 else max(ceil(total / high), 1)
    return range(max(ceil(total / high - _SLACK), 1), most + 1)


def walled(graph: Graph, rules: Rules) -> Graph:
    """Return the graph without borders at walls, but for land that could not stand without them."""
    if not graph.wall.any():
        return graph
    opened = np.zeros(len(graph.ends), dtype=np.bool_)
    while True:
        made = graph.without(graph.wall & ~opened)
        label = components(made)
        total = np.bincount(label, graph.weight, minlength=len(graph.weight))
        lacking = np.array([not numbers(t, rules.low, rules.high) for t in total])
        tail = label[graph.tails]
        way = graph.wall & ~opened & (tail != label[graph.ends]) & lacking[tail]
        if not way.any():
            return made
        # Each opens towards the land it shares the longest border with.
        pairs, inverse = np.unique(
            np.column_stack([tail, label[graph.ends]])[way], axis=0, return_inverse=True
        )
        length = np.bincount(inverse, graph.length[way])
        order = np.lexsort((pairs[:, 1], -length, pairs[:, 0]))
        best = order[np.unique(pairs[order, 0], return_index=True)[1]]
        chosen = {(int(min(pair)), int(max(pair))) for pair in pairs[best]}
        ends = label[graph.ends]
        low, high = np.minimum(tail, ends), np.maximum(tail, ends)
        for one, other in sorted(chosen):
            opened |= graph.wall & (low == one) & (high == other)


def lands(graph: Graph, rules: Rules) -> list[Land]:
    """Return what hangs together, each with its number of cells.

    Raises
    ------
    DivisionRefused
        When a number of cells is asked for that there are too few units for, or too many lands.
    """
    label = components(graph)
    found = [np.flatnonzero(label == first) for first in np.unique(label)]
    totals = np.array([graph.weight[units].sum() for units in found])
    wished = np.array([_wished(graph.weight[units], rules) for units in found])
    if rules.count is not None:
        counts = _shared_out(rules.count, wished, np.array([len(units) for units in found]))
    else:
        counts = np.array([_nearest(t, w, rules) for t, w in zip(totals, wished, strict=True)])
    return [
        Land(units, float(total), int(count), int(count) in numbers(total, rules.low, rules.high))
        for units, total, count in zip(found, totals, counts, strict=True)
    ]


def _wished(weights: np.ndarray, rules: Rules) -> float:
    """Return how many cells of the middle size a land makes; a large building is one by itself."""
    middle = (rules.low + rules.high) / 2.0
    return float((weights / np.maximum(weights, middle)).sum())


def _nearest(total: float, wished: float, rules: Rules) -> int:
    fits = numbers(total, rules.low, rules.high)
    wanted = max(round(wished), 1)
    if len(fits):
        return min(max(wanted, fits[0]), fits[-1])
    return 1 if total < rules.low else max(round(total / rules.high), 1)


def _shared_out(count: int, wished: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return a number of cells for each land, at least one, all together as many as asked for."""
    if not len(units) <= count <= units.sum():
        raise DivisionRefused(reason="count", count=count, least=len(units), most=int(units.sum()))
    exact = wished * count / max(wished.sum(), _SLACK)
    result = np.clip(np.floor(exact).astype(np.int64), 1, units)
    while result.sum() != count:
        step = 1 if result.sum() < count else -1
        open_to = (result < units) if step > 0 else (result > 1)
        lack = np.where(open_to, step * (exact - result), -np.inf)
        result[np.argmax(lack)] += step
    return result
