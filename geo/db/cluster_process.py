"""What the private server is told and what can be read off its processes and its log.

Decisions about ``postmaster.pid``, orphans of a killed server and the reasons of a failed start,
apart from the effects in ``cluster.py``. Standard library only.
"""

import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from geo.db.cluster_place import Account

PROC: Final = Path("/proc")
_ZONE: Final = "Asia/Shanghai"
# PostgreSQL reads the system's zone files and has none of its own in Debian. China has kept
# UTC+8 without summer time since 1991, so the POSIX form serves where tzdata is not installed.
_ZONE_WITHOUT_FILES: Final = "<+08>-08"


class Failure(Enum):
    """Why a server did not start, as far as another try could help."""

    PORT_TAKEN = "port taken"
    ORPHANS = "processes of a killed server still run"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PidFile:
    """What ``postmaster.pid`` says: who runs, on which port, and whether it is ready."""

    pid: int
    port: int | None
    ready: bool


_ERRORS: Final = ("FATAL:", "PANIC:", "ERROR:", "error:")
_SIGNS: Final = (
    ("could not bind", Failure.PORT_TAKEN),
    ("could not create any TCP/IP sockets", Failure.PORT_TAKEN),
    ("pre-existing shared memory block", Failure.ORPHANS),
    ("lock file", Failure.ORPHANS),
)


def failure(log: str) -> Failure:
    """Return the kind of failure that the new lines of a server's log tell.

    Examples
    --------
    >>> failure('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use')
    <Failure.PORT_TAKEN: 'port taken'>
    """
    return next((kind for sign, kind in _SIGNS if sign in log), Failure.OTHER)


def last_words(log: str) -> str:
    r"""Return the line of a log that says best what went wrong.

    Examples
    --------
    >>> last_words("x LOG:  starting\nx FATAL:  no space left on device\nx LOG:  shut down")
    'no space left on device'
    """
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    told = [line for line in lines if any(word in line for word in _ERRORS)]
    line = (told or lines or ["?"])[-1]
    for word in _ERRORS:
        line = line.rpartition(word)[2]
    return line.strip()


def parse_pid_file(text: str) -> PidFile | None:
    r"""Return the facts of ``postmaster.pid``; None when it is empty or cut short.

    Examples
    --------
    >>> parse_pid_file("41\n/d\n1700000000\n5499\n\n127.0.0.1\n  12 0\nready   \n")
    PidFile(pid=41, port=5499, ready=True)
    """
    lines = [line.strip() for line in text.splitlines()]
    if not lines or not lines[0].isdigit():
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else None
    return PidFile(int(lines[0]), port, ready=len(lines) > 7 and lines[7] == "ready")


def read_pid_file(data: Path) -> PidFile | None:
    """Return what a data folder's ``postmaster.pid`` says, None without one."""
    try:
        return parse_pid_file((data / "postmaster.pid").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def is_alive(pid: int, *, proc: Path = PROC) -> bool:
    """Return whether a process number is taken, by whomever; a zombie takes one too."""
    return (proc / str(pid)).exists()


def serves(pid: int, data: Path, account: Account, *, proc: Path = PROC) -> bool:
    """Return whether a process is a PostgreSQL server process of this data folder.

    A number in ``postmaster.pid`` proves nothing: after a reboot another program may have it.
    Every server process has the data folder as its working folder.

    Parameters
    ----------
    pid, data
        The process asked about and the data folder, absolute.
    account
        The server's; a process of any other is not it.
    """
    entry = proc / str(pid)
    try:
        if entry.stat().st_uid != account.uid:
            return False
        program, folder = _links(entry, account)
    except OSError:
        return False
    # " (deleted)" follows when the package was upgraded below the running server.
    return Path(program.removesuffix(" (deleted)")).name == "postgres" and folder == str(data)


def _links(entry: Path, account: Account) -> tuple[str, str]:
    """Return a process's program and working folder.

    Root in a container may lack CAP_SYS_PTRACE and so may not look at another account's process;
    that account itself may.
    """
    try:
        return os.readlink(entry / "exe"), os.readlink(entry / "cwd")
    except PermissionError:
        if os.geteuid() != 0:
            raise
    said = subprocess.run(
        ["readlink", entry / "exe", entry / "cwd"],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    if len(said) != 2:
        raise PermissionError(str(entry))
    return said[0], said[1]


def processes_of(data: Path, account: Account, *, proc: Path = PROC) -> Iterator[int]:
    """Yield every process of a data folder's server, orphans of a killed one too."""
    for entry in proc.iterdir():
        if entry.name.isdigit() and serves(int(entry.name), data, account, proc=proc):
            yield int(entry.name)


def server_options(*, port: int, tests: bool, zone_files: Path) -> str:
    """Return the options of ``pg_ctl start -o``.

    Settings go in by the command line, so a new release's settings reach an old cluster. No unix
    socket: its path may be at most 107 bytes long, which deep folders exceed.
    """
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "port": str(port),
        "max_connections": "60",
        "shared_buffers": "256MB",
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": _ZONE if (zone_files / _ZONE).exists() else _ZONE_WITHOUT_FILES,
        "log_timezone": "UTC",
        "logging_collector": "off",
    }
    if tests:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Return whether a server could listen on a port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As PostgreSQL does: connections of a server just stopped do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
