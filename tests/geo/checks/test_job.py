"""Every publication queues one check, and the loop of a server runs it."""

import pytest
from sqlalchemy import select

from geo.access.actors import Actor
from geo.handlers import JOBS
from geo.jobs.loop import Loop
from geo.jobs.model import Job
from geo.runtime import Runtime
from tests import world

pytestmark = pytest.mark.db


def test_a_publication_is_checked_afterwards(runtime: Runtime) -> None:
    world.store(runtime)

    ran = Loop(runtime, JOBS).run_one()

    with runtime.work(Actor.system("test")) as work:
        (job,) = work.session.scalars(select(Job))
    assert (ran, job.kind, job.state) == (True, "check", "done")
    # Building b4 of the world lies outside every cell.
    assert job.result == {
        "ok": False, "version": 1, "places": 1, "gap_m2": 0, "overlap_m2": 0, "nesting_m2": 0,
    }  # fmt: skip
