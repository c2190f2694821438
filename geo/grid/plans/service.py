"""Working on boundary plans: begin, edit, undo, excuse, submit, approve, return, withdraw.

Every change names the revision it was made for: of two editors the second is told what the first
did, and nothing is lost. What publishes an approved plan is in ``publishing``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import GeoError
from geo.grid import store as grid
from geo.grid.plans import lifecycle, store
from geo.grid.plans.applying import apply
from geo.grid.plans.checks import Problem, Weight, new_codes, problems
from geo.grid.plans.draft import Draft
from geo.grid.plans.ground import CellsFile, check_ground
from geo.grid.plans.kept import chained
from geo.grid.plans.lifecycle import PlanEmpty, PlanState, Step
from geo.grid.plans.model import BoundaryPlan, PlanExcuse, PlanOperation
from geo.grid.plans.opening import Desk, Opened, opened
from geo.grid.plans.operations import Operation, Restore, as_json
from geo.grid.plans.publishing import tried
from geo.grid.plans.rebasing import fitted
from geo.grid.plans.refusals import (
    ExcuseNeedless,
    OperationsMany,
    PlanChanged,
    ProblemsOpen,
    UndoBeyond,
)
from geo.grid.plans.uploads import CellsSame, is_same, upload
from geo.jobs.service import enqueue
from geo.work import Work

PUBLISH = "plan.publish"
MOST_OPERATIONS = 2_000
_REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: the draft before and after it.

    Parameters
    ----------
    opened : the plan after the edit
    """

    opened: Opened
    before: Draft


