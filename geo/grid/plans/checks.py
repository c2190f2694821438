"""What is wrong with a draft, or to be explained, each with a place to look at. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.grid.plans.draft import CellFacts, Draft
from geo.grid.plans.impact import Load, changed_leaves, loads, owners
from geo.grid.plans.rules import size_fault
from geo.grid.plans.step import lineage_of
from geo.spatial import coverage

_CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")


class Weight(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"  # the plan cannot be submitted
    EXCUSE = "excuse"  # it can, with a reason
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Why a cell was let break the rule before it was drawn anew, and in which publication."""

    reason: str
    publication: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a cell or a building of a draft.

    Parameters
    ----------
    kind : key of its sentence, ``plans.problem.<kind>``
    code : the cell; of a building outside every cell the building
    lon, lat : a point to look at, storage CRS
    facts : fill the sentence
    reason : why it may be so; None while nobody has said
    earlier : what was said of the cell as it was before, for it may be so still
    """

    kind: str
    weight: Weight
    code: str
    lon: float | None = None
    lat: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    earlier: Earlier | None = None

    @property
    def is_open(self) -> bool:
        """Whether it keeps the plan from being submitted."""
        needs_reason = self.weight is Weight.EXCUSE and self.reason is None
        return self.weight is Weight.ERROR or needs_reason


def new_codes(draft: Draft) -> list[str]:
    """Return the codes that a draft gives to cells that never were, in order."""
    return [code for code in draft.born if draft.cells[code].id is None]


def problems(
    draft: Draft,
    stock: gpd.GeoDataFrame,
    excuses: dict[str, str],
    *,
    taken: Collection[str],
) -> list[Problem]:
    """Return what is wrong or to be explained in the cells that a draft changes, errors first.

    Parameters
    ----------
    stock : buildings of the area, as ``store.stock_of``
    excuses : code → why it may break the size rule
    taken : those of ``new_codes`` that a cell bore in the base or ever before
    """
    after = owners(draft, stock)
    leaves = [code for code in changed_leaves(draft) if draft.is_leaf(code)]
    found = [
        *_coverage(draft),
        *_codes(draft, taken),
        *_names(draft),
        *_uppers(draft),
        *_sizes(draft, leaves, loads(after, stock), excuses),
        *_parts(draft, leaves),
        *_orphans(draft, stock, after),
        *_cuts(draft, stock, leaves),
    ]
    order = list(Weight)
    return sorted(found, key=lambda problem: order.index(problem.weight))


def _coverage(draft: Draft) -> Iterator[Problem]:
    """Give the places where leaves overlap or share no border: none, or a fault of ours."""
    codes = draft.working.near(draft.working.shapes(draft.redrawn)) if draft.redrawn else []
    shapes = draft.working.shapes(codes)
    if coverage.is_valid(shapes):
        return
    edges = shapely.coverage_invalid_edges(shapes)
    for code, edge in zip(codes, edges, strict=True):
        if not shapely.is_empty(edge):
            yield _problem("coverage", Weight.ERROR, code, edge)


def _codes(draft: Draft, taken: Collection[str]) -> Iterator[Problem]:
    for code in draft.born:
        cell = draft.cells[code]
        if _CODE.fullmatch(code) is None:
            yield _problem("code_broken", Weight.ERROR, code, draft.shape(code))
        elif cell.id is None and code in taken:
            yield _problem("code_used", Weight.ERROR, code, draft.shape(code))
        elif cell.parent and not code.startswith(cell.parent):
            yield _problem(
                "code_elsewhere", Weight.HINT, code, draft.shape(code), parent=cell.parent
            )


def _names(draft: Draft) -> Iterator[Problem]:
    """Give the cells told anew that are called as another one below the same cell."""
    told = sorted({*draft.born, *draft.retold})
    named: dict[tuple[str | None, str], list[str]] = {}
    for cell in draft.cells.values() if told else ():
        named.setdefault((cell.parent, cell.name), []).append(cell.code)
    for code in told:
        cell = draft.cells[code]
        if others := sorted({*named[cell.parent, cell.name]} - {code}):
            facts = {"name": cell.name, "other": others[0]}
            yield _problem("name_twice", Weight.HINT, code, draft.shape(code), **facts)


def _uppers(draft: Draft) -> Iterator[Problem]:
    """Give the cells above whose borders move because land goes from one to another."""
    was, now = draft.base.cells, draft.cells
    drawn = [code for code in draft.redrawn if code not in draft.noded]
    parents = {was[code].parent for code in (*draft.ended, *drawn) if code in was}
    parents |= {now[code].parent for code in drawn if code in now}
    if len(parents) < 2:
        return
    found: dict[str, str] = {}
    lineage = lineage_of(draft)
    for source, target in zip(lineage["from_code"], lineage["to_code"], strict=True):
        if source in was and target in now:
            apart = {*_above(was, source)} ^ {*_above(now, target)}
            found |= dict.fromkeys(apart & was.keys() & now.keys() - {source}, target)
    for code, target in sorted(found.items()):
        yield _problem("upper_moves", Weight.HINT, code, draft.shape(target))


def _above(cells: Mapping[str, CellFacts], code: str) -> Iterator[str]:
    parent = cells[code].parent
    while parent is not None and parent in cells:
        yield parent
        parent = cells[parent].parent


def _sizes(
    draft: Draft, leaves: Collection[str], held: dict[str, Load], excuses: dict[str, str]
) -> Iterator[Problem]:
    for code in leaves:
        households = held.get(code, Load()).households
        fault = size_fault(draft.cells[code].level, households)
        if fault is not None:
            kind, bound = fault
            facts = {"households": households, "bound": bound}
            shape, reason = draft.shape(code), excuses.get(code)
            yield _problem(kind, Weight.EXCUSE, code, shape, reason=reason, **facts)


def _parts(draft: Draft, leaves: Collection[str]) -> Iterator[Problem]:
    for code in leaves:
        count = int(shapely.get_num_geometries(draft.shape(code)))
        if count > 1:
            smallest = min(shapely.get_parts(draft.shape(code)), key=shapely.area)
            yield _problem("parts", Weight.HINT, code, smallest, count=count)


def _orphans(draft: Draft, stock: gpd.GeoDataFrame, after: np.ndarray) -> Iterator[Problem]:
    was_inside = stock["leaf"].notna().to_numpy()
    is_outside = np.array([code is None for code in after], dtype=bool)
    for row in np.flatnonzero(was_inside & is_outside):
        point = stock.geometry.iloc[row]
        yield _problem("orphan", Weight.ERROR, str(stock["code"].iloc[row]), point)


def _cuts(draft: Draft, stock: gpd.GeoDataFrame, leaves: list[str]) -> Iterator[Problem]:
    """Give the buildings that a border runs through which did not before."""
    footprints = stock["footprint"].to_numpy(dtype=object)
    known = np.flatnonzero(~shapely.is_missing(footprints))
    if not len(known) or not leaves:
        return
    borders = shapely.boundary(draft.working.shapes(leaves))
    row, leaf = shapely.STRtree(borders).query(footprints[known], predicate="crosses")
    old = _old_borders(draft)
    for index in np.unique(row).tolist():
        footprint = footprints[known[index]]
        if old is None or not shapely.crosses(old, footprint):
            cut = borders[leaf[row == index][0]]
            name = str(stock["name"].iloc[known[index]])
            code = leaves[int(leaf[row == index][0])]
            where = shapely.intersection(cut, footprint)
            yield _problem("cut", Weight.HINT, code, where, building=name)


def _old_borders(draft: Draft) -> shapely.Geometry | None:
    shapes = [draft.base.shape(code) for code in changed_leaves(draft)]
    lines = [shapely.boundary(shape) for shape in shapes if shape is not None]
    return shapely.union_all(lines) if lines else None


def _problem(
    kind: str,
    weight: Weight,
    code: str,
    place: shapely.Geometry | None,
    *,
    reason: str | None = None,
    **facts: Any,
) -> Problem:
    if place is None or shapely.is_empty(place):
        return Problem(kind, weight, code, facts=facts, reason=reason)
    inside = shapely.point_on_surface(place)
    return Problem(kind, weight, code, round(inside.x, 7), round(inside.y, 7), facts, reason)
