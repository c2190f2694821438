"""The deployment of the proofs, made once a session and copied for whoever writes."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from geo.runtime import Runtime
from geo.settings import Settings
from tests.access import seats, world
from tests.access.seats import Seat
from tests.access.world import Known
from tests.databases import Databases

STRICT = {"public_team": False, "rate_factor": 0.0}


@dataclass(frozen=True, slots=True)
class Made:
    """A database with the whole deployment in it, what is stored there and who may ask."""

    name: str
    known: Known
    seats: tuple[Seat, ...]


def settings_of(databases: Databases, name: str) -> Settings:
    """Return settings under which a team is told only to who has signed in, as often as asked."""
    return databases.settings(name).model_copy(update=STRICT)


@pytest.fixture(scope="session")
def made(databases: Databases, template: str) -> Iterator[Made]:
    """The deployment's database; a template, so nobody stays connected to it."""
    name = databases.create(template=template)
    runtime = Runtime(settings_of(databases, name))
    world.store(runtime)
    everybody = tuple(seats.seats())
    seats.store(runtime, everybody)
    known = world.known(runtime)
    runtime.close()
    yield Made(name, known, everybody)
    databases.drop(name)


@pytest.fixture(scope="module")
def deployment(databases: Databases, made: Made) -> Iterator[Runtime]:
    """A runtime on a copy of the deployment, for the tests of one file."""
    with databases.lent(made.name) as name:
        runtime = Runtime(settings_of(databases, name))
        yield runtime
        runtime.close()


@pytest.fixture
def alone(databases: Databases, made: Made) -> Iterator[Runtime]:
    """A runtime on a copy of the deployment, for one test: what it ends and locks is its own."""
    with databases.lent(made.name) as name:
        runtime = Runtime(settings_of(databases, name))
        yield runtime
        runtime.close()


@pytest.fixture(scope="session")
def known(made: Made) -> Known:
    return made.known


@pytest.fixture(scope="session")
def everybody(made: Made) -> tuple[Seat, ...]:
    return made.seats
