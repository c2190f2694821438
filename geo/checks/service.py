"""Checks the stored data of a cell and all below it against the rules they must keep."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geo.access.actors import Reason
from geo.access.scope import area_range
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.checks.report import Counts, Place, Report
from geo.db.sql import statement
from geo.grid import frames as grid_frames
from geo.grid import store as grid
from geo.grid.tree import leaves
from geo.spatial import coverage
from geo.spatial.coverage import Fault
from geo.spatial.covers import first_covering
from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID
from geo.work import Work

Progress = Callable[[str, int, int], None]

_STEPS = ("coverage", "nesting", "buildings", "people")
_WHOLE = ("", ":")  # every path: empty, or it begins with a digit


def check(work: Work, code: str | None, progress: Progress) -> Report:
    """Return what is wrong in a cell and all below it, and what it holds.

    Parameters
    ----------
    code : of the cell; None for everything
    progress : called with step, steps done, steps in all

    Raises
    ------
    NothingPublished, CellUnknown
        When there is nothing to check.
    """
    session = work.session
    version = grid.publication_at(session, work.now).number
    cell = grid.version_by_code(session, code, version) if code else None
    low, high = area_range(cell.path) if cell else _WHOLE
    values: dict[str, object] = {"low": low, "high": high}
    cells = grid_frames.tree(session, version, below=cell.path if cell else None)
    finest = leaves(cells)
    progress(_STEPS[0], 0, len(_STEPS))
    shapes = finest.geometry.to_numpy()
    valid = coverage.is_valid(shapes)
    overlaps = [] if valid else coverage.overlaps(shapes)
    gaps = coverage.gaps(shapes)
    progress(_STEPS[1], 1, len(_STEPS))
    nesting = _nesting(cells)
    progress(_STEPS[2], 2, len(_STEPS))
    buildings = _buildings(session, values)
    strays, outside = _misplaced(buildings, grid_frames.tree(session, version))
    progress(_STEPS[3], 3, len(_STEPS))
    with work.elevated(Reason.HEALTH_CHECK):
        counts = _counts(session, cells, buildings, values)
        strayed = session.execute(statement("geo.checks", "strayed"), values).all()
    progress(_STEPS[3], 4, len(_STEPS))
    area = cell.path if cell else ""
    work.note(
        Note(Action.PEOPLE_COUNT, subject_kind="household", count=counts.households, area=area)
    )
    codes = finest["code"].to_numpy()
    return Report(
        cell_code=cell.code if cell else "",
        cell_name=cell.name if cell else "",
        version=version,
        counts=counts,
        coverage_valid=valid,
        gap_m2=sum(fault.area_m2 for fault in gaps),
        overlap_m2=sum(fault.area_m2 for fault in overlaps),
        nesting_m2=sum(place.area_m2 or 0.0 for place in nesting),
        buildings_outside=len(outside),
        places=(
            *(_place(fault, codes) for fault in (*overlaps, *gaps)),
            *nesting,
            *strays,
            *outside,
            *(Place(f"strayed_{row.kind}", (row.place, str(row.id))) for row in strayed),
        ),
    )


def _place(fault: Fault, codes: np.ndarray) -> Place:
    owners = tuple(str(codes[owner]) for owner in fault.owners)
    return Place(fault.kind, owners, fault.lon, fault.lat, fault.area_m2)


def _nesting(cells: gpd.GeoDataFrame) -> list[Place]:
    """Return each upper cell whose shape is not the union of its children, by its parent code."""
    children = cells[cells["parent_code"].isin(cells["code"])]
    if children.empty:
        return []
    groups = children.geometry.groupby(children["parent_code"])
    united = np.array([_united(group.to_numpy()) for _, group in groups], dtype=object)
    parents = cells.loc[list(groups.groups)]
    differs = ~shapely.equals(united, parents.geometry.to_numpy())
    wrong = parents[differs]
    sizes = area_m2(shapely.symmetric_difference(united[differs], wrong.geometry.to_numpy()))
    where = shapely.point_on_surface(wrong.geometry.to_numpy())
    return [
        Place("nesting", (code,), point.x, point.y, float(size))
        for code, point, size in zip(wrong["code"], where, sizes, strict=True)
    ]


def _united(shapes: np.ndarray) -> shapely.Geometry:
    """Return the union of children, which may be broken: then the slow, robust way."""
    if coverage.is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes, grid_size=GRID)


def _buildings(session: Session, values: dict[str, object]) -> pd.DataFrame:
    rows = session.execute(statement("geo.checks", "buildings"), values).all()
    columns = ["id", "code", "cell_id", "path", "lon", "lat"]
    return pd.DataFrame([tuple(row) for row in rows], columns=columns)


def _misplaced(buildings: pd.DataFrame, cells: gpd.GeoDataFrame) -> tuple[list[Place], list[Place]]:
    """Return buildings that are not in the cell their row names, and those outside every cell."""
    finest = leaves(cells)
    points = shapely.points(buildings[["lon", "lat"]].to_numpy(dtype=float))
    owner = first_covering(points, finest.geometry.to_numpy())
    paths = np.append(finest["path"].to_numpy(dtype=object), [""])[owner]
    outside = (owner < 0) & (buildings["path"] == "").to_numpy()
    astray = (paths != buildings["path"].to_numpy(dtype=object)) & ~outside
    return (
        [Place("building_astray", (b.code,), b.lon, b.lat) for b in buildings[astray].itertuples()],
        [
            Place("building_outside", (b.code,), b.lon, b.lat)
            for b in buildings[outside].itertuples()
        ],
    )


def _counts(
    session: Session,
    cells: gpd.GeoDataFrame,
    buildings: pd.DataFrame,
    values: dict[str, object],
) -> Counts:
    people = session.execute(statement("geo.checks", "counts"), values).one()
    levels = cells["level"].value_counts().sort_index()
    return Counts(
        cells={int(level): int(count) for level, count in levels.items()},
        buildings=len(buildings),
        households=people.households,
        residents=people.residents,
        households_uncounted=people.households_uncounted,
    )
