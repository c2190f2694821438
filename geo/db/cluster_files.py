"""The small files of a cluster's folder: locks, leases, passwords, the port. Standard library only.

Locks are held by the kernel (``flock``), so a killed process holds none and no process number is
ever mistaken for another one.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final, Self

from geo.db.cluster_place import ClusterFolderRefused
from geo.errors import Unavailable

LOCK_WAIT_S: Final = 120.0
_POLL_S: Final = 0.05


class ClusterBusy(Unavailable):
    """Another process keeps the cluster's folder locked for longer than a start can take."""

    code = "cluster_busy"


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of the superuser and of the two roles."""

    admin: str
    owner: str
    app: str

    @classmethod
    def random(cls) -> Self:
        """Return new passwords that need no quoting in a URL."""
        return cls(*(secrets.token_urlsafe(24) for _ in range(3)))


def passwords_of(folder: Path) -> Passwords | None:
    """Return the passwords kept in a cluster's folder, None before there are any."""
    try:
        return Passwords(**json.loads((folder / "passwords.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def keep_passwords(folder: Path, passwords: Passwords) -> None:
    """Write the passwords so that only we can read them."""
    write_whole(folder / "passwords.json", json.dumps(asdict(passwords)))


def last_port(folder: Path) -> int | None:
    """Return the port the cluster last listened on, so that tools find it again."""
    try:
        return int((folder / "port").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def write_whole(path: Path, text: str) -> None:
    """Write a file of mode 0600 that is either the old one or the new one, never half of it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def locked(folder: Path, *, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold the cluster's folder alone; one process starts or stops its server at a time.

    Raises
    ------
    ClusterBusy
        When another process has held it for ``wait_s`` seconds.
    ClusterFolderRefused
        When the folder belongs to somebody else.
    """
    with _opened(folder / "start.lock") as file:
        deadline = time.monotonic() + wait_s
        while not _try_lock(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ClusterBusy(folder=str(folder), seconds=round(wait_s))
            time.sleep(_POLL_S)
        yield


class Lease:
    """One process's use of a running cluster: a shared lock, given back when it ends or dies."""

    def __init__(self, folder: Path) -> None:
        self._file = _opened(folder / "users.lock")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def sole(self) -> bool:
        """Return whether nobody else uses the cluster; ask only inside ``locked``."""
        return _try_lock(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        """Give the use back."""
        self._file.close()


def _opened(path: Path) -> IO[str]:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w")
    except OSError as error:
        raise ClusterFolderRefused(folder=str(path.parent), reason=error.strerror) from error


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
