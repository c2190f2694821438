"""Writers that place rows in the grid wait for one another, so no path is stale for good."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError

from geo.access.actors import Actor
from geo.grid.service import publish_cells
from geo.people.service import add_households
from geo.places.service import add_buildings
from geo.runtime import Runtime
from geo.work import Work
from geo.workforce.service import add_workers, assign
from tests import world

pytestmark = pytest.mark.db


def publish(work: Work) -> object:
    return publish_cells(work, world.cells(), note="again")


def build(work: Work) -> object:
    return add_buildings(work, world.buildings())


def settle(work: Work) -> object:
    return add_households(work, world.households(), zone="Asia/Shanghai")


def employ(work: Work) -> object:
    return add_workers(work, world.workers())


def appoint(work: Work) -> object:
    return assign(work, world.assignments())


WRITERS = [publish, build, settle, employ, appoint]


@pytest.fixture
def impatient(runtime: Runtime) -> Iterator[Runtime]:
    """Another process on the same database that waits a tenth of a second at most."""
    made = Runtime(runtime.settings.model_copy(update={"lock_timeout_s": 0.1}))
    yield made
    made.close()


@pytest.mark.parametrize("second", WRITERS)
@pytest.mark.parametrize("first", [publish, build])
def test_a_second_writer_waits_for_the_first(
    runtime: Runtime,
    impatient: Runtime,
    first: Callable[[Work], object],
    second: Callable[[Work], object],
) -> None:
    world.store(runtime)
    with runtime.work(Actor.system("one")) as work:
        first(work)
        with (
            pytest.raises(OperationalError, match="lock timeout"),
            impatient.work(Actor.system("two")) as other,
        ):
            second(other)
