"""Entering and ending leaves, and giving them out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.db.paging import Page, Slice
from geo.errors import Invalid, Refused
from geo.grid.holding import hold_publication
from geo.work import Work
from geo.workforce.leave import leave_span
from geo.workforce.leaves import store
from geo.workforce.leaves.store import LeaveFilter, LeaveRow
from geo.workforce.model import Leave
from geo.workforce.store import worker_by_code

KIND = "worker"


class SubstituteRefused(Invalid):
    """Somebody would stand in for themselves."""

    code = "substitute_refused"


class LeaveOverlaps(Refused):
    """The worker is on another leave at the time."""

    code = "leave_overlaps"


@dataclass(frozen=True, slots=True)
class NewLeave:
    """A leave to be entered.

    Parameters
    ----------
    worker, substitute : codes; no substitute: the next in the team answers
    begins : None for now
    ends : the moment of return; None until it is ended
    """

    worker: str
    substitute: str | None = None
    begins: datetime | None = None
    ends: datetime | None = None


def list_leaves(work: Work, wanted: LeaveFilter, page: Page) -> Slice[LeaveRow]:
    """Return one page of leaves; noted are those who are away or stand in."""
    found = store.leaves(work.session, work.scope, wanted, page)
    _gave(work, found.rows, area=wanted.area)
    return found


def read_leave(work: Work, id: int) -> LeaveRow:
    """Return one leave.

    Raises
    ------
    LeaveUnknown
        When there is none within the actor's areas.
    """
    row = written_leave(work, id)
    _gave(work, [row], area=row.path)
    return row


def written_leave(work: Work, id: int) -> LeaveRow:
    """Return a leave that this use case has written, and so noted.

    Raises
    ------
    LeaveUnknown
        When there is none within the actor's areas.
    """
    return store.leave_row(work.session, work.scope, id)


def add_leave(work: Work, new: NewLeave) -> int:
    """Enter a leave; return its id.

    Raises
    ------
    WorkerUnknown
        When the worker or the substitute is not within the actor's areas.
    SubstituteRefused, LeaveTimesRefused, LeaveOverlaps
        When it cannot be so.
    """
    span = leave_span(new.begins, new.ends, work.now)
    # Borders move the paths of workers; the row shall lie where its worker does.
    number = hold_publication(work.session)
    worker = worker_by_code(work.session, work.scope, new.worker, number)
    other = None
    if new.substitute is not None:
        other = worker_by_code(work.session, work.scope, new.substitute, number)
        if other.id == worker.id:
            raise SubstituteRefused(value=new.substitute)
    row = Leave(
        worker_id=worker.id,
        substitute_id=None if other is None else other.id,
        begins_at=span.begins,
        ends_at=span.ends,
        added_by=work.actor.name,
        added_at=work.now,
        path=worker.path,
    )
    _insert(work, row, new.worker)
    named = tuple(one.id for one in (worker, other) if one is not None)
    work.note(Note(Action.WORKFORCE_LEAVE, subject_kind=KIND, subjects=named, area=worker.path))
    return row.id


def end_leave(work: Work, id: int) -> None:
    """End a leave now: the worker is back, or does not go.

    Raises
    ------
    LeaveUnknown
        When none within the actor's areas that is not over has this id.
    """
    row = store.standing_leave(work.session, work.scope, id, work.now)
    row.ended_by, row.ended_at = work.actor.name, work.now
    work.session.flush()
    work.note(
        Note(Action.WORKFORCE_BACK, subject_kind=KIND, subjects=(row.worker_id,), area=row.path)
    )


def _insert(work: Work, row: Leave, code: str) -> None:
    try:
        work.session.add(row)
        work.session.flush()
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        if getattr(diagnosis, "constraint_name", "") == "ex_worker_leave_once":
            raise LeaveOverlaps(value=code) from error
        raise


def _gave(work: Work, rows: list[LeaveRow], *, area: str | None) -> None:
    named = {row.worker_id for row in rows} | {row.substitute_id for row in rows}
    work.note(
        Note(
            Action.WORKFORCE_LIST,
            subject_kind=KIND,
            subjects=tuple(sorted(id for id in named if id is not None)),
            count=len(rows),
            area=work.scope.root if area is None else area,
        )
    )
