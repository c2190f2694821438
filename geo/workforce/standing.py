"""Who stands assigned to cells, in memory: the same duties as ``geo.workforce.roster`` reads.

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
from geo.workforce.responsibility import Duty
from geo.workforce.roster import Place, duty_of


class Standing(NamedTuple):
    """An assignment with the time in which it bears on its cell, half-open; None: without end."""

    row: Row[Any]
    begin: datetime
    end: datetime | None


class Roster:
    """The assignments to cells that stood at a moment or begin later.

    Parameters
    ----------
    standing : in any order
    read_at : nothing is known of what had ended before
    """

    def __init__(self, standing: Iterable[Standing], read_at: datetime) -> None:
        by_cell: dict[int, list[Standing]] = defaultdict(list)
        for one in standing:
            by_cell[one.row.cell_id].append(one)
        self.read_at = read_at
        self._by_cell: Mapping[int, list[Standing]] = dict(by_cell)
        every = [one for several in by_cell.values() for one in several]
        ends = [one.end for one in every if one.end is not None]
        self._turns = sorted({*(one.begin for one in every), *ends})

    def duties(self, place: Place, moment: datetime) -> list[Duty]:
        """Return the duties that bear on a place at a moment, in no order.

        Parameters
        ----------
        place : known by its cells alone
        moment : not before the roster was read
        """
        return [
            duty_of(one.row, place)
            for cell in place.cells
            for one in self._by_cell.get(cell, ())
            if one.begin <= moment and (one.end is None or moment < one.end)
        ]

    def same_until(self, moment: datetime) -> datetime | None:
        """Return until when the same assignments bear as at a moment; None: as long as it holds."""
        place = bisect_right(self._turns, moment)
        return self._turns[place] if place < len(self._turns) else None


def standing_roster(session: Session, moment: datetime, zone: str) -> Roster:
    """Return the roster from a moment on.

    The session must see all workers, as for ``geo.workforce.roster.duties``.

    Parameters
    ----------
    zone : in which days of employment begin
    """
    rows = session.execute(statement("geo.workforce", "standing"), {"moment": moment})
    return Roster((_standing(row, zone) for row in rows), moment)


def _standing(row: Row[Any], zone: str) -> Standing:
    """Return an assignment with its time; nobody answers on days before or after employment."""
    begin, end = row.valid_from, row.valid_to
    if row.employed_from is not None:
        begin = max(begin, start_of(row.employed_from, zone))
    if row.employed_to is not None:
        left = start_of(row.employed_to, zone)
        end = left if end is None else min(end, left)
    return Standing(row, begin, end)
