"""A plan that starts from previous cells: only what misses its bounds is cut anew."""

from dataclasses import replace

import numpy as np
import shapely

from geo.grid.division.graph import Graph, components
from geo.grid.division.model import Bools, Case, Ints, Rules
from geo.grid.division.search import Plan, missed, repair
from geo.spatial.storage import Geometries
from geo.spatial.units.adjacency import shared_segments
from geo.spatial.units.ground import Units

_BUILDING = 1.0  # what a building that moves counts beside the households in it
_LAND = 0.02  # and land where nobody lives
_SHORT_M = 0.01  # of the outline: a border that ends nearer ends on it
_DRAWS = 6  # plans of which one stays, and what their turns are apart
_APART = 1000


def home_of(units: Units, previous: Geometries) -> Ints:
    """Return the previous cell of each unit, -1 for ground no cell had.

    Parameters
    ----------
    units : Units
    previous : (p,) polygons, metres
    """
    home = np.full(len(units.shapes), -1, dtype=np.int64)
    inside = shapely.point_on_surface(units.shapes)
    unit, cell = shapely.STRtree(previous).query(inside, predicate="intersects")
    home[unit[::-1]] = cell[::-1]
    return home


def inner_borders(case: Case) -> Geometries:
    """Return the borders between previous cells, native coordinates.

    Their outline is the areas' own; where they are no coverage, whole outlines have to do.
    """
    if not len(case.previous) or not shapely.coverage_is_valid(case.previous):
        return np.asarray(shapely.boundary(case.previous), dtype=object)
    _, _, a, b = shared_segments(case.previous)
    joined = shapely.line_merge(shapely.multilinestrings(np.stack([a, b], axis=1)))
    borders = np.asarray(shapely.get_parts(joined), dtype=object)
    return np.concatenate([borders, _led_across(case, borders)])


def _led_across(case: Case, borders: Geometries) -> Geometries:
    """Return stubs that lead the ends of borders across the outline.

    Coordinates are rounded when they are written, so an end may stop short of the outline, and a
    border that closes nothing parts nothing.
    """
    flat = case.frame.metres(borders)
    ends = np.concatenate([shapely.get_point(flat, 0), shapely.get_point(flat, -1)])
    rim = shapely.boundary(shapely.union_all(case.frame.metres(case.areas)))
    way = shapely.shortest_line(ends, rim)
    size = shapely.length(way)
    short = (size > 0.0) & (size < _SHORT_M)
    corners = shapely.get_coordinates(way[short]).reshape(-1, 2, 2)
    here, there = corners[:, 0], corners[:, 1]
    beyond = there + (there - here) * (_SHORT_M / size[short])[:, None]
    return case.frame.native(shapely.linestrings(np.stack([here, beyond], axis=1)))


def kept_plan(graph: Graph, home: Ints, locked: Bools, buildings: Ints, rules: Rules) -> Plan:
    """Return the previous cells as a plan, each of one piece, ground that none had with neighbours.

    Parameters
    ----------
    graph : Graph
    home : (n,) previous cell of each unit, -1 for none
    locked : (p,) bool
    buildings : (n,) how many buildings stand on each unit
    rules : Rules
    """
    cell = _adopted(graph, home)
    cell = _of_one_piece(graph, cell, len(locked))
    room = int(cell.max()) + 1
    more = np.zeros(room - len(locked) + room // 4 + 16, dtype=np.bool_)
    usual = max(float(graph.load.sum()) / max(int(buildings.sum()), 1), 1e-9)
    mass = rules.move_m * (graph.load / usual + _BUILDING * buildings + _LAND)
    return Plan(cell, np.concatenate([locked, more]), home, np.where(home >= 0, mass, 0.0))


def repair_moving_few(
    graph: Graph, plan: Plan, rules: Rules, *, turn: int = 0, widest: int = 4, span: int = 1
) -> None:
    """Cut cells that miss their bounds anew, in place, as ``repair`` does, so that few units move.

    Of several plans the one stays in which fewest cells miss, and of those the one that moves
    least. What brings no cell more within its bounds moves nobody.
    """
    before = plan.cell.copy()
    found = [(_worth(graph, plan, rules), before)]
    for draw in range(_DRAWS if found[0][0][0] else 0):
        plan.cell[:] = before
        repair(graph, plan, rules, turn=turn + _APART * draw, widest=widest, span=span)
        found.append((_worth(graph, plan, rules), plan.cell.copy()))
    _, plan.cell[:] = min(found, key=lambda one: one[0])


def _worth(graph: Graph, plan: Plan, rules: Rules) -> tuple[int, float]:
    """Return how many cells miss their bounds, and what it costs to move who moves, metres."""
    moved = plan.cell != plan.home
    return int(missed(graph, plan, rules).sum()), float(plan.mass[moved].sum())


def _adopted(graph: Graph, home: Ints) -> Ints:
    """Give units without a cell to the neighbour with the longest border, layer by layer."""
    cell, tail = home.copy(), graph.tails
    while True:
        meets = (cell[tail] < 0) & (cell[graph.ends] >= 0)
        if not meets.any():
            break
        left, right, length = tail[meets], cell[graph.ends[meets]], graph.length[meets]
        pairs, inverse = np.unique(np.column_stack([left, right]), axis=0, return_inverse=True)
        total = np.bincount(inverse, length)
        order = np.lexsort((pairs[:, 1], -total, pairs[:, 0]))
        best = order[np.unique(pairs[order, 0], return_index=True)[1]]
        cell[pairs[best, 0]] = pairs[best, 1]
    return cell


def _of_one_piece(graph: Graph, cell: Ints, cells: int) -> Ints:
    """Return cells each of which hangs together; lesser pieces become cells of their own."""
    apart = graph.without(cell[graph.tails] != cell[graph.ends])
    piece = components(apart)
    size = np.bincount(piece, graph.load, minlength=len(cell))
    heads = np.unique(piece)
    order = heads[np.lexsort((heads, -size[heads], cell[heads]))]
    known = cell[order] >= 0
    first = np.zeros(len(order), dtype=np.bool_)
    first[np.unique(cell[order], return_index=True)[1]] = True
    name = np.full(len(cell), -1, dtype=np.int64)
    keeps = first & known
    name[order[keeps]] = cell[order[keeps]]
    others = order[~keeps]
    name[others] = cells + np.arange(len(others))
    return name[piece]


def with_home(plan: Plan, origin: Ints, more: int) -> Plan:
    """Return a plan for units whose land was parted: pieces stay where they are for now."""
    mass = np.concatenate([plan.mass, np.zeros(more)])
    return replace(plan, cell=plan.cell[origin], home=plan.home[origin], mass=mass)
