"""The application over the small town of ``tests.world``, once a session: these tests only read."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from geo.access.roles import ROLES, Role
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.moving import Moved
from tests.databases import Databases

AsRole = Callable[..., Client]


@pytest.fixture(scope="session")
def moved() -> Moved:
    """The application of tests that change what it is on: for one of them after another."""
    return Moved()


@pytest.fixture(scope="session")
def town_runtime(databases: Databases, town_template: str) -> Iterator[Runtime]:
    """A runtime on the small town."""
    name = databases.create(template=town_template)
    made = Runtime(databases.settings(name))
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="session")
def app(town_runtime: Runtime) -> FastAPI:
    return create_app(town_runtime)


@pytest.fixture(scope="session")
def as_role(app: FastAPI) -> AsRole:
    """Gives somebody who holds a role in a cell, the same one each time."""
    known: dict[tuple[str, str | None], Client] = {}

    def client(role: Role | str, cell: str | None = "100") -> Client:
        where = cell if ROLES[Role(role)].has_area else None
        if (str(role), where) not in known:
            known[str(role), where] = Client.of(app, role, where)
        return known[str(role), where]

    return client


@pytest.fixture
def staff(as_role: AsRole) -> Client:
    """Somebody who may see all people of the small town."""
    return as_role(Role.DISTRICT_ADMIN)


@pytest.fixture
def anyone(app: FastAPI) -> Client:
    """Somebody at another machine who has not signed in."""
    return Client(app, address="192.0.2.7", host="grid.example")
