"""Jobs that come again: when they are due, and that one of each is queued, whoever asks."""

import threading
import time
from datetime import datetime

import pytest
from sqlalchemy import select

from geo.access.actors import Actor
from geo.handlers import JOBS, RECURRING
from geo.jobs.loop import Loop
from geo.jobs.model import Job
from geo.jobs.recurring import Recurring, ensure, next_run
from geo.runtime import Runtime

DAILY = Recurring("daily", hour=2, minute=30)
MONDAYS = Recurring("mondays", hour=3, weekday=0)


# 22 November 2026 is a Sunday.
@pytest.mark.parametrize(
    ("job", "moment", "due"),
    [
        (DAILY, "2026-11-22T02:29:59+08:00", "2026-11-22T02:30:00+08:00"),
        (DAILY, "2026-11-22T02:30:00+08:00", "2026-11-23T02:30:00+08:00"),
        (DAILY, "2026-11-21T18:00:00+00:00", "2026-11-22T02:30:00+08:00"),
        (MONDAYS, "2026-11-22T12:00:00+08:00", "2026-11-23T03:00:00+08:00"),
        (MONDAYS, "2026-11-23T02:00:00+08:00", "2026-11-23T03:00:00+08:00"),
        (MONDAYS, "2026-11-23T03:00:00+08:00", "2026-11-30T03:00:00+08:00"),
    ],
)
def test_the_next_run_is_at_its_local_time(job: Recurring, moment: str, due: str) -> None:
    found = next_run(job, datetime.fromisoformat(moment), "Asia/Shanghai")

    assert found == datetime.fromisoformat(due)


def test_a_zone_that_turns_its_clocks_keeps_the_local_time() -> None:
    # In Berlin clocks go back on 25 October 2026, from +02:00 to +01:00.
    before = datetime.fromisoformat("2026-10-24T12:00:00+02:00")
    found = next_run(MONDAYS, before, "Europe/Berlin")

    assert found == datetime.fromisoformat("2026-10-26T03:00:00+01:00")


def test_every_job_that_comes_again_has_its_function() -> None:
    assert {job.kind for job in RECURRING} <= JOBS.keys()


def queued(runtime: Runtime) -> list[tuple[str, str, datetime]]:
    with runtime.work(Actor.system("test")) as work:
        found = work.session.scalars(select(Job).order_by(Job.id)).all()
        return [(job.kind, job.state, job.run_at) for job in found]


@pytest.mark.db
def test_one_run_of_each_is_queued_however_often_it_is_asked_for(runtime: Runtime) -> None:
    for _ in range(3):
        with runtime.work(Actor.system("test")) as work:
            ensure(work, (DAILY, MONDAYS), "Asia/Shanghai")

    kinds = [(kind, state) for kind, state, _ in queued(runtime)]
    assert kinds == [("daily", "queued"), ("mondays", "queued")]
    assert all(run_at > work.now for _, _, run_at in queued(runtime))


@pytest.mark.db
def test_a_job_that_is_due_later_is_not_taken(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test")) as work:
        ensure(work, (DAILY,), "Asia/Shanghai")

    assert Loop(runtime, {"daily": lambda _, job: {}}).run_one() is False


@pytest.mark.db
def test_a_loop_queues_what_comes_again_and_the_next_when_one_has_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.jobs.loop._ENSURE_EVERY_S", 0.0)
    ran = threading.Event()
    # Due at once: as if its time had come while no process lived.
    with runtime.work(Actor.system("test")) as work:
        ensure(work, (DAILY,), "UTC")
        work.session.execute(Job.__table__.update().values(run_at=work.now))
    loop = Loop(runtime, {"daily": lambda _, job: ran.set() or {}}, recurring=(DAILY,), idle_s=0.01)
    loop.start()
    try:
        assert ran.wait(5.0)
        deadline = time.monotonic() + 5.0
        while len(queued(runtime)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        loop.stop()

    assert [state for _, state, _ in queued(runtime)] == ["done", "queued"]


@pytest.mark.db
def test_what_comes_again_is_looked_at_once_a_minute(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("geo.jobs.loop.ensure", lambda *_: asked.append(1))
    loop = Loop(runtime, {}, recurring=(DAILY,))
    loop.ensure()
    loop.ensure()

    assert asked == [1]
