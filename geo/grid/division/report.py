"""What misses its bounds, and why: by cell, with the buildings that decide it."""

import numpy as np
import shapely

from geo.grid.division.feasibility import Land, numbers
from geo.grid.division.graph import Graph
from geo.grid.division.model import Bools, Case, Cause, Floats, Ints, Miss, Rules
from geo.grid.division.net import EPS
from geo.spatial.storage import Geometries


def excused(cell: Ints, load: Floats, rules: Rules) -> Bools:
    """Return which cells hold one building above the maximum and nobody else.

    Parameters
    ----------
    cell : (k,) cell of each peopled building or slice, 0 to cells - 1
    load : (k,) what each holds
    rules : Rules
    """
    total = np.bincount(cell, load)
    largest = np.zeros(len(total))
    np.maximum.at(largest, cell, load)
    return (largest > rules.high) & (total - largest <= EPS)


def misses(
    case: Case,
    rules: Rules,
    graph: Graph,
    lands: list[Land],
    cell: Ints,
    unit: Ints,
    excuse: Bools,
    shapes: Geometries,
) -> tuple[Miss, ...]:
    """Return the cells that miss their bounds.

    Parameters
    ----------
    case, rules, graph, lands : what was divided
    cell : (u,) cell of each unit, in the order of ``shapes``
    unit : (n,) unit of each building
    excuse : (c,) bool, see ``excused``
    shapes : (c,) polygons, native coordinates
    """
    total = np.bincount(cell, graph.load, minlength=len(shapes))
    off = ((total < rules.low - EPS) | (total > rules.high + EPS)) & ~excuse
    of_land = np.full(len(cell), -1, dtype=np.int64)
    for place, land in enumerate(lands):
        of_land[land.units] = place
    found = []
    for at in np.flatnonzero(off).tolist():
        mine = np.flatnonzero(cell == at)
        around = _around(graph, cell, at)
        cause = _cause(rules, graph, lands[of_land[mine[0]]], mine, around, float(total[at]))
        deciding = np.concatenate([mine, around]) if cause is Cause.ENCLOSED else mine
        named = np.flatnonzero(np.isin(unit, deciding) & (case.weights > 0.0))
        inside = shapely.point_on_surface(shapes[at])
        x, y = float(shapely.get_x(inside)), float(shapely.get_y(inside))
        found.append(Miss(at, float(total[at]), cause, tuple(named.tolist()), x, y))
    return tuple(found)


def _around(graph: Graph, cell: Ints, at: int) -> Ints:
    """Return the peopled units beside a cell."""
    beside = np.unique(graph.ends[(cell[graph.tails] == at)])
    return beside[(cell[beside] != at) & (graph.load[beside] > 0.0)]


def _cause(rules: Rules, graph: Graph, land: Land, mine: Ints, around: Ints, total: float) -> Cause:
    if not len(numbers(land.total, rules.low, rules.high)):
        return Cause.LAND
    if total > rules.high:
        return Cause.OVERLOADED if graph.load[mine].max() > rules.high else Cause.UNSOLVED
    if len(around) and (graph.load[around] + total > rules.high).all():
        return Cause.ENCLOSED
    return Cause.UNSOLVED
