"""The loop that runs queued jobs in a server process, one at a time."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from geo.access.actors import Actor
from geo.errors import GeoError
from geo.jobs import store
from geo.jobs.recurring import Recurring, ensure
from geo.jobs.service import LEASE_S, RunningJob, Works, led

_log = logging.getLogger(__name__)
_RUNNER = Actor.system("jobs")
_MAX_TRIES = 3
_ENSURE_EVERY_S = 60.0

Kinds = Mapping[str, Callable[[Any, RunningJob], dict[str, Any]]]


class Loop:
    """Takes due jobs and runs them until it is stopped.

    Parameters
    ----------
    runtime : handed to each kind's function
    kinds : kind → function that does the work and returns its result
    recurring : kinds of which the next run is always queued
    zone : in which their times are local
    """

    def __init__(
        self,
        runtime: Works,
        kinds: Kinds,
        *,
        recurring: Sequence[Recurring] = (),
        zone: str = "UTC",
        idle_s: float = 1.0,
    ) -> None:
        self._runtime, self._kinds, self._idle_s = runtime, kinds, idle_s
        self._recurring, self._zone = recurring, zone
        self._ensured: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to take jobs, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no further job and wait for the running one."""
        self._stop.set()
        self._thread.join()

    def run_one(self) -> bool:
        """Run the next due job; False when there is none."""
        taken = self._take()
        if taken is None:
            return False
        kind, job = taken
        if job.attempts > _MAX_TRIES:
            job.end(error=f"given up after {_MAX_TRIES} tries")
            return True
        try:
            with led(job):
                job.result = self._kinds[kind](self._runtime, job)
        except GeoError as error:
            _log.warning("job %s (%s) refused: %s", job.id, kind, error)
        except Exception:  # noqa: BLE001 - the job's row says so; the loop must live on
            _log.exception("job %s (%s) failed", job.id, kind)
        return True

    def ensure(self) -> None:
        """Queue the next run of what comes again, once a minute."""
        now = time.monotonic()
        if self._ensured is None or now - self._ensured >= _ENSURE_EVERY_S:
            with self._runtime.work(_RUNNER) as work:
                ensure(work, self._recurring, self._zone)
            self._ensured = now

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.ensure()
                busy = self.run_one()
            except SQLAlchemyError:
                _log.warning("the job table is out of reach; trying again")
                busy = False
            if not busy:
                self._stop.wait(self._idle_s)

    def _take(self) -> tuple[str, RunningJob] | None:
        with self._runtime.work(_RUNNER) as work:
            store.abandon(work.session, list(self._kinds))
            row = store.take(work.session, list(self._kinds), LEASE_S)
        if row is None:
            return None
        job = RunningJob(self._runtime, row.id, row.attempts, row.payload, row.actor)
        return row.kind, job
