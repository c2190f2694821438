"""Opening a plan: what it begins from and its draft, from memory or made again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.sql import statement
from geo.errors import Refused
from geo.grid.codes import CodePattern
from geo.grid.listing import publication_by_number
from geo.grid.model import CellVersion
from geo.grid.plans import bases, reading, store
from geo.grid.plans.applying import apply, begin
from geo.grid.plans.draft import Base, Draft
from geo.grid.plans.kept import Drafts, chained
from geo.grid.plans.known import BarrierLines
from geo.grid.plans.model import BoundaryPlan, PlanOperation
from geo.grid.plans.operations import Operation
from geo.grid.plans.reach import reach
from geo.grid.store import latest_publication, versions_in
from geo.spatial.covers import first_covering
from geo.spatial.storage import Geometries
from geo.work import Work

# What is kept is in degrees of the storage grid already.
_STORED = "wgs84"
_PATTERN = CodePattern.of("division")


class AreaGone(Refused):
    """The cell that a plan is about is no more, or was not there in a publication."""

    code = "plan_area_gone"


@dataclass(frozen=True)
class Desk:
    """Where plans are worked on: the transaction, what is kept in memory, how codes are made.

    Parameters
    ----------
    sparse : read only the shapes that the operations of a plan can reach, for once
    """

    work: Work
    drafts: Drafts
    pattern: CodePattern = _PATTERN
    sparse: bool = False

    def base_for(self, number: int, cell_id: int, operations: Sequence[Operation]) -> Base:
        """Return the area of a cell, of a sparse desk with the shapes that operations can reach."""
        within = reach(operations) if self.sparse else None
        if within is None:
            return self.base(number, cell_id)
        return bases.base_near(self.work.session, number, self._area(number, cell_id).path, within)

    def base(self, number: int, cell_id: int) -> Base:
        """Return the area of a cell in a publication.

        Raises
        ------
        AreaGone
            When the cell was not there.
        """
        kept = self.drafts.bases.get((number, cell_id))
        if kept is not None:
            return kept
        path = self._area(number, cell_id).path
        made = bases.base_of(self.work.session, number, cell_id, path)
        return self.drafts.bases.keep((number, cell_id), made)

    def _area(self, number: int, cell_id: int) -> CellVersion:
        query = versions_in(number).where(CellVersion.cell_id == cell_id)
        area = self.work.session.scalar(query)
        if area is None:
            raise AreaGone(publication=number)
        return area

    def lookup(self, base: Base, cell_id: int) -> "Lookup":
        """Return what operations on an area look up."""
        return Lookup(self, base, cell_id)


@dataclass(frozen=True)
class Lookup:
    """What operations look up, read when it is asked for."""

    desk: Desk
    base: Base
    cell_id: int

    @property
    def pattern(self) -> CodePattern:
        """How codes of new cells are made in this deployment."""
        return self.desk.pattern

    def taken(self, codes: Collection[str]) -> frozenset[str]:
        """Return those of some codes that a cell bore in the base or ever before."""
        return bases.taken(self.desk.work.session, self.base.number, codes)

    def taken_with(self, prefix: str) -> frozenset[str]:
        """Return the codes that begin with a text and that a cell bore in the base or before."""
        return bases.taken_with(self.desk.work.session, self.base.number, prefix)

    def stock(self) -> gpd.GeoDataFrame:
        """Return the buildings of the area with how many live there; counting is recorded."""
        return self.desk.drafts.stocks.made((self.base.number, self.cell_id), self._read_stock)

    def barriers(self) -> Geometries:
        """Return the streets, rivers and rails of the area."""
        values = {"number": self.base.number, "cell_id": self.cell_id}
        rows = self.desk.work.session.scalars(statement("geo.grid.plans", "barriers"), values)
        return np.asarray(shapely.from_wkb([bytes(row) for row in rows]), dtype=object)

    def barrier_lines(self) -> BarrierLines:
        """Return the streets, rivers and rails of the area with their kind and rank."""
        values = {"number": self.base.number, "cell_id": self.cell_id}
        query = statement("geo.grid.plans", "barriers_classed")
        rows = self.desk.work.session.execute(query, values).all()
        shapes = np.empty(len(rows), dtype=object)
        shapes[:] = shapely.from_wkb([bytes(row.geom) for row in rows])
        return BarrierLines(shapes, tuple((row.kind, int(row.rank)) for row in rows))

    def further(self, place: shapely.Geometry) -> dict[str, shapely.Geometry]:
        """Return the leaves outside the area that meet the box of a place, by code."""
        session = self.desk.work.session
        return bases.further_from(session, self.base.number, self.base.path, place)

    def past(self, number: int) -> Base:
        """Return the area as it was in an older publication.

        Raises
        ------
        PublicationUnknown
            When there is none with this number.
        """
        work = self.desk.work
        known = publication_by_number(work.session, number, work.now).number
        return self.desk.base(known, self.cell_id)

    def _read_stock(self) -> gpd.GeoDataFrame:
        work, path = self.desk.work, self.base.path
        # The transaction's timestamp comes in the zone of its days.
        stock = store.stock_of(work.session, self.base.number, path, work.now.date())
        if not self._is_current():
            stock = self._on_ground(stock)
        counted = int(stock["households"].sum())
        work.note(Note(Action.PEOPLE_COUNT, subject_kind="household", count=counted, area=path))
        return stock

    def _on_ground(self, stock: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the buildings on the ground of an older base, by the leaf of then.

        The cells of now say nothing of those of then, whatever codes they share.
        """
        base, work = self.base, self.desk.work
        leaves = sorted(code for code in base.cells if code in base.working)
        shapes = base.working.shapes(leaves)
        box = shapely.box(*shapely.total_bounds(shapes))
        gone = store.stock_gone(work.session, base.number, base.path, box, work.now.date())
        whole = pd.concat([stock, gone], ignore_index=True) if len(gone) else stock
        owner = first_covering(whole.geometry.to_numpy(), shapes)
        found = whole.assign(leaf=np.append(np.array(leaves, dtype=object), [None])[owner])
        is_here = found["leaf"].notna().to_numpy() | (np.arange(len(found)) < len(stock))
        return found[is_here].sort_values("code", ignore_index=True)

    def _is_current(self) -> bool:
        latest = latest_publication(self.desk.work.session)
        return latest is None or latest.number == self.base.number


