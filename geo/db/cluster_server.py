"""One PostgreSQL server on one folder: laid down, brought up, asked, halted. Standard library only.

Knows nothing of leases or of who else uses the server; ``cluster.py`` holds the lock around it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.db.cluster_files import last_port, write_whole
from geo.db.cluster_place import Account
from geo.db.cluster_process import (
    Failure,
    PidFile,
    failure,
    free_port,
    is_alive,
    is_free,
    last_words,
    processes_of,
    read_pid_file,
    server_options,
    serves,
)
from geo.db.cluster_programs import Programs
from geo.errors import Unavailable

ADMIN: Final = "wangge_admin"
START_S: Final = 60.0
ORPHANS_S: Final = 5.0
LOG_BYTES: Final = 10_000_000
_ZONE_FILES: Final = Path("/usr/share/zoneinfo")


class ClusterNotMade(Unavailable):
    """The empty cluster could not be laid down; nothing of it remains."""

    code = "cluster_not_made"


class ClusterNotStarted(Unavailable):
    """The server does not come up."""

    code = "cluster_not_started"


class ClusterNotReady(Unavailable):
    """The server runs, but a statement of the set-up fails."""

    code = "cluster_not_ready"


@dataclass(frozen=True, slots=True)
class Server:
    """The server of one cluster folder.

    Parameters
    ----------
    folder
        Holds ``data``, ``log`` and ``port``; exists already.
    account
        As whom the server runs when we are root.
    programs
        The PostgreSQL that runs it.
    tests
        Whether speed counts for more than surviving a power cut.
    """

    folder: Path
    account: Account
    programs: Programs
    tests: bool

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.folder / "data"

    @property
    def port(self) -> int:
        """Return the port of the running server."""
        found = self._running_file()
        if found is None or found.port is None:
            raise ClusterNotStarted(folder=str(self.folder), reason="not running")
        return found.port

    def make(self, password: str) -> None:
        """Lay an empty cluster down beside its place and rename it: half of one is never seen."""
        making, password_file = self.folder / "making", self.folder / "making.password"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        write_whole(password_file, password)
        for path in (making, password_file):
            os.chown(path, self.account.uid, self.account.gid)
        # C.UTF-8 is always there; without it LANG decides: SQL_ASCII, or a locale not generated.
        arguments = ["-D", making.name, "-U", ADMIN, "-E", "UTF8", "--locale=C.UTF-8"]
        arguments += [f"--pwfile={password_file.name}", "-A", "scram-sha-256"]
        done = self._run("initdb", *arguments, *(["--no-sync"] if self.tests else []))
        password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(making)
            raise ClusterNotMade(folder=str(self.folder), reason=last_words(done.stderr))
        making.rename(self.data)

    def bring_up(self) -> None:
        """Start the server, or wait for the one that another process has just started.

        Raises
        ------
        ClusterNotStarted
            With the last words of the server's log.
        """
        self._wait_while_starting()
        if self._running_file() is None:
            self._drop_foreign_pid_file()
            self._launch()

    def halt(self) -> None:
        """Stop the server: sessions end, nothing is lost."""
        if self._running_file() is None:
            return
        if self._run("pg_ctl", "-D", "data", "-w", "-t", "30", "-m", "fast", "stop").returncode:
            self._run("pg_ctl", "-D", "data", "-w", "-t", "30", "-m", "immediate", "stop")

    def ask(self, sql: str, *, password: str, values: Mapping[str, str]) -> None:
        """Run statements as superuser; ``values`` are psql variables in them.

        They travel on standard input: a command line can be read by everybody on the machine.

        Raises
        ------
        ClusterNotReady
            With PostgreSQL's message.
        """
        sets = "".join(f"\\set {name} '{_quoted(value)}'\n" for name, value in values.items())
        url = f"postgresql://{ADMIN}@127.0.0.1:{self.port}/postgres?connect_timeout=10"
        done = subprocess.run(
            [self.programs.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url],
            input=sets + sql,
            env={**self._environ(), "PGPASSWORD": password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ClusterNotReady(folder=str(self.folder), reason=last_words(done.stderr))

    def _running_file(self) -> PidFile | None:
        """Return the pid file of a server that runs and takes connections."""
        found = read_pid_file(self.data)
        runs = found and found.ready and serves(found.pid, self.data, self.account)
        return found if runs else None

    def _wait_while_starting(self) -> None:
        deadline = time.monotonic() + START_S
        while (found := read_pid_file(self.data)) and not found.ready:
            if not serves(found.pid, self.data, self.account):
                return
            if time.monotonic() > deadline:
                raise ClusterNotStarted(folder=str(self.folder), reason=f"> {START_S:.0f} s")
            time.sleep(0.05)

    def _drop_foreign_pid_file(self) -> None:
        """Remove a pid file whose number another program has got since.

        PostgreSQL would refuse to start for ever. It judges a dead number itself, and while any
        process of this data folder lives the file stays: it guards their shared memory.
        """
        found = read_pid_file(self.data)
        if found is None or not is_alive(found.pid):
            return
        if not any(processes_of(self.data, self.account)):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        port = last_port(self.folder) or free_port()
        began = time.monotonic()
        while True:
            port = port if is_free(port) else free_port()
            log = self._start_once(port)
            if log is None:
                write_whole(self.folder / "port", str(port))
                return
            kind, waited_s = failure(log), time.monotonic() - began
            if kind is Failure.OTHER or waited_s > START_S:
                raise ClusterNotStarted(folder=str(self.folder), reason=last_words(log))
            if kind is Failure.PORT_TAKEN:
                port = free_port()
            elif waited_s > ORPHANS_S:
                self._end_orphans()
            time.sleep(0.1)

    def _start_once(self, port: int) -> str | None:
        """Try once; return None when the server is up, else the new lines of its log."""
        log = self.folder / "log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(self.folder / "log.old")
        with log.open("a") as file:
            before = file.tell()
        os.chown(log, self.account.uid, self.account.gid)
        options = server_options(port=port, tests=self.tests, zone_files=_ZONE_FILES)
        limit = f"{START_S:.0f}"
        done = self._run(
            "pg_ctl", "-D", "data", "-l", "log", "-w", "-t", limit, "-o", options, "start"
        )
        if done.returncode == 0:
            return None
        with log.open("rb") as lines:
            lines.seek(before)
            return lines.read().decode(errors="replace") or done.stderr

    def _end_orphans(self) -> None:
        """End busy processes of a server that was killed; for them a quit loses nothing."""
        for pid in processes_of(self.data, self.account):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program as the server's account, in a session and an environment of its own.

        The session keeps Ctrl-C away, the environment keeps PG* variables and missing locales
        away, and relative paths keep the quoting of pg_ctl's inner shell away.
        """
        account = self.account if os.geteuid() == 0 else None
        return subprocess.run(
            [self.programs.bin / program, *arguments],
            cwd=self.folder,
            env=self._environ(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", **self.programs.environ}


def _quoted(value: str) -> str:
    r"""Return a value as it stands between the quotes of psql's ``\set``."""
    return value.replace("\\", "\\\\").replace("'", "\\'")
