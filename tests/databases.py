"""Databases of the test cluster: made, lent, set back to their template and lent again."""

import hashlib
import hmac
import itertools
import os
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection
from sqlalchemy import make_url

from geo.db.cluster import Cluster, ClusterUrls
from geo.settings import Settings
from tests.contents import Contents

_numbers = itertools.count(1)
_ONE_AT_A_TIME = 20_261_122


def with_database(url: str, name: str) -> str:
    """Return a URL with another database in it."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def verifier(password: str) -> str:
    """Return what PostgreSQL keeps of a password, after one round of hashing instead of 4,096.

    Source
    ------
    RFC 5802, section 3; the form is that of PostgreSQL's ``pg_authid.rolpassword``.
    """
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    client, server = (
        hmac.digest(salted, word, "sha256") for word in (b"Client Key", b"Server Key")
    )
    kept = (salt, hashlib.sha256(client).digest(), server)
    words = (b64encode(part).decode() for part in kept)
    return "SCRAM-SHA-256$1:{}${}:{}".format(*words)


class Databases:
    """Makes databases in the test cluster and forgets them."""

    def __init__(self, cluster: Cluster, urls: ClusterUrls, worker: str) -> None:
        self.cluster, self.urls, self.worker = cluster, urls, worker
        # One connection for more than a thousand databases: a psql for each takes as long as each.
        self._admin = psycopg2.connect(with_database(urls.admin, "postgres"))
        self._admin.autocommit = True
        self._hash_once()
        self._contents: dict[str, Contents] = {}
        self._idle: dict[str, list[str]] = {}
        self._connections: dict[str, connection] = {}

    def close(self) -> None:
        for made in (self._admin, *self._connections.values()):
            made.close()

    def _hash_once(self) -> None:
        """Keep the passwords so that they are compared in no time: a test connects twice or more.

        Each is asked for as ever; 4,096 rounds take three milliseconds of a connection's ten.
        """
        urls = map(make_url, (self.urls.admin, self.urls.owner, self.urls.app))
        with self._admin.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_ONE_AT_A_TIME,))
            cursor.execute("SELECT rolname FROM pg_authid WHERE rolpassword LIKE %s", ("%$1:%",))
            done = {name for (name,) in cursor}
            for url in urls:
                if url.username not in done:
                    role = sql.Identifier(str(url.username))
                    alter = sql.SQL("ALTER ROLE {} PASSWORD %s").format(role)
                    cursor.execute(alter, (verifier(str(url.password)),))
            cursor.execute("SELECT pg_advisory_unlock(%s)", (_ONE_AT_A_TIME,))

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
        """Drop a database, and those that were lent as copies of it."""
        self._contents.pop(name, None)
        for dropped in (name, *self._idle.pop(name, ())):
            if dropped in self._connections:
                self._connections.pop(dropped).close()
            self._ask(f"DROP DATABASE IF EXISTS {dropped} WITH (FORCE)")
            self.heads(dropped).unlink(missing_ok=True)

    @contextmanager
    def lent(self, template: str) -> Iterator[str]:
        """Lend a copy of a template: one that was lent before and set back, where there is one.

        Copying five hundred files takes longer than most tests; a few rows are soon set back.
        """
        idle = self._idle.setdefault(template, [])
        name = idle.pop() if idle else self.create(template=template)
        if template not in self._contents:  # read from the copy: nobody is connected to a template
            with self._connected(name) as database:
                self._contents[template] = Contents.of(database)
        try:
            yield name
        finally:
            if self._set_back(name, self._contents[template]):
                idle.append(name)
            else:
                self.drop(name)

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

    def _set_back(self, name: str, contents: Contents) -> bool:
        """Return whether a database is as its template again."""
        self.heads(name).unlink(missing_ok=True)
        try:
            with self._connected(name) as database:
                return contents.restore(database)
        except psycopg2.Error:  # a test dropped it, or forbade connections
            return False

    @contextmanager
    def _connected(self, name: str) -> Iterator[connection]:
        if name not in self._connections:
            self._connections[name] = psycopg2.connect(with_database(self.urls.admin, name))
        with self._connections[name] as made:
            yield made

    def _ask(self, command: str) -> None:
        with self._admin.cursor() as cursor:
            cursor.execute(command)
