"""From a draft to the rows of a publication: versions, shapes, lineage of what it changes. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.grid.model import LineageKind
from geo.grid.plans.draft import Draft
from geo.grid.plans.traces import LAND_M2
from geo.spatial.measure import area_m2

_FLAGS = ("derived", "noded", "is_new", "new_version", "new_shape", "gone")


@dataclass
class Row:
    """One cell of a step; what stays as it is, is empty."""

    code: str
    cell_id: int
    name: str | None = None
    level: int | None = None
    parent_id: int | None = None
    path: str | None = None
    geometry: shapely.Geometry | None = None
    derived: bool = False
    noded: bool = False
    is_new: bool = False
    new_version: bool = False
    new_shape: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Step:
    """What a publication writes.

    Parameters
    ----------
    rows : by code; only cells that change
    """

    rows: dict[str, Row] = field(default_factory=dict)

    def row(self, code: str, cell_id: int) -> Row:
        """Return the row of a cell, made when it has none yet."""
        return self.rows.setdefault(code, Row(code, cell_id))

    def frame(self) -> gpd.GeoDataFrame:
        """Return the rows as ``geo.grid.writing`` takes them."""
        rows = list(self.rows.values())
        frame = pd.DataFrame(
            {
                "cell_id": [row.cell_id for row in rows],
                "code": [row.code for row in rows],
                "name": [row.name for row in rows],
                "level": pd.array([row.level for row in rows], dtype="Int64"),
                "parent_id": pd.array([row.parent_id for row in rows], dtype="Int64"),
                "path": [row.path for row in rows],
                **{flag: [getattr(row, flag) for row in rows] for flag in _FLAGS},
            }
        )
        shapes = np.array([row.geometry for row in rows], dtype=object)
        frame["area_m2"] = area_m2(shapes)
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)

    @property
    def told_ids(self) -> tuple[int, ...]:
        """Ids of cells that mean something else than before."""
        meant = (r for r in self.rows.values() if r.new_version or r.gone or (_is_drawn(r)))
        return tuple(row.cell_id for row in meant)

    @property
    def drawn_ids(self) -> tuple[int, ...]:
        """Ids of cells with another shape, or none any more."""
        return tuple(r.cell_id for r in self.rows.values() if r.new_shape or r.gone)


def _is_drawn(row: Row) -> bool:
    return row.new_shape and not row.noded


def step_of(draft: Draft, ids: Mapping[str, int]) -> Step:
    """Return what a draft changes within its area, the shapes of upper cells left out.

    Parameters
    ----------
    ids : of every cell that is touched, around the area too
    """
    made = Step()
    paths = paths_of(draft, ids)
    for code, path in paths.items():
        cell = draft.cells[code]
        row = made.row(code, ids[code])
        row.is_new = cell.id is None
        row.name, row.level, row.path = cell.name, cell.level, path
        row.parent_id = ids[cell.parent] if cell.parent else None
        row.new_version = True
    for code in draft.ended:
        made.row(code, ids[code]).gone = True
    for code in draft.redrawn:
        row = made.row(code, ids[code])
        row.geometry, row.new_shape = draft.shape(code), True
        row.noded = code in draft.noded
    return made


def paths_of(draft: Draft, ids: Mapping[str, int]) -> dict[str, str]:
    """Return the path of each cell whose version is new: itself told anew, or moved with another.

    Parameters
    ----------
    ids : of new cells at least
    """
    fresh = {*draft.born, *draft.retold}
    if not fresh:
        return {}
    moved = {code for code in fresh if _hangs_elsewhere(draft, code)}
    if moved - set(draft.born):
        for cell in sorted(draft.cells.values(), key=lambda cell: cell.level):
            if cell.parent in moved:
                moved.add(cell.code)
    known = {draft.base.area: draft.base.path}
    return {code: _path(draft, code, ids, known) for code in _in_order(draft, fresh | moved)}


def _path(draft: Draft, code: str, ids: Mapping[str, int], known: dict[str, str]) -> str:
    if code not in known:
        cell = draft.cells[code]
        assert cell.parent is not None
        above = _path(draft, cell.parent, ids, known)
        known[code] = f"{above}{ids.get(code, cell.id)}."
    return known[code]


def _in_order(draft: Draft, codes: Iterable[str]) -> list[str]:
    """Return codes of cells, parents before children."""
    return sorted(codes, key=lambda code: (draft.cells[code].level, code))


def _hangs_elsewhere(draft: Draft, code: str) -> bool:
    before = draft.base.cells.get(code)
    return before is None or before.parent != draft.cells[code].parent


def lineage_of(draft: Draft, among: Collection[str] | None = None) -> pd.DataFrame:
    """Return whose ground went to whom: columns ``from_code, to_code, kind, area_m2``.

    Parameters
    ----------
    among : only of ground that goes from or to one of these cells; None for all
    """
    sources, targets = _sources(draft), _targets(draft)
    columns = ["from_code", "to_code", "kind", "area_m2"]
    if not sources or not targets:
        return pd.DataFrame(columns=columns)
    old = np.array([draft.base.shape(code) for code in sources], dtype=object)
    new = np.array([draft.shape(code) for code in targets], dtype=object)
    to, origin = shapely.STRtree(old).query(new)
    if among is not None:
        gives, gets = np.isin(sources, list(among)), np.isin(targets, list(among))
        asked = gives[origin] | gets[to]
        to, origin = to[asked], origin[asked]
    common = area_m2(shapely.intersection(old[origin], new[to]))
    rows = [
        (sources[i], targets[j], _kind(draft, sources[i], targets[j]), float(size))
        for i, j, size in zip(origin.tolist(), to.tolist(), common, strict=True)
        if sources[i] != targets[j] and size > LAND_M2
    ]
    return pd.DataFrame(rows, columns=columns).sort_values(["from_code", "to_code"])


def _sources(draft: Draft) -> list[str]:
    """Return leaves of the base that lost ground, ended, or were divided."""
    before = (code for code in draft.base.cells if code not in draft.base.parents)
    gone = (code for code in before if not draft.is_leaf(code))
    kept = (code for code in draft.redrawn if draft.base.shape(code) is not None)
    return sorted({*gone, *kept})


def _targets(draft: Draft) -> list[str]:
    return [code for code in draft.redrawn if code not in draft.noded]


def _kind(draft: Draft, source: str, target: str) -> str:
    if target not in draft.base.cells:
        return LineageKind.SPLIT.value
    return (LineageKind.MERGED if source not in draft.cells else LineageKind.MOVED).value
