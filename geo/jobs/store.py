"""SELECTs and single-statement changes of jobs; each runs in the transaction of its caller."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from geo.db.paging import Key, Page, Slice, cut
from geo.db.sql import statement
from geo.errors import NotFound
from geo.jobs.model import CANCELLED, Job, JobState


class JobUnknown(NotFound):
    """No job has this id."""

    code = "job_unknown"


def take(session: Session, kinds: Sequence[str], lease_s: float) -> Row[Any] | None:
    """Take the next due job of some kinds under a lease; None when there is none."""
    values = {"kinds": list(kinds), "lease_s": lease_s}
    return session.execute(statement("geo.jobs", "take"), values).one_or_none()


def abandon(session: Session, kinds: Sequence[str]) -> None:
    """Fail the jobs whose lease has passed and that are not of the kinds run here."""
    session.execute(statement("geo.jobs", "abandon"), {"kinds": list(kinds)})


def renew(
    session: Session, job: int, attempts: int, lease_s: float, progress: dict[str, Any]
) -> bool:
    """Renew a lease and note progress; False when the job is no longer this runner's."""
    values = {"id": job, "attempts": attempts, "lease_s": lease_s, **progress}
    result = session.execute(statement("geo.jobs", "renew"), values)
    return bool(getattr(result, "rowcount", 0))


def finish(
    session: Session, job: int, attempts: int, *, result: dict[str, Any] | None, error: str | None
) -> bool:
    """End a job well or badly; False when it is no longer this runner's."""
    values = {
        "id": job,
        "attempts": attempts,
        "state": (JobState.FAILED if error is not None else JobState.DONE).value,
        "result": json.dumps(result) if result is not None else None,
        "error": error,
    }
    ended = session.execute(statement("geo.jobs", "finish"), values)
    return bool(getattr(ended, "rowcount", 0))


def cancel(session: Session, job: int) -> bool:
    """End a job that nobody wants any more; False when it has ended by itself."""
    ended = session.execute(statement("geo.jobs", "cancel"), {"id": job, "error": CANCELLED})
    return bool(getattr(ended, "rowcount", 0))


def open_job(session: Session, kind: str, unique_key: str) -> Job | None:
    """Return the job of a kind with a key that has not ended."""
    is_open = Job.state.in_([JobState.QUEUED.value, JobState.RUNNING.value])
    return session.scalar(
        select(Job).where(Job.kind == kind, Job.unique_key == unique_key, is_open)
    )


def last_job(session: Session, kind: str, unique_key: str) -> Job | None:
    """Return the newest job of a kind with a key, whether it has ended or not."""
    query = select(Job).where(Job.kind == kind, Job.unique_key == unique_key)
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def job_by_id(session: Session, job: int) -> Job:
    """Return a job.

    Raises
    ------
    JobUnknown
        When there is none with this id.
    """
    found = session.scalar(select(Job).where(Job.id == job))
    if found is None:
        raise JobUnknown(value=str(job))
    return found


def jobs(
    session: Session, page: Page, *, kind: str | None = None, state: str | None = None
) -> Slice[Job]:
    """Return one page of jobs, newest first."""
    query = select(Job)
    if kind is not None:
        query = query.where(Job.kind == kind)
    if state is not None:
        query = query.where(Job.state == state)
    if page.after is not None:
        query = query.where(Job.id < page.after[0])
    query = query.order_by(Job.id.desc()).limit(page.limit + 1)
    return cut(list(session.scalars(query)), page.limit, _key)


def _key(row: Job) -> Key:
    return (row.id,)
