"""The file of a person: everything that is stored on one household, as values. Pure.

What a person may ask for by PIPL art. 45. ``geo.people.rights.printing`` fills it from the
database; the API gives it as JSON and ``maps`` as a page to print. It holds clear values: whoever
makes one has noted it for the audit, and nobody keeps it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from geo.audit.readers import Read


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where the household lives.

    Parameters
    ----------
    address : street address of the building, with its estate
    cells : ``(code, name)`` of the cells it lies in, root first
    """

    building_code: str
    building_name: str
    address: str
    stairwell: int
    floor: int
    number: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FiledDuty:
    """Somebody who answers for this very household, now or once."""

    post: str
    worker_name: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class FiledRequest:
    """Something the person asked about their data.

    Parameters
    ----------
    wish : in their words, and the values they want corrected by field, in clear
    """

    id: int
    kind: str
    received_at: datetime
    due_on: date
    recorded_by: str
    wish: str
    corrections: dict[str, str]
    state: str
    outcome: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything that is stored on a household and the person who heads it.

    Parameters
    ----------
    made_at, made_by : when and by whom the file was printed
    made_by_name : name of that account; None for a task of the system
    head_name, head_phone, head_id_number : in clear; empty when not stored
    occupancy : code of how the dwelling is held
    objected_at : since when the person's objection stands
    erased_at : when the personal fields were emptied
    readers : every time somebody saw or changed them, by day and reason, the last one first
    """

    made_at: datetime
    made_by: str
    made_by_name: str | None
    household_id: int
    head_name: str
    head_phone: str
    head_id_number: str
    occupancy: str
    persons: int | None
    since: date | None
    ended_on: date | None
    objected_at: datetime | None
    erased_at: datetime | None
    dwelling: Dwelling
    duties: tuple[FiledDuty, ...]
    requests: tuple[FiledRequest, ...]
    readers: tuple[Read, ...]
