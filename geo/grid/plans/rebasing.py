"""Bringing a plan up to the grid of now: untouched by others it is carried over, else refused."""

from collections.abc import Sequence

from geo.errors import GeoError
from geo.grid import store as grid
from geo.grid.plans import store
from geo.grid.plans.applying import apply, begin
from geo.grid.plans.conflicts import PlanBroken, PlanStale, meant_by
from geo.grid.plans.draft import Base, Draft
from geo.grid.plans.kept import chained
from geo.grid.plans.model import BoundaryPlan
from geo.grid.plans.opening import Desk, Lookup, Opened, opened, read_back
from geo.grid.plans.operations import Operation, as_json
from geo.grid.plans.recoding import given, translated, without


def fitted(desk: Desk, plan: BoundaryPlan, *, whatever: bool = False) -> Opened:
    """Return a plan on the newest publication, which becomes its base.

    Parameters
    ----------
    whatever : also when others changed its cells: somebody has looked at the difference

    Raises
    ------
    PlanStale
        When a later publication changed cells that the plan changes.
    PlanBroken
        When an operation cannot be done on the grid of now, or does something else there.
    """
    begun = opened(desk, plan)
    latest = grid.latest_publication(desk.work.session)
    if latest is None or latest.number == plan.base:
        return begun
    if not whatever:
        check_fit(desk, begun, latest.number)
    return _moved(desk, begun, latest.number, whatever=whatever)


def clashing(desk: Desk, begun: Opened) -> frozenset[str]:
    """Return the codes of cells that a plan changes and later publications changed too."""
    changed = store.changed_since(desk.work.session, begun.plan.base)
    return meant_by(begun.draft) & changed


def check_fit(desk: Desk, begun: Opened, number: int) -> None:
    """Refuse a plan whose cells a later publication changed."""
    if clash := clashing(desk, begun):
        raise PlanStale(number, begun.draft, clash)


def _moved(desk: Desk, begun: Opened, number: int, *, whatever: bool) -> Opened:
    plan = begun.plan
    try:
        done = [read_back(row) for row in begun.rows]
        base = desk.base_for(number, plan.cell_id, done)
        known = desk.lookup(base, plan.cell_id)
        draft, made = _replayed(base, done, known)
    except GeoError as cause:
        raise PlanBroken(number, cause, begun.base) from cause
    if not whatever and not _same(begun.draft, draft):
        raise PlanStale(number, begun.draft, meant_by(begun.draft) ^ meant_by(draft))
    told = [as_json(operation) for operation in made]
    keys = chained(told)
    desk.drafts.drafts.keep((number, plan.cell_id, keys[-1]), draft)
    plan.base, plan.path = number, base.path
    for row, operation in zip(begun.rows, told, strict=True):
        if row.operation != operation:
            row.operation = operation
    desk.work.session.flush()
    return Opened(plan, begun.rows, keys, draft, known)


def _replayed(
    base: Base, operations: Sequence[Operation], known: Lookup
) -> tuple[Draft, list[Operation]]:
    """Return the draft on another base; codes that were taken since are given anew."""
    draft, made, codes = begin(base), [], dict[str, str]()
    taken = known.taken([code for operation in operations for code in given(operation)])
    for place, operation in enumerate(operations):
        named = translated(operation, codes)
        # What an earlier operation was given anew is taken too.
        fresh = without(named, taken | draft.cells.keys())
        draft, told = apply(draft, fresh, known, pointer=f"/operations/{place}")
        codes.update(zip(given(named), given(told), strict=True))
        made.append(told)
    return draft, made


def _same(one: Draft, other: Draft) -> bool:
    """Return whether two drafts mean the same, on whatever grid they were begun."""
    return meant_by(one) == meant_by(other) and len(one.born) == len(other.born)
