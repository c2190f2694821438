"""The audit, for those who watch: who did what, where its chain stands, what looked unusual."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response

from api import exports
from api.access import API
from api.deps import WriteWork
from api.idempotency import Idempotent
from api.params import Moment, RowId
from api.reading import Read
from api.schemas.audit import (
    ChainBody,
    ExportQuery,
    FindingBody,
    FindingListBody,
    FindingsQuery,
    RecordBody,
    RecordListBody,
    RecordsQuery,
    ReviewWish,
    WhichRecords,
)
from geo.audit.store import RecordFilter
from geo.oversight import service, store

router = APIRouter(prefix=f"{API}/audit", tags=["audit"])

_RECORDS, _FINDINGS = "records", "findings"


@router.get("/records", response_model=RecordListBody)
def list_records(query: Annotated[RecordsQuery, Query()], read: Read) -> RecordListBody:
    """List what was done, newest first."""
    page = read.page(query, _RECORDS, int, int)
    found = service.search(read.work, _wanted(query, read), page)
    return RecordListBody(
        items=[RecordBody.of(row, found.names) for row in found.page.rows],
        next=read.following(_RECORDS, found.page.after),
    )


@router.get("/export", response_class=Response, responses=exports.RESPONSE)
def export_records(
    query: Annotated[ExportQuery, Query()], read: Read, file: exports.Spool
) -> Response:
    """Give the records asked for as a file, oldest first."""
    return exports.records_file(read, _wanted(query, read), query.f, file)


@router.get("/chain", response_model=ChainBody)
def read_chain(read: Read) -> ChainBody:
    """Return where the chain over the audit stands."""
    return ChainBody.of(service.chain(read.work))


@router.get("/findings", response_model=FindingListBody)
def list_findings(query: Annotated[FindingsQuery, Query()], read: Read) -> FindingListBody:
    """List reads that look unusual, newest first; never the asker's own."""
    page = read.page(query, _FINDINGS, int)
    found = service.findings(read.work, page, open_only=bool(query.open))
    return FindingListBody(
        items=[FindingBody.of(row) for row in found.rows],
        next=read.following(_FINDINGS, found.after),
    )


@router.post("/findings/{id}/review", response_model=FindingBody)
def review_finding(
    finding: Annotated[RowId, Path(alias="id")],
    wish: ReviewWish,
    once: Idempotent,
    work: WriteWork,
) -> FindingBody:
    """Write down what a second person found."""
    if once.replayed is not None:
        return FindingBody.of(service.reviewed(work, finding))
    row = service.review(work, finding, wish.remark)
    once.made(200, str(finding))
    return FindingBody.of(row)


def _wanted(query: WhichRecords, read: Read) -> RecordFilter:
    account = query.account and store.account_by_login(read.session, query.account.lower())
    zone = ZoneInfo(read.settings.time_zone)
    return RecordFilter(
        since=_instant(query.since, zone),
        until=_instant(query.until, zone, days=1),
        account_id=account or None,
        # A task of the system, and a login that nobody bears any more, are names alone.
        actor=query.account if account is None else None,
        action=query.action,
        outcome=query.outcome,
        subject_kind=query.subject_kind,
        subject=query.subject,
        request_id=query.request_id,
    )


def _instant(asked: Moment | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """Return an instant as it is, and of a local day its beginning, or that of a later one."""
    if asked is None or isinstance(asked, datetime):
        return asked
    return datetime.combine(_later(asked, days), time.min, zone)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days) if day < date.max else day
