"""Jobs: progress seen from outside, leases that expire, runners that are fenced off."""

import threading
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor
from geo.errors import GeoError
from geo.grid.store import CellUnknown
from geo.jobs import service
from geo.jobs.loop import Loop
from geo.jobs.model import Job
from geo.jobs.service import LeaseLost, RunningJob, enqueue, running
from geo.jobs.store import JobUnknown, job_by_id
from geo.runtime import Runtime

pytestmark = pytest.mark.db


def read(runtime: Runtime, job: int) -> Job:
    with runtime.work(Actor.system("test")) as work:
        return job_by_id(work.session, job)


def queued(runtime: Runtime, kind: str = "count", key: str | None = None) -> int | None:
    with runtime.work(Actor.system("test")) as work:
        return enqueue(work, kind=kind, payload={"n": 3}, unique_key=key)


def expire(runtime: Runtime, job: int) -> None:
    with runtime.work(Actor.system("test")) as work:
        work.session.execute(
            text("UPDATE job SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": job}
        )


def test_progress_shows_while_the_work_is_still_open(runtime: Runtime) -> None:
    with running(runtime, kind="import", actor=Actor.system("test")) as job:
        job.progress("read", 1, 1)
        seen = read(runtime, job.id)

    assert (seen.state, seen.step, seen.done, seen.total) == ("running", "read", 1, 1)
    assert read(runtime, job.id).state == "done"


def test_a_refusal_is_kept_as_the_jobs_error(runtime: Runtime) -> None:
    with (
        pytest.raises(GeoError),
        running(runtime, kind="import", actor=Actor.system("test")) as job,
    ):
        raise CellUnknown(value="x")

    failed = read(runtime, job.id)
    assert (failed.state, failed.error) == (
        "failed", "no cell has the code 'x'; check the code and the moment",
    )  # fmt: skip


def test_the_loop_runs_a_queued_job_and_keeps_its_result(runtime: Runtime) -> None:
    job = queued(runtime)
    assert job is not None

    ran = Loop(runtime, {"count": lambda _, taken: {"sum": taken.payload["n"]}}).run_one()

    done = read(runtime, job)
    assert (ran, done.state, done.result, done.attempts) == (True, "done", {"sum": 3}, 1)


def test_the_loop_leaves_kinds_it_does_not_know(runtime: Runtime) -> None:
    queued(runtime, kind="other")

    assert Loop(runtime, {"count": lambda _, taken: {}}).run_one() is False


