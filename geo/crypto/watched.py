"""The keyring of a running process: read at its start, read again when the file changes.

Rotating keys happens beside running servers. Each of them must read with a key from the moment
anybody writes with it, so before each use the file's stamp is looked at (2 µs).
"""

import logging
import os
from pathlib import Path

from geo.crypto.aead import CipherName
from geo.crypto.key_file import KeysMissing, KeysStand
from geo.crypto.keyring import Keyring
from geo.errors import GeoError

_log = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None


class WatchedKeyring:
    """The newest good keyring of a file.

    Parameters
    ----------
    path : of the file

    Raises
    ------
    KeysMissing, KeysOpen, KeysBroken, KeysWeak
        When the file is no good at the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self._keyring = Keyring.load(path)

    def __call__(self) -> Keyring:
        """Return the keyring; after a bad change of the file the one before, and a log line."""
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._keyring = Keyring.load(self._path)
            except GeoError as error:
                _log.error("the changed keyring is not used: %s", error)
        return self._keyring


def make_missing(path: Path, cipher: CipherName) -> None:
    """Make a keyring where none stands: for a demo, whose data are invented."""
    try:
        Keyring.load(path)
    except KeysMissing:
        try:
            Keyring.new(cipher).create(path)
        except KeysStand:
            return  # another process was quicker, or the file is there and may not be read


def _stamp(path: Path) -> Stamp:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ctime_ns, found.st_ino, found.st_size
