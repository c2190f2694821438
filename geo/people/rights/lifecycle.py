"""What becomes of a request of a person about their data: states, days, who may decide. Pure.

Source: the law of 2021 on personal information (PIPL) art. 44–47 and 50; GB/T 35273-2020 8.7: an
answer within 30 days, a refusal with its reason.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from geo.errors import Invalid, Refused


class RequestKind(StrEnum):
    """What is asked."""

    ACCESS = "access"  # what is stored on me, art. 45: answered by the print
    CORRECTION = "correction"  # art. 46
    OBJECTION = "objection"  # art. 44: limit or refuse the processing
    ERASURE = "erasure"  # art. 47


class RequestState(StrEnum):
    """How far it is."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


TRANSITIONS: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset({RequestState.DONE, RequestState.REFUSED}),
    RequestState.DONE: frozenset(),
    RequestState.REFUSED: frozenset(),
}

# What changes or empties a record is decided by another person than took it down. An objection too:
# to refuse one lifts what an earlier one has closed.
SECOND_PERSON = frozenset({RequestKind.CORRECTION, RequestKind.OBJECTION, RequestKind.ERASURE})


class RequestDecided(Refused):
    """A request was answered already."""

    code = "request_decided"


class SecondPersonNeeded(Refused):
    """Whoever took a request down may not decide it."""

    code = "second_person_needed"


class OutcomeMissing(Invalid):
    """A refusal without a reason, which the person must be told."""

    code = "outcome_missing"


class PersonErased(Refused):
    """A correction would write data of a person who was erased."""

    code = "person_erased"


class CorrectionsMisplaced(Invalid):
    """A correction that corrects nothing, or values to correct in another kind of request."""

    code = "corrections_misplaced"


def due_on(received_on: date, days: int) -> date:
    """Return the last day for an answer.

    Examples
    --------
    >>> due_on(date(2026, 11, 21), 30)
    datetime.date(2026, 12, 21)
    """
    return received_on + timedelta(days=days)


def is_overdue(state: RequestState, due: date, today: date) -> bool:
    """Return whether an answer is late."""
    return state is RequestState.OPEN and today > due


def check_asked(kind: RequestKind, corrected: Collection[str]) -> None:
    """Refuse a request whose values to correct do not fit its kind.

    Parameters
    ----------
    corrected : the fields that are to be corrected
    """
    if bool(corrected) != (kind is RequestKind.CORRECTION):
        raise CorrectionsMisplaced(kind=kind.value)


def check_correctable(kind: RequestKind, *, erased: bool) -> None:
    """Refuse a correction of what was emptied for good; any other request may be made and answered.

    Raises
    ------
    PersonErased
        When it is a correction and the person was erased.
    """
    if kind is RequestKind.CORRECTION and erased:
        raise PersonErased()


def check_decision(
    kind: RequestKind,
    state: RequestState,
    to: RequestState,
    *,
    outcome: str,
    recorded_by: str,
    decider: str,
) -> None:
    """Refuse a decision that may not be taken.

    Parameters
    ----------
    to : how it is answered
    outcome : the answer in words
    recorded_by, decider : names of actors

    Raises
    ------
    RequestDecided
        When it was answered before.
    SecondPersonNeeded
        When the kind asks for another person than took it down.
    OutcomeMissing
        When it is refused without a word.
    """
    if to not in TRANSITIONS[state]:
        raise RequestDecided(state=state.value)
    if kind in SECOND_PERSON and decider == recorded_by:
        raise SecondPersonNeeded(kind=kind.value)
    if to is RequestState.REFUSED and not outcome:
        raise OutcomeMissing()
