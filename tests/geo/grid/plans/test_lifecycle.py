"""The steps of a plan, written out a second time; who approves; from when it holds."""

from datetime import UTC, datetime, timedelta

import pytest

from geo.grid.plans import lifecycle
from geo.grid.plans.lifecycle import (
    MomentFar,
    MomentPast,
    PlanState,
    PlanStepRefused,
    ReasonMissing,
    SelfApproval,
    Step,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# State → step → the state after it; any other step is refused.
TABLE = {
    "draft": {"edit": "draft", "submit": "submitted", "withdraw": "withdrawn"},
    "returned": {"edit": "draft", "submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"approve": "approved", "return": "returned", "withdraw": "withdrawn"},
    "approved": {"publish": "published", "return": "returned"},
    "published": {},
    "withdrawn": {},
}


@pytest.mark.parametrize("state", list(PlanState))
@pytest.mark.parametrize("step", list(Step))
def test_each_step_leads_where_the_table_says(state: PlanState, step: Step) -> None:
    expected = TABLE[state.value].get(step.value)
    if expected is None:
        with pytest.raises(PlanStepRefused):
            lifecycle.after(state, step)
    else:
        assert lifecycle.after(state, step).value == expected


def test_whoever_worked_on_a_plan_does_not_approve_it() -> None:
    lifecycle.check_approver("street", {"secretary", "helper"})
    with pytest.raises(SelfApproval):
        lifecycle.check_approver("helper", {"secretary", "helper"})


def test_nothing_is_dated_back() -> None:
    assert lifecycle.effective_at(None, NOON) == NOON
    assert lifecycle.effective_at(NOON - timedelta(minutes=4), NOON) == NOON
    with pytest.raises(MomentPast):
        lifecycle.effective_at(NOON - timedelta(minutes=6), NOON)
    with pytest.raises(MomentFar) as far:
        lifecycle.effective_at(NOON + timedelta(days=367), NOON)
    assert far.value.facts["latest"] == "2027-11-23"


@pytest.mark.parametrize("reason", ["", " ", "x "])
def test_a_plan_goes_back_with_a_reason(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        lifecycle.check_reason(reason)
