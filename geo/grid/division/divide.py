"""The division of a case into cells: units, plan, ways out of pockets, cells."""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.grid.division.feasibility import Land, lands, walled
from geo.grid.division.graph import Graph, graph_of
from geo.grid.division.model import (
    CLASS,
    Barrier,
    Bools,
    Case,
    Division,
    Floats,
    Ints,
    Oversized,
    Rules,
)
from geo.grid.division.pockets import shutting_in
from geo.grid.division.rebalance import (
    home_of,
    inner_borders,
    kept_plan,
    repair_moving_few,
    with_home,
)
from geo.grid.division.report import excused, misses
from geo.grid.division.search import Plan, Progress, missed, repair, seed_plan
from geo.grid.division.settle import settle
from geo.grid.division.slices import sliced
from geo.spatial.coverage import union_by
from geo.spatial.storage import Geometries
from geo.spatial.units.ground import Units, ground_units, with_pieces
from geo.spatial.units.shorter import shortened
from geo.spatial.units.straight import straightened

# How far around a miss land is parted, and how many times the trees are drawn, turn by turn. The
# last is not for cells that are balanced again: it moves more buildings than it helps.
_WAYS_OUT = ((1, 1), (2, 2), (2, 4))
_BRIEFLY = 60  # walks over all units before ways out are looked for


