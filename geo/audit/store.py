"""SELECTs on the audit. Each opens the log for the rest of its transaction first.

Whoever reads the audit leaves a record too: the use cases stand in ``geo.oversight``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from geo.audit.actions import Action, Outcome
from geo.audit.heads import Head
from geo.audit.model import AuditLink, AuditRecord
from geo.audit.readers import Read, Reader
from geo.db.paging import Key, Page, Slice, cut
from geo.db.session import open_log
from geo.db.sql import statement

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = datetime(9999, 1, 1, tzinfo=UTC)
_STEP = 5_000


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records are asked for; None asks for all.

    Parameters
    ----------
    since, until : instants, the first included, the second not
    account_id, actor : whose; an account by its id, a task of the system by its name
    subject_kind, subject : about what, and about which one
    """

    since: datetime | None = None
    until: datetime | None = None
    account_id: int | None = None
    actor: str | None = None
    action: Action | None = None
    outcome: Outcome | None = None
    subject_kind: str | None = None
    subject: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is shown; ``seq`` is the number of its link, None before it is sealed."""

    id: int
    at: datetime
    actor: str
    account_id: int | None
    action: str
    outcome: str
    subject_kind: str
    subjects: list[int]
    count: int
    area: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str
    address: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Where the chain stands.

    Parameters
    ----------
    head : the last link; None when there is none yet
    unsealed : records that wait for theirs
    verified : the last verification that was recorded
    """

    head: Head | None
    unsealed: int
    verified: Record | None


def records(session: Session, wanted: RecordFilter, page: Page) -> Slice[Record]:
    """Return one page of records, newest first."""
    open_log(session)
    query = _query(wanted).order_by(AuditRecord.at.desc(), AuditRecord.id.desc())
    if page.after is not None:
        micros, row_id = page.after
        at = min(_EPOCH + min(int(micros), 10**17) * _MICROSECOND, _LAST)
        query = query.where(tuple_(AuditRecord.at, AuditRecord.id) < tuple_(at, row_id))
    rows = session.execute(query.limit(page.limit + 1))
    return cut([Record(**row._mapping) for row in rows], page.limit, _key)


def every_record(session: Session, wanted: RecordFilter) -> Iterator[Record]:
    """Give all records asked for, oldest first, holding a few thousand at a time."""
    open_log(session)
    query = _query(wanted).order_by(AuditRecord.at, AuditRecord.id).limit(_STEP)
    step = query
    while True:
        rows = [Record(**row._mapping) for row in session.execute(step)]
        yield from rows
        if len(rows) < _STEP:
            return
        last = tuple_(rows[-1].at, rows[-1].id)
        step = query.where(tuple_(AuditRecord.at, AuditRecord.id) > last)


def readers_of(session: Session, subject_kind: str, subject: int) -> list[Reader]:
    """Return who saw or changed one row, for instance household 123, in one query."""
    open_log(session)
    values = {"kind": subject_kind, "subject": subject}
    rows = session.execute(statement("geo.audit", "readers"), values)
    return [Reader(**row._mapping) for row in rows]


def reads_of(session: Session, subject_kind: str, subject: int, zone: str) -> list[Read]:
    """Return every read and change of one row by day and reason, the last one first.

    Parameters
    ----------
    zone : in which days begin
    """
    open_log(session)
    values = {"kind": subject_kind, "subject": subject, "zone": zone}
    rows = session.execute(statement("geo.audit", "reads"), values)
    return [Read(**row._mapping) for row in rows]


def chain(session: Session) -> Chain:
    """Return where the chain stands now."""
    open_log(session)
    last = session.execute(statement("geo.audit", "tip")).one_or_none()
    floor = last.floor if last else 0
    unsealed = session.scalar(statement("geo.audit", "unsealed_count"), {"floor": floor})
    wanted = RecordFilter(action=Action.AUDIT_VERIFY)
    verified = records(session, wanted, Page(1)).rows
    head = Head(last.seq, bytes(last.hash), last.sealed_at, last.record_id) if last else None
    return Chain(head, int(unsealed or 0), verified[0] if verified else None)


def _query(wanted: RecordFilter) -> Select[*tuple[Any, ...]]:
    names = [name for name in Record.__dataclass_fields__ if name != "seq"]
    columns = [getattr(AuditRecord, name) for name in names]
    return (
        select(*columns, AuditLink.seq)
        .outerjoin(AuditLink, AuditLink.record_id == AuditRecord.id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    equal = {
        AuditRecord.account_id: wanted.account_id,
        AuditRecord.actor: wanted.actor,
        AuditRecord.action: wanted.action,
        AuditRecord.outcome: wanted.outcome,
        AuditRecord.subject_kind: wanted.subject_kind,
        AuditRecord.request_id: wanted.request_id,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        found.append(AuditRecord.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditRecord.at < wanted.until)
    if wanted.request_id is not None:
        found.append(AuditRecord.request_id != "")  # as its index says
    if wanted.subject is not None:
        ids = func.audit_record_on(wanted.subject_kind, wanted.subject)
        found.append(AuditRecord.id.in_(select(ids)))
    return found


def _key(record: Record) -> Key:
    return ((record.at - _EPOCH) // _MICROSECOND, record.id)