def begin_plan(work: Work, cell: str, *, title: str, note: str = "") -> BoundaryPlan:
    """Begin a plan for a cell and all below it, from the publication that holds.

    Raises
    ------
    CellUnknown
        When no cell bears the code, or it is not the asker's.
    TitleMissing
        When the title is blank.
    """
    number = grid.publication_at(work.session, work.now).number
    area = grid.version_by_code(work.session, cell, number)
    if not work.scope.covers(area.path):
        raise AreaNotMine(value=cell)
    plan = BoundaryPlan(
        base=number,
        cell_id=area.cell_id,
        path=area.path,
        title=lifecycle.titled(title),
        note=note,
        author=work.actor.name,
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(plan)
    work.session.flush()
    work.note(note_of(Action.PLAN_DRAFT, plan, after={"title": title, "base": number}))
    return plan


class AreaNotMine(grid.CellUnknown):
    """A plan was to be begun for a cell beyond the areas in which the asker may draft."""

    code = "plan_area_not_yours"
    scoped = "cell"


def retold(desk: Desk, plan_id: int, revision: int, *, title: str | None, note: str | None) -> None:
    """Give a plan another title or note."""
    plan = held(desk.work, plan_id, revision, Step.EDIT)
    plan.title = plan.title if title is None else lifecycle.titled(title)
    plan.note = plan.note if note is None else note
    _changed(desk.work, plan, Action.PLAN_EDIT)


def edited(desk: Desk, plan_id: int, revision: int, operations: Sequence[Operation]) -> Edited:
    """Do operations, all of them or none.

    Raises
    ------
    PlanChanged
        When somebody changed the plan since ``revision``.
    GeoError
        Why an operation cannot be done; the draft stays as it was.
    """
    work = desk.work
    plan = held(work, plan_id, revision, Step.EDIT)
    begun = opened(desk, plan)
    if len(begun.rows) + len(operations) > MOST_OPERATIONS:
        raise OperationsMany(most=MOST_OPERATIONS)
    draft, made = begun.draft, []
    for place, operation in enumerate(operations):
        draft, told = apply(draft, operation, begun.known, pointer=f"/operations/{place}")
        made.append(as_json(told))
    keys = chained(made, before=begun.keys[-1])
    desk.drafts.drafts.keep((plan.base, plan.cell_id, keys[-1]), draft)
    _changed(work, plan, Action.PLAN_EDIT, after={"made": [one["op"] for one in made][:100]})
    rows = [
        PlanOperation(
            plan_id=plan.id,
            place=len(begun.rows) + place,
            operation=one,
            made_by=work.actor.name,
            made_at=work.now,
            made_in=plan.revision,
        )
        for place, one in enumerate(made, start=1)
    ]
    work.session.add_all(rows)
    work.session.flush()
    whole = Opened(plan, [*begun.rows, *rows], [*begun.keys, *keys[1:]], draft, begun.known)
    return Edited(whole, begun.draft)


def uploaded(desk: Desk, plan_id: int, revision: int, file: CellsFile) -> Edited:
    """Do the operations after which the draft has the cells of a file.

    Raises
    ------
    CellsElsewhere
        When they lie off the ground of the plan.
    CellsSame
        When they are those of the draft.
    """
    plan = held(desk.work, plan_id, revision, Step.EDIT)
    begun = opened(desk, plan)
    check_ground(begun.draft, file)
    asked = upload(begun.draft, file.drawn, begun.known)
    try:
        done = edited(desk, plan_id, revision, asked.operations)
    except GeoError as refusal:
        raise asked.told(refusal) from refusal
    if is_same(done.before, done.opened.draft):
        raise CellsSame()
    return done


def undone(desk: Desk, plan_id: int, revision: int, stay: int) -> Edited:
    """Undo the last operations, so that the first few stay."""
    work = desk.work
    plan = held(work, plan_id, revision, Step.EDIT)
    begun = opened(desk, plan)
    if not 0 <= stay < len(begun.rows):
        raise UndoBeyond(stay=stay, count=len(begun.rows))
    _changed(work, plan, Action.PLAN_EDIT, after={"undone": len(begun.rows) - stay})
    for row in begun.rows[stay:]:
        row.undone_by, row.undone_at, row.undone_in = work.actor.name, work.now, plan.revision
    work.session.flush()
    return Edited(opened(desk, plan), begun.draft)


def excused(desk: Desk, plan_id: int, revision: int, code: str, reason: str) -> None:
    """Record why a cell may break the size rule.

    Raises
    ------
    ExcuseNeedless
        When the draft has no such cell, or the rule is not broken there.
    """
    work = desk.work
    plan = held(work, plan_id, revision, Step.EDIT)
    broken = (one for one in problems_of(desk, opened(desk, plan)) if one.weight is Weight.EXCUSE)
    if all(one.code != code for one in broken):
        raise ExcuseNeedless(cell=code)
    said = store.excuses_of(work.session, plan.id).get(code)
    if said is None:
        said = PlanExcuse(plan_id=plan.id, code=code)
        work.session.add(said)
    said.reason, said.made_by, said.made_at = reason, work.actor.name, work.now
    _changed(work, plan, Action.PLAN_EDIT, after={"excused": code})


def submitted(desk: Desk, plan_id: int, revision: int) -> None:
    """Hand a plan in: it is brought up to the grid of now, and must have no open problem.

    Raises
    ------
    PlanEmpty, PlanStale, PlanBroken, ProblemsOpen, GateShut
        When it changes nothing, others changed its cells, something is left to do, or it would not
        tile with all cells around.
    """
    work = desk.work
    plan = held(work, plan_id, revision, Step.SUBMIT)
    begun = fitted(desk, plan)
    if not begun.rows:
        raise PlanEmpty()
    if left := [problem for problem in problems_of(desk, begun) if problem.is_open]:
        raise ProblemsOpen(left)
    tried(desk, plan)
    plan.state = lifecycle.after(PlanState(plan.state), Step.SUBMIT).value
    plan.submitter, plan.submitted_at = work.actor.name, work.now
    plan.reason, plan.ended_by = "", None
    _changed(work, plan, Action.PLAN_SUBMIT)


def approved(desk: Desk, plan_id: int, revision: int, moment: datetime | None) -> int | None:
    """Approve a plan, to be published when its moment comes; return the id of the job.

    Raises
    ------
    SelfApproval
        When the approver has worked on the plan.
    PlanStale, PlanBroken
        When the grid has changed under it.
    """
    work = desk.work
    plan = held(work, plan_id, revision, Step.APPROVE)
    lifecycle.check_approver(work.actor.name, store.makers_of(work.session, plan))
    effective_at = lifecycle.effective_at(moment, work.now)
    fitted(desk, plan)
    plan.state = lifecycle.after(PlanState(plan.state), Step.APPROVE).value
    plan.approver, plan.approved_at, plan.effective_at = work.actor.name, work.now, effective_at
    _changed(work, plan, Action.PLAN_APPROVE, after={"effective_at": effective_at.isoformat()})
    payload = {"plan": str(plan.id), "revision": plan.revision}
    key = f"{plan.id}-{plan.revision}"
    return enqueue(work, kind=PUBLISH, payload=payload, unique_key=key, run_at=effective_at)


def returned(desk: Desk, plan_id: int, revision: int, reason: str) -> None:
    """Give a plan back to be worked on, with the reason."""
    lifecycle.check_reason(reason)
    _ended(desk, plan_id, revision, Step.RETURN, reason)


def withdrawn(desk: Desk, plan_id: int, revision: int, reason: str = "") -> None:
    """Give a plan up; its row stays."""
    _ended(desk, plan_id, revision, Step.WITHDRAW, reason)


def send_back(work: Work, plan_id: int, revision: int, refusal: GeoError) -> None:
    """Give a plan back that could not be published, with the reason in both languages."""
    plan = store.plan_by_id(work.session, work.scope, plan_id, locked=True)
    if plan.revision != revision or plan.state != PlanState.APPROVED.value:
        return
    said = f"{refusal.message('zh')} / {refusal.message('en')}"
    _end(work, plan, Step.RETURN, said[:_REASON_MAX])


def rebased(desk: Desk, plan_id: int, revision: int) -> Opened:
    """Begin the operations of a plan from the grid of now, whatever others have changed.

    Raises
    ------
    PlanBroken
        When an operation cannot be done there; undo as far as that one first.
    """
    plan = held(desk.work, plan_id, revision, Step.EDIT)
    found = fitted(desk, plan, whatever=True)
    _changed(desk.work, plan, Action.PLAN_EDIT, after={"base": plan.base})
    return found


def begin_restore(desk: Desk, number: int, cell: str, *, title: str, note: str = "") -> Edited:
    """Begin a plan that takes a cell and all below it back to an older publication."""
    plan = begin_plan(desk.work, cell, title=title, note=note)
    return edited(desk, plan.id, plan.revision, [Restore(number)])


def problems_of(desk: Desk, plan: Opened) -> list[Problem]:
    """Return what is wrong with a plan, or to be explained."""
    said = store.excuses_of(desk.work.session, plan.plan.id)
    reasons = {code: excuse.reason for code, excuse in said.items()}
    taken = plan.known.taken(new_codes(plan.draft))
    found = problems(plan.draft, plan.known.stock(), reasons, taken=taken)
    asked = [one.code for one in found if one.weight is Weight.EXCUSE]
    earlier = store.earlier_excuses(desk.work.session, desk.work.scope, asked) if asked else {}
    return [replace(one, earlier=earlier.get(one.code)) for one in found]


def held(work: Work, plan_id: int, revision: int, step: Step) -> BoundaryPlan:
    """Return a plan, locked, at the revision that the asker knows and in a state for a step.

    Raises
    ------
    PlanChanged
        When somebody changed the plan since ``revision``.
    PlanStepRefused
        When its state allows no such step.
    """
    plan = store.plan_by_id(work.session, work.scope, plan_id, locked=True)
    if plan.revision != revision:
        raise plan_changed(work.session, plan, revision)
    lifecycle.after(PlanState(plan.state), step)
    return plan


def plan_changed(session: Session, plan: BoundaryPlan, revision: int) -> PlanChanged:
    """Return who did what to a plan since a revision."""
    since = store.made_since(session, plan.id, revision)
    steps = (plan.submitter, plan.approver, plan.ended_by)
    logins = {row.undone_by or row.made_by for row in since} | {one for one in steps if one}
    return PlanChanged(plan, revision, since, store.names_of(session, logins))


def _ended(desk: Desk, plan_id: int, revision: int, step: Step, reason: str) -> None:
    _end(desk.work, held(desk.work, plan_id, revision, step), step, reason)


def _end(work: Work, plan: BoundaryPlan, step: Step, reason: str) -> None:
    plan.state = lifecycle.after(PlanState(plan.state), step).value
    plan.ended_by, plan.reason = work.actor.name, reason
    plan.approver = plan.approved_at = plan.effective_at = None
    action = Action.PLAN_RETURN if step is Step.RETURN else Action.PLAN_WITHDRAW
    _changed(work, plan, action, reason=reason)


def _changed(
    work: Work,
    plan: BoundaryPlan,
    action: Action,
    *,
    reason: str = "",
    after: dict[str, Any] | None = None,
) -> None:
    plan.revision, plan.changed_at = plan.revision + 1, work.now
    if action is Action.PLAN_EDIT:
        plan.state = PlanState.DRAFT.value
    work.session.flush()
    work.note(note_of(action, plan, reason=reason, after=after))


def note_of(
    action: Action, plan: BoundaryPlan, *, reason: str = "", after: dict[str, Any] | None = None
) -> Note:
    """Return what the audit is told about a plan."""
    return Note(
        action,
        subject_kind="boundary_plan",
        subjects=(plan.id,),
        area=plan.path,
        reason=reason,
        after={"revision": plan.revision, "state": plan.state, **(after or {})},
    )
