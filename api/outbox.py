"""Answers given at once, sent one after another at the end of a turn of the event loop.

To wake a client on another core costs more than half of what answering does. In a row the first
answer wakes who waits, and finds others awake; sent between two answers each wakes its client anew.
"""

import asyncio


class Outbox:
    """What is to be sent when the event loop has read all that has come."""

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.Transport, bytes]] = []

    def put(self, transport: asyncio.Transport, answer: bytes) -> None:
        """Send an answer at the end of this turn, before anything that begins after now."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.send)
        self._waiting.append((transport, answer))

    def send(self) -> None:
        """Send what waits; whoever has gone is passed over."""
        waiting, self._waiting = self._waiting, []
        for transport, answer in waiting:
            if not transport.is_closing():
                transport.write(answer)
