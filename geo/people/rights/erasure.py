"""Emptying what is stored on a person, for good: one command, one transaction.

What goes: the protected fields with their masks and indexes, since when they live there, every
wish and answer of theirs; open requests are closed. What stays: the dwelling, how it is held, by
how many (facts about the flat, counted nowhere by name), and the audit, which says who erased and
when and never held a clear value. Backups age out by their stated term.

Source: PIPL art. 47.
"""

from datetime import datetime

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.people.fields import FIELDS, HeadField
from geo.people.model import DataRequest, Household
from geo.people.reasons import stated
from geo.people.rights.lifecycle import RequestKind, RequestState
from geo.people.rights.store import requests_of
from geo.people.store import household_sealed
from geo.work import Work


def erase(work: Work, household: int, *, reason: str) -> datetime:
    """Empty what is stored on the head of a household, and return when that was first done.

    Once more changes nothing that a person could be known by, and is noted again.

    Raises
    ------
    HouseholdUnknown
        When there is no such household within the actor's areas.
    ReasonTooShort, ReasonPersonal
        When the reason is none.
    """
    words = stated(reason)
    row = household_sealed(work.session, work.scope, household, locked=True)
    empty(work, row, reason=words)
    assert row.erased_at is not None
    return row.erased_at


def empty(work: Work, household: Household, *, reason: str) -> None:
    """Empty a household that is locked, and note it."""
    emptied = [name.value for name in FIELDS if _empty_field(household, name)]
    household.since = None
    household.objected_at = None
    household.erased_at = household.erased_at or work.now
    closed = [
        request.id
        for request in requests_of(work.session, household.id)
        if _empty_request(work, request)
    ]
    note = Note(
        Action.PEOPLE_ERASE,
        subject_kind="household",
        subjects=(household.id,),
        area=household.path,
        reason=reason,
        after={"emptied": emptied, "closed": closed},
    )
    work.note(note)


def _empty_field(household: Household, name: HeadField) -> bool:
    """Empty the three columns of a field; return whether it held something."""
    cipher, masked, blind = FIELDS[name].columns
    held = getattr(household, cipher) is not None
    setattr(household, cipher, None)
    setattr(household, masked, "")
    setattr(household, blind, None)
    return held


def _empty_request(work: Work, request: DataRequest) -> bool:
    """Empty a request, which stays to be counted; return whether it was still open."""
    request.wish_cipher, request.wish_masked, request.outcome = None, {}, ""
    if request.state != RequestState.OPEN.value:
        return False
    is_asked_for = request.kind == RequestKind.ERASURE.value
    request.state = (RequestState.DONE if is_asked_for else RequestState.REFUSED).value
    request.decided_by, request.decided_at = work.actor.name, work.now
    return True
