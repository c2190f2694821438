"""Where the private cluster lies and as which account its server runs; starts nothing.

PostgreSQL refuses to run as root, so root hands it to an account without rights. That account
must be able to walk down to the folder; where it cannot (a 0700 home), the cluster lies below
``/var/lib/wangge`` and the data folder keeps a link to it. Standard library only.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import Unavailable

ELSEWHERE: Final = Path("/var/lib/wangge")
ACCOUNTS: Final = ("postgres", "wangge", "nobody")


class ClusterFolderRefused(Unavailable):
    """The cluster's folder cannot be used by who runs this."""

    code = "cluster_folder_refused"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this machine, by number."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a cluster, its server's account, and whether it had to lie elsewhere."""

    folder: Path
    account: Account
    moved: bool


def place_of(home: Path, *, tests: bool) -> Place:
    """Return where the cluster of a data folder lies or is to lie; makes nothing.

    Parameters
    ----------
    home
        The data folder, absolute.
    tests
        The cluster of the tests, beside the real one.
    """
    own = home / ("cluster-tests" if tests else "cluster")
    if own.is_symlink():
        folder = own.resolve()
        return Place(folder, server_account(folder), moved=True)
    account = server_account(own)
    if own.exists() or os.geteuid() != 0 or reachable(home, account):
        return Place(own, account, moved=False)
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:10]
    return Place((ELSEWHERE / key / own.name).resolve(), account, moved=True)


def make_folder(place: Place, home: Path, *, tests: bool) -> None:
    """Make the cluster's folder, and the link to it when it lies elsewhere.

    Raises
    ------
    ClusterFolderRefused
        When the folder cannot be made, or the server's account cannot reach it.
    """
    own = home / ("cluster-tests" if tests else "cluster")
    # Root's umask may be 077; the server's account has to pass through what is made here.
    umask = os.umask(0o022)
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        if place.moved and not own.is_symlink():
            home.mkdir(parents=True, exist_ok=True)
            own.symlink_to(place.folder)
    except OSError as error:
        raise ClusterFolderRefused(folder=str(place.folder), reason=error.strerror) from error
    finally:
        os.umask(umask)
    if os.geteuid() == 0 and not reachable(place.folder, place.account):
        raise ClusterFolderRefused(folder=str(place.folder), reason="0700")


def server_account(folder: Path) -> Account:
    """Return as whom the server runs: ourselves, or as root an account without rights.

    A cluster that already exists decides by its owner.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    data = folder / "data"
    if data.is_dir() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ClusterFolderRefused(folder=str(folder), reason="no account postgres, wangge or nobody")


def reachable(folder: Path, account: Account) -> bool:
    """Return whether the account may walk down to a folder, by the modes of its parents.

    A parent that does not exist yet will be made by us with a mode that lets it through.
    """
    parents = [folder, *folder.parents]
    return all(_lets_through(p.stat(), account) for p in parents if p.exists())


def _lets_through(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def existing_major(folder: Path) -> int | None:
    """Return the PostgreSQL major version of the cluster in a folder, None without one."""
    try:
        return int((folder / "data" / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
