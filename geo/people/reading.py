"""Use cases that give out households: each masks what its actor may not see, and notes whose.

Lists and single rows show masked columns alone: nothing is decrypted. A search compares blind
indexes; what was searched for is noted nowhere. Only ``reveal`` decrypts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.access.actors import PermissionMissing
from geo.access.roles import Permission
from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.crypto.fields import blind, unprotect
from geo.db.paging import Page, Slice
from geo.errors import Invalid
from geo.people import store
from geo.people.fields import FIELDS, HeadField, hidden_from
from geo.people.model import Household
from geo.people.reasons import stated
from geo.people.store import BlindIndex, HouseholdFilter, HouseholdRow, OccupancyCount
from geo.work import Work

KIND = "household"
MOST_FOUND = 20


class SearchUnclear(Invalid):
    """A search by none or by several values."""

    code = "search_unclear"


class ObjectionStands(PermissionMissing):
    """The person has objected, so only who decides about that sees them in clear."""

    code = "objection_stands"


@dataclass(frozen=True, slots=True)
class Revealed:
    """Fields of a household's head in clear."""

    id: int
    fields: dict[HeadField, str]


def list_households(
    work: Work, number: int, wanted: HouseholdFilter, page: Page
) -> Slice[HouseholdRow]:
    """Return one page of households, masked.

    Parameters
    ----------
    number : publication whose codes name the cells
    """
    found = store.households(work.session, work.scope, number, wanted, page)
    work.gave(Action.PEOPLE_LIST, KIND, found.rows, area=wanted.area)
    return Slice([shown(work, row) for row in found.rows], found.after)


def read_household(work: Work, household: int, number: int) -> HouseholdRow:
    """Return one household, masked.

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the actor's areas.
    """
    row = store.household_by_id(work.session, work.scope, household, number)
    work.gave(Action.PEOPLE_READ, KIND, [row], area=row.path)
    return shown(work, row)


def count_households(work: Work, path: str, today: date) -> list[OccupancyCount]:
    """Return the exact counts of a cell that lies in the actor's areas."""
    counts = store.occupancy_counts(work.session, work.scope, path, today)
    total = sum(kind.households for kind in counts)
    work.note(Note(Action.PEOPLE_COUNT, subject_kind=KIND, count=total, area=path))
    return counts


def search(
    work: Work, asked: Mapping[HeadField, str], number: int, *, today: date
) -> list[HouseholdRow]:
    """Return the standing households whose head has a value, masked; at most twenty.

    Who finds nobody has waited as long as who finds somebody: both ask one index. Somebody whose
    objection stands is found by those alone who decide about it.

    Parameters
    ----------
    asked : exactly one field with the value searched for

    Raises
    ------
    SearchUnclear
        When there are none or several, or the value is empty.
    """
    given = [(name, value.strip()) for name, value in asked.items()]
    if len(given) != 1 or not given[0][1]:
        raise SearchUnclear()
    (name, value) = given[0]
    index = blind(work.keyring, FIELDS[name], value)
    assert index is not None
    sought = BlindIndex(FIELDS[name].columns[2], index)
    found = store.households_with(work.session, work.scope, number, sought, today, MOST_FOUND)
    deciding = _deciding(work)
    rows = [row for row in found if not row.objected or deciding.covers(row.path)]
    ids, by = tuple(row.id for row in rows), {"by": name.value}
    work.note(
        Note(Action.PEOPLE_SEARCH, subject_kind=KIND, subjects=ids, area=work.scope.root, after=by)
    )
    return [shown(work, row) for row in rows]


def reveal(work: Work, household: int, fields: Collection[HeadField], *, reason: str) -> Revealed:
    """Return fields of a household's head in clear, and note them with the reason.

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the actor's areas.
    ReasonTooShort, ReasonPersonal
        When the reason is none.
    PermissionMissing
        When a field is kept more closely than the actor may see there.
    ObjectionStands
        When the person has objected and the actor does not decide about that.
    """
    words = stated(reason)
    row = store.household_sealed(work.session, work.scope, household)
    most = work.actor.reveals(row.path)
    if any(FIELDS[name].field_class > most for name in fields):
        raise PermissionMissing(permission=Permission.PEOPLE_REVEAL.value)
    if row.objected_at is not None and not _deciding(work).covers(row.path):
        raise ObjectionStands(permission=Permission.REQUEST_DECIDE.value)
    wanted = [name for name in FIELDS if name in fields]
    clear = {name: in_clear(work, row, name) for name in wanted}
    note = Note(
        Action.PEOPLE_REVEAL,
        subject_kind=KIND,
        subjects=(row.id,),
        area=row.path,
        reason=words,
        after={"fields": [name.value for name in wanted]},
    )
    work.note(note)
    return Revealed(row.id, clear)


def in_clear(work: Work, row: Household, name: HeadField) -> str:
    """Return a field of a household in clear, for a use case that has noted it."""
    field = FIELDS[name]
    return unprotect(work, field, row.id, getattr(row, field.columns[0]))


def shown(work: Work, row: HouseholdRow) -> HouseholdRow:
    """Return a row without the fields that its reader does not see even masked."""
    hidden: dict[str, Any] = {name.value: None for name in hidden_from(work.actor.masked(row.path))}
    return row._replace(**hidden) if hidden else row


def _deciding(work: Work) -> Scope:
    return work.actor.areas(Permission.REQUEST_DECIDE)
