"""Taking down what persons ask about their data, and answering it.

Who may decide what is in ``lifecycle``. An answer that changes a record changes it in the same
transaction: a correction writes the values asked for, an objection that is granted closes the
clear view to all but those who decide (one that is refused opens it again), an erasure empties the
record. Access is answered by the print (``geo.people.rights.printing``).
"""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from geo.access.actors import PermissionMissing
from geo.access.roles import Permission
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crypto.fields import protect
from geo.people.fields import FIELDS
from geo.people.model import DataRequest, Household
from geo.people.reasons import without_numbers
from geo.people.rights.corrected import check_corrections
from geo.people.rights.erasure import empty
from geo.people.rights.lifecycle import (
    RequestKind,
    RequestState,
    check_asked,
    check_correctable,
    check_decision,
    due_on,
)
from geo.people.rights.store import lock_request
from geo.people.rights.wishes import Wish, keep, wish_of
from geo.people.store import household_sealed
from geo.work import Work

Effect = Callable[[Work, Household, DataRequest], None]


def take_down(
    work: Work, household: int, kind: RequestKind, wish: Wish, *, days: int, zone: str
) -> int:
    """Record a request of the head of a household; return its id.

    Parameters
    ----------
    days : within which it must be answered
    zone : in which they are counted

    Raises
    ------
    HouseholdUnknown
        When there is no such household within the actor's areas.
    CorrectionsMisplaced
        When a correction corrects nothing, or another kind corrects something.
    NameWrong, PhoneWrong, IdNumberWrong
        When a value to correct cannot be one.
    PersonErased
        When a correction would write data of a person who was erased.
    """
    row = household_sealed(work.session, work.scope, household, locked=True)
    check_asked(kind, wish.corrections)
    check_corrections(wish.corrections)
    check_correctable(kind, erased=row.erased_at is not None)
    today = work.now.astimezone(ZoneInfo(zone)).date()
    request = DataRequest(
        kind=kind.value,
        household_id=row.id,
        received_at=work.now,
        due_on=due_on(today, days),
        recorded_by=work.actor.name,
        wish_masked={},
        path=row.path,
    )
    work.session.add(request)
    work.session.flush()  # the wish is bound to the id
    keep(work.keyring, request, wish)
    after = {"kind": kind.value, "household": row.id, "corrections": wish.masked}
    work.note(_note(Action.REQUEST_ADD, request, after=after))
    return request.id


def decide(work: Work, request_id: int, to: RequestState, outcome: str) -> None:
    """Answer a request, with all that follows from the answer.

    Parameters
    ----------
    outcome : the answer in words, as the person is told

    Raises
    ------
    DataRequestUnknown
        When there is no such request within the actor's areas.
    RequestDecided, SecondPersonNeeded, OutcomeMissing, PersonErased
        When it may not be answered so.
    PermissionMissing
        When the answer erases and the actor may not.
    """
    request = lock_request(work.session, work.scope, request_id)
    kind, state = RequestKind(request.kind), RequestState(request.state)
    words = without_numbers(outcome.strip())
    check_decision(
        kind,
        state,
        to,
        outcome=words,
        recorded_by=request.recorded_by,
        decider=work.actor.name,
    )
    household = household_sealed(work.session, work.scope, request.household_id, locked=True)
    request.state, request.outcome = to.value, words
    request.decided_by, request.decided_at = work.actor.name, work.now
    before, after = {"state": state.value}, {"state": to.value, "kind": kind.value}
    work.note(_note(Action.REQUEST_DECIDE, request, before=before, after=after))
    if effect := _EFFECTS.get((kind, to)):
        effect(work, household, request)


def _correct(work: Work, household: Household, request: DataRequest) -> None:
    check_correctable(RequestKind.CORRECTION, erased=household.erased_at is not None)
    before, after = {}, {}
    corrections = wish_of(work.keyring, request).corrections
    check_corrections(corrections)
    for name, value in corrections.items():
        cipher, masked, blind = FIELDS[name].columns
        before[name.value] = getattr(household, masked)
        made = protect(work.keyring, FIELDS[name], household.id, value)
        after[name.value] = made.masked
        for column, part in zip((cipher, masked, blind), made, strict=True):
            setattr(household, column, part)
    note = Note(
        Action.PEOPLE_CORRECT,
        subject_kind="household",
        subjects=(household.id,),
        area=household.path,
        reason=f"data_request {request.id}",
        before=before,
        after=after,
    )
    work.note(note)


def _restrict(work: Work, household: Household, request: DataRequest) -> None:
    household.objected_at = work.now


def _unrestrict(work: Work, household: Household, request: DataRequest) -> None:
    household.objected_at = None


def _erase(work: Work, household: Household, request: DataRequest) -> None:
    if not work.actor.areas(Permission.PEOPLE_ERASE).covers(household.path):
        raise PermissionMissing(permission=Permission.PEOPLE_ERASE.value)
    empty(work, household, reason=f"data_request {request.id}")


_EFFECTS: Mapping[tuple[RequestKind, RequestState], Effect] = {
    (RequestKind.CORRECTION, RequestState.DONE): _correct,
    (RequestKind.OBJECTION, RequestState.DONE): _restrict,
    (RequestKind.OBJECTION, RequestState.REFUSED): _unrestrict,
    (RequestKind.ERASURE, RequestState.DONE): _erase,
}


def _note(
    action: Action,
    request: DataRequest,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Note:
    return Note(
        action,
        subject_kind="data_request",
        subjects=(request.id,),
        area=request.path,
        before=before,
        after=after,
    )
