"""Publishing cells: one step of history, whole or not at all.

The gate is here: the tree is sound, the leaves tile, upper shapes are the union of their children.
Then versions, shapes and lineage are written in one transaction under one lock, and
``CellsRepublished`` moves what others own before the commit.
"""

from dataclasses import dataclass
from datetime import timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.errors import Refused
from geo.events import Event
from geo.grid import frames, store, tree
from geo.grid.events import CellsRepublished, PublicationWritten
from geo.grid.model import Publication
from geo.grid.succession import Changes, changes, merged, with_derived
from geo.grid.tree import TreeFault, tree_faults
from geo.grid.writing import new_ids, write_step
from geo.spatial import coverage
from geo.spatial.coverage import Fault
from geo.spatial.measure import area_m2, length_m
from geo.work import Work

# New vertices on an outline move it by at most a storage grid step.
_TRACE_M = 0.02


class TreeBroken(Refused):
    """Cells break the rules of the tree: levels, parents, codes, shapes of leaves."""

    code = "tree_broken"

    def __init__(self, faults: list[TreeFault]) -> None:
        super().__init__(count=len(faults), cell=faults[0].code)
        self.faults = faults


class LandChanged(Refused):
    """Cells that divide a former leaf do not cover exactly its land."""

    code = "land_changed"


class CoverageBroken(Refused):
    """Leaf cells leave gaps or overlap."""

    code = "coverage_broken"

    def __init__(self, faults: list[Fault], codes: list[str]) -> None:
        worst = faults[0]
        super().__init__(
            count=len(faults),
            kind=worst.kind,
            area_m2=round(worst.area_m2, 1),
            lon=round(worst.lon, 7),
            lat=round(worst.lat, 7),
            cells=", ".join(codes[:4]),
        )
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did, in counts."""

    number: int
    cells: int
    new: int
    changed: int


def publish_cells(
    work: Work, incoming: gpd.GeoDataFrame, *, note: str, demo: bool = False
) -> Published:
    """Add or replace cells by code and publish the result, in effect at once.

    Parameters
    ----------
    incoming : columns ``code, name, level, parent_code, geometry``; leaves with their shape on
        the storage grid, upper cells may have None. Cells not named stay as they are
    note : why, for the history

    Returns
    -------
    Published

    Raises
    ------
    TreeBroken
        When a rule of the tree is broken; names every cell.
    CoverageBroken
        When leaves leave a gap or overlap; names every place.
    LandChanged
        When the children of a former leaf cover more or less than it did.
    """
    number, before = _locked_state(work.session)
    if before.empty and incoming.empty:
        return Published(number, 0, 0, 0)
    after = with_derived(_tiling(checked_tree(merged(before, incoming))))
    _check_divided_land(before, after)
    step = changes(before, after)
    touched = step.cells["new_version"] | (step.cells["new_shape"] & ~step.cells["noded"])
    if number and not (step.cells["new_version"] | step.cells["new_shape"]).any():
        return Published(number, len(after), 0, 0)
    add_publication(work, number + 1, note=note, demo=demo)
    rows = _write(work.session, number + 1, before, step)
    told = (rows["new_version"] | touched).to_numpy(dtype=bool)
    drawn = step.cells["new_shape"].to_numpy(dtype=bool)
    ids = rows["cell_id"].to_numpy()
    work.record(CellsRepublished(number + 1, tuple(ids[told].tolist()), tuple(ids[drawn].tolist())))
    new = int(step.cells["is_new"].sum())
    made = Published(number + 1, len(after), new, int(touched.sum()) - new)
    counts = {"number": made.number, "new": made.new, "changed": made.changed}
    work.note(
        Note(Action.GRID_PUBLISH, subject_kind="cell", count=int(touched.sum()), after=counts)
    )
    return made


def checked_tree(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the cells when their tree is sound.

    Raises
    ------
    TreeBroken
        Names every cell that breaks a rule.
    """
    if faults := tree_faults(cells):
        raise TreeBroken(faults)
    return cells


def _locked_state(session: Session) -> tuple[int, gpd.GeoDataFrame]:
    take_turn(session)
    last = store.latest_publication(session)
    number = last.number if last else 0
    return number, frames.tree(session, number)


def finish_publication(work: Work, event: Event) -> None:
    """Note, once all others have followed the cells, that the publication is written."""
    assert isinstance(event, CellsRepublished)
    work.record(PublicationWritten(event.number))


def take_effect(work: Work, event: Event) -> None:
    """Set the instant of a publication as the last thing before its commit: never back-dated."""
    assert isinstance(event, PublicationWritten)
    work.session.execute(statement("geo.grid", "take_effect"), {"number": event.number})


def add_publication(
    work: Work, number: int, *, note: str, demo: bool = False, actor: str | None = None
) -> None:
    """Begin a publication; ``take_effect`` sets the instant that counts.

    Parameters
    ----------
    actor : who publishes it; None for the actor of the work
    """
    last = store.latest_publication(work.session)
    after_last = last.effective_at + timedelta(microseconds=1) if last else work.now
    work.session.add(
        Publication(
            number=number,
            effective_at=max(work.now, after_last),
            note=note,
            actor=actor or work.actor.name,
            demo=demo,
        )
    )
    work.session.flush()


def _tiling(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the tree with leaves that share all vertices, or refuse with the places."""
    order = tree.leaves(cells)
    shapes = np.asarray(order.geometry, dtype=object)
    if coverage.is_valid(shapes) and not coverage.gaps(shapes):
        return cells
    shapes, faults = coverage.noded(shapes)
    if faults:
        owners = [order["code"].iloc[owner] for owner in faults[0].owners]
        raise CoverageBroken(faults, owners)
    geometry = np.array(cells["geometry"], dtype=object)
    geometry[cells.index.get_indexer(order.index)] = shapes
    return cells.assign(geometry=geometry)


def _check_divided_land(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> None:
    divided = before.index[~before["derived"].astype(bool)].intersection(
        after.index[after["derived"]]
    )
    old, new = before.geometry[divided].to_numpy(), after.geometry[divided].to_numpy()
    lost = area_m2(shapely.symmetric_difference(old, new))
    if (lost > _TRACE_M * length_m(old)).any():
        worst = int(np.argmax(lost))
        raise LandChanged(cell=divided[worst], area_m2=round(float(lost[worst]), 1))


def _write(
    session: Session, number: int, before: gpd.GeoDataFrame, step: Changes
) -> gpd.GeoDataFrame:
    cells = step.cells
    known = before["cell_id"] if len(before) else pd.Series(dtype="int64")
    ids = known.reindex(cells.index)
    if cells["is_new"].any():
        ids[cells["is_new"]] = new_ids(session, int(cells["is_new"].sum()))
    ids = ids.astype("int64")
    paths = tree.paths(cells.assign(cell_id=ids))
    old_paths = before["path"].reindex(cells.index) if len(before) else None
    moved = paths != old_paths if old_paths is not None else True
    rows = cells.assign(
        cell_id=ids,
        parent_id=cells["parent_code"].map(ids).astype("Int64"),
        path=paths,
        new_version=cells["new_version"] | moved,
        gone=False,
    )
    write_step(session, number, rows, step.lineage)
    return rows
