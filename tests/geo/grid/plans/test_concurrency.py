"""Two connections at once: publish × publish, publish × assign; and a process that dies midway."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor
from geo.grid.holding import PublicationMoved
from geo.grid.plans import job, publishing, store
from geo.grid.plans.conflicts import PlanStale
from geo.handlers import GIVEN_UP, JOBS, PROMPT
from geo.jobs.loop import Loop
from geo.workforce import service as workforce
from tests.geo.grid.plans.planning import EDITOR, Office, line

pytestmark = pytest.mark.db


SPLIT = {"op": "split", "cell": "100B2", "line": line((1.5, -0.5), (1.5, 1.5))}
OTHER = {"op": "split", "cell": "100A1", "line": line((0.25, 0.5), (0.25, 2.5))}
GRIDS = {"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2002"}


def ready(office: Office, *operations: dict[str, Any]) -> int:
    plan = office.begin()
    office.do(plan, *operations)
    office.submit(plan)
    office.approve(plan)
    return plan


def together(*acts: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own; return what came of it, or the error."""
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def numbers(office: Office) -> list[int]:
    with office.runtime.work(EDITOR) as work:
        return list(work.session.scalars(text("SELECT number FROM publication ORDER BY number")))


def test_two_plans_published_at_once_become_two_publications(office: Office) -> None:
    first, second = ready(office, SPLIT), ready(office, OTHER)

    made = together(lambda: office.publish(first), lambda: office.publish(second))

    assert sorted(one.number for one in made) == [2, 3]  # type: ignore[attr-defined]
    assert {"100B001", "100A001"} <= set(office.tree(3).index)


def test_one_plan_published_twice_at_once_is_published_once(office: Office) -> None:
    plan = ready(office, SPLIT)

    made = together(lambda: office.publish(plan), lambda: office.publish(plan))

    assert sorted(one is None for one in made) == [False, True]
    assert numbers(office) == [1, 2]


def test_of_two_plans_on_one_cell_the_second_goes_back(office: Office) -> None:
    first, second = ready(office, SPLIT), ready(office, {**SPLIT, "line": line((1, 0.5), (2, 0.5))})
    loop = Loop(office.runtime, JOBS)
    while loop.run_one():
        pass

    with office.runtime.work(EDITOR) as work:
        query = text("SELECT id, state, reason FROM boundary_plan ORDER BY id")
        states = {row.id: (row.state, row.reason) for row in work.session.execute(query)}
    assert states[first] == ("published", "")
    assert states[second][0] == "returned"
    assert "100B2" in states[second][1]
    assert numbers(office) == [1, 2]


def all_run(loop: Loop) -> None:
    while loop.run_one():
        pass


def state_of(office: Office, plan: int) -> tuple[str, str]:
    with office.runtime.work(EDITOR) as work:
        row = store.plan_by_id(work.session, work.scope, plan)
        return row.state, row.reason


def test_a_fault_that_passes_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, whole = ready(office, SPLIT), publishing.write_step
    faults = [OSError("no room"), OSError("no room")]

    def fails_twice(*given: Any) -> None:
        if faults:
            raise faults.pop()
        whole(*given)

    monkeypatch.setattr(publishing, "write_step", fails_twice)
    monkeypatch.setattr(job, "_PAUSE_S", 0.0)
    all_run(Loop(office.runtime, JOBS))

    assert state_of(office, plan) == ("published", "")
    assert numbers(office) == [1, 2]


