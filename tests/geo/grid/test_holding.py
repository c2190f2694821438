"""Whatever writes an assignment holds the publication it was decided by until its commit."""

import threading
import time

import pytest

from geo.access.actors import Actor
from geo.grid.holding import PublicationMoved, hold_publication
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from geo.work import Work
from geo.workforce.service import assign
from tests import world
from tests.geo.grid.test_service import divided

pytestmark = pytest.mark.db

WAIT_S = 0.3


@pytest.fixture
def town(runtime: Runtime) -> Runtime:
    world.store(runtime)
    return runtime


def publish(work: Work) -> None:
    publish_cells(work, divided(), note="second")


def appoint(work: Work, version: int) -> None:
    duty = world.assignments().iloc[:1].assign(target_code="100B2", is_primary=False)
    assign(work, duty, version=version)


def test_before_the_first_publication_nothing_holds(runtime: Runtime) -> None:
    with runtime.work(Actor.system("test")) as work:
        assert hold_publication(work.session) == 0


def test_a_publication_waits_for_an_assignment_and_then_moves_it(town: Runtime) -> None:
    done: list[float] = []

    def other() -> None:
        with town.work(Actor.system("publisher")) as work:
            publish(work)
        done.append(time.monotonic())

    thread = threading.Thread(target=other)
    with town.work(Actor.system("clerk")) as work:
        appoint(work, 1)
        thread.start()
        thread.join(WAIT_S)
        assert thread.is_alive()  # it waits for the clerk's commit
        released = time.monotonic()
    thread.join()

    assert done[0] > released


def test_an_assignment_decided_by_borders_that_moved_meanwhile_is_refused(town: Runtime) -> None:
    failed: list[Exception] = []
    begun = threading.Event()

    def clerk() -> None:
        try:
            with town.work(Actor.system("clerk")) as work:
                begun.set()  # its transaction is older than the publication, and waits for it
                appoint(work, 1)
        except PublicationMoved as error:
            failed.append(error)

    thread = threading.Thread(target=clerk)
    with town.work(Actor.system("publisher")) as work:
        publish(work)
        thread.start()
        assert begun.wait(5)
        thread.join(WAIT_S)
        assert thread.is_alive()
    thread.join()

    assert [error.facts for error in failed] == [{"value": 1, "current": 2}]  # type: ignore[attr-defined]
    with town.work(Actor.system("clerk")) as work:
        appoint(work, 2)


def test_a_writer_that_names_no_publication_takes_the_one_that_holds(town: Runtime) -> None:
    with town.work(Actor.system("publisher")) as work:
        publish(work)
        # Its own, too: what it wrote holds for it.
        assert hold_publication(work.session) == 2
