"""The HTTP protocol of the server: uvicorn's, with deadlines, caps and answers of our own.

What is refused here never reaches the application: too many connections, a header without end, a
request that is no HTTP, a client that is slow on purpose. ``api/deadlines.py`` decides when.

What an application answers from memory goes out at once, without a task for it: its ``at_once``,
where it has one, is asked before it is called.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import orjson
from starlette.types import Scope
from uvicorn import Config
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from api.batches.body import LONG
from api.deadlines import Overdue, Phase, Progress, overdue
from api.door import Door
from api.errors import HTTP_CODES, TooBusy
from geo.texts import Lang, text

# Bytes of a request line with its header fields; the application looks at each part more closely.
HEAD_MAX = 65_536
# Bytes of a body that is no longer wanted, read so that the client gets to see its answer.
UNWANTED_MAX = 4 * 1024 * 1024
# Refused before the application is asked: status → code.
CODES = {status: HTTP_CODES[status] for status in (400, 408, 431)} | {503: TooBusy.code}


# What an application may answer at once, by the path: from a query and a scope to the lines of the
# header fields, an empty line and the body of an answer 200; None when it has to be called.
AtOnce = Mapping[bytes, Callable[[bytes, Scope], bytes | None]]


class BoundedProtocol(HttpToolsProtocol):
    """One connection: uvicorn's protocol, which ends when its client breaks a deadline or a cap.

    Parameters
    ----------
    door : counts it; the rest is uvicorn's
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.door = door
        self.address = ""
        self._at_once: AtOnce = getattr(self.app, "at_once", {})
        # Of what comes together one answer goes out at once: others wait for their turn.
        self._is_first = True
        self._is_answered = False
        self._fields: tuple[object, bytes] = (None, b"")
        now = self.loop.time()
        self.progress = Progress(Phase.HEAD, now, now)
        self._head_bytes = 0
        self._unwanted_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Let a connection in, or send it away at once when there are too many."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.progress.enter(Phase.HEAD, self.loop.time())
        if not self.door.enter(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection out."""
        self.door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while what has come keeps its measure."""
        progress = self.progress
        progress.heard = self.loop.time()
        if progress.phase is Phase.CLOSING:
            self._unwanted(len(data))
            return
        if progress.phase is Phase.IDLE:
            self._begin_head()
        if progress.phase is Phase.HEAD:
            self._head_bytes += len(data)
        if progress.due_s is not None:
            progress.due_s += len(data) / self.door.deadlines.long_rate_bytes_s
        self._is_first = True
        super().data_received(data)
        if progress.phase is Phase.HEAD and self._head_bytes > HEAD_MAX:
            self._refuse(431)
        elif progress.phase is Phase.BODY and self.cycle.response_complete:
            self._unwanted(len(data))

    def on_message_begin(self) -> None:
        """Begin a request, maybe while the one before is still worked on."""
        super().on_message_begin()
        self._is_answered = False
        if self.progress.phase is not Phase.HEAD:
            self._begin_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field; a trailer, which no gate before us has looked at, is left out."""
        if self.progress.phase is Phase.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Answer at once, or hand the request over; from here on its body is due."""
        if self._is_first and self._answer_at_once():
            return
        self.progress.enter(Phase.BODY, self.loop.time())
        self._unwanted_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for our own answer, or for the next request when it was given already."""
        if self._is_answered:
            self.progress.enter(Phase.IDLE, self.loop.time())
            return
        done = self.cycle.response_complete
        self.progress.enter(Phase.IDLE if done else Phase.WORK, self.loop.time())
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        extensions: dict[str, Any] = {LONG: self._take_long}
        cycle.scope["extensions"] = extensions
        cycle.transport = cast(asyncio.Transport, _Lingering(self, cycle.transport))
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Wait for the next request, unless one waits already."""
        waiting = bool(self.pipeline)
        super().on_response_complete()
        if self.progress.phase is Phase.WORK and not waiting:
            self.progress.enter(Phase.IDLE, self.loop.time())

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(400)

    def look(self, now: float) -> None:
        """End the connection when it has broken a deadline."""
        progress = self.progress
        if self.transport.is_closing() and progress.phase is not Phase.CLOSING:
            progress.enter(Phase.CLOSING, now)
        progress.look_at_unsent(self.transport.get_write_buffer_size(), now)
        if self.flow.read_paused and progress.phase is Phase.BODY:
            progress.enter(Phase.BODY, now)  # we do not read, so it cannot send
        reason = overdue(progress, self.door.deadlines, now)
        if reason is Overdue.STUCK:
            self.transport.abort()
        elif reason is Overdue.SILENT or (reason is Overdue.SLOW and not self._head_begun()):
            self.transport.close()
        elif reason is Overdue.SLOW:
            self._refuse(408)

    def _answer_at_once(self) -> bool:
        """Answer a plain request, when the application can and nothing is in the way."""
        self._is_first = False
        path, _, query = self.url.partition(b"?")
        at_once = self._at_once.get(path)
        if at_once is None or self.parser.get_method() != b"GET" or not self._is_free():
            return False
        found = at_once(query, cast(Scope, self.scope))
        if found is None:
            return False
        whole = b"".join((STATUS_LINE[200], self._own_fields(), found))
        self.door.outbox.put(self.transport, whole)
        self.server_state.total_requests += 1
        self._is_answered = True
        return True

    def _is_free(self) -> bool:
        """Return whether an answer may go out now, and another request may follow it."""
        parser = self.parser
        before: RequestResponseCycle | None = self.cycle
        return not (
            (before is not None and not before.response_complete)
            or self.flow.write_paused
            or self.transport.is_closing()
            or self.expect_100_continue
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or parser.get_http_version() != "1.1"
        )

    def _own_fields(self) -> bytes:
        """Return the lines of the server's own fields, which it makes anew every second."""
        given = self.server_state.default_headers
        if given is not self._fields[0]:
            self._fields = (given, b"".join([b"%b: %b\r\n" % field for field in given]))
        return self._fields[1]

    def _begin_head(self) -> None:
        self.progress.enter(Phase.HEAD, self.loop.time())
        self.progress.due_s = None
        self._head_bytes = 0

    def _take_long(self) -> None:
        """Let the body of the running request take longer, as long as it keeps its rate."""
        self.progress.due_s = 0.0

    def _head_begun(self) -> bool:
        """Whether a client said anything: a browser that dials ahead wants no answer."""
        return self.progress.phase is not Phase.HEAD or self._head_bytes > 0

    def _unwanted(self, size: int) -> None:
        self._unwanted_bytes += size
        if self._unwanted_bytes > UNWANTED_MAX:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Answer in place of the application, where no answer has begun, and end the connection."""
        self.door.outbox.send()  # what this connection asked before comes before
        self._unset_keepalive_if_required()
        self.progress.enter(Phase.CLOSING, self.loop.time())
        if self.transport.is_closing():
            return
        if self._tell_the_application():
            self.transport.abort()
            return
        self.transport.write(answer(status, self.door.lang))
        self._half_close()

    def _half_close(self) -> None:
        """End our side, so that the client reads the answer before its sending fails."""
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()

    def end(self) -> None:
        """Close after an answer; a client that is still sending is heard to its end first."""
        if self.progress.phase is Phase.BODY and not self.transport.is_closing():
            self.progress.enter(Phase.CLOSING, self.loop.time())
            self._half_close()
        else:
            self.transport.close()

    def _tell_the_application(self) -> bool:
        """Let a running request know that its client is gone; return whether an answer is on."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            return False
        cycle.disconnected = True
        cycle.message_event.set()
        return cycle.response_started or bool(self.pipeline)


class _Lingering:
    """The connection of one request, which its end does not cut off while a body still comes."""

    def __init__(self, protocol: BoundedProtocol, transport: asyncio.Transport) -> None:
        self._protocol = protocol
        self.write = transport.write
        self.is_closing = transport.is_closing

    def close(self) -> None:
        self._protocol.end()


def answer(status: int, lang: Lang) -> bytes:
    """Return a whole refusal as problem+json, without the application."""
    code = CODES[status]
    problem = {
        "type": f"/docs#{code}",
        "title": text(f"api.title.{status}", lang),
        "status": status,
        "detail": text(f"errors.{code}", lang),
        "code": code,
    }
    body = orjson.dumps(problem)
    lines = [
        b"content-type: application/problem+json",
        b"content-length: %d" % len(body),
        b"content-security-policy: default-src 'none'; frame-ancestors 'none'",
        b"x-content-type-options: nosniff",
        b"cache-control: no-store",
        b"connection: close",
    ]
    if status == 503:
        lines.append(b"retry-after: 5")
    return STATUS_LINE[status] + b"\r\n".join([*lines, b"", body])