def test_a_fault_that_stays_gives_the_plan_back_with_the_reason(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ready(office, SPLIT)

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(publishing, "write_step", fails)
    monkeypatch.setattr(job, "_PAUSE_S", 0.0)
    all_run(Loop(office.runtime, JOBS))

    state, reason = state_of(office, plan)
    assert state == "returned"
    assert "未能发布" in reason
    assert "could not be published in 3 tries" in reason
    assert "ZeroDivisionError" in reason
    assert numbers(office) == [1]


def full_disk() -> OperationalError:
    class Full(psycopg2.OperationalError):
        pgcode = "53100"

    return OperationalError("INSERT", {}, Full("No space left on device"))


def test_a_full_disk_is_told_in_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = ready(office, SPLIT)

    def fails(*_: object) -> None:
        raise full_disk()

    monkeypatch.setattr(publishing, "write_step", fails)
    monkeypatch.setattr(job, "_PAUSE_S", 0.0)
    all_run(Loop(office.runtime, JOBS))

    state, reason = state_of(office, plan)
    assert state == "returned"
    assert "磁盘已满" in reason
    assert "its disk is full" in reason


def test_a_plan_that_cannot_even_be_given_back_keeps_its_job(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, whole = ready(office, SPLIT), publishing.write_step

    def fails(*_: object) -> None:
        raise full_disk()

    monkeypatch.setattr(job, "_PAUSE_S", 0.0)
    with monkeypatch.context() as full:
        full.setattr(publishing, "write_step", fails)
        full.setattr(job, "send_back", fails)
        all_run(Loop(office.runtime, JOBS))
    assert state_of(office, plan) == ("approved", "")
    assert publishing.write_step is whole
    with office.runtime.work(EDITOR) as work:
        work.session.execute(text("UPDATE job SET lease_until = now() WHERE state = 'running'"))

    all_run(Loop(office.runtime, JOBS))

    assert state_of(office, plan) == ("published", "")


def test_a_plan_whose_processes_died_goes_back(office: Office) -> None:
    plan = ready(office, SPLIT)
    with office.runtime.work(EDITOR) as work:
        work.session.execute(text("UPDATE job SET attempts = 3 WHERE kind = 'plan.publish'"))

    all_run(Loop(office.runtime, JOBS, given_up=GIVEN_UP))

    state, reason = state_of(office, plan)
    assert state == "returned"
    assert "(the process ended midway)" in reason
    assert numbers(office) == [1]


def test_a_code_that_another_plan_took_is_given_anew(office: Office) -> None:
    # Both plans give 100B001: the one to its part of 100B1, the other to its part of 100B2.
    cut = {"op": "split", "cell": "100B1", "line": line((1.25, 0.5), (1.25, 2.5))}
    first = ready(office, {**SPLIT, "line": line((1.5, -0.5), (1.5, 1.5))})
    second = ready(office, cut, {"op": "rename", "cell": "100B001", "name": "西北"})

    assert office.publish(first) is not None
    assert office.publish(second) is not None

    cells = office.tree(3)
    assert cells["name"][["100B001", "100B002"]].to_list() == ["南社区-1", "西北"]


TO_W3 = pd.DataFrame(
    [("w3", "grid_worker", "cell", "100A2001", None, False)],
    columns=["worker_code", "post", "target_kind", "target_code", "stairwell", "is_primary"],
)


def assigned(office: Office, version: int | None) -> None:
    with office.runtime.work(Actor.system("test")) as work:
        workforce.assign(work, TO_W3, version=version)


def test_an_assignment_by_borders_that_are_no_more_is_refused(office: Office) -> None:
    plan = ready(office, GRIDS)

    made, refused = together(lambda: office.publish(plan), lambda: assigned(office, 1))

    # Whichever came first: an assignment that was written went on in the successor.
    assert made is not None
    with office.runtime.work(Actor.system("test")) as work:
        left = text(
            "SELECT count(*) FROM assignment JOIN cell_version AS version USING (cell_id)"
            " WHERE version.code = '100A2001' AND valid_to IS NULL"
        )
        assert work.session.scalar(left) == 0
    assert refused is None or isinstance(refused, PublicationMoved)


def waits(office: Office) -> bool:
    """Return whether somebody waits for the turn at the grid, before long."""
    query = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    for _ in range(1_000):
        with office.runtime.work(EDITOR) as work:
            if work.session.scalar(query):
                return True
        time.sleep(0.01)
    return False


@contextmanager
def half_published(
    office: Office, plan: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[object]]:
    """Publish a plan in a thread; while the block runs it is written, not committed."""
    written, go = threading.Event(), threading.Event()
    writes = publishing.write_step

    def write(*given: Any) -> None:
        writes(*given)
        written.set()
        assert go.wait(60)

    result: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "write_step", write)
        thread = threading.Thread(
            target=lambda: result.extend(together(lambda: office.publish(plan)))
        )
        thread.start()
        assert written.wait(60)
        patched.setattr(publishing, "write_step", writes)
        try:
            yield result
        finally:
            go.set()
            thread.join(60)


def begun(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    result: list[object] = []
    thread = threading.Thread(target=lambda: result.extend(together(act)))
    thread.start()
    return thread, result


def test_an_assignment_waits_for_the_publication_before_it_and_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ready(office, GRIDS)

    with half_published(office, plan, monkeypatch) as published:
        thread, refused = begun(lambda: assigned(office, 1))
        assert waits(office)
        assert refused == []
    thread.join(60)

    assert published[0].number == 2  # type: ignore[attr-defined]
    assert isinstance(refused[0], PublicationMoved)


def test_a_publication_waits_for_the_assignment_before_it_and_takes_it_along(
    office: Office,
) -> None:
    plan = ready(office, GRIDS)

    with office.runtime.work(Actor.system("test")) as work:
        workforce.assign(work, TO_W3, version=1)
        thread, published = begun(lambda: office.publish(plan))
        assert waits(office)
        assert published == []
    thread.join(60)

    assert published[0].number == 2  # type: ignore[attr-defined]
    standing = text(
        "SELECT version.code, assignment.path = version.path AS follows FROM assignment"
        " JOIN worker ON worker.id = worker_id AND worker.code = 'w3'"
        " JOIN cell_version AS version ON version.cell_id = assignment.cell_id"
        " WHERE post = 'grid_worker' AND valid_to IS NULL AND upper_inf(version.during)"
    )
    with office.runtime.work(EDITOR) as work:
        assert [tuple(row) for row in work.session.execute(standing)] == [("100A2002", True)]


@pytest.mark.parametrize(
    ("other", "ends"),
    [(OTHER, "published"), ({**SPLIT, "line": line((1, 0.5), (2, 0.5))}, "stale")],
    ids=["elsewhere", "of the same cell"],
)
def test_a_publication_waits_for_the_one_before_it_and_sees_what_that_did(
    office: Office, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any], ends: str
) -> None:
    first, second = ready(office, SPLIT), ready(office, other)

    with half_published(office, first, monkeypatch) as published:
        thread, result = begun(lambda: office.publish(second))
        assert waits(office)
        assert numbers(office) == [1]
    thread.join(60)

    assert published[0].number == 2  # type: ignore[attr-defined]
    if ends == "published":
        assert result[0].number == 3  # type: ignore[attr-defined]
    else:
        assert isinstance(result[0], PlanStale)
        assert numbers(office) == [1, 2]


def test_servers_side_by_side_publish_each_plan_once(office: Office) -> None:
    cuts = (
        SPLIT,
        OTHER,
        {"op": "split", "cell": "100B1", "line": line((1.25, 0.5), (1.25, 2.5))},
        {"op": "rename", "cell": "100A2001", "name": "一网格"},
    )
    plans = {ready(office, cut) for cut in cuts}
    loops = [Loop(office.runtime, JOBS, prompt=PROMPT, idle_s=0.01) for _ in range(3)]
    open_jobs = text("SELECT count(*) FROM job WHERE state IN ('queued', 'running')")
    for loop in loops:
        loop.start()
    for _ in range(3_000):
        time.sleep(0.02)
        with office.runtime.work(EDITOR) as work:
            if not work.session.scalar(open_jobs):
                break
    for loop in loops:
        loop.stop()

    with office.runtime.work(EDITOR) as work:
        ended = text("SELECT id, state, published FROM boundary_plan WHERE id = ANY(:plans)")
        rows = work.session.execute(ended, {"plans": sorted(plans)}).all()
        jobs = text("SELECT DISTINCT state, attempts FROM job WHERE kind = 'plan.publish'")
        assert [tuple(row) for row in work.session.execute(jobs)] == [("done", 1)]
    assert {row.state for row in rows} == {"published"}
    assert sorted(row.published for row in rows) == [2, 3, 4, 5]
    assert numbers(office) == [1, 2, 3, 4, 5]


def test_after_a_publication_an_assignment_by_the_old_borders_is_refused(office: Office) -> None:
    office.publish(ready(office, GRIDS))

    with pytest.raises(PublicationMoved):
        assigned(office, 1)


def test_a_publication_that_dies_midway_leaves_nothing_and_is_done_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ready(office, SPLIT)
    before = office.tree(1)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "lineage_of", dies)
        with pytest.raises(KeyboardInterrupt):
            job.publish_now(office.runtime, plan)
    assert numbers(office) == [1]
    assert office.tree(1).equals(before)

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "write_step", lambda session, *_: kill_session(session))
        with pytest.raises(Exception, match=r"terminat|closed"):
            job.publish_now(office.runtime, plan)
    assert numbers(office) == [1]

    assert job.publish_now(office.runtime, plan) is not None
    assert numbers(office) == [1, 2]


def kill_session(session: Any) -> None:
    session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
