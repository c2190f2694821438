"""Sealing the audit: each committed record gets its link, about once a second.

A record joins the transaction of what it records and is sealed when that has committed: a chain
whose head was locked by each writer would make every read wait for the slowest (3 s behind a
transaction of 3 s). One process seals at a time, whoever has the lock; which records are still
without a link is read from the database alone, so a sealer may be killed at any moment.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo.access.actors import Actor
from geo.audit.actions import keep_of
from geo.audit.chain import Link, Tip, digest, joined
from geo.audit.heads import Head, HeadFile
from geo.audit.model import AuditLink
from geo.clock import now
from geo.db.base import Base
from geo.db.session import open_log
from geo.db.sql import statement

_log = logging.getLogger(__name__)

EVERY_S = 1.0
BATCH = 5_000
_LOCK = 0x5345414C
_SEALER = Actor.system("sealer")
_ADD = insert(Base.metadata.tables[AuditLink.__tablename__]).inline()
_ANY = 2**63 - 1  # above every transaction


class Opened(Protocol):
    """What sealing needs of a work."""

    @property
    def session(self) -> Session:
        """Its transaction."""

    @property
    def now(self) -> datetime:
        """The transaction's timestamp."""


class Works(Protocol):
    """What opens works, each committed when it ends."""

    def work(self, actor: Actor) -> AbstractContextManager[Opened]:
        """Open a work."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which transactions had ended at a moment: all below ``xmax`` but those ``running``."""

    xmin: int
    xmax: int
    running: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a process knows of its turns so far, to look at no record twice.

    Parameters
    ----------
    until, running : of the last look after which nothing was left: what had ended then is sealed
    first : the look with which several full batches began; None between them
    at : transaction and id of the last record of the batch before
    """

    until: int = 0
    running: tuple[int, ...] = ()
    first: Look | None = None
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one turn did.

    Parameters
    ----------
    count : records sealed
    full : there may be more
    seen : what was looked at, to begin from next time
    head : the last link; None when there is none yet
    """

    count: int
    full: bool
    seen: Seen
    head: Head | None


def seal(work: Opened, seen: Seen, *, most: int = BATCH) -> Sealed | None:
    """Seal the records that have no link; None when another process is at it.

    Parameters
    ----------
    seen : of the last turn of this process, so that one long transaction does not make every turn
        look at all that came since; empty at first: the last link says where to begin
    most : how many at once
    """
    session = work.session
    open_log(session)
    mine, *snapshot = session.execute(statement("geo.audit", "snapshot"), {"key": _LOCK}).one()
    if not mine:
        return None
    look = Look(snapshot[0], snapshot[1], tuple(snapshot[2]))
    last = session.execute(statement("geo.audit", "tip")).one_or_none()
    rows = _unsealed(session, seen, last.floor if last else 0, look.xmin, most)
    full = len(rows) == most
    tip = Tip(last.seq, bytes(last.hash)) if last else Tip()
    floor, following = _after(rows, seen, look, last.floor if last else 0, full=full)
    links = _links(rows, tip, floor, _text(work.now))
    if links:
        session.execute(_ADD, [_row(link, work.now) for link in links])
    head = _head(links[-1]) if links else _head(last) if last else None
    return Sealed(len(links), full, following, head)


