"""The grid and the roster in memory, never older than two seconds.

A thread looks at the counts of changes once a second, and at once when it is notified. What it
holds is good for ``FRESH_S`` after the last look that found it unchanged: a notification that is
lost, a database that is away or a change that takes long to read in never make anybody served by an
older grid than that. Meanwhile whoever asks is sent to the database (``sight`` is None).
"""

import logging
import math
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from geo.access.actors import Actor, Reason
from geo.db.changes import CHANNEL
from geo.db.listening import Listener
from geo.db.sql import statement
from geo.grid.store import publication_at
from geo.locate.files import SnapshotFiles
from geo.locate.history import Past, Publications, Works, publications, snapshot_of
from geo.locate.loading import loaded
from geo.locate.snapshot import Snapshot
from geo.workforce.standing import Roster, standing_roster

_log = logging.getLogger(__name__)

FRESH_S = 2.0
LOOK_EVERY_S = 1.0
# After a look that failed.
_REST_S = 0.5
_STOP_S = 5.0
_READER = Actor.system("locate")
_NO_PUBLICATIONS = Publications((), ())


@dataclass(frozen=True, slots=True)
class Counts:
    """How often what is held has changed."""

    grid: int
    roster: int


@dataclass(frozen=True, slots=True)
class Held:
    """What is in memory, and for how long it is good.

    Parameters
    ----------
    counts : as they were before it was read
    publications, snapshot, roster : what was read
    looked_at : monotonic seconds before the last look that found it unchanged
    due : when a publication that is announced begins to hold, seconds since 1970
    """

    counts: Counts
    publications: Publications
    snapshot: Snapshot
    roster: Roster
    looked_at: float = 0.0
    due: float = math.inf


@dataclass(frozen=True, slots=True)
class Sight:
    """What one answer is made from.

    Parameters
    ----------
    moment : asked about, by the clock of the database
    snapshot : the grid that held then
    roster : who stands assigned now; None for a moment that has passed
    """

    moment: datetime
    snapshot: Snapshot
    roster: Roster | None


