"""Running long work as a job: queued or begun at once, under a lease, with progress anyone can see.

Progress is written in transactions of its own, so it shows while the work's one transaction is
still open. A heartbeat renews the lease; a runner that lost it learns so at its next progress and
stops. What a job *does* is for its kind to say: ``geo.handlers.JOBS``.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from geo.access.actors import Actor
from geo.errors import GeoError, Refused
from geo.jobs import store
from geo.jobs.model import Job, JobState
from geo.work import Work

_log = logging.getLogger(__name__)

LEASE_S = 60.0
_REPORT_EVERY_S = 0.25
_RUNNER = Actor.system("jobs")


class LeaseLost(Refused):
    """Another process has taken this job over."""

    code = "lease_lost"


class Works(Protocol):
    """What a job needs of a runtime: works of its own, each committed when it ends."""

    def work(self, actor: Actor) -> AbstractContextManager[Work]:
        """Open a work."""


class RunningJob:
    """A job that this process runs.

    Parameters
    ----------
    works : opens the short works that write its row
    job, attempts : id, and which try this is; together they fence off an older runner
    """

    def __init__(
        self, works: Works, job: int, attempts: int, payload: dict[str, Any], actor: str
    ) -> None:
        self.id, self.attempts, self.payload, self.actor = job, attempts, payload, actor
        self.result: dict[str, Any] | None = None
        self._works = works
        self._last = 0.0
        self._lost = threading.Event()

    def progress(self, step: str, done: int, total: int) -> None:
        """Note how far the work is; cheap to call often.

        Raises
        ------
        LeaseLost
            When another process has taken the job over.
        """
        if self._lost.is_set():
            raise LeaseLost(job=str(self.id))
        now = time.monotonic()
        if done < total and now - self._last < _REPORT_EVERY_S:
            return
        self._last = now
        self._renew({"step": step, "done": done, "total": total})

    def beat(self) -> None:
        """Renew the lease."""
        self._renew({"step": None, "done": None, "total": None})

    def end(self, *, error: str | None = None) -> None:
        """End the job, with ``result`` or with what went wrong."""
        with self._works.work(_RUNNER) as work:
            store.finish(work.session, self.id, self.attempts, result=self.result, error=error)

    def _renew(self, progress: dict[str, Any]) -> None:
        with self._works.work(_RUNNER) as work:
            if not store.renew(work.session, self.id, self.attempts, LEASE_S, progress):
                self._lost.set()


def enqueue(
    work: Work,
    *,
    kind: str,
    payload: dict[str, Any],
    unique_key: str | None = None,
    run_at: datetime | None = None,
) -> int | None:
    """Queue a job; return its id, or None when one with the same key is still open.

    Parameters
    ----------
    run_at : not before this instant; None for at once
    """
    values = {
        "kind": kind,
        "payload": payload,
        "unique_key": unique_key,
        "actor": work.actor.name,
        "run_at": run_at or work.now,
    }
    query = insert(Job).values(values).on_conflict_do_nothing().returning(Job.id)
    return work.session.scalar(query)


@contextmanager
def running(
    works: Works, *, kind: str, actor: Actor, payload: dict[str, Any] | None = None
) -> Iterator[RunningJob]:
    """Run the block as a job that begins at once; it ends as done, or as failed on an error."""
    job = Job(
        kind=kind,
        payload=payload or {},
        actor=actor.name,
        state=JobState.RUNNING.value,
        attempts=1,
        lease_until=text(f"now() + make_interval(secs => {LEASE_S})"),
    )
    with works.work(actor) as work:
        work.session.add(job)
    made = RunningJob(works, job.id, 1, payload or {}, actor.name)
    with led(made):
        yield made


class TakenAgain(Exception):
    """A job has to be run once more, when its lease has run out: its end could not be written."""


@contextmanager
def led(job: RunningJob) -> Iterator[None]:
    """Keep a job's lease while the block runs, then end the job; ``TakenAgain`` leaves it open."""
    stop = threading.Event()
    heart = threading.Thread(target=_heartbeat, args=(job, stop), daemon=True)
    heart.start()
    try:
        yield
    except TakenAgain:
        raise
    except GeoError as error:
        job.end(error=error.message("en"))
        raise
    except BaseException as error:
        job.end(error=type(error).__name__)
        raise
    else:
        job.end()
    finally:
        stop.set()
        heart.join()


def _heartbeat(job: RunningJob, stop: threading.Event) -> None:
    while not stop.wait(LEASE_S / 3.0):
        try:
            job.beat()
        except SQLAlchemyError:
            _log.warning("job %s: the lease could not be renewed; trying again", job.id)
