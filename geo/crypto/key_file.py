"""A small file that only its owner may read, written whole or not at all."""

import os
import secrets
from pathlib import Path

from geo.errors import Refused, Unavailable

_OTHERS_BITS = 0o077
_OWNER_ONLY = 0o600


class KeysMissing(Unavailable):
    """There is no keyring file where one must be."""

    code = "keys_missing"


class KeysOpen(Refused):
    """Others than its owner may read or write the keyring file."""

    code = "keys_open"


class KeysStand(Refused):
    """There is a keyring already; it is never overwritten by a new one."""

    code = "keys_stand"


def read_private(path: Path) -> bytes:
    """Return what a file holds that is its owner's alone.

    Raises
    ------
    KeysMissing
        When there is no such file, or it cannot be read.
    KeysOpen
        When others than its owner may read or write it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & _OTHERS_BITS:
                raise KeysOpen(path=str(path), mode=f"{mode & 0o777:03o}")
            return file.read()
    except OSError as error:
        raise KeysMissing(path=str(path), reason=error.strerror or "") from error


def replace_private(path: Path, text: bytes) -> None:
    """Write a file in place of what stands."""
    _written(path, text).replace(path)
    _settle(path.parent)


def create_private(path: Path, text: bytes) -> None:
    """Write a file where none stands.

    Raises
    ------
    KeysStand
        When one stands: its keys may be the only ones that read the data.
    """
    fresh = _written(path, text)
    try:
        os.link(fresh, path)
    except FileExistsError as error:
        raise KeysStand(path=str(path)) from error
    finally:
        fresh.unlink()
    _settle(path.parent)


def _written(path: Path, text: bytes) -> Path:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with open(number, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(number)
    return fresh


def _settle(folder: Path) -> None:
    """Make sure that the name of a new file outlives a crash of the machine."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