class Live:
    """Holds the grid and the roster, and looks after them in a thread until it is stopped.

    Parameters
    ----------
    works : opens the works it reads in
    url : of the application role, for a connection that hears of changes
    folder : for files that processes share
    zone : in which days begin
    clock : seconds that never go back
    """

    def __init__(
        self,
        works: Works,
        *,
        url: str,
        folder: Path,
        zone: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._works, self._zone, self._clock = works, zone, clock
        self._local = ZoneInfo(zone)
        self._listener = Listener(url, CHANNEL)
        self._files = SnapshotFiles(folder)
        self._past = Past(self._read_past)
        self._held: Held | None = None
        # What the clock of the database is ahead of ours, in seconds since 1970.
        self._ahead = 0.0
        self._stop = threading.Event()
        self._wakers: tuple[socket.socket, socket.socket] | None = None
        self._thread = threading.Thread(target=self._run, name="live grid", daemon=True)
        self._fault = ""

    def start(self) -> None:
        """Begin to read, and to look."""
        self._wakers = socket.socketpair()
        self._thread.start()

    def stop(self) -> None:
        """Look no more; what is held goes stale by itself."""
        self._stop.set()
        if self._wakers is not None:
            self._wakers[1].send(b"x")
            self._thread.join(_STOP_S)
            for end in self._wakers:
                end.close()
        self._past.join()
        self._listener.close()

    def now(self) -> datetime:
        """Return the present instant by the clock of the database, in the zone of days."""
        return datetime.fromtimestamp(self._clock() + self._ahead, self._local)

    @property
    def held(self) -> Held | None:
        """What is in memory and good; None when the database must be asked."""
        held = self._held
        if held is None or self._clock() - held.looked_at > FRESH_S:
            return None
        return held

    def present(self) -> tuple[Held, float] | None:
        """Return what holds now and the present instant in seconds since 1970, by the database.

        None when the database must be asked. For who answers thousands of questions a second.
        """
        held, clock = self._held, self._clock()
        if held is None or clock - held.looked_at > FRESH_S or not held.snapshot.number:
            return None
        instant = clock + self._ahead
        return None if instant >= held.due else (held, instant)

    def sight(self, as_of: datetime | None = None) -> Sight | None:
        """Return what an answer is made from; None when the database must be asked.

        That is so as long as nothing good is held, for a moment before the first publication or in
        the future, and for a past publication until it has been read.
        """
        held, now = self.held, self.now()
        if held is None or (as_of is not None and as_of > now):
            return None
        moment = now if as_of is None else as_of
        number = held.publications.at(moment)
        if number == 0:
            return None
        snapshot = held.snapshot if number == held.snapshot.number else self._past.get(number)
        if snapshot is None:
            return None
        return Sight(moment, snapshot, held.roster if as_of is None else None)

    def look(self) -> bool:
        """Look once whether what is held is still so, and read what is not; True when it was."""
        begun = self._clock()
        grid, roster, epoch = self._listener.ask(statement("geo.locate", "look"))
        self._ahead = float(epoch) - self._clock()
        counts, held = Counts(int(grid), int(roster)), self._held
        if held is not None and held.counts == counts and not self._is_due(held):
            self._hold(held, begun)
            return True
        self._hold(self._read(counts, held), begun)
        return False

    def _is_due(self, held: Held) -> bool:
        """Return whether a publication that was announced holds by now."""
        return held.publications.at(self.now()) != held.snapshot.number

    def _hold(self, held: Held, looked_at: float) -> None:
        self._held = replace(held, looked_at=looked_at)

    def _read(self, counts: Counts, held: Held | None) -> Held:
        """Return what is so now; what has not changed is not read again."""
        known, roster = _NO_PUBLICATIONS, None
        if held is not None and held.counts.roster == counts.roster:
            roster = held.roster
        with self._works.work(_READER, reading=True) as work:
            known = publications(work.session)
            if roster is None:
                with work.elevated(Reason.DUTY_LOOKUP):
                    roster = standing_roster(work.session, work.now, self._zone)
        number = known.at(self.now())
        snapshot = held.snapshot if held is not None else None
        if snapshot is None or snapshot.number != number:
            before, snapshot = (
                snapshot,
                snapshot_of(self._works, self._files, known, number, snapshot),
            )
            self._past.keep([before] if before is not None else [])
            snapshot.warm()
        return Held(counts, known, snapshot, roster, due=known.due_after(number))

    def _read_past(self, number: int) -> Snapshot:
        held = self._held
        known = _NO_PUBLICATIONS if held is None else held.publications
        return snapshot_of(self._works, self._files, known, number, None)

    def _run(self) -> None:
        assert self._wakers is not None
        while not self._stop.is_set():
            wait_s = self._tried()
            if wait_s:
                self._listener.wait(wait_s, self._wakers[0])

    def _tried(self) -> float:
        """Look once, whatever happens, and return how long to wait before the next time."""
        try:
            unchanged = self.look()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may be better
            self._ail(error)
            return _REST_S
        self._fault = ""
        # What was read may have taken long: look again at once whether it is still so.
        return LOOK_EVERY_S if unchanged else 0.0

    def _ail(self, error: Exception) -> None:
        """Say once for each kind of fault that nothing is held, of an unforeseen one where."""
        kind = type(error).__name__
        if kind != self._fault:
            self._fault = kind
            known = isinstance(error, SQLAlchemyError | OSError)
            _log.warning(
                "the grid is not held in memory; trying again: %s",
                kind,
                exc_info=None if known else error,
            )


def read_sight(works: Works, zone: str, as_of: datetime | None) -> Sight:
    """Return what an answer is made from, read from the database for this alone.

    Parameters
    ----------
    zone : in which days begin
    as_of : None for now

    Raises
    ------
    NothingPublished
        When no grid was in effect at the moment.
    """
    with works.work(_READER, long=True, reading=True) as work:
        moment = work.now if as_of is None else as_of
        grid = loaded(work.session, publication_at(work.session, moment).number)
        if as_of is not None:
            return Sight(moment, grid, None)
        with work.elevated(Reason.DUTY_LOOKUP):
            return Sight(moment, grid, standing_roster(work.session, moment, zone))
