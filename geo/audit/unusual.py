"""Which reads of people look unusual: four rules for a second person to look at, pure.

A fifth is about no read: powerful access that was given, because who runs the accounts could make
one up, or reset one, and read people through it (GB/T 22239: split of powers).

They accuse nobody. A grid worker who helps out next door, or who answers a call at night, is found
here and says so; what nobody looked at would be the fault.

Source: threat T20 (insider), GB/T 35273-2020 7.1 and 11.3; the figures are ours, by the size of a
grid: 300 to 500 households.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from statistics import median

from geo.access.fields import FieldClass
from geo.access.roles import APART, ROLES
from geo.audit.actions import Action

NIGHT_FROM, NIGHT_TO = time(22), time(6)
BULK_PEOPLE = 500
BULK_TIMES = 3
READS = (
    Action.PEOPLE_LIST,
    Action.PEOPLE_READ,
    Action.PEOPLE_SEARCH,
    Action.PEOPLE_REVEAL,
    Action.PEOPLE_PRINT,
)
IN_CLEAR = frozenset({Action.PEOPLE_REVEAL.value, Action.PEOPLE_PRINT.value})
_HAN = "\u4e00", "\u9fff"


# Whoever gives one of these, or takes over an account that holds one, could read people through it,
# or look after himself.
POWERFUL = frozenset(
    role for role, rule in ROLES.items() if rule.reveals >= FieldClass.PERSONAL or role in APART
)


class Rule(StrEnum):
    """Why a read looks unusual, or what else a second person is to see."""

    OUTSIDE = "outside"  # a household beyond the cells its reader's worker is assigned to
    NIGHT = "night"
    BULK = "bulk"  # far more people in a day than ever
    SURNAME = "surname"  # in clear: somebody who bears the reader's own surname
    POWERS = "powers"  # powerful access given: a role, or the password of who holds one


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """One record of somebody who was given people.

    Parameters
    ----------
    at : local
    subjects : ids of the households given out; never empty
    """

    record_id: int
    at: datetime
    action: str
    subjects: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a household: where it is, and its head's name, masked."""

    path: str
    masked_name: str


@dataclass(frozen=True, slots=True)
class Task:
    """An assignment: an area and from when to when; open if ``until`` is None."""

    path: str
    since: datetime
    until: datetime | None

    def covers(self, path: str, at: datetime) -> bool:
        """Return whether a place was a duty of its worker at a moment."""
        stands = self.since <= at and (self.until is None or at < self.until)
        # What lies in no cell has no path, and is nobody's whole town.
        return stands and bool(self.path) and path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What is known of a reader.

    Parameters
    ----------
    masked_name : of the account
    tasks : assignments of its worker; None when the account is no worker's
    days : how many people it was given on each day of the weeks before
    """

    masked_name: str
    tasks: tuple[Task, ...] | None
    days: tuple[int, ...]


def unusual(
    reader: ReaderFacts, reads: Sequence[PeopleRead], people: Mapping[int, Person]
) -> dict[Rule, list[int]]:
    """Return the ids of the records that look unusual, by the rule that found them.

    Parameters
    ----------
    reads : of one account in one week, oldest first
    people : the households read that are known
    """
    found = {
        Rule.OUTSIDE: [read for read in reads if _is_outside(reader, read, people)],
        Rule.NIGHT: [read for read in reads if is_night(read.at)],
        Rule.BULK: _in_bulk(reader, reads),
        Rule.SURNAME: [read for read in reads if _is_namesake(reader, read, people)],
    }
    return {rule: [read.record_id for read in hits] for rule, hits in found.items() if hits}


def is_night(at: datetime) -> bool:
    """Return whether a local time lies between 22:00, included, and 06:00.

    Examples
    --------
    >>> [is_night(datetime(2026, 11, 22, hour)) for hour in (21, 22, 0, 5, 6)]
    [False, True, True, True, False]
    """
    return at.time() >= NIGHT_FROM or at.time() < NIGHT_TO


def surname(masked_name: str) -> str:
    """Return the Chinese surname that a masked name shows; empty for other names.

    Examples
    --------
    >>> surname("王**"), surname("欧阳**"), surname("J**"), surname("**"), surname("")
    ('王', '欧阳', '', '', '')
    """
    shown = masked_name.rstrip("*")
    return shown if shown and all(_HAN[0] <= letter <= _HAN[1] for letter in shown) else ""


def _is_outside(reader: ReaderFacts, read: PeopleRead, people: Mapping[int, Person]) -> bool:
    if reader.tasks is None:
        return False
    tasks = reader.tasks
    places = [people[subject].path for subject in read.subjects if subject in people]
    return any(not any(task.covers(path, read.at) for task in tasks) for path in places)


def _is_namesake(reader: ReaderFacts, read: PeopleRead, people: Mapping[int, Person]) -> bool:
    own = surname(reader.masked_name)
    if not own or read.action not in IN_CLEAR:
        return False
    names = [people[subject].masked_name for subject in read.subjects if subject in people]
    return any(surname(name) == own for name in names)


def _in_bulk(reader: ReaderFacts, reads: Sequence[PeopleRead]) -> list[PeopleRead]:
    seen: defaultdict[date, set[int]] = defaultdict(set)
    for read in reads:
        seen[read.at.date()].update(read.subjects)
    usual = median(reader.days) if reader.days else 0
    most = max(BULK_PEOPLE, BULK_TIMES * usual)
    return [read for read in reads if len(seen[read.at.date()]) > most]
