"""Use cases that show data requests: each masks what its actor may not see, and notes which.

Only ``reveal_wish`` decrypts: whoever decides must know what they decide.
"""

from collections.abc import Sequence
from dataclasses import replace

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.paging import Page, Slice
from geo.people import reading
from geo.people.fields import FIELDS, hidden_from
from geo.people.reasons import stated
from geo.people.rights import store
from geo.people.rights.store import RequestFilter, RequestRow
from geo.people.rights.wishes import Wish, wish_of
from geo.work import Work

KIND = "data_request"


def list_requests(work: Work, number: int, wanted: RequestFilter, page: Page) -> Slice[RequestRow]:
    """Return one page of requests, the open ones first, masked.

    Parameters
    ----------
    number : publication whose codes name the cells

    Raises
    ------
    HouseholdUnknown
        When those of one household are asked for that is not within the actor's areas.
    """
    if wanted.household_id is not None:
        store.check_household(work.session, work.scope, wanted.household_id)
    found = store.requests(work.session, work.scope, number, wanted, page)
    work.gave(Action.REQUEST_READ, KIND, found.rows, area=wanted.area)
    return Slice([shown(work, row) for row in _named(work, found.rows)], found.after)


def read_request(work: Work, request: int, number: int) -> RequestRow:
    """Return one request, masked.

    Raises
    ------
    DataRequestUnknown
        When there is none with this id within the actor's areas.
    """
    row = store.request_by_id(work.session, work.scope, request, number)
    work.gave(Action.REQUEST_READ, KIND, [row], area=row.path)
    return shown(work, *_named(work, [row]))


def reveal_wish(work: Work, request: int, *, reason: str) -> Wish:
    """Return what a person asks in clear, and note it as a clear view of that person.

    Raises
    ------
    DataRequestUnknown
        When there is none with this id within the actor's areas.
    ReasonTooShort, ReasonPersonal
        When the reason is none.
    """
    words = stated(reason)
    row = store.request_sealed(work.session, work.scope, request)
    wish = wish_of(work.keyring, row)
    fields = [name.value for name in FIELDS if name in wish.corrections]
    note = Note(
        Action.PEOPLE_REVEAL,
        subject_kind=reading.KIND,
        subjects=(row.household_id,),
        area=row.path,
        reason=words,
        after={"fields": fields, "request": row.id},
    )
    work.note(note)
    return wish


def shown(work: Work, row: RequestRow) -> RequestRow:
    """Return a request without the values of fields that its reader does not see even masked."""
    hidden = hidden_from(work.actor.masked(row.path))
    kept = {name: None if name in hidden else value for name, value in row.corrections.items()}
    return replace(row, corrections=kept)


def _named(work: Work, rows: Sequence[RequestRow]) -> list[RequestRow]:
    """Return requests with the names of who took them down and answered them."""
    logins = {row.recorded_by for row in rows} | {row.decided_by for row in rows if row.decided_by}
    names = store.names_of(work.session, logins)
    return [
        replace(
            row,
            recorded_name=names.get(row.recorded_by),
            decided_name=names.get(row.decided_by or ""),
        )
        for row in rows
    ]
