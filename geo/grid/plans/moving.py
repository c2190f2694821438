"""What a plan moves: counted while it is on its way, kept when it is published."""

from collections.abc import Collection

import geopandas as gpd

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.grid.plans import store
from geo.grid.plans.draft import Draft
from geo.grid.plans.figures import figures, impact_of
from geo.grid.plans.impact import CellImpact, Impact, cells_above, changed_leaves, impact
from geo.grid.plans.lifecycle import PlanState
from geo.grid.plans.model import BoundaryPlan, PlanImpact
from geo.grid.plans.opening import Opened
from geo.work import Work


def moved_by(work: Work, found: Opened) -> Impact | None:
    """Return what a plan moves, or moved when it was published; None when that was not kept."""
    plan = found.plan
    if plan.state == PlanState.PUBLISHED.value:
        moved = _kept(work, plan)
    else:
        moved = _counted(work, found.draft, found.known.stock())
    if moved is not None:
        duties = [worker.duty for worker in moved.workers]
        work.gave(Action.WORKFORCE_LIST, "worker", duties, area=plan.path)
    return moved


def kept_cells(work: Work, plan: BoundaryPlan) -> list[CellImpact]:
    """Return what the cells held that a published plan changed, as far as that was kept."""
    row = work.session.get(PlanImpact, plan.id)
    return [] if row is None else impact_of(row.figures, {}).cells


def keep_moved(work: Work, found: Opened) -> None:
    """Keep what a plan moves, before it does: afterwards its buildings lie elsewhere."""
    draft, plan = found.draft, found.plan
    area = (work.session, draft.base.number, draft.base.path)
    stock = store.stock_of_cells(*area, _ids(draft), work.now.date())
    counted = int(stock["households"].sum())
    work.note(Note(Action.PEOPLE_COUNT, subject_kind="household", count=counted, area=plan.path))
    moved = _counted(work, draft, stock)
    work.session.add(PlanImpact(plan_id=plan.id, figures=figures(moved)))


def _kept(work: Work, plan: BoundaryPlan) -> Impact | None:
    row = work.session.get(PlanImpact, plan.id)
    if row is None:
        return None
    ids = sorted({person for person, *_ in row.figures["workers"]})
    return impact_of(row.figures, store.workers_by_id(work.session, plan.path, ids))


def _counted(work: Work, draft: Draft, stock: gpd.GeoDataFrame) -> Impact:
    codes = changed_leaves(draft)
    codes += cells_above(draft, codes)
    area = (work.session, draft.base.number, draft.base.path)
    duties = store.duties_of(*area, codes, work.now)
    return impact(draft, stock, duties, led_above=store.is_led_above(*area, work.now))


def _ids(draft: Draft) -> Collection[int]:
    """Return the ids of the cells of the base that a draft draws anew, ends or divides."""
    base = draft.base.cells
    touched = {*draft.redrawn, *draft.ended, *draft.parents} & base.keys()
    leaves = (base[code] for code in sorted(touched) if code not in draft.base.parents)
    return [cell.id for cell in leaves if cell.id is not None]
