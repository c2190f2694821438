"""Publishing an approved plan: one step of history, of what it changes alone, whole or not at all.

The plan is replayed on the grid of now under the lock that publications take. Only its cells, the
ring around them and the cells above are read, proved and written; ``CellsRepublished`` moves what
others own before the commit. A check of everything is queued with it.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.errors import GeoError, Refused
from geo.events import Event
from geo.grid.events import CellsRepublished
from geo.grid.plans import store
from geo.grid.plans.deriving import add_derived
from geo.grid.plans.draft import Draft
from geo.grid.plans.kept import Drafts
from geo.grid.plans.lifecycle import PlanEmpty, PlanState, Step, after
from geo.grid.plans.model import BoundaryPlan
from geo.grid.plans.moving import keep_moved
from geo.grid.plans.opening import Desk, Opened
from geo.grid.plans.rebasing import fitted
from geo.grid.plans.step import lineage_of, step_of
from geo.grid.plans.traces import LAND_M2
from geo.grid.service import add_publication
from geo.grid.writing import new_ids, write_step
from geo.spatial import coverage
from geo.spatial.measure import area_m2
from geo.work import Work


class GateShut(Refused):
    """What a plan would publish leaves a gap, an overlap or a border that is not shared."""

    code = "plan_gate_shut"


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """What a plan became.

    Parameters
    ----------
    number : the publication
    cells : how many cells are new, drawn or told anew, or ended
    """

    number: int
    cells: int


def publish_plan(desk: Desk, plan_id: int, *, revision: int | None = None) -> PlanPublished | None:
    """Publish a plan whose moment has come; None when it is no longer the one that was approved.

    Parameters
    ----------
    revision : that was approved; None for whichever is

    Raises
    ------
    PlanStale, PlanBroken
        When the grid has changed under it.
    GateShut
        When what comes out is no coverage.
    """
    work = desk.work
    take_turn(work.session)
    plan = store.plan_by_id(work.session, work.scope, plan_id, locked=True)
    if plan.state != PlanState.APPROVED.value or revision not in (None, plan.revision):
        return None
    if plan.effective_at is None or plan.effective_at > work.now:
        return None
    found = tried(desk, plan)
    if found.draft.outline_moved_m2 == 0.0 and not _changes(found.draft):
        raise PlanEmpty()
    keep_moved(work, found)
    made = _written(work, found)
    plan.state = after(PlanState(plan.state), Step.PUBLISH).value
    plan.published, plan.revision, plan.changed_at = made.number, plan.revision + 1, work.now
    work.session.flush()
    return made


def follow_cells(work: Work, event: Event) -> None:
    """Give plans the paths of the cells they are about."""
    assert isinstance(event, CellsRepublished)
    values = {"number": event.number, "cell_ids": list(event.cell_ids)}
    work.session.execute(statement("geo.grid.plans", "follow_cells"), values)


def check_gate(draft: Draft) -> None:
    """Refuse a draft whose leaves do not tile, or do not lie on the land that they lay on.

    Raises
    ------
    GateShut
        Names a cell and a place to look at.
    """
    ring = draft.working.near(draft.working.shapes(draft.redrawn)) if draft.redrawn else []
    shapes = draft.working.shapes(ring)
    if not coverage.is_valid(shapes):
        edges = shapely.coverage_invalid_edges(shapes)
        worst = int(np.argmax(shapely.length(edges)))
        raise GateShut(cell=ring[worst], **_spot(edges[worst]))
    lost = _lost(draft)
    if float(area_m2([lost])[0]) > max(LAND_M2, draft.outline_moved_m2):
        raise GateShut(cell=draft.base.area, **_spot(lost))


def tried(desk: Desk, plan: BoundaryPlan) -> Opened:
    """Return a plan as it would be published now, done again with all cells that it reaches.

    Raises
    ------
    PlanStale, PlanBroken
        When the grid has changed under it.
    GateShut
        When what comes out is no coverage.
    """
    found = _fitted(desk, plan)
    check_gate(found.draft)
    return found


def _fitted(desk: Desk, plan: BoundaryPlan) -> Opened:
    """Return a plan on the newest publication; the whole area is read only when that is refused."""
    try:
        return fitted(replace(desk, drafts=Drafts(), sparse=True), plan)
    except GeoError:
        return fitted(desk, plan)


def _changes(draft: Draft) -> bool:
    return bool(draft.redrawn or draft.ended or draft.retold or draft.born)


def _lost(draft: Draft) -> shapely.Geometry:
    """Return the land of the base that no leaf of the draft covers any more."""
    base = draft.base
    leaves = [code for code in base.cells if code in base.working]
    changed = [c for c in leaves if c in draft.redrawn or c not in draft.working]
    before = [base.working.shape(code) for code in changed]
    now = [draft.shape(code) for code in draft.redrawn]
    # Both are parts of proved coverages.
    return shapely.difference(shapely.coverage_union_all(before), shapely.coverage_union_all(now))


def _written(work: Work, found: Opened) -> PlanPublished:
    draft, plan = found.draft, found.plan
    number = draft.base.number + 1
    step = step_of(draft, _ids(work, draft))
    add_derived(work.session, draft, step)
    add_publication(work, number, note=plan.note or plan.title, actor=plan.approver)
    write_step(work.session, number, step.frame(), lineage_of(draft))
    told = step.told_ids
    work.record(CellsRepublished(number, told, step.drawn_ids))
    work.note(
        Note(
            Action.GRID_PUBLISH,
            subject_kind="cell",
            count=len(told),
            area=plan.path,
            after={"number": number, "plan": plan.id, "approver": plan.approver},
        )
    )
    return PlanPublished(number, len(told))


def _ids(work: Work, draft: Draft) -> dict[str, int]:
    """Return the ids of all cells that the step may name; new cells get theirs here."""
    ids = {code: cell.id for code, cell in draft.base.cells.items() if cell.id is not None}
    ids.update({code: cell.id for code, cell in draft.cells.items() if cell.id is not None})
    around = [code for code in draft.redrawn if code in draft.base.around]
    above = draft.base.cells[draft.base.area].parent
    values = {"codes": [*around, *([above] if above else [])], "number": draft.base.number}
    rows = work.session.execute(statement("geo.grid.plans", "ids"), values)
    ids.update({row.code: row.cell_id for row in rows})
    fresh = [code for code in draft.born if draft.cells[code].id is None]
    ids.update(zip(fresh, new_ids(work.session, len(fresh)), strict=True))
    return ids


def _spot(place: shapely.Geometry) -> dict[str, float]:
    if shapely.is_empty(place):
        return {}
    inside = shapely.point_on_surface(place)
    return {"lon": round(inside.x, 7), "lat": round(inside.y, 7)}
