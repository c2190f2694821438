"""Who holds their dwelling how, counted by building and by cell; never a person."""

import geopandas as gpd
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access.scope import Scope
from geo.db.paging import ranges_of
from geo.db.sql import statement
from geo.people.model import Occupancy
from geo.places.picture import OccupancyKind


def occupancy_kinds(session: Session) -> tuple[OccupancyKind, ...]:
    """Return the ways of holding a dwelling, in the order of every legend."""
    rows = session.scalars(select(Occupancy).order_by(Occupancy.rank))
    return tuple(OccupancyKind(r.code, r.name_zh, r.name_en, r.short_zh, r.rank) for r in rows)


def occupancy_by_building(
    session: Session, scope: Scope, path: str, kinds: tuple[OccupancyKind, ...]
) -> pd.DataFrame:
    """Return the households of each building of a cell that lies in the scope.

    Returns
    -------
    DataFrame, index building id: ``households, persons`` and one count column a kind, int64;
    buildings without households are missing
    """
    query = statement("geo.people", "occupancy_by_building")
    rows = [
        row
        for low, high in ranges_of(scope, path)
        for row in session.execute(query, {"low": low, "high": high})
    ]
    columns = ["building_id", "occupancy", "households", "persons"]
    counted = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    wide = counted.pivot(index="building_id", columns="occupancy", values="households")
    wide = wide.reindex(columns=[kind.code for kind in kinds]).fillna(0).astype("int64")
    sums = counted.groupby("building_id")[["households", "persons"]].sum().astype("int64")
    return sums.join(wide)


def counts_by_cell(
    cells: gpd.GeoDataFrame, buildings: pd.DataFrame, columns: list[str]
) -> pd.DataFrame:
    """Return the sums of building columns over each cell's subtree.

    Parameters
    ----------
    cells : columns ``path``; any levels
    buildings : columns ``path`` (of the leaf cell) and ``columns``

    Returns
    -------
    DataFrame, index of ``cells``: ``buildings`` and ``columns``, int64
    """
    return sums_by_cell(cells, buildings.assign(buildings=1), ["buildings", *columns])


def sums_by_cell(cells: pd.DataFrame, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the sums of columns over each cell's subtree.

    Parameters
    ----------
    cells : columns ``path``; any levels
    rows : columns ``path`` (of the leaf cell) and ``columns``

    Returns
    -------
    DataFrame, index of ``cells``: ``columns``, int64
    """
    by_leaf = rows.groupby("path")[columns].sum()
    above = by_leaf.assign(cell=[_ancestor_paths(path) for path in by_leaf.index]).explode("cell")
    summed = above.groupby("cell")[columns].sum()
    return summed.reindex(cells["path"]).fillna(0).astype("int64").set_axis(cells.index)


def _ancestor_paths(path: str) -> list[str]:
    steps = path.split(".")[:-1]
    return [".".join(steps[:end]) + "." for end in range(1, len(steps) + 1)]
