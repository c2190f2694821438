"""How much about people an account is given in a day, and the refusal of more.

A crawl page by page looks like work until one counts. What was given out stands in the audit, so
that is what counts, in every process and after a restart; between two looks at it a process adds
what it gives out itself. Several processes together may exceed a share by a twentieth each.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from geo.access.actors import ActorKind
from geo.audit.actions import Action, Outcome
from geo.audit.model import AuditRecord
from geo.audit.notes import Note
from geo.clock import start_of
from geo.db.session import open_log
from geo.errors import Limited
from geo.settings import Settings
from geo.work import Work

_log = logging.getLogger(__name__)

_LOOK_EVERY = timedelta(minutes=1)
_LOOK_AFTER = 20  # given out itself since the last look: this part of the share
_ENTRIES_MAX = 10_000


class Share(StrEnum):
    """What is shared out by the day."""

    PEOPLE = "people"  # rows about people, masked or not
    REVEALS = "reveals"  # protected fields in clear: how often


# Which records count, and whether by their rows or each as one.
ACTIONS: Mapping[Share, frozenset[Action]] = {
    Share.PEOPLE: frozenset(
        {
            Action.PEOPLE_LIST,
            Action.PEOPLE_READ,
            Action.PEOPLE_SEARCH,
            Action.PEOPLE_REVEAL,
            Action.PEOPLE_PRINT,
        }
    ),
    Share.REVEALS: frozenset({Action.PEOPLE_REVEAL, Action.PEOPLE_PRINT}),
}


class DayShareUsed(Limited):
    """The account was given its share of the day; what it asks for now would pass it."""

    code = "day_share_used"
    recorded = Action.PEOPLE_SHARE.value


@dataclass(slots=True)
class Entry:
    """What an account was given today, as far as this process knows.

    Parameters
    ----------
    day : local day
    told : by the audit at ``looked_at``
    since : given out by this process after that
    """

    day: date
    looked_at: datetime
    told: int
    since: int = 0

    def holds(self, day: date, now: datetime, most: int) -> bool:
        """Return whether it is recent enough to decide by."""
        recent = now - self.looked_at < _LOOK_EVERY and self.since * _LOOK_AFTER <= most
        return self.day == day and recent


class Shares:
    """The shares of a process; ``shares_of`` makes them from the settings.

    Parameters
    ----------
    most : of each share, by account and day
    zone : in which days begin and end
    alarm : told of the first refusal of an account in a day
    """

    def __init__(
        self, most: Mapping[Share, int], zone: str, alarm: Callable[[Share], None]
    ) -> None:
        self._most, self._zone, self._alarm = most, zone, alarm
        self._entries: dict[tuple[int, Share], Entry] = {}
        self._alarmed: set[tuple[int, Share, date]] = set()
        self._lock = threading.Lock()

    def spend(self, work: Work) -> None:
        """Count what a work is about to give out, from its notes; to be called at its end.

        Raises
        ------
        DayShareUsed
            When that would pass a share; recorded.
        """
        account = work.actor.account_id
        if account is None or work.actor.kind is ActorKind.SYSTEM:
            return
        for share, most in self._most.items():
            amount = amount_of(share, work.notes)
            if amount:
                self._spend(work, account, share, amount, most)

    def _spend(self, work: Work, account: int, share: Share, amount: int, most: int) -> None:
        day = work.now.astimezone(ZoneInfo(self._zone)).date()
        with self._lock:
            entry = self._entries.get((account, share))
        if entry is None or not entry.holds(day, work.now, most):
            entry = Entry(day, work.now, told=self._told(work, account, share, day))
        with self._lock:
            if len(self._entries) >= _ENTRIES_MAX:
                self._entries.clear()
            self._entries[account, share] = entry
            fits = entry.told + entry.since + amount <= most
            entry.since += amount if fits else 0
        if not fits:
            self._warn(account, share, day)
            ends = start_of(day + timedelta(days=1), self._zone)
            wait_s = max(1, round((ends - work.now).total_seconds()))
            raise DayShareUsed(limit=most, wait_s=wait_s)

    def _told(self, work: Work, account: int, share: Share, day: date) -> int:
        open_log(work.session)
        counted = func.sum(AuditRecord.count) if share is Share.PEOPLE else func.count()
        found = work.session.scalar(
            select(func.coalesce(counted, 0)).where(
                AuditRecord.account_id == account,
                AuditRecord.at >= start_of(day, self._zone),
                AuditRecord.action.in_(sorted(ACTIONS[share])),
                AuditRecord.outcome == Outcome.DONE.value,
            )
        )
        return int(found or 0)

    def _warn(self, account: int, share: Share, day: date) -> None:
        with self._lock:
            known = (account, share, day) in self._alarmed
            self._alarmed = {one for one in self._alarmed if one[2] == day} | {
                (account, share, day)
            }
        if not known:
            self._alarm(share)
            _log.warning("day share used up", extra={"account": account, "share": share.value})


def shares_of(settings: Settings, alarm: Callable[[Share], None]) -> Shares:
    """Return the shares of a deployment."""
    most = {Share.PEOPLE: settings.people_per_day, Share.REVEALS: settings.reveals_per_day}
    return Shares(most, settings.time_zone, alarm)


def amount_of(share: Share, notes: Sequence[Note]) -> int:
    """Return how much of a share some notes are: rows of people, or reveals.

    Examples
    --------
    >>> amount_of(Share.PEOPLE, [Note(Action.PEOPLE_LIST, subjects=(1, 2, 3))])
    3
    """
    mine = [note for note in notes if note.action in ACTIONS[share]]
    if share is Share.REVEALS:
        return len(mine)
    return sum(len(note.subjects) if note.count is None else note.count for note in mine)
