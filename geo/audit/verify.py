"""Whether the audit is as it was written: every link, every record, and the heads kept elsewhere.

Read in batches, so that a million rows need no more memory than ten thousand. A record that does
not match is named and the walk goes on; where the chain itself breaks it ends, because nothing
behind that place proves anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from geo.audit.actions import keep_of
from geo.audit.chain import Fault, FaultKind, Link, Tip, broken, cause, digest, wrong
from geo.audit.heads import Head, HeadFile
from geo.db.session import open_log
from geo.db.sql import statement

Progress = Callable[[str, int, int], None]

BATCH = 10_000
_NAMED = 100  # faults named one by one; beyond, something else is the matter
_DAY_S = 86_400.0
_DAY = timedelta(days=1)
_LATEST_S = 250_000_000_000.0  # in the year 9892: later ones are no days of a calendar here


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Parameters
    ----------
    links : how many follow one another
    expired : of these, how many records have gone after their day
    pending : records so young that they have no link yet
    heads : heads kept elsewhere that were compared
    tip : the last link that is right
    """

    links: int
    expired: int
    pending: int
    heads: int
    tip: Tip
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


class Found(NamedTuple):
    """The record of a link as it is now.

    Parameters
    ----------
    instant : seconds since 1970; None for a record whose instant is none
    due : day until which its action makes it stay, ``YYYY-MM-DD``; empty without an instant
    """

    digest: bytes
    instant: float | None
    due: str


@dataclass(slots=True)
class _Walk:
    """How far a verification has come."""

    today: str
    tip: Tip = field(default_factory=Tip)
    floor: int = 0
    expired: int = 0
    latest: float = 0.0
    whole: bool = True
    faults: list[Fault] = field(default_factory=list)

    def blame(self, kind: FaultKind, seq: int | None, record: int | None) -> None:
        """Take down a fault."""
        if len(self.faults) < _NAMED:
            self.faults.append(Fault(kind, seq, record))

    def take(self, link: Link, found: Found | None) -> bool:
        """Take the next link; False where the chain breaks."""
        if broken(self.tip, link):
            return False
        if kind := wrong(link, found and found.digest, self.today):
            self.blame(kind, link.seq, link.record_id)
        elif found is None:
            self.expired += 1
        else:
            self._date(link, found)
        self.tip, self.floor = Tip(link.seq, link.hash), link.floor
        return True

    def _date(self, link: Link, found: Found) -> None:
        # The application writes links: one may say that its record may go before its term is over.
        if link.keep_until < found.due:
            self.blame(FaultKind.SHORTENED, link.seq, link.record_id)
        if found.instant is None:
            return
        # Transactions come in order and last no day: whoever dates a record back is out of line.
        if self.latest - found.instant > _DAY_S:
            self.blame(FaultKind.MISDATED, link.seq, link.record_id)
        self.latest = max(self.latest, found.instant)


def verify(session: Session, file: HeadFile, today: date, progress: Progress) -> Verdict:
    """Return whether the chain holds, and every row with which it does not.

    Parameters
    ----------
    file : heads kept outside the database
    today : the local day
    progress : called with ``verify``, links walked, links in all

    Returns
    -------
    Everything wrong with records, each by itself, and the first break of the chain
    """
    open_log(session)
    walk = _Walk(today.isoformat())
    last = session.execute(statement("geo.audit", "tip")).one_or_none()
    total = last.seq if last else 0
    for link, found in links_after(session, 0):
        if not walk.take(link, found):
            _blame_break(session, walk, link)
            break
        if link.seq % BATCH == 0:
            progress("verify", link.seq, total)
    # Behind a break nothing is known: neither heads nor what has no link say anything more.
    compared = _compare(session, file, walk) if walk.whole else 0
    loose = session.execute(statement("geo.audit", "loose"), {"floor": walk.floor}).one()
    if loose.inserted is not None and walk.whole:
        walk.blame(FaultKind.INSERTED, None, loose.inserted)
    progress("verify", total, total)
    return Verdict(
        walk.tip.seq, walk.expired, loose.pending, compared, walk.tip, tuple(walk.faults)
    )


def links_after(session: Session, seq: int) -> Iterator[tuple[Link, Found | None]]:
    """Give each link after a number with its record as it is now; None when that is gone."""
    while True:
        values = {"after": seq, "most": BATCH}
        rows = session.execute(statement("geo.audit", "sealed"), values).all()
        for number, record, sealed, keep, floor, at, hashed, instant, *fields in rows:
            link = Link(number, record, bytes(sealed), keep, floor, at, bytes(hashed))
            is_gone = fields[0] is None
            yield (
                link,
                None if is_gone else Found(digest(fields), instant, _due(fields[5], instant)),
            )
        if len(rows) < BATCH:
            return
        seq = rows[-1][0]


def _due(action: str, instant: float | None) -> str:
    """Return the day before which no link may let a record go.

    The sealer counts from the local day, which may be one before the day in UTC.
    """
    if instant is None or not 0.0 <= instant < _LATEST_S:
        return ""
    day = datetime.fromtimestamp(instant, UTC).date()
    return (day + timedelta(days=keep_of(action).value) - _DAY).isoformat()


def _blame_break(session: Session, walk: _Walk, link: Link) -> None:
    walk.whole = False
    kind = broken(walk.tip, link)
    seq = walk.tip.seq + 1
    if kind is FaultKind.LINK_DELETED:
        walk.blame(kind, seq, None)
        return
    later = (other for other, _ in links_after(session, seq))
    walk.blame(cause(walk.tip, link, later), seq, link.record_id)


def _compare(session: Session, file: HeadFile, walk: _Walk) -> int:
    """Compare the heads kept elsewhere, up to the first that does not fit; return how many."""
    compared, kept = 0, file.heads()
    while heads := list(islice(kept, BATCH)):
        seqs = [head.seq for head in heads]
        rows = session.execute(statement("geo.audit", "hashes"), {"seqs": seqs}).all()
        known = {seq: bytes(hashed) for seq, hashed in rows}
        for head in heads:
            compared += 1
            if kind := _unlike(head, known.get(head.seq)):
                walk.blame(kind, _place(head, kind, walk), head.record_id)
                return compared
    return compared


def _unlike(head: Head, found: bytes | None) -> FaultKind | None:
    if found is None:
        return FaultKind.TRUNCATED
    return None if found == head.hash else FaultKind.REWRITTEN


def _place(head: Head, kind: FaultKind, walk: _Walk) -> int:
    return walk.tip.seq + 1 if kind is FaultKind.TRUNCATED else head.seq
