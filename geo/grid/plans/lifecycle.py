"""What becomes of a boundary plan: states, who may take which step, from when it holds. Pure.

Nobody approves what they have worked on (four eyes), and nothing is dated back: a mistake is mended
by the next publication.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from geo.errors import Forbidden, Invalid, Refused

# Further ahead nobody knows what the grid will be.
AHEAD_MAX = timedelta(days=366)
# Clocks of clients differ: a moment this little ago means now.
_NOW = timedelta(minutes=5)


class PlanState(StrEnum):
    """How far a plan is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETURNED = "returned"  # with a reason, to be worked on again
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may be done with a plan."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[PlanState, Step], PlanState] = {
    (PlanState.DRAFT, Step.EDIT): PlanState.DRAFT,
    (PlanState.DRAFT, Step.SUBMIT): PlanState.SUBMITTED,
    (PlanState.DRAFT, Step.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.RETURNED, Step.EDIT): PlanState.DRAFT,
    (PlanState.RETURNED, Step.SUBMIT): PlanState.SUBMITTED,
    (PlanState.RETURNED, Step.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.SUBMITTED, Step.APPROVE): PlanState.APPROVED,
    (PlanState.SUBMITTED, Step.RETURN): PlanState.RETURNED,
    (PlanState.SUBMITTED, Step.WITHDRAW): PlanState.WITHDRAWN,
    # Until the moment comes an approval may be taken back.
    (PlanState.APPROVED, Step.RETURN): PlanState.RETURNED,
    (PlanState.APPROVED, Step.PUBLISH): PlanState.PUBLISHED,
}


class PlanStepRefused(Refused):
    """A plan is in no state for this step."""

    code = "plan_step_refused"


class SelfApproval(Forbidden):
    """Whoever worked on a plan may not approve it."""

    code = "self_approval"


class PlanEmpty(Refused):
    """A plan without an operation changes nothing."""

    code = "plan_empty"


class MomentPast(Invalid):
    """A plan would hold from a moment that has passed."""

    code = "moment_past"


class MomentFar(Invalid):
    """A plan would hold from a moment so far ahead that nobody knows the grid of then."""

    code = "moment_far"


class TitleMissing(Invalid):
    """A plan is called by nothing but blanks."""

    code = "plan_title_missing"


class ReasonMissing(Invalid):
    """A plan goes back without a word why."""

    code = "plan_reason_missing"


def after(state: PlanState, step: Step) -> PlanState:
    """Return the state a step leads to.

    Raises
    ------
    PlanStepRefused
        When the step cannot be taken now.

    Examples
    --------
    >>> after(PlanState.DRAFT, Step.SUBMIT).value
    'submitted'
    """
    found = STEPS.get((state, step))
    if found is None:
        raise PlanStepRefused(state=state.value, step=step.value)
    return found


def check_approver(approver: str, worked: Collection[str]) -> None:
    """Refuse an approver who began, changed or submitted the plan.

    Parameters
    ----------
    worked : names of all who did
    """
    if approver in worked:
        raise SelfApproval()


def check_reason(reason: str) -> None:
    """Refuse to send a plan back without a reason."""
    if len(reason.strip()) < 2:
        raise ReasonMissing()


def titled(title: str) -> str:
    """Return a title without blanks around it.

    Raises
    ------
    TitleMissing
        When nothing is left.
    """
    if not title.strip():
        raise TitleMissing()
    return title.strip()


def effective_at(asked: datetime | None, now: datetime) -> datetime:
    """Return from when a plan shall hold: the moment asked for, or now.

    Raises
    ------
    MomentPast, MomentFar
        When the moment has passed, or lies more than a year ahead.

    Examples
    --------
    >>> noon = datetime.fromisoformat("2026-11-22T12:00+08:00")
    >>> effective_at(None, noon) == noon, effective_at(noon - timedelta(minutes=1), noon) == noon
    (True, True)
    """
    if asked is None:
        return now
    if asked < now - _NOW:
        raise MomentPast(value=asked.isoformat(timespec="seconds"))
    if asked > now + AHEAD_MAX:
        latest = (now + AHEAD_MAX).date().isoformat()
        raise MomentFar(value=asked.isoformat(timespec="seconds"), latest=latest)
    return max(asked, now)