def test_a_failing_job_does_not_end_the_loop(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = queued(runtime), queued(runtime)
    assert first is not None
    assert second is not None

    def fail(_: object, job: RunningJob) -> dict[str, Any]:
        if job.id == first:
            raise ZeroDivisionError
        return {}

    loop = Loop(runtime, {"count": fail})
    assert [loop.run_one(), loop.run_one()] == [True, True]

    assert read(runtime, first).error == "ZeroDivisionError"
    assert read(runtime, second).state == "done"
    assert "failed" in caplog.text


def test_a_job_whose_lease_has_passed_is_taken_again(runtime: Runtime) -> None:
    job = queued(runtime)
    assert job is not None
    taken = Loop(runtime, {"count": lambda _, j: {}})._take()
    assert taken is not None
    expire(runtime, job)

    again = Loop(runtime, {"count": lambda _, j: {"again": True}}).run_one()

    assert again
    assert read(runtime, job).attempts == 2


def test_a_runner_that_lost_its_lease_cannot_write_any_more(runtime: Runtime) -> None:
    job = queued(runtime)
    assert job is not None
    taken = Loop(runtime, {"count": lambda _, j: {}})._take()
    assert taken is not None
    expire(runtime, job)
    Loop(runtime, {"count": lambda _, j: {"winner": 2}}).run_one()

    old = taken[1]
    old.progress("late", 1, 1)
    old.result = {"winner": 1}
    old.end()

    assert read(runtime, job).result == {"winner": 2}
    with pytest.raises(LeaseLost):
        old.progress("late", 1, 1)


def test_a_job_that_keeps_dying_is_given_up(runtime: Runtime) -> None:
    job = queued(runtime)
    assert job is not None
    loop = Loop(runtime, {"count": lambda _, j: {}})
    for _ in range(3):
        assert loop._take() is not None
        expire(runtime, job)

    loop.run_one()

    assert (read(runtime, job).state, read(runtime, job).attempts) == ("failed", 4)


def test_one_open_job_a_key(runtime: Runtime) -> None:
    first, second = queued(runtime, key="a"), queued(runtime, key="a")

    assert first is not None
    assert second is None


def test_two_loops_never_take_the_same_job(runtime: Runtime) -> None:
    jobs = {queued(runtime) for _ in range(4)}
    loops = [Loop(runtime, {"count": lambda _, j: {}}) for _ in range(2)]

    taken = [loop._take() for _ in range(2) for loop in loops]

    assert {job.id for _, job in filter(None, taken)} == jobs


def test_a_prompt_job_waits_for_no_long_one(runtime: Runtime) -> None:
    begun, enough, published = (threading.Event() for _ in range(3))

    def divide(_: object, job: RunningJob) -> dict[str, Any]:
        begun.set()
        return {"waited": enough.wait(30)}

    kinds = {"divide": divide, "publish": lambda _, job: published.set() or {}}
    long, loop = queued(runtime, kind="divide"), Loop(runtime, kinds, prompt=["publish"], idle_s=0)
    assert long is not None
    loop.start()
    try:
        assert begun.wait(30)
        queued(runtime, kind="publish")
        assert published.wait(30)
        assert read(runtime, long).state == "running"
    finally:
        enough.set()
        loop.stop()

    # Stopping waits for what runs, in each thread.
    assert read(runtime, long).result == {"waited": True}


def test_prompt_threads_of_several_processes_run_each_job_once(runtime: Runtime) -> None:
    wanted = {queued(runtime, kind=kind) for kind in ("publish", "count") for _ in range(6)}
    ran: list[int] = []
    all_ran = threading.Event()

    def run(_: object, job: RunningJob) -> dict[str, Any]:
        ran.append(job.id)
        if len(ran) >= len(wanted):
            all_ran.set()
        return {}

    kinds = {"publish": run, "count": run}
    loops = [Loop(runtime, kinds, prompt=["publish"], idle_s=0) for _ in range(3)]
    for loop in loops:
        loop.start()
    assert all_ran.wait(30)
    for loop in loops:
        loop.stop()

    assert sorted(ran) == sorted(filter(None, wanted))


def test_a_prompt_thread_leaves_a_dead_job_to_the_thread_of_its_kind(runtime: Runtime) -> None:
    dead = queued(runtime)
    assert dead is not None
    loop = Loop(runtime, {"count": lambda _, j: {}, "publish": lambda _, j: {}}, prompt=["publish"])
    assert loop._take(["count"]) is not None
    expire(runtime, dead)

    assert loop.run_one(["publish"]) is False
    assert read(runtime, dead).state == "running"

    assert loop.run_one(["count"]) is True
    assert (read(runtime, dead).state, read(runtime, dead).attempts) == ("done", 2)


def test_an_unknown_job_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(JobUnknown):
        read(runtime, 999)


def test_a_dead_import_is_failed_by_the_loop(runtime: Runtime) -> None:
    job = queued(runtime, kind="import")
    assert job is not None
    assert Loop(runtime, {"import": lambda _, j: {}})._take() is not None
    expire(runtime, job)

    Loop(runtime, {"count": lambda _, j: {}}).run_one()

    assert (read(runtime, job).state, read(runtime, job).error) == (
        "failed", "the process that ran it has ended",
    )  # fmt: skip


def test_a_heartbeat_outlives_a_database_that_was_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    beats: list[int] = []
    stop = threading.Event()

    class Job:
        id = 1

        def beat(self) -> None:
            beats.append(1)
            if len(beats) == 1:
                raise OperationalError("select", {}, ConnectionError())
            stop.set()

    monkeypatch.setattr(service, "LEASE_S", 0.03)
    service._heartbeat(Job(), stop)  # type: ignore[arg-type]

    assert len(beats) == 2
    assert "could not be renewed" in caplog.text
