"""Who stands assigned to cells, and who is away, in memory: as ``geo.workforce.roster`` reads it.

Only what bears on a place that is known by its cells; who answers for a building or a household is
asked of the database. An instance never changes; times within it come and go by themselves.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.clock import start_of
from geo.db.sql import statement
from geo.workforce.leave import stood_in
from geo.workforce.responsibility import Duty, Person
from geo.workforce.roster import Place, duty_of, substitute_of


class Standing(NamedTuple):
    """An assignment with the time in which it bears on its cell, half-open; None: without end."""

    row: Row[Any]
    begin: datetime
    end: datetime | None


class Absence(NamedTuple):
    """A leave with its time, half-open; None: without end.

    Parameters
    ----------
    substitute, stands_from, stands_until : who stands in, on the days of employment alone
    """

    worker_id: str
    begin: datetime
    end: datetime | None
    substitute: Person | None = None
    stands_from: datetime | None = None
    stands_until: datetime | None = None

    def at(self, moment: datetime) -> Person | None:
        """Return who stands in at a moment of the leave."""
        return self.substitute if _within(self.stands_from, self.stands_until, moment) else None


class Roster:
    """The assignments to cells and the leaves that held at a moment or begin later.

    Parameters
    ----------
    standing, absences : in any order
    read_at : nothing is known of what had ended before
    """

    def __init__(
        self, standing: Iterable[Standing], read_at: datetime, absences: Iterable[Absence] = ()
    ) -> None:
        by_cell: dict[int, list[Standing]] = defaultdict(list)
        for one in standing:
            by_cell[one.row.cell_id].append(one)
        by_worker: dict[str, list[Absence]] = defaultdict(list)
        for absence in absences:
            by_worker[absence.worker_id].append(absence)
        self.read_at = read_at
        self._by_cell: Mapping[int, list[Standing]] = dict(by_cell)
        self._absences: Mapping[str, list[Absence]] = dict(by_worker)
        times = [
            *((one.begin, one.end) for several in by_cell.values() for one in several),
            *((one.begin, one.end) for several in by_worker.values() for one in several),
            *((a.stands_from, a.stands_until) for several in by_worker.values() for a in several),
        ]
        self._turns = sorted({moment for time in times for moment in time if moment is not None})

    def duties(self, place: Place, moment: datetime) -> list[Duty]:
        """Return the duties that bear on a place at a moment, in no order.

        Parameters
        ----------
        place : known by its cells alone
        moment : not before the roster was read
        """
        assigned = [
            duty_of(one.row, place)
            for cell in place.cells
            for one in self._by_cell.get(cell, ())
            if _within(one.begin, one.end, moment)
        ]
        return stood_in(assigned, self._away(assigned, moment))

    def same_until(self, moment: datetime) -> datetime | None:
        """Return until when the same people answer as at a moment; None: as long as it holds."""
        place = bisect_right(self._turns, moment)
        return self._turns[place] if place < len(self._turns) else None

    def _away(self, assigned: Iterable[Duty], moment: datetime) -> dict[str, Person | None]:
        """Return who of those assigned, and of those who stand in for them, is away."""
        found: dict[str, Person | None] = {}
        asked = {duty.worker_id for duty in assigned}
        while asked:
            worker = asked.pop()
            for one in self._absences.get(worker, ()):
                if _within(one.begin, one.end, moment):
                    found[worker] = one.at(moment)
            person = found.get(worker)
            if person is not None and person.worker_id not in found:
                asked.add(person.worker_id)
        return found


def standing_roster(session: Session, moment: datetime, zone: str) -> Roster:
    """Return the roster from a moment on.

    The session must see all workers, as for ``geo.workforce.roster.duties``.

    Parameters
    ----------
    zone : in which days of employment begin
    """
    values = {"moment": moment}
    rows = session.execute(statement("geo.workforce", "standing"), values).all()
    leaves = session.execute(statement("geo.workforce", "standing_leaves"), values).all()
    return Roster(
        (_standing(row, zone) for row in rows), moment, (_absence(row, zone) for row in leaves)
    )


def _absence(row: Row[Any], zone: str) -> Absence:
    """Return a leave with its time, and the days on which the substitute is employed."""
    return Absence(
        worker_id=str(row.worker_id),
        begin=row.begins_at,
        end=row.ends_at,
        substitute=substitute_of(row),
        stands_from=None if row.employed_from is None else start_of(row.employed_from, zone),
        stands_until=None if row.employed_to is None else start_of(row.employed_to, zone),
    )


def _within(begin: datetime | None, end: datetime | None, moment: datetime) -> bool:
    return (begin is None or begin <= moment) and (end is None or moment < end)


def _standing(row: Row[Any], zone: str) -> Standing:
    """Return an assignment with its time; nobody answers on days before or after employment."""
    begin, end = row.valid_from, row.valid_to
    if row.employed_from is not None:
        begin = max(begin, start_of(row.employed_from, zone))
    if row.employed_to is not None:
        left = start_of(row.employed_to, zone)
        end = left if end is None else min(end, left)
    return Standing(row, begin, end)
