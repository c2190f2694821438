"""Snapshots in files, which the processes of a machine map and so share.

A folder a publication, written aside and moved to its name when it is whole, so nobody ever reads
half of one. What cannot be read is made again; nothing here is anything but a copy.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.locate.cells import Cells
from geo.locate.snapshot import Snapshot
from geo.spatial.tiles.layout import IndexFileRefused
from geo.spatial.tiles.point_index import load

# Folders kept: the current publication and some past ones.
KEPT = 8
_INDEX = "index"


class SnapshotFiles:
    """The snapshots in a folder.

    Parameters
    ----------
    folder : made when the first is kept
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str, number: int) -> Snapshot | None:
        """Return a snapshot, mapped; None when there is none that can be read.

        Parameters
        ----------
        key : tells publications of different databases apart
        """
        place = self._folder / key
        try:
            found = Snapshot(number, Cells.load(place), load(place / _INDEX))
            os.utime(place)
        except (OSError, ValueError, IndexFileRefused):
            return None
        return found

    def keep(self, key: str, snapshot: Snapshot) -> Snapshot:
        """Write a snapshot and return it as read again, mapped; older ones make room.

        Raises
        ------
        OSError
            When the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=self._folder, prefix="."))
        try:
            snapshot.cells.save(aside)
            snapshot.index.save(aside / _INDEX)
            self._put(aside, self._folder / key)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        self._make_room()
        return self.load(key, snapshot.number) or snapshot

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from making the same snapshot until the block ends.

        Raises
        ------
        OSError
            When the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _put(self, aside: Path, place: Path) -> None:
        # What is there could not be read, or somebody else has just made the same.
        shutil.rmtree(place, ignore_errors=True)
        aside.rename(place)

    def _make_room(self) -> None:
        folders = [path for path in self._folder.iterdir() if not path.name.startswith(".")]
        folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in folders[KEPT:]:
            shutil.rmtree(path, ignore_errors=True)
