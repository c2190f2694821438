"""Every step of a data request: done where it may be, refused everywhere else."""

from datetime import date

import pytest

from geo.people.rights.lifecycle import (
    CorrectionsMisplaced,
    OutcomeMissing,
    PersonErased,
    RequestDecided,
    RequestKind,
    RequestState,
    SecondPersonNeeded,
    check_asked,
    check_correctable,
    check_decision,
    due_on,
    is_overdue,
)

OPEN, DONE, REFUSED = RequestState


def decide(
    kind: RequestKind = RequestKind.ACCESS,
    state: RequestState = OPEN,
    to: RequestState = DONE,
    *,
    outcome: str = "",
    decider: str = "li",
) -> None:
    check_decision(kind, state, to, outcome=outcome, recorded_by="wang", decider=decider)


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("to", [DONE, REFUSED])
def test_an_open_request_is_answered_by_a_second_person(
    kind: RequestKind, to: RequestState
) -> None:
    decide(kind, OPEN, to, outcome="not about this person")


@pytest.mark.parametrize("state", [DONE, REFUSED])
@pytest.mark.parametrize("to", RequestState)
def test_what_was_answered_stays_answered(state: RequestState, to: RequestState) -> None:
    with pytest.raises(RequestDecided):
        decide(state=state, to=to, outcome="once more")


def test_an_answer_does_not_leave_a_request_open() -> None:
    with pytest.raises(RequestDecided):
        decide(to=OPEN)


@pytest.mark.parametrize(
    "kind", [RequestKind.CORRECTION, RequestKind.OBJECTION, RequestKind.ERASURE]
)
@pytest.mark.parametrize("to", [DONE, REFUSED])
def test_whoever_took_down_a_change_does_not_decide_it(kind: RequestKind, to: RequestState) -> None:
    with pytest.raises(SecondPersonNeeded):
        decide(kind, to=to, outcome="as asked", decider="wang")


def test_a_copy_may_be_handed_over_by_who_took_the_request_down() -> None:
    decide(RequestKind.ACCESS, decider="wang")


def test_after_an_erasure_nothing_is_corrected_and_all_else_may_be_asked() -> None:
    with pytest.raises(PersonErased):
        check_correctable(RequestKind.CORRECTION, erased=True)
    check_correctable(RequestKind.CORRECTION, erased=False)
    for kind in set(RequestKind) - {RequestKind.CORRECTION}:
        check_correctable(kind, erased=True)


def test_a_refusal_says_why() -> None:
    with pytest.raises(OutcomeMissing):
        decide(to=REFUSED)


def test_a_correction_names_what_is_to_be_corrected() -> None:
    check_asked(RequestKind.CORRECTION, ["head_phone"])
    with pytest.raises(CorrectionsMisplaced):
        check_asked(RequestKind.CORRECTION, [])


@pytest.mark.parametrize(
    "kind", [kind for kind in RequestKind if kind is not RequestKind.CORRECTION]
)
def test_no_other_request_corrects_anything(kind: RequestKind) -> None:
    check_asked(kind, [])
    with pytest.raises(CorrectionsMisplaced):
        check_asked(kind, ["head_phone"])


def test_thirty_days_are_counted_from_the_day_it_came_in() -> None:
    assert due_on(date(2026, 1, 31), 30) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "today", "late"),
    [
        (OPEN, date(2026, 12, 21), False),  # the last day
        (OPEN, date(2026, 12, 22), True),
        (DONE, date(2027, 1, 1), False),
    ],
)
def test_an_open_request_is_late_from_the_day_after_its_last(
    state: RequestState, today: date, late: bool
) -> None:
    assert is_overdue(state, date(2026, 12, 21), today) is late
