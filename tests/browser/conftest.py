"""A real server with one account a role on the small town, once a session, and a Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from geo.runtime import Runtime
from tests.browser import journeys
from tests.browser.drawing import Cookies
from tests.databases import Databases
from tests.maps.browsing import chromium


@pytest.fixture(scope="session")
def staffed(databases: Databases, template: str) -> Iterator[Runtime]:
    """A runtime on the small town, with accounts; a demo, and as often as one likes."""
    with journeys.filled(databases, template) as made:
        yield made


@pytest.fixture(scope="session")
def home(staffed: Runtime) -> Iterator[str]:
    """The address of a server on it."""
    with journeys.serving(staffed) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def office(databases: Databases, template: str) -> Iterator[Runtime]:
    """A town of these tests' own: what they publish, nobody else meets."""
    with journeys.filled(databases, template) as made:
        yield made


@pytest.fixture(scope="module")
def town(office: Runtime) -> Iterator[str]:
    with journeys.serving(office) as address:
        yield address


@pytest.fixture(scope="module")
def kept() -> Cookies:
    """Who has signed in once does not type the password for every test."""
    return {}
