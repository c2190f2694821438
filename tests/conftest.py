"""Fixtures every test may use: an own PostGIS cluster, a fresh database, a work rolled back."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from geo.access.actors import Actor
from geo.crypto.aead import CipherName
from geo.crypto.keyring import Keyring
from geo.crypto.watched import make_missing
from geo.db.cluster import Cluster
from geo.runtime import Runtime
from geo.work import Work
from migrations import runner
from tests import world
from tests.databases import Databases

settings.register_profile("same", derandomize=True)


def pytest_configure(config: pytest.Config) -> None:
    """Give every test run a keyring: without one a process does not start."""
    # No landing hangs on luck: the short run draws the same examples every time, the long one new.
    if config.getoption("markexpr") == "not long":
        settings.load_profile("same")
    # Who is started in the background ignores Ctrl-C, and so would all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    path = (Path(os.environ.get("WANGGE_HOME", ".wangge")) / "tests" / "keys.json").resolve()
    make_missing(path, CipherName.AES)
    os.environ["WANGGE_KEYS_FILE"] = str(path)
    # A suite asks more in a minute than an office in a day; what limits do is tested by itself.
    os.environ.setdefault("WANGGE_RATE_FACTOR", "1000")


# Looking through all that was ever imported and collected, after each few hundred new objects,
# takes a tenth of the run; what is in use from now to the end is not looked at again.
_COLLECT_AFTER = 50_000
# Folders of tests whose files take longest.
_LONGEST = ("access", "browser", "api")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect the tests without collecting garbage."""
    gc.disable()
    yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first: one of them begun last would run on alone."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Return the place of a test's folder among the longest."""
    starts = (item.nodeid.startswith(f"tests/{folder}/") for folder in _LONGEST)
    return next((place for place, is_there in enumerate(starts) if is_there), len(_LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have measured, whichever worker ran them."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    told = [
        value
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "figure" and report.when == "call"
    ]
    if told:
        terminalreporter.section("figures")
    for line in sorted(map(str, told)):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def databases(worker_id: str) -> Iterator[Databases]:
    """The test cluster: durable in nothing, shared by the workers of a run."""
    home = Path(os.environ.get("WANGGE_HOME", ".wangge")) / "tests"
    cluster = Cluster(home, tests=True)
    made = Databases(cluster, cluster.start(), worker_id)
    yield made
    made.close()
    cluster.stop()


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[str]:
    """A migrated, empty database to copy from; nobody stays connected to it."""
    name = databases.create()
    runner.upgrade(databases.owner_url(name), databases.app_role)
    yield name
    databases.drop(name)


@pytest.fixture
def runtime(databases: Databases, template: str) -> Iterator[Runtime]:
    """A runtime on a migrated, empty database of its own, for tests that commit."""
    with databases.lent(template) as name:
        made = Runtime(databases.settings(name))
        yield made
        made.close()


@pytest.fixture(scope="session")
def town_template(databases: Databases, template: str) -> Iterator[str]:
    """A database with the small town in it, to copy from."""
    name = databases.create(template=template)
    runtime = Runtime(databases.settings(name))
    world.store(runtime)
    runtime.close()
    yield name
    databases.drop(name)


@pytest.fixture
def small_town(databases: Databases, town_template: str) -> Iterator[Runtime]:
    """A runtime on a small town of its own, for tests that commit."""
    with databases.lent(town_template) as name:
        made = Runtime(databases.settings(name))
        yield made
        made.close()


@pytest.fixture(scope="session")
def shared_runtime(databases: Databases, template: str) -> Iterator[Runtime]:
    name = databases.create(template=template)
    made = Runtime(databases.settings(name))
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The keyring of every test's runtime."""
    return Keyring.load(Path(os.environ["WANGGE_KEYS_FILE"]))


@pytest.fixture
def work(shared_runtime: Runtime) -> Iterator[Work]:
    """An open work on an empty database, rolled back when the test ends."""
    with shared_runtime.work(Actor.system("test"), dry_run=True) as opened:
        yield opened
