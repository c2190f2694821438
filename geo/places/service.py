"""Placing buildings, estates and ground, and keeping each building in its cell."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.bulk import stage
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.events import Event
from geo.grid import frames as grid_frames
from geo.grid import store as grid_store
from geo.grid.events import CellsRepublished
from geo.grid.tree import leaves
from geo.places.events import BuildingsMoved
from geo.spatial.covers import first_covering
from geo.work import Work

_ESTATE = {"code": "text", "name": "text", "kind": "text"}
_BUILDING = {
    "code": "text",
    "name": "text",
    "kind": "text",
    "estate_code": "text",
    "road": "text",
    "door_no": "text",
    "building_no": "text",
    "floors": "smallint",
    "stairwells": "smallint",
    "point": "geometry(Point,4326)",
    "footprint": "geometry(Geometry,4326)",
    "source_crs": "text",
    "cell_id": "bigint",
    "path": "text",
}
_GROUND = {
    "kind": "text",
    "rank": "smallint",
    "name": "text",
    "width_m": "double precision",
    "geometry": "geometry(Geometry,4326)",
}
_CHANGED_GROUND = {
    "id": "bigint",
    "rank": "smallint",
    "name": "text",
    "width_m": "double precision",
}
_MOVED = {"id": "bigint", "cell_id": "bigint", "path": "text"}
_NO_LEAVES = pd.DataFrame(columns=["cell_id", "code", "path", "geometry"], dtype=object)


def add_estates(work: Work, estates: pd.DataFrame) -> int:
    """Add estates, or bring those with known codes up to date; return how many rows were given."""
    stage(work.session, "next_estate", _ESTATE, estates)
    work.session.execute(statement("geo.places", "upsert_estates"))
    work.note(_note("estate", len(estates)))
    return len(estates)


def add_buildings(
    work: Work, buildings: gpd.GeoDataFrame, *, source_crs: str = "wgs84"
) -> pd.Series:
    """Add buildings, or bring those with known codes up to date, each in its leaf cell.

    Parameters
    ----------
    buildings : columns ``code, name, kind, estate_code, road, door_no, building_no, floors,
        stairwells, footprint`` and the point as geometry, on the storage grid
    source_crs : system the coordinates came in, kept for the record

    Returns
    -------
    Series of leaf cell codes, index of ``buildings``; None outside every cell
    """
    take_turn(work.session)
    cells = _current_leaves(work)
    owner = first_covering(buildings.geometry.to_numpy(), cells.geometry.to_numpy())
    rows = pd.DataFrame(buildings.drop(columns=buildings.geometry.name)).assign(
        point=buildings.geometry.to_numpy(), source_crs=source_crs, **_place(cells, owner)
    )
    stage(work.session, "next_building", _BUILDING, rows)
    work.session.execute(statement("geo.places", "upsert_buildings"))
    work.record(BuildingsMoved(len(rows)))
    work.note(_note("building", len(rows), rows["path"].tolist()))
    return pd.Series(_taken(cells["code"], owner), index=buildings.index, dtype=object)


def add_ground(work: Work, ground: gpd.GeoDataFrame) -> int:
    """Add ground features: columns ``kind, rank, name, width_m, geometry``; return their number."""
    stage(work.session, "next_ground", _GROUND, ground)
    work.session.execute(
        text(
            "INSERT INTO ground_feature (kind, rank, name, width_m, geom)"
            " SELECT kind, rank, name, width_m, geometry FROM pg_temp.next_ground"
        )
    )
    work.note(_note("ground", len(ground)))
    return len(ground)


def update_ground(work: Work, ground: pd.DataFrame) -> None:
    """Bring ground features up to date: columns ``id, rank, name, width_m``."""
    stage(work.session, "changed_ground", _CHANGED_GROUND, ground)
    work.session.execute(statement("geo.places", "update_ground"))
    work.note(_note("ground", len(ground)))


def follow_cells(work: Work, event: Event) -> None:
    """Give each building that a publication concerns the leaf cell that covers it, and its path."""
    assert isinstance(event, CellsRepublished)
    values = {"number": event.number, "drawn_ids": list(event.drawn_ids)}
    buildings = _placed_buildings(work.session, values)
    cells = _drawn_leaves(work.session, values) if len(buildings) else _NO_LEAVES
    owner = first_covering(buildings["point"].to_numpy(), cells["geometry"].to_numpy())
    place = pd.DataFrame(_place(cells, owner), index=buildings.index)
    moved = (place["path"] != buildings["path"]).to_numpy()
    rows = place[moved].assign(id=buildings["id"][moved])
    stage(work.session, "moved_building", _MOVED, rows)
    work.session.execute(statement("geo.places", "move_buildings"))
    named = {"number": event.number, "cell_ids": list(event.cell_ids)}
    followed = work.session.scalars(statement("geo.places", "follow_paths"), named).all()
    ids = (*rows["id"].tolist(), *followed)
    work.record(BuildingsMoved(len(ids), ids, event.cell_ids, event.number))


def _note(kind: str, count: int, paths: Sequence[str] = ()) -> Note:
    area = Scope.of_areas(path for path in paths if path).root
    return Note(Action.BUILDINGS_IMPORT, subject_kind=kind, count=count, area=area)


def _current_leaves(work: Work) -> gpd.GeoDataFrame:
    latest = grid_store.latest_publication(work.session)
    return leaves(grid_frames.tree(work.session, latest.number if latest else 0))


def _placed_buildings(session: Session, values: dict[str, object]) -> pd.DataFrame:
    rows = session.execute(statement("geo.places", "placed_buildings"), values).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=["id", "path", "point"])
    return frame.assign(point=shapely.from_wkb([bytes(point) for point in frame["point"]]))


def _drawn_leaves(session: Session, values: dict[str, object]) -> pd.DataFrame:
    rows = session.execute(statement("geo.places", "drawn_leaves"), values).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=_NO_LEAVES.columns)
    return frame.assign(geometry=shapely.from_wkb([bytes(one) for one in frame["geometry"]]))


def _place(cells: pd.DataFrame, owner: np.ndarray) -> dict[str, np.ndarray]:
    ids, paths = _taken(cells["cell_id"], owner), _taken(cells["path"], owner)
    return {"cell_id": ids, "path": np.where(owner < 0, "", paths)}


def _taken(values: pd.Series, owner: np.ndarray) -> np.ndarray:
    """Return the value of each owner, None where there is no owner."""
    padded = np.append(values.to_numpy(dtype=object), [None])
    return padded[owner]
