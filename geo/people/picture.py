"""What one cell looks like on the occupancy map: reads the picture that ``maps`` draws."""

import math
from collections import Counter
from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.access.scope import EVERYTHING, Scope, area_range
from geo.grid import frames as grid_frames
from geo.grid import store as grid
from geo.grid.model import CellVersion, Publication
from geo.people.frames import (
    counts_by_cell,
    occupancy_by_building,
    occupancy_kinds,
    sums_by_cell,
)
from geo.people.public import public_counts_of
from geo.places import frames as places
from geo.places.frames import Window
from geo.places.model import Building
from geo.places.picture import OccupancyKind, OccupancyPicture, PictureCell
from geo.work import Work

_GRID_LEVEL = 4
# How much of the land around a cell its map shows, as a share of its longer side: wide windows too.
_MARGIN = 0.8
# The most buildings a map opens with by itself; more are only a press away.
_OPENS_WITH = 4_000
_BUILDING = ("code", "name", "cell_code", "grid_code")
_NO_CELL = "0."


def occupancy_picture(
    work: Work, code: str, *, zone: str, as_of: datetime | None = None
) -> OccupancyPicture:
    """Return cells, buildings and ground of a cell, households counted by occupancy.

    Counts hold what the actor may see; buildings outside its areas count nobody.

    Parameters
    ----------
    code : of the cell
    zone : in which the publication's instant is a day
    as_of : moment of the grid; None for now. Households are always today's

    Raises
    ------
    NothingPublished, CellUnknown
        When there is no such cell at the moment.
    """
    session = work.session
    publication = grid.publication_at(session, as_of or work.now)
    cell = grid.version_by_code(session, code, publication.number)
    kinds = occupancy_kinds(session)
    columns = ["households", "persons", *(kind.code for kind in kinds)]
    cells = _cells(session, cell, publication.number)
    buildings = _buildings(work, cell.path, kinds, columns)
    leaf = cells.set_index("cell_id")
    buildings["cell_code"] = buildings["cell_id"].map(leaf["code"]).astype(object).fillna("")
    buildings["grid_code"] = _grid_codes(buildings["path"], cells)
    counts = counts_by_cell(cells, buildings, columns)
    kept = [*_BUILDING, *columns, "head", "address", "geometry"]
    return OccupancyPicture(
        cell=_picture_cell(session, cell, publication, zone),
        cells=cells.join(counts)[
            ["code", "name", "level", "parent_code", "buildings", *columns, "geometry"]
        ].reset_index(drop=True),
        buildings=buildings[kept].reset_index(drop=True),
        ground=places.ground(session, _window(cells, code), cell.path),
        kinds=kinds,
    )


def public_picture(work: Work, code: str, *, zone: str) -> OccupancyPicture:
    """Return the cells and the ground of a cell as everybody may see them: no building.

    Counts are Int64 and missing where nothing is told (``geo.people.public``); of the siblings, and
    of cells of level 5, nothing is. ``buildings`` is everybody's to count.

    Raises
    ------
    NothingPublished, CellUnknown
        When there is no such cell now.
    """
    session = work.session
    publication = grid.publication_at(session, work.now)
    cell = grid.version_by_code(session, code, publication.number)
    kinds = occupancy_kinds(session)
    cells = _cells(session, cell, publication.number)
    today = work.now.astimezone(ZoneInfo(zone)).date()
    told = public_counts_of(work, cell.path, publication.number, today=today)
    counts = told.reindex(cells["path"]).set_axis(cells.index)
    standing = _buildings_by_leaf(session, cell.path)
    counts["buildings"] = sums_by_cell(cells, standing, ["buildings"])["buildings"]
    columns = ["buildings", "households", "persons", *(kind.code for kind in kinds)]
    return OccupancyPicture(
        cell=_picture_cell(session, cell, publication, zone),
        cells=cells.join(counts)[
            ["code", "name", "level", "parent_code", *columns, "geometry"]
        ].reset_index(drop=True),
        buildings=gpd.GeoDataFrame(
            columns=[*_BUILDING, *columns[1:], "head", "address", "geometry"], crs=cells.crs
        ),
        ground=places.ground(session, _window(cells, code), _NO_CELL),
        kinds=kinds,
        detail="cells",
    )


