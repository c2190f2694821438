"""The private PostGIS cluster below the data folder: made on first use, stopped by its last user.

Which programs (``cluster_programs``), which folder and account (``cluster_place``) and what a log
or a pid file means (``cluster_process``) are decided beside it; ``cluster_server`` acts. Standard
library only. Why there is such a cluster: ``docs/decisions/0006-embedded-cluster.md``.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.db.cluster_files import (
    Lease,
    Passwords,
    keep_passwords,
    locked,
    passwords_of,
    write_whole,
)
from geo.db.cluster_place import existing_major, make_folder, place_of
from geo.db.cluster_process import read_pid_file, serves
from geo.db.cluster_programs import find_programs
from geo.db.cluster_server import ADMIN, ClusterNotReady, ClusterNotStarted, Server
from geo.errors import Refused

DATABASE: Final = "wangge"
TEMPLATE: Final = "wangge_template"
_ROLES: Final = Path(__file__).with_name("cluster_roles.sql")


class ClusterVersion(Refused):
    """The cluster was made by another major version than the programs found."""

    code = "cluster_version"


class ClusterDamaged(Refused):
    """The data folder is there, but is no cluster; it is not touched."""

    code = "cluster_damaged"


@dataclass(frozen=True, slots=True)
class ClusterUrls:
    """libpq URLs of the superuser, of the owner role and of the application role."""

    admin: str
    owner: str
    app: str

    def on(self, database: str) -> "ClusterUrls":
        """Return the same URLs for another database of the cluster."""
        urls = (self.admin, self.owner, self.app)
        return ClusterUrls(*(f"{url.rpartition('/')[0]}/{database}" for url in urls))


class Cluster:
    """A private PostGIS cluster that several processes may use at once.

    Each ``start`` takes a lease; the last ``stop`` stops the server, whoever started it. A process
    that was killed holds no lease, so whoever starts next takes its server over.

    Parameters
    ----------
    home
        The data folder (``WANGGE_HOME``).
    tests
        The tests' own cluster: beside the real one, without fsync, made anew when it is broken.
    """

    def __init__(self, home: Path, *, tests: bool = False) -> None:
        self._home = home.resolve()
        self._tests = tests
        self._place = place_of(self._home, tests=tests)
        self._lease: Lease | None = None
        self._server: Server | None = None

    @property
    def folder(self) -> Path:
        """Return the folder of data, log and passwords."""
        return self._place.folder

    @property
    def running(self) -> bool:
        """Return whether the server runs and takes connections, whoever started it."""
        data = self.folder / "data"
        found = read_pid_file(data)
        return bool(found and found.ready and serves(found.pid, data, self._place.account))

    def start(self) -> ClusterUrls:
        """Return the URLs of the running server; makes and starts what is missing.

        Raises
        ------
        ClusterProgramsMissing, ClusterVersion, ClusterDamaged, ClusterFolderRefused, ClusterBusy
            Before anything is touched.
        ClusterNotMade, ClusterNotStarted, ClusterNotReady
            With the server's own words.
        """
        make_folder(self._place, self._home, tests=self._tests)
        with locked(self.folder):
            lease = self._lease or Lease(self.folder)
            try:
                self._server = self._brought_up()
            except BaseException:
                if self._lease is None:
                    self._give_up(lease)
                raise
            self._lease = lease
            return self._urls(self._server)

    def stop(self) -> None:
        """Give the cluster back, and stop its server when nobody else uses it."""
        if self._lease is None or self._server is None:
            return
        with locked(self.folder):
            if self._lease.sole():
                self._server.halt()
            self._lease.release()
            self._lease = self._server = None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database of ``wangge_owner``: empty with the extensions, or a template's copy."""
        self._ask(
            'CREATE DATABASE :"name" OWNER wangge_owner TEMPLATE :"template" STRATEGY FILE_COPY;',
            name=name,
            template=template or TEMPLATE,
        )

    def drop_database(self, name: str) -> None:
        """Drop a database and end its sessions; none there is fine."""
        self._ask('DROP DATABASE IF EXISTS :"name" WITH (FORCE);', name=name)

    def _give_up(self, lease: Lease) -> None:
        """Leave no server behind that was brought up and then could not be set up."""
        if self.running and lease.sole():
            self._fitting().halt()
        lease.release()

    def _brought_up(self) -> Server:
        if self._tests and (self.folder / "data").exists() and not self._opens():
            self._clear()
        server = self._fitting()
        try:
            self._prepare(server)
        except ClusterNotStarted:
            if not self._tests:
                raise
            self._clear()  # a power cut breaks it, as fsync is off; and it holds nothing
            self._prepare(server)
        return server

    def _opens(self) -> bool:
        major = existing_major(self.folder)
        return major is not None and major == find_programs(self._home, prefer=major).major

    def _fitting(self) -> Server:
        """Return the server for what lies in the folder; refuse what it could not open."""
        major = existing_major(self.folder)
        if major is None and (self.folder / "data").exists():
            raise ClusterDamaged(folder=str(self.folder / "data"))
        programs = find_programs(self._home, prefer=major)
        if major not in (None, programs.major):
            raise ClusterVersion(folder=str(self.folder), found=major, programs=programs.major)
        return Server(self.folder, self._place.account, programs, self._tests)

    def _prepare(self, server: Server) -> None:
        if existing_major(self.folder) is None:
            (self.folder / "ready").unlink(missing_ok=True)
            keep_passwords(self.folder, Passwords.random())
            server.make(self._passwords().admin)
        server.bring_up()
        if not (self.folder / "ready").exists():
            kept = self._passwords()
            sql = _ROLES.read_text(encoding="utf-8")
            values = {"owner_password": kept.owner, "app_password": kept.app}
            server.ask(sql, password=kept.admin, values=values)
            write_whole(self.folder / "ready", "")

    def _clear(self) -> None:
        """Remove a cluster of tests that cannot be opened."""
        shutil.rmtree(self.folder / "data")

    def _ask(self, sql: str, **values: str) -> None:
        if self._server is None:
            raise ClusterNotStarted(folder=str(self.folder), reason="start() comes first")
        self._server.ask(sql, password=self._passwords().admin, values=values)

    def _passwords(self) -> Passwords:
        kept = passwords_of(self.folder)
        if kept is None:
            raise ClusterNotReady(folder=str(self.folder), reason="passwords.json is missing")
        return kept

    def _urls(self, server: Server) -> ClusterUrls:
        place, kept = f"127.0.0.1:{server.port}/{DATABASE}", self._passwords()
        return ClusterUrls(
            admin=f"postgresql://{ADMIN}:{kept.admin}@{place}",
            owner=f"postgresql://wangge_owner:{kept.owner}@{place}",
            app=f"postgresql://wangge_app:{kept.app}@{place}",
        )
