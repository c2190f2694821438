"""The application over a town whose heads have phones and ID numbers: to read, or to change."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from geo.access.roles import Role
from geo.runtime import Runtime
from tests import residents
from tests.api.client import Client
from tests.api.moving import Moved
from tests.databases import Databases


class Office:
    """An application with people in it, and whoever works there."""

    def __init__(self, runtime: Runtime, app: FastAPI | None = None) -> None:
        self.runtime = runtime
        self.app = app or create_app(runtime)
        self.ids = residents.household_ids(runtime)
        self._known: dict[tuple[str, str | None, int], Client] = {}

    def of(self, role: Role, cell: str | None = "100A2001", *, number: int = 1) -> Client:
        """Return somebody who holds a role in a cell, the same one each time."""
        key = (role.value, cell, number)
        if key not in self._known:
            self._known[key] = Client.of(self.app, role, cell)
        return self._known[key]


@pytest.fixture(scope="session")
def residents_template(databases: Databases, template: str) -> Iterator[str]:
    """A database with the town in it, to copy from."""
    name = databases.create(template=template)
    runtime = Runtime(databases.settings(name))
    residents.store(runtime)
    runtime.close()
    yield name
    databases.drop(name)


@pytest.fixture
def office(databases: Databases, residents_template: str, moved: Moved) -> Iterator[Office]:
    """A town of one's own, to change."""
    with databases.lent(residents_template) as name:
        runtime = Runtime(databases.settings(name))
        yield Office(runtime, moved.on(runtime))
        runtime.close()


@pytest.fixture(scope="module")
def bureau(databases: Databases, residents_template: str) -> Iterator[Office]:
    """A town that the tests of one file only read."""
    with databases.lent(residents_template) as name:
        runtime = Runtime(databases.settings(name))
        yield Office(runtime)
        runtime.close()


@pytest.fixture
def secretary(office: Office) -> Client:
    """Who draws plans in the office's town."""
    return office.of(Role.COMMUNITY_ADMIN, "100")


@pytest.fixture
def street(office: Office) -> Client:
    """Who approves them."""
    return office.of(Role.STREET_DISPATCHER, "100")
