"""Use cases of those who watch: search and export the audit, review findings, let go what is due.

Each leaves a record of its own: who reads the audit is in the audit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, Text, cast, func, select

from geo.audit import store as audit
from geo.audit.actions import Action
from geo.audit.heads import HeadFile
from geo.audit.notes import Note
from geo.audit.readers import Reader
from geo.audit.store import Chain, Record, RecordFilter
from geo.audit.verify import Progress, Verdict
from geo.audit.verify import verify as verdict_of
from geo.crypto.masks import mask_within
from geo.db.paging import Page, Slice
from geo.errors import Refused
from geo.oversight import store
from geo.oversight.retention import TERMS, Term
from geo.oversight.store import FindingRow, Names
from geo.people.reasons import without_numbers
from geo.work import Work

_AT_ONCE = 10_000
_NAMED = 20
FINDING = "finding"


class FindingReviewed(Refused):
    """Somebody has looked at this finding already."""

    code = "finding_reviewed"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of records, and the names of the accounts and areas in it."""

    page: Slice[Record]
    names: Names


def search(work: Work, wanted: RecordFilter, page: Page) -> Found:
    """Return one page of the audit, newest first."""
    found = audit.records(work.session, wanted, page)
    after = {"asked": _asked(wanted), "going_on": page.after is not None}
    work.note(Note(Action.AUDIT_SEARCH, count=len(found.rows), after=after))
    return Found(found, store.names_in(work.session, found.rows))


def readers(work: Work, subject_kind: str, subject: int) -> list[Reader]:
    """Return who saw or changed one row.

    The question is recorded by its words alone: nothing of the row was seen by asking.
    """
    found = audit.readers_of(work.session, subject_kind, subject)
    after = {"asked": {"who": f"{subject_kind}:{subject}"}}
    work.note(Note(Action.AUDIT_SEARCH, count=len(found), after=after))
    return found


def chain(work: Work) -> Chain:
    """Return where the chain stands."""
    found = audit.chain(work.session)
    work.note(Note(Action.AUDIT_SEARCH, after={"asked": {"chain": True}}))
    return found


def verify(work: Work, file: HeadFile, today: date, progress: Progress) -> Verdict:
    """Return whether the audit is as it was written, and record that somebody looked."""
    found = verdict_of(work.session, file, today, progress)
    after = {
        "ok": found.ok,
        "links": found.links,
        "head": found.tip.hash.hex(),
        "heads": found.heads,
        "faults": [asdict(fault) for fault in found.faults[:_NAMED]],
    }
    work.note(Note(Action.AUDIT_VERIFY, count=found.links, after=after))
    return found


def export(
    work: Work, wanted: RecordFilter, *, form: str, most: int | None = None
) -> Iterator[Record]:
    """Give the records asked for, oldest first, and record how many when they were given.

    Parameters
    ----------
    form : ``csv`` or ``jsonl``, for the record
    most : records at most; when there are more, the note says at which moment it was cut
    """
    count, after, last = 0, {"asked": _asked(wanted), "form": form}, work.now
    for record in audit.every_record(work.session, wanted):
        if count == most:
            after["cut_at"] = last.isoformat()
            break
        count, last = count + 1, record.at
        yield record
    work.note(Note(Action.AUDIT_EXPORT, count=count, after=after))


def findings(work: Work, page: Page, *, open_only: bool) -> Slice[FindingRow]:
    """Return one page of findings, newest first, never those about the asker."""
    found = store.findings(work.session, work.actor.account_id, page, open_only=open_only)
    work.gave(Action.AUDIT_SEARCH, FINDING, found.rows, area="")
    return found


def review(work: Work, finding: int, remark: str) -> FindingRow:
    """Note that a second person has looked at a finding, and what it was.

    Raises
    ------
    FindingUnknown
        When there is none with this id, or it is about the asker.
    FindingReviewed
        When somebody has looked at it already.
    ReasonPersonal
        When the remark holds a phone or ID number.
    """
    words = without_numbers(remark)
    row = store.finding_for_review(work.session, work.actor.account_id, finding)
    if row.reviewed_at is not None:
        raise FindingReviewed(value=str(finding))
    row.reviewed_by, row.reviewed_at = work.actor.account_id, work.now
    row.remark = words
    work.note(
        Note(
            Action.AUDIT_REVIEW,
            subject_kind=FINDING,
            subjects=(finding,),
            reason=row.remark,
            after={"rule": row.rule, "week": row.week.isoformat(), "account": row.account_id},
        )
    )
    work.session.flush()
    return store.finding_by_id(work.session, finding)


def reviewed(work: Work, finding: int) -> FindingRow:
    """Return a finding that the actor may see, for somebody who asks again how it was reviewed.

    Raises
    ------
    FindingUnknown
        When there is none with this id, or it is about the asker.
    """
    store.finding_for_review(work.session, work.actor.account_id, finding)
    row = store.finding_by_id(work.session, finding)
    work.gave(Action.AUDIT_SEARCH, FINDING, [row], area="")
    return row


def expire(work: Work, terms: Sequence[Term] = TERMS) -> dict[str, int]:
    """Delete what was kept long enough; return how many rows by term, and record it.

    The application cannot delete: each term names a function that can, and that has a floor.
    """
    gone = {term.name: _expired(work, term) for term in terms}
    work.note(Note(Action.AUDIT_EXPIRE, count=sum(gone.values()), after=dict(gone)))
    return gone


def _expired(work: Work, term: Term) -> int:
    days = cast(term.days, Integer)
    kinds = [] if term.table != "audit_record" else [cast(term.actions, ARRAY(Text))]
    delete = select(getattr(func, term.function)(days, *kinds, cast(_AT_ONCE, Integer)))
    total = 0
    while True:
        count = int(work.session.scalar(delete) or 0)
        total += count
        if count < _AT_ONCE:
            return total


def _asked(wanted: RecordFilter) -> dict[str, Any]:
    """Return the filters that were set, as the record of a search keeps them.

    Whoever types a phone or ID number where a login belongs leaves neither in the audit.
    """
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {name: _kept(value) for name, value in given.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return mask_within(value) if isinstance(value, str) else value
