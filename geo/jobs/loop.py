"""The loop that runs queued jobs in a server process: one at a time, and prompt kinds beside them.

A kind that is prompt has a thread of its own, so a due publication never waits for a division of
minutes. In several processes each job is still run once: who takes it, holds its lease.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
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
    given_up : kind → what is still to be done when its job is run no more
    prompt : kinds that wait for no job of another kind, only for those of their own
    recurring : kinds of which the next run is always queued
    zone : in which their times are local
    """

    def __init__(
        self,
        runtime: Works,
        kinds: Kinds,
        *,
        given_up: Mapping[str, Callable[[Any, RunningJob], None]] | None = None,
        prompt: Collection[str] = (),
        recurring: Sequence[Recurring] = (),
        zone: str = "UTC",
        idle_s: float = 1.0,
    ) -> None:
        self._runtime, self._kinds, self._idle_s = runtime, kinds, idle_s
        self._given_up = given_up or {}
        self._recurring, self._zone = recurring, zone
        self._ensured: float | None = None
        self._stop = threading.Event()
        lanes = [[kind for kind in kinds if kind not in prompt], *([kind] for kind in prompt)]
        self._threads = [
            threading.Thread(target=self._run, args=(lane, place == 0), name="jobs", daemon=True)
            for place, lane in enumerate(lanes)
        ]

    def start(self) -> None:
        """Begin to take jobs, in threads of its own."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no further job and wait for those that run."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def run_one(self, among: Collection[str] | None = None) -> bool:
        """Run the next due job of some kinds, None for all; False when there is none."""
        taken = self._take(among)
        if taken is None:
            return False
        kind, job = taken
        if job.attempts > _MAX_TRIES:
            # Before the end of the job: if this fails, it is taken once more.
            if kind in self._given_up:
                self._given_up[kind](self._runtime, job)
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

    def _run(self, lane: Collection[str], is_first: bool) -> None:
        while not self._stop.is_set():
            try:
                if is_first:
                    self.ensure()
                busy = self.run_one(lane)
            except SQLAlchemyError:
                _log.warning("the job table is out of reach; trying again")
                busy = False
            if not busy:
                self._stop.wait(self._idle_s)

    def _take(self, among: Collection[str] | None = None) -> tuple[str, RunningJob] | None:
        with self._runtime.work(_RUNNER) as work:
            # Kinds of the other threads are run here too.
            store.abandon(work.session, list(self._kinds))
            row = store.take(work.session, list(self._kinds if among is None else among), LEASE_S)
        if row is None:
            return None
        job = RunningJob(self._runtime, row.id, row.attempts, row.payload, row.actor)
        return row.kind, job
