"""How much about people an account is given in a day, and the refusal of more.

A crawl page by page looks like work until one counts. What was given out stands in the audit, so
that is what counts, in every process and after a restart; between two looks at it a process adds
what it gives out itself, also what it has not committed yet: of requests at the same time no more
pass than the share holds. Several processes together may exceed a share by a twentieth each.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, SessionTransaction

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
    looked_at : None before the first look
    told : by the audit at ``looked_at``
    since : given out by this process since that look began
    pending : about to be given out by this process: the audit cannot know it yet
    look : held by the one who looks, while the others wait for what it finds
    """

    day: date
    looked_at: datetime | None = None
    told: int = 0
    since: int = 0
    pending: int = 0
    look: threading.Lock = field(default_factory=threading.Lock, compare=False)

    def holds(self, now: datetime, most: int) -> bool:
        """Return whether it is recent enough to decide by."""
        if self.looked_at is None:
            return False
        return now - self.looked_at < _LOOK_EVERY and self.since * _LOOK_AFTER <= most

    def takes(self, amount: int, most: int) -> bool:
        """Return whether so much more is within the share; then it is pending."""
        fits = self.told + self.since + self.pending + amount <= most
        self.pending += amount if fits else 0
        return fits


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
        self._entries: dict[tuple[int, Share, date], Entry] = {}
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
        entry = self._entry(account, share, day)
        with entry.look:
            if not entry.holds(work.now, most):
                self._look(work, account, share, entry)
        with self._lock:
            fits = entry.takes(amount, most)
        if fits:
            _Spent(entry, amount, self._lock).settle_after(work.session)
            return
        self._warn(account, share, day)
        ends = start_of(day + timedelta(days=1), self._zone)
        wait_s = max(1, round((ends - work.now).total_seconds()))
        raise DayShareUsed(limit=most, wait_s=wait_s)

    def _entry(self, account: int, share: Share, day: date) -> Entry:
        with self._lock:
            if len(self._entries) >= _ENTRIES_MAX:
                # Forgotten is only what the audit knows: the next look finds it there.
                self._entries = {key: one for key, one in self._entries.items() if one.pending}
            return self._entries.setdefault((account, share, day), Entry(day))

    def _look(self, work: Work, account: int, share: Share, entry: Entry) -> None:
        """Ask the audit anew. What is committed meanwhile may count twice until the next look."""
        with self._lock:
            before = entry.since
        told = self._told(work, account, share, entry.day)
        with self._lock:
            entry.told, entry.looked_at = told, work.now
            entry.since -= before

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


class _Spent:
    """What a transaction gives out, until it has ended one way or the other."""

    def __init__(self, entry: Entry, amount: int, lock: threading.Lock) -> None:
        self._entry, self._amount, self._lock = entry, amount, lock
        self._committed = False

    def settle_after(self, session: Session) -> None:
        event.listen(session, "after_commit", self._commit)
        event.listen(session, "after_transaction_end", self._end)

    def _commit(self, _session: Session) -> None:
        self._committed = True

    def _end(self, _session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is not None:
            return
        with self._lock:
            self._entry.pending -= self._amount
            self._entry.since += self._amount if self._committed else 0
            self._amount = 0


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