def home_cell(work: Work) -> str:
    """Return the code of the cell where a map opens: the actor's area, of several what holds all.

    Without an area, or for everything, it is the smallest cell that holds every building. When that
    holds more than a map should open with, it is the fullest cell below it that does not; without
    buildings it is the first root.

    Raises
    ------
    NothingPublished
        When there is no grid yet.
    """
    number = grid.publication_at(work.session, work.now).number
    area = _opening_area(work.scope)
    query = select(Building.path, func.count()).where(Building.path != "").group_by(Building.path)
    if area:
        low, high = area_range(area)
        query = query.where(Building.path >= low, Building.path < high)
    counts = Counter({path: count for path, count in work.session.execute(query)})
    path = area
    if counts and (not area or sum(counts.values()) > _OPENS_WITH):
        path = _opening_path(counts)
    cells = grid.versions_in(number).order_by(CellVersion.path)
    if path:
        cells = cells.where(CellVersion.path == path)
    return work.session.scalars(cells.limit(1)).one().code


def _opening_area(scope: Scope) -> str:
    """Return the path of what an actor's areas have in common; of trees apart, of the first."""
    areas = [area for area in scope.areas if area != EVERYTHING]
    return scope.root or (areas[0] if areas else "")


def _opening_path(counts: Counter[str]) -> str:
    """Return the path to open at, from the number of buildings in each leaf cell."""
    path = _common_path(min(counts), max(counts))
    while sum(counts.values()) > _OPENS_WITH and counts.keys() != {path}:
        below: Counter[str] = Counter()
        for leaf, count in counts.items():
            below[path + leaf.removeprefix(path).partition(".")[0] + "."] += count
        path = max(below, key=lambda step: (below[step], step))
        counts = Counter({leaf: n for leaf, n in counts.items() if leaf.startswith(path)})
    return path


def _common_path(first: str, last: str) -> str:
    """Return the path of the deepest cell above both of two paths; empty in different trees."""
    pairs = zip(first.split("."), last.split("."), strict=False)
    shared = [a for a, b in takewhile(lambda pair: pair[0] == pair[1], pairs) if a]
    return "".join(f"{step}." for step in shared)


def _cells(session: Session, cell: CellVersion, number: int) -> gpd.GeoDataFrame:
    whole = grid_frames.tree(session, number)
    below = whole["path"].str.startswith(cell.path)
    parent = whole.loc[cell.code, "parent_code"]
    siblings = whole["parent_code"].isna() if pd.isna(parent) else whole["parent_code"] == parent
    return whole[below | (siblings & (whole["level"] == cell.level))]


def _buildings(
    work: Work, path: str, kinds: tuple[OccupancyKind, ...], columns: list[str]
) -> gpd.GeoDataFrame:
    found = places.buildings(work.session, path)
    counted = occupancy_by_building(work.session, work.scope, path, kinds).reindex(found.index)
    counts = counted[columns].fillna(0).astype("int64")
    return gpd.GeoDataFrame(found.join(counts).assign(head=""), crs=found.crs)


def _buildings_by_leaf(session: Session, path: str) -> pd.DataFrame:
    low, high = area_range(path)
    query = select(Building.path, func.count()).where(Building.path >= low, Building.path < high)
    rows = session.execute(query.group_by(Building.path)).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=["path", "buildings"])


def _grid_codes(paths: pd.Series, cells: gpd.GeoDataFrame) -> pd.Series:
    grids = cells[cells["level"] == _GRID_LEVEL].set_index("path")["code"]
    above = paths.str.split(".").str[:_GRID_LEVEL].str.join(".") + "."
    # Where the picture has no grid, as in a cell of level 5, nothing is found and nothing is text.
    return above.map(grids).astype(object).fillna("")


def _window(cells: gpd.GeoDataFrame, code: str) -> Window:
    """Return the cell's bounds widened on every side by most of its longer side, in metres."""
    west, south, east, north = cells.geometry[code].bounds
    shrink = math.cos(math.radians((south + north) / 2.0))
    margin = _MARGIN * max((east - west) * shrink, north - south)
    return west - margin / shrink, south - margin, east + margin / shrink, north + margin


def _picture_cell(
    session: Session, cell: CellVersion, publication: Publication, zone: str
) -> PictureCell:
    crumbs = grid.chain(session, cell.path, publication.number)[:-1]
    return PictureCell(
        code=cell.code,
        name=cell.name,
        level=cell.level,
        crumbs=tuple((step.code, step.name) for step in crumbs),
        version=publication.number,
        version_date=publication.effective_at.astimezone(ZoneInfo(zone)).date(),
        demo=grid.holds_demo(session, publication.number),
    )
