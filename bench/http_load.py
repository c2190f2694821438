"""A load of requests over kept connections, one core: how many are answered in a second."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import uvloop

_LENGTH, _END = b"content-length: ", b"\r\n"


@dataclass
class Load:
    """What came of a load.

    Parameters
    ----------
    answered : requests answered 200
    refused : requests answered otherwise
    seconds : from each request to the last byte of its answer
    """

    answered: int = 0
    refused: int = 0
    seconds: list[float] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def per_s(self) -> float:
        """Requests answered in a second."""
        return self.answered / self.took_s

    def ms(self, percentile: float) -> float:
        """Return how long so many of a hundred answers took at most."""
        return float(np.percentile(self.seconds, percentile)) * 1000


class Asking(asyncio.Protocol):
    """One connection: the next request goes out when an answer is whole."""

    def __init__(self, requests: Iterator[bytes], load: Load, until: float) -> None:
        self.requests, self.load, self.until = requests, load, until
        self.got = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask first."""
        self.transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        self.got += data
        head = self.got.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self.got.lower().find(_LENGTH, 0, head + 2) if self.got else -1
        if at < 0:
            raise ValueError("an answer without a length")
        length = int(self.got[at + len(_LENGTH) : self.got.index(_END, at)])
        if len(self.got) < head + 4 + length:
            return
        now = time.perf_counter()
        self.load.seconds.append(now - self.begun)
        if self.got.startswith(b"HTTP/1.1 200"):
            self.load.answered += 1
        else:
            self.load.refused += 1
        self.got = b""
        if now < self.until:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if not self.done.done():
            self.done.set_result(None)

    def _ask(self) -> None:
        self.begun = time.perf_counter()
        self.transport.write(next(self.requests))


def load(port: int, requests: list[bytes], *, seconds: float, connections: int = 32) -> Load:
    """Return what a server answers in some seconds."""
    return uvloop.run(_load(port, requests, seconds, connections))


async def _load(port: int, requests: list[bytes], seconds: float, connections: int) -> Load:
    loop, found = asyncio.get_running_loop(), Load()
    turning, begun = itertools.cycle(requests), time.perf_counter()
    make: Callable[[], Asking] = lambda: Asking(turning, found, begun + seconds)  # noqa: E731
    opened = [await loop.create_connection(make, "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    found.took_s = time.perf_counter() - begun
    return found
