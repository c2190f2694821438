"""The connections of a server, counted and looked at: how many may be, and which are overdue."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from api.deadlines import Deadlines
from api.outbox import Outbox
from geo.texts import Lang

# Connections from this machine beyond the cap, so that its health checks get through.
RESERVED = 64
_LOOKS_S = 1.0
_TELL_EVERY_S = 60.0

_log = logging.getLogger(__name__)


class Connection(Protocol):
    """What is counted."""

    address: str
    loop: asyncio.AbstractEventLoop

    def look(self, now: float) -> None:
        """End the connection when it has broken a deadline."""


@dataclass(slots=True)
class Door:
    """Counts the connections of a server, and looks at all of them once a second.

    Parameters
    ----------
    most, most_each : connections in all, and of one address
    deadlines : of each of them
    lang : of the answers that are given here
    is_local, is_proxy : whether an address is of this machine, or of a proxy that speaks for many
    outbox : of their answers that are given at once
    """

    most: int = 1000
    most_each: int = 200
    deadlines: Deadlines = field(default_factory=Deadlines)
    lang: Lang = "en"
    is_local: Callable[[str], bool] = "127.0.0.1".__eq__
    is_proxy: Callable[[str], bool] = "".__eq__
    outbox: Outbox = field(default_factory=Outbox)
    open: set[Connection] = field(default_factory=set)
    refused: int = 0  # since the last line that said so
    _told_at: float = float("-inf")
    _by_address: Counter[str] = field(default_factory=Counter)
    _looking: bool = False

    def enter(self, connection: Connection) -> bool:
        """Count a connection in; return whether it may stay."""
        address = connection.address
        local = self.is_local(address)
        shared = local or self.is_proxy(address)
        fits = len(self.open) < self.most + (RESERVED if local else 0) and (
            shared or self._by_address[address] < self.most_each
        )
        self.open.add(connection)
        self._by_address[address] += 1
        self.refused += not fits
        if not self._looking:
            self._look_later(connection.loop)
        return fits

    def leave(self, connection: Connection) -> None:
        """Count a connection out."""
        if connection in self.open:
            self.open.discard(connection)
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = True
        every_s = min(_LOOKS_S, self.deadlines.head_s / 4, self.deadlines.linger_s / 2)
        loop.call_later(every_s, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in list(self.open):
            connection.look(now)
        self._tell_refused(now)
        self._looking = False
        if self.open:
            self._look_later(loop)

    def _tell_refused(self, now: float) -> None:
        if self.refused and now - self._told_at > _TELL_EVERY_S:
            _log.warning("connections refused", extra={"refused": self.refused})
            self.refused, self._told_at = 0, now