class Sealer:
    """Seals in a thread of its own until it is stopped.

    Parameters
    ----------
    works : opens the works it seals in
    file : where each head is kept outside the database
    """

    def __init__(self, works: Works, file: HeadFile, *, every_s: float = EVERY_S) -> None:
        self._works, self._file, self._every_s = works, file, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)
        self._seen = Seen()
        self._kept = 0
        self._fault = ""
        self._sealed_at: float | None = None

    @property
    def ailing(self) -> bool:
        """Whether its last turn failed, or its thread has ended without being stopped."""
        has_begun = self._thread.ident is not None
        has_died = has_begun and not self._thread.is_alive() and not self._stop.is_set()
        return bool(self._fault) or has_died

    @property
    def sealed_at(self) -> float | None:
        """When this process last had a good turn, in seconds since 1970; None before the first.

        A good turn leaves nothing unsealed that was committed before it.
        """
        return self._sealed_at

    def start(self) -> None:
        """Begin to seal."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the running batch and end."""
        self._stop.set()
        self._thread.join()

    def turn(self) -> Sealed | None:
        """Seal one batch and keep its head; None when another process is sealing."""
        with self._works.work(_SEALER) as work:
            done = seal(work, self._seen)
        if done is None:
            return None
        self._seen = done.seen
        if not done.full:
            self._sealed_at = now().timestamp()
        if done.head is not None and done.head.seq > self._kept:
            self._file.keep(done.head)
            self._kept = done.head.seq
        return done

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._tried():
                self._stop.wait(self._every_s)

    def _tried(self) -> bool:
        """Seal one batch, whatever happens; True when there may be more."""
        try:
            done = self.turn()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next turn may seal again
            self._ail(error)
            return False
        if self._fault:
            _log.info("the audit is being sealed again")
        self._fault = ""
        return done is not None and done.full

    def _ail(self, error: Exception) -> None:
        """Say once for each kind of fault that nothing is sealed; unforeseen ones with their place.

        Values of a statement may be somebody's: the database's own words are left out.
        """
        kind = type(error).__name__
        if kind == self._fault:
            return
        self._fault = kind
        trace = None if isinstance(error, SQLAlchemyError | OSError) else error
        _log.warning("the audit cannot be sealed; trying again: %s", kind, exc_info=trace)


def _after(
    rows: Sequence[Any], seen: Seen, look: Look, floor: int, *, full: bool
) -> tuple[int, Seen]:
    """Return below which transaction all is sealed with these rows, and what is known then.

    Between full batches others commit, some of them behind the place where the next batch begins:
    so what counts is the look before the first batch.
    """
    first = seen.first or look
    if not full:
        return first.xmin, Seen(first.xmax, first.running)
    record, xid = rows[-1][0], rows[-1][1]
    if xid >= look.xmax:  # of a cluster that was dumped; there may be more of them
        return floor, seen
    return min(first.xmin, xid), replace(seen, first=first, at=(xid, record))


def _unsealed(session: Session, seen: Seen, floor: int, xmin: int, most: int) -> list[Any]:
    values: dict[str, Any] = {
        "running": list(seen.running),
        "since": seen.until or floor,
        "until": None,
        "at_xid": seen.at[0],
        "at_id": seen.at[1],
    }
    if floor <= xmin:
        return _records(session, values, most)
    # A dump, restored into a cluster that counts transactions from the beginning: first what the
    # old one left, of which none is below its floor.
    begin = {"running": [], "at_xid": 0, "at_id": 0}
    old = _records(session, {**begin, "since": floor, "until": _ANY}, most)
    return old if len(old) == most else old + _records(session, values | {"since": 0}, most)


def _records(session: Session, values: dict[str, Any], most: int) -> list[Any]:
    return list(session.execute(statement("geo.audit", "unsealed"), {**values, "most": most}))


def _links(rows: Sequence[Any], tip: Tip, floor: int, sealed_at: str) -> list[Link]:
    links: list[Link] = []
    for record, _, action, day, *fields in rows:
        keep_until = (day + timedelta(days=keep_of(action).value)).isoformat()
        link = joined(tip, Link(0, record, digest(fields), keep_until, floor, sealed_at))
        links.append(link)
        tip = Tip(link.seq, link.hash)
    return links


def _row(link: Link, now: datetime) -> dict[str, object]:
    return {
        "seq": link.seq,
        "record_id": link.record_id,
        "digest": link.digest,
        "keep_until": link.keep_until,
        "floor": link.floor,
        "sealed_at": now,
        "hash": link.hash,
    }


def _head(link: Any) -> Head:
    return Head(link.seq, bytes(link.hash), link.sealed_at, link.record_id)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
