"""Fixtures every test may use: an own PostGIS cluster, a fresh database, a work rolled back."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import make_url

from geo.access.actors import Actor
from geo.crypto.aead import CipherName
from geo.crypto.keyring import Keyring
from geo.crypto.watched import make_missing
from geo.db.cluster import Cluster, ClusterUrls
from geo.runtime import Runtime
from geo.settings import Settings
from geo.work import Work
from migrations import runner

_numbers = itertools.count(1)


def pytest_configure() -> None:
    """Give every test run a keyring: without one a process does not start."""
    path = (Path(os.environ.get("WANGGE_HOME", ".wangge")) / "tests" / "keys.json").resolve()
    make_missing(path, CipherName.AES)
    os.environ["WANGGE_KEYS_FILE"] = str(path)
    # A suite asks more in a minute than an office in a day; what limits do is tested by itself.
    os.environ.setdefault("WANGGE_RATE_FACTOR", "1000")


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


def with_database(url: str, name: str) -> str:
    """Return a URL with another database in it."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


class Databases:
    """Makes databases in the test cluster and forgets them."""

    def __init__(self, cluster: Cluster, urls: ClusterUrls, worker: str) -> None:
        self.cluster, self.urls, self.worker = cluster, urls, worker
        # One connection for more than a thousand databases: a psql for each takes as long as each.
        self._admin = psycopg2.connect(with_database(urls.admin, "postgres"))
        self._admin.autocommit = True

    def close(self) -> None:
        self._admin.close()

    def create(self, *, template: str | None = None) -> str:
        name = f"t_{self.worker}_{os.getpid()}_{next(_numbers)}"
        if template is None:
            self.cluster.create_database(name)
        else:
            self._ask(
                f"CREATE DATABASE {name} OWNER wangge_owner TEMPLATE {template} STRATEGY FILE_COPY"
            )
        return name

    def drop(self, name: str) -> None:
        self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.heads(name).unlink(missing_ok=True)

    def _ask(self, sql: str) -> None:
        with self._admin.cursor() as cursor:
            cursor.execute(sql)

    def owner_url(self, name: str) -> str:
        return with_database(self.urls.owner, name)

    def settings(self, name: str) -> Settings:
        app, owner = with_database(self.urls.app, name), self.owner_url(name)
        # Each database has its own heads: those of a real one in the data folder stay untouched.
        heads = self.heads(name)
        return Settings(
            database_url=app, database_owner_url=owner, pool_size=5, audit_head_file=heads
        )

    def heads(self, name: str) -> Path:
        return Path(tempfile.gettempdir()) / f"wangge-{name}-heads.log"

    @property
    def app_role(self) -> str:
        return str(make_url(self.urls.app).username)


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
    name = databases.create(template=template)
    made = Runtime(databases.settings(name))
    yield made
    made.close()
    databases.drop(name)


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
