"""SELECTs on boundary plans, and on buildings and people that they concern; seen by their area."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geo.access.scope import Scope, area_range
from geo.db.paging import (
    Key,
    Page,
    PathRange,
    Slice,
    in_path_order,
    is_within,
    ranges_within,
    read_by_area,
)
from geo.db.sql import statement
from geo.errors import NotFound
from geo.grid.model import CellVersion, Publication
from geo.grid.plans.checks import Earlier
from geo.grid.plans.impact import Duty
from geo.grid.plans.lifecycle import PlanState
from geo.grid.plans.model import BoundaryPlan, PlanExcuse, PlanOperation

_STOCK = ("id", "code", "name", "leaf", "point", "footprint", "households", "persons")


class PlanUnknown(NotFound):
    """No boundary plan has this id, or it is not the asker's to see."""

    code = "plan_unknown"
    scoped = "boundary_plan"


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans are asked for; None asks for all.

    Parameters
    ----------
    area : path of a cell: plans of it and of cells below it
    """

    state: PlanState | None = None
    area: str | None = None


def plans(session: Session, scope: Scope, wanted: PlanFilter, page: Page) -> Slice[BoundaryPlan]:
    """Return one page of plans in the order of their areas."""
    conditions = [] if wanted.state is None else [BoundaryPlan.state == wanted.state.value]
    ranges = ranges_within(scope, wanted.area)
    return read_by_area(ranges, page, partial(_plans, session, conditions), _key)


def plan_by_id(session: Session, scope: Scope, plan: int, *, locked: bool = False) -> BoundaryPlan:
    """Return a plan.

    Parameters
    ----------
    locked : keep others from changing it until the transaction ends

    Raises
    ------
    PlanUnknown
        When there is none with this id within the scope.
    """
    query = select(BoundaryPlan).where(BoundaryPlan.id == plan, is_within(BoundaryPlan.path, scope))
    if locked:
        # Read again: another transaction may have changed what this session has in memory.
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise PlanUnknown(value=str(plan))
    return found


def operations_of(session: Session, plan: int) -> list[PlanOperation]:
    """Return the operations of a plan that stand, in order."""
    query = select(PlanOperation).where(
        PlanOperation.plan_id == plan, PlanOperation.undone_at.is_(None)
    )
    return list(session.scalars(query.order_by(PlanOperation.place)))


def made_since(session: Session, plan: int, revision: int) -> list[PlanOperation]:
    """Return the operations of a plan that were made or undone after a revision, in order."""
    later = or_(PlanOperation.made_in > revision, PlanOperation.undone_in > revision)
    query = select(PlanOperation).where(PlanOperation.plan_id == plan, later)
    return list(session.scalars(query.order_by(PlanOperation.id)))


def names_of(session: Session, logins: Collection[str]) -> dict[str, str]:
    """Return the names of those who work on plans, by login; tasks of the system have none."""
    rows = session.execute(statement("geo.grid.plans", "names"), {"logins": sorted(logins)})
    return {row.login: row.name for row in rows}


def moments_of(session: Session, plans: Sequence[BoundaryPlan]) -> dict[int, datetime]:
    """Return from when the publications hold that plans became, by number."""
    numbers = [plan.published for plan in plans if plan.published is not None]
    query = select(Publication.number, Publication.effective_at)
    rows = session.execute(query.where(Publication.number.in_(numbers)))
    return {row.number: row.effective_at for row in rows}


def makers_of(session: Session, plan: BoundaryPlan) -> set[str]:
    """Return everybody who has worked on a plan: began, changed or submitted it."""
    query = select(PlanOperation.made_by).where(PlanOperation.plan_id == plan.id).distinct()
    named = {plan.author, *session.scalars(query)}
    return named | ({plan.submitter} if plan.submitter else set())


def excuses_of(session: Session, plan: int) -> dict[str, PlanExcuse]:
    """Return why cells of a plan may break the size rule, by code."""
    query = select(PlanExcuse).where(PlanExcuse.plan_id == plan).order_by(PlanExcuse.code)
    return {excuse.code: excuse for excuse in session.scalars(query)}


def earlier_excuses(session: Session, scope: Scope, codes: Collection[str]) -> dict[str, Earlier]:
    """Return what published plans said last of why some cells may break the size rule, by code."""
    query = (
        select(PlanExcuse.code, PlanExcuse.reason, BoundaryPlan.published)
        .join(BoundaryPlan, BoundaryPlan.id == PlanExcuse.plan_id)
        .where(BoundaryPlan.published.is_not(None), is_within(BoundaryPlan.path, scope))
        .where(PlanExcuse.code.in_(codes))
        .order_by(BoundaryPlan.published)
    )
    rows = session.execute(query)
    return {code: Earlier(reason, number) for code, reason, number in rows if number is not None}


def area_codes(session: Session, cell_ids: Sequence[int]) -> dict[int, str]:
    """Return the codes that some cells bear, or bore last, by id."""
    query = (
        select(CellVersion.cell_id, CellVersion.code)
        .where(CellVersion.cell_id.in_(cell_ids))
        .order_by(func.lower(CellVersion.during))
    )
    return {cell_id: code for cell_id, code in session.execute(query)}


def stock_of(session: Session, number: int, path: str, today: date) -> gpd.GeoDataFrame:
    """Return the buildings of an area with how many households and persons live in each.

    Returns
    -------
    GeoDataFrame with columns ``id, code, name, leaf, footprint, households, persons`` and the point
    as geometry; ``leaf`` None outside every cell
    """
    return _stock(session, "stock", number, path, {"today": today})


def stock_of_cells(
    session: Session, number: int, path: str, cell_ids: Collection[int], today: date
) -> gpd.GeoDataFrame:
    """Return the buildings of some cells of an area in the publication of now, as ``stock_of``."""
    values = {"cell_ids": list(cell_ids), "today": today}
    return _stock(session, "stock_of_cells", number, path, values)


def stock_gone(
    session: Session, number: int, path: str, box: shapely.Geometry, today: date
) -> gpd.GeoDataFrame:
    """Return buildings near an older area that later publications took out of it.

    Returns
    -------
    GeoDataFrame as of ``stock_of``, ``leaf`` None throughout
    """
    return _stock(session, "stock_gone", number, path, {"box": box.wkt, "today": today})


def _stock(
    session: Session, name: str, number: int, path: str, further: dict[str, Any]
) -> gpd.GeoDataFrame:
    low, high = area_range(path)
    values = {"number": number, "low": low, "high": high, **further}
    rows = session.execute(statement("geo.grid.plans", name), values).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(_STOCK))
    for name in ("point", "footprint"):
        frame[name] = shapely.from_wkb([None if one is None else bytes(one) for one in frame[name]])
    frame["persons"] = frame["persons"].astype("int64")
    return gpd.GeoDataFrame(frame, geometry="point", crs=4326)


def duties_of(
    session: Session, number: int, path: str, codes: Sequence[str], now: datetime
) -> list[Duty]:
    """Return who answers for some cells of an area."""
    low, high = area_range(path)
    values = {"number": number, "codes": list(codes), "low": low, "high": high, "now": now}
    rows = session.execute(statement("geo.grid.plans", "workers"), values)
    return [Duty(**row._mapping) for row in rows]


def workers_by_id(session: Session, path: str, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return code and name of those of some workers that are of an area now, by id."""
    low, high = area_range(path)
    values = {"ids": list(ids), "low": low, "high": high}
    rows = session.execute(statement("geo.grid.plans", "workers_by_id"), values)
    return {row.id: (row.code, row.name) for row in rows}


def is_led_above(session: Session, number: int, path: str, now: datetime) -> bool:
    """Return whether somebody is the first to answer for a cell above an area."""
    steps = path.rstrip(".").split(".")[:-1]
    above = [".".join(steps[: count + 1]) + "." for count in range(len(steps))]
    values = {"number": number, "paths": above, "now": now}
    return bool(session.scalar(statement("geo.grid.plans", "led_above"), values))


def changed_since(session: Session, base: int) -> frozenset[str]:
    """Return the codes of cells of a publication that later ones changed in what they mean."""
    query = statement("geo.grid.plans", "changed_since")
    return frozenset(session.scalars(query, {"base": base}))


def _plans(
    session: Session,
    conditions: list[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[BoundaryPlan]:
    columns: Any = (BoundaryPlan.path, BoundaryPlan.id)
    query = in_path_order(select(BoundaryPlan).where(*conditions), columns, bounds, page)
    return list(session.scalars(query))


def _key(row: BoundaryPlan) -> Key:
    return (row.path, row.id)
