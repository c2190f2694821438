"""The print: everything that is stored on a person, in clear, and who has read it.

What a person who asks by PIPL art. 45 is handed. Names, days and reasons of the readers, no numbers
of requests over the net: those are for the audit.
"""

from sqlalchemy.orm import Session

from geo.access.actors import Reason
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.audit.store import reads_of
from geo.db.sql import statement
from geo.grid import store as grid
from geo.people import store
from geo.people.fields import HeadField
from geo.people.file import Dwelling, FiledDuty, FiledRequest, PersonFile
from geo.people.model import DataRequest, Household
from geo.people.reading import KIND, in_clear
from geo.people.reasons import stated
from geo.people.rights.store import names_of, requests_of
from geo.people.rights.wishes import wish_of
from geo.work import Work


def person_file(work: Work, household: int, number: int, *, reason: str, zone: str) -> PersonFile:
    """Return everything that is stored on a household and its head, and note that it was given.

    Parameters
    ----------
    number : publication whose codes and names the cells bear
    zone : in which the days of the readers begin

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the actor's areas.
    ReasonTooShort, ReasonPersonal
        When the reason is none.
    """
    words = stated(reason)
    row = store.household_sealed(work.session, work.scope, household)
    note = Note(
        Action.PEOPLE_PRINT, subject_kind=KIND, subjects=(row.id,), area=row.path, reason=words
    )
    work.note(note)
    return PersonFile(
        made_at=work.now,
        made_by=work.actor.name,
        made_by_name=names_of(work.session, {work.actor.name}).get(work.actor.name),
        household_id=row.id,
        head_name=in_clear(work, row, HeadField.NAME),
        head_phone=in_clear(work, row, HeadField.PHONE),
        head_id_number=in_clear(work, row, HeadField.ID_NUMBER),
        occupancy=row.occupancy,
        persons=row.persons,
        since=row.since,
        ended_on=row.ended_on,
        objected_at=row.objected_at,
        erased_at=row.erased_at,
        dwelling=_dwelling(work.session, row, number),
        duties=_duties(work, row),
        requests=tuple(_filed(work, request) for request in requests_of(work.session, row.id)),
        readers=tuple(reads_of(work.session, KIND, row.id, zone)),
    )


def _dwelling(session: Session, row: Household, number: int) -> Dwelling:
    values = {"unit": row.unit_id}
    found = session.execute(statement("geo.people", "dwelling_of_household"), values).one()
    cells = grid.chain(session, row.path, number)
    return Dwelling(**found._mapping, cells=tuple((cell.code, cell.name) for cell in cells))


def _duties(work: Work, row: Household) -> tuple[FiledDuty, ...]:
    # Who answers may be employed elsewhere; that they answer here is a public duty fact.
    with work.elevated(Reason.DUTY_LOOKUP):
        values = {"household": row.id}
        found = work.session.execute(statement("geo.people", "duties_of_household"), values).all()
    return tuple(FiledDuty(**duty._mapping) for duty in found)


def _filed(work: Work, request: DataRequest) -> FiledRequest:
    wish = wish_of(work.keyring, request)
    return FiledRequest(
        id=request.id,
        kind=request.kind,
        received_at=request.received_at,
        due_on=request.due_on,
        recorded_by=request.recorded_by,
        wish=wish.words,
        corrections={name.value: value for name, value in wish.corrections.items()},
        state=request.state,
        outcome=request.outcome,
        decided_by=request.decided_by,
        decided_at=request.decided_at,
    )
