"""The application over the small town of ``tests.world``, once a session: these tests only read."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client
from tests.conftest import Databases


@pytest.fixture(scope="session")
def town_runtime(databases: Databases, template: str) -> Iterator[Runtime]:
    """A runtime on the small town."""
    name = databases.create(template=template)
    made = Runtime(databases.settings(name))
    world.store(made)
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="session")
def app(town_runtime: Runtime) -> FastAPI:
    return create_app(town_runtime)


@pytest.fixture
def local(app: FastAPI) -> Client:
    """Somebody at this machine."""
    return Client(app)


@pytest.fixture
def remote(app: FastAPI) -> Client:
    """Somebody at another machine."""
    return Client(app, address="192.0.2.7", host="grid.example")
