"""Which publication holds at a moment, and the snapshots of a few of them."""

import hashlib
import logging
import math
import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from geo.access.actors import Actor
from geo.db.sql import statement
from geo.locate.files import SnapshotFiles
from geo.locate.loading import followed, loaded
from geo.locate.snapshot import Snapshot
from geo.work import Work

_log = logging.getLogger(__name__)
_READER = Actor.system("locate")
# Past publications in memory; and how long nothing is read after one was, at least and in multiples
# of what that took. A crawl through the whole history shall not keep the processor busy.
_PAST = 4
_PAUSE_S, _PAUSE_TIMES = 10.0, 10.0


class Works(Protocol):
    """What reading needs of a runtime: works of its own."""

    def work(
        self, actor: Actor, *, dry_run: bool = False, long: bool = False, reading: bool = False
    ) -> AbstractContextManager[Work]:
        """Open a work."""


@dataclass(frozen=True, slots=True)
class Publications:
    """All publications in order.

    Parameters
    ----------
    numbers : rising
    instants : from when each holds, rising
    """

    numbers: tuple[int, ...]
    instants: tuple[datetime, ...]

    def at(self, moment: datetime) -> int:
        """Return the number of the publication that holds at a moment; 0 before the first.

        Examples
        --------
        >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
        >>> one = Publications((1,), (noon,))
        >>> one.at(noon), one.at(noon.replace(hour=11))
        (1, 0)
        """
        place = bisect_right(self.instants, moment)
        return self.numbers[place - 1] if place else 0

    def due_after(self, number: int) -> float:
        """Return when the publication after one begins to hold, seconds since 1970, or infinity."""
        later = [at for n, at in zip(self.numbers, self.instants, strict=True) if n > number]
        return min(later).timestamp() if later else math.inf

    def key(self, number: int) -> str:
        """Return a name for a publication that no other one of any database has.

        Instants are those of commits, to the microsecond.
        """
        past = zip(self.numbers, self.instants, strict=True)
        told = [f"{n}={at.astimezone(UTC).isoformat()}" for n, at in past if n <= number]
        return f"{number}-{hashlib.sha256(' '.join(told).encode()).hexdigest()[:16]}"


def publications(session: Session) -> Publications:
    """Return all publications as they are committed."""
    rows = session.execute(statement("geo.locate", "publications")).all()
    return Publications(tuple(row.number for row in rows), tuple(row.effective_at for row in rows))


def snapshot_of(
    works: Works, files: SnapshotFiles, known: Publications, number: int, near: Snapshot | None
) -> Snapshot:
    """Return the snapshot of a publication: kept in a file, made from one near it, or read whole.

    Parameters
    ----------
    near : of another publication of the same database; None to share a file with other processes
    """
    key = known.key(number)
    found = files.load(key, number)
    if found is not None:
        return found
    if near is not None:
        # The changes are small and private to this process; the rest stays shared.
        with works.work(_READER, long=True, reading=True) as work:
            found = followed(work.session, near, number)
        if found is not None:
            return found
    return _made(works, files, key, number)


def _made(works: Works, files: SnapshotFiles, key: str, number: int) -> Snapshot:
    try:
        with files.alone():
            return files.load(key, number) or files.keep(key, _read(works, number))
    except OSError:
        _log.warning("snapshots of the grid cannot be kept in files")
        return _read(works, number)


def _read(works: Works, number: int) -> Snapshot:
    with works.work(_READER, long=True, reading=True) as work:
        return loaded(work.session, number)


class Past:
    """Snapshots of past publications, read in a thread of their own when somebody asks for one.

    Parameters
    ----------
    read : gives the snapshot of a publication
    """

    def __init__(
        self, read: Callable[[int], Snapshot], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._clock = read, clock
        self._kept: OrderedDict[int, Snapshot] = OrderedDict()
        self._lock = threading.Lock()
        self._reading: threading.Thread | None = None
        self._free_at = -math.inf

    def get(self, number: int) -> Snapshot | None:
        """Return a snapshot that is here; else begin to read it, and return None."""
        with self._lock:
            found = self._kept.get(number)
            if found is not None:
                self._kept.move_to_end(number)
            elif self._may_read():
                self._reading = threading.Thread(
                    target=self._fetch, args=(number,), name="past grid", daemon=True
                )
                self._reading.start()
        return found

    def keep(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep snapshots; those not asked for longest make room."""
        with self._lock:
            for snapshot in snapshots:
                self._kept[snapshot.number] = snapshot
                self._kept.move_to_end(snapshot.number)
            while len(self._kept) > _PAST:
                self._kept.popitem(last=False)

    def join(self) -> None:
        """Wait until nothing is being read."""
        if self._reading is not None:
            self._reading.join()

    def _may_read(self) -> bool:
        busy = self._reading is not None and self._reading.is_alive()
        return not busy and self._clock() >= self._free_at

    def _fetch(self, number: int) -> None:
        begun = self._clock()
        try:
            self.keep([self._read(number)])
        except Exception:  # noqa: BLE001 - answers come from the database meanwhile
            _log.warning("publication %s cannot be read into memory", number, exc_info=True)
        took_s = self._clock() - begun
        self._free_at = self._clock() + max(_PAUSE_S, _PAUSE_TIMES * took_s)
