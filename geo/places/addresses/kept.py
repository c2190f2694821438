"""The gazetteer of a process: read in when first asked, and again when places have changed.

A process looks at the counts of changes at most once in two seconds. While one asker reads it in
anew, the others are answered by the one before.
"""

import math
import threading
import time
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from geo.places.addresses import store
from geo.places.addresses.aliases import Aliases
from geo.places.addresses.store import Counts

LOOK_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Held:
    """What is in memory, the counts it was read at, and when it was last looked at."""

    aliases: Aliases
    counts: Counts
    looked_at: float


class KeptGazetteer:
    """The gazetteer of one process and database."""

    def __init__(self, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._held: Held | None = None
        self._lock = threading.Lock()
        self._look_every_s = look_every_s

    def of(self, session: Session) -> Aliases:
        """Return the gazetteer with the names on top of it, at most two seconds old.

        The one who finds it old reads it in; whoever comes meanwhile is answered by the old one.
        """
        held = self._held
        if held is not None and time.monotonic() - held.looked_at < self._look_every_s:
            return held.aliases
        if held is not None and not self._lock.acquire(blocking=False):
            return held.aliases
        if held is None:
            self._lock.acquire()
        try:
            return self._read(session).aliases
        finally:
            self._lock.release()

    def look_again(self) -> None:
        """Let the next asker look for changes at once: what is being written shall be found."""
        held = self._held
        if held is not None:
            self._held = replace(held, looked_at=-math.inf)

    def _read(self, session: Session) -> Held:
        held, looked_at = self._held, time.monotonic()
        if held is not None and looked_at - held.looked_at < self._look_every_s:
            return held  # by whoever held the lock before
        now = store.counts(session)
        if held is None or held.counts.places != now.places:
            made = Aliases(store.gazetteer(session).ready(), store.aliases(session)).ready()
        elif held.counts.names != now.names:
            made = Aliases(held.aliases.gazetteer, store.aliases(session)).ready()
        else:
            made = held.aliases
        self._held = Held(made, now, looked_at)
        return self._held