@dataclass(frozen=True, slots=True)
class _Work:
    """What is under way: units with their graph and plan, and what each building is there.

    ``owner`` is the building of each footprint, more than one for a building in slices.
    """

    units: Units
    graph: Graph
    found: list[Land]
    plan: Plan
    owner: Ints
    weights: Floats


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody how far it is."""


def divide(case: Case, rules: Rules, progress: Progress = quiet) -> Division:
    """Return the cells of a case.

    Parameters
    ----------
    case : Case
    rules : Rules
    progress : called with a step (``units``, ``seed``, ``mend``, ``improve``; cells that are
        balanced again have no ``seed`` and no ``improve``), what is done and of how much

    Returns
    -------
    Division: a valid coverage of the areas; what misses its bounds is named

    Raises
    ------
    DivisionRefused
        When a number of cells is asked for that cannot be.
    """
    progress("units", 0, 1)
    work = _begun(case, rules, progress)
    progress("units", 1, 1)
    again = len(case.previous) > 0
    mend = repair_moving_few if again else repair
    ways_out = _WAYS_OUT[:-1] if again else _WAYS_OUT
    steps = 1 + len(ways_out)
    progress("mend", 0, steps)
    if again:
        # A cell more moves as many as it holds; neighbours are asked first.
        mend(work.graph, work.plan, rules, turn=50, widest=6, span=0)
    mend(work.graph, work.plan, rules)
    if not again:
        settle(work.units, work.graph, work.plan, rules, quiet, walks=_BRIEFLY)
    for turn, (rings, effort) in enumerate(ways_out):
        progress("mend", 1 + turn, steps)
        if not missed(work.graph, work.plan, rules).any():
            break
        work = _opened(work, rules, rings=rings)
        harder = replace(rules, effort=effort * rules.effort)
        mend(work.graph, work.plan, harder, turn=100 * (turn + 1), widest=6)
    progress("mend", steps, steps)
    if not again:
        settle(work.units, work.graph, work.plan, rules, progress)
    return _finished(case, rules, work)


def _begun(case: Case, rules: Rules, progress: Progress) -> _Work:
    areas, origin = _open_areas(case)
    footprints, weights, owner = _footprints(case, rules)
    borders = inner_borders(case)
    units = ground_units(
        case.frame,
        areas,
        footprints,
        np.concatenate([case.barriers, borders]),
        classes=np.concatenate([case.classes, np.full(len(borders), CLASS[Barrier.BORDER])]),
        weights=weights,
        most=rules.high,
        cells=case.previous,
    )
    known = units.unit >= 0
    count = len(units.shapes)
    load = np.bincount(units.unit[known], weights[known], minlength=count).astype(np.float64)
    graph = walled(graph_of(units, load, rules.high, origin[units.area]), rules)
    if not len(case.previous):
        found = lands(graph, rules)
        return _Work(units, graph, found, seed_plan(graph, found, rules, progress), owner, weights)
    found = lands(graph, replace(rules, count=None))
    home = home_of(units, case.frame.metres(case.previous))
    standing = np.bincount(units.unit[known], minlength=count).astype(np.int64)
    plan = kept_plan(graph, home, case.locked, standing, rules)
    return _Work(units, graph, found, plan, owner, weights)


def _open_areas(case: Case) -> tuple[Geometries, Ints]:
    """Return areas without locked cells, then those cells, and the region of each."""
    if not case.locked.any():
        return case.areas, case.parents
    kept = case.previous[case.locked]
    rest, index = shapely.get_parts(
        shapely.difference(case.areas, shapely.union_all(kept)), return_index=True
    )
    some = shapely.get_dimensions(rest) == 2
    own = int(case.parents.max()) + 1 + np.arange(len(kept))
    return np.concatenate([rest[some], kept]), np.concatenate([case.parents[index[some]], own])


def _footprints(case: Case, rules: Rules) -> tuple[Geometries, Floats, Ints]:
    """Return footprints, those above the maximum in slices when the rules say so."""
    if rules.oversized is not Oversized.SPLIT:
        return case.footprints, case.weights, np.arange(len(case.weights))
    flat = case.frame.metres(case.footprints)
    shapes, weights, owner = sliced(flat, case.weights, case.stairwells, rules.high)
    whole = np.bincount(owner, minlength=len(flat))[owner] == 1
    native = case.frame.native(shapes)
    native[whole] = case.footprints[owner[whole]]
    return native, weights, owner


def _opened(work: _Work, rules: Rules, *, rings: int) -> _Work:
    """Return the work with land parted from its buildings around cells that miss their bounds."""
    chosen = shutting_in(work.graph, work.plan, missed(work.graph, work.plan, rules), rings)
    units, origin = with_pieces(work.units, chosen)
    more = len(units.shapes) - len(work.graph.load)
    load = np.concatenate([work.graph.load, np.zeros(more)])
    graph = walled(graph_of(units, load, rules.high, work.graph.region[origin]), rules)
    found = [
        replace(land, units=np.flatnonzero(np.isin(origin, land.units))) for land in work.found
    ]
    plan = with_home(work.plan, origin, more)
    return replace(work, units=units, graph=graph, found=found, plan=plan)


def _finished(case: Case, rules: Rules, work: _Work) -> Division:
    names, cell = np.unique(work.plan.cell, return_inverse=True)
    shapes = case.frame.native(_cells(case, work, cell))
    west, south, _, _ = shapely.bounds(shapes).T
    order = np.lexsort((south, west))
    rank = np.argsort(order)
    cell, shapes, names = rank[cell], shapes[order], names[order]
    known = work.units.unit >= 0
    alone = excused(cell[work.units.unit[known]], work.weights[known], rules)
    unit = np.full(len(case.weights), -1, dtype=np.int64)
    unit[work.owner[::-1]] = work.units.unit[::-1]
    excuse = np.zeros(len(shapes), dtype=np.bool_)
    excuse[: len(alone)] = alone
    of_building = np.where(unit >= 0, cell[unit], -1)
    before = np.where(names < len(case.previous), names, -1)
    return Division(
        shapes,
        case.parents[_parent_area(case, shapes)],
        np.bincount(cell, work.graph.load).astype(np.float64),
        of_building,
        before,
        work.plan.locked[names],
        excuse,
        misses(case, rules, work.graph, work.found, cell, unit, excuse, shapes),
        _moved(case, work, unit, of_building, before),
        len(work.units.shapes),
        _outline_moved(case, shapes),
    )


def _cells(case: Case, work: _Work, cell: Ints) -> Geometries:
    """Return the shape of each cell, metres; borders off streets straight and short if they may."""
    units = work.units
    shapes = union_by(units.shapes, cell)
    solids = units.solids[~shapely.is_missing(units.solids)]
    kept = np.concatenate([units.lines, shapely.boundary(case.frame.metres(case.areas))])
    return shortened(straightened(shapes, solids, kept), solids, kept)


def _parent_area(case: Case, shapes: Geometries) -> Ints:
    inside = shapely.point_on_surface(shapes)
    cell, area = shapely.STRtree(case.areas).query(inside, predicate="intersects")
    _, first = np.unique(cell, return_index=True)
    return area[first].astype(np.int64)


def _moved(case: Case, work: _Work, unit: Ints, cell: Ints, before: Ints) -> Bools:
    """Return which buildings change their cell."""
    if not len(case.previous):
        return np.zeros(len(unit), dtype=np.bool_)
    home = np.where(unit >= 0, work.plan.home[unit], -1)
    return (home >= 0) & (cell >= 0) & (before[cell] != home)


def _outline_moved(case: Case, shapes: Geometries) -> float:
    """Return by how much the outline moved, m²."""
    whole = shapely.union_all(case.frame.metres(case.areas))
    made = shapely.coverage_union_all(case.frame.metres(shapes))
    return float(shapely.area(shapely.symmetric_difference(whole, made)))