@dataclass(frozen=True)
class Opened:
    """A plan with its draft.

    Parameters
    ----------
    rows : its operations that stand, in order
    keys : digests of each beginning of the list, as ``kept.chained``
    """

    plan: BoundaryPlan
    rows: list[PlanOperation]
    keys: list[str]
    draft: Draft
    known: Lookup

    @property
    def base(self) -> Base:
        """What the plan begins from."""
        return self.draft.base


def opened(desk: Desk, plan: BoundaryPlan, *, most: int | None = None) -> Opened:
    """Return a plan with its draft.

    Parameters
    ----------
    most : how many operations, of those that stand; None for all
    """
    rows = store.operations_of(desk.work.session, plan.id)[:most]
    base = desk.base_for(plan.base, plan.cell_id, [read_back(row) for row in rows])
    known = desk.lookup(base, plan.cell_id)
    keys = chained([row.operation for row in rows])
    draft = _drafted(desk, (plan.base, plan.cell_id), known, rows, keys)
    return Opened(plan, rows, keys, draft, known)


def chained_on(before: str, operation: dict[str, Any]) -> str:
    """Return the digest of a list that goes on with one more operation."""
    return chained([operation], before=before)[-1]


def read_back(row: PlanOperation) -> Operation:
    """Return an operation as it was kept."""
    return reading.operation(row.operation, _STORED, pointer=f"/operations/{row.place - 1}")


def _drafted(
    desk: Desk,
    area: tuple[int, int],
    known: Lookup,
    rows: list[PlanOperation],
    keys: list[str],
) -> Draft:
    """Return the draft after some operations; the longest beginning that is kept is not redone."""
    kept = desk.drafts.drafts
    done, draft = _longest(lambda place: kept.get((*area, keys[place])), len(rows))
    current = draft or kept.keep((*area, keys[0]), begin(known.base))
    for place in range(done, len(rows)):
        operation = read_back(rows[place])
        current, _ = apply(current, operation, known, pointer=f"/operations/{place}")
        kept.keep((*area, keys[place + 1]), current)
    return current


def _longest(found: Callable[[int], Draft | None], length: int) -> tuple[int, Draft | None]:
    for place in range(length, -1, -1):
        draft = found(place)
        if draft is not None:
            return place, draft
    return 0, None
