"""What surrounds every request, in plain ASGI: ids, lines, limits, headers, HEAD, ETags.

Each class does one thing; ``api/app.py`` says in which order they stand.
"""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import HTTP_CODES, problem
from api.metrics import Metrics

_log = logging.getLogger("api.requests")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CLIENT_GONE = 499
_URI_MAX = 8_192
_HEADERS_MAX = 32_768
BODY_MAX = 16 * 1024 * 1024

# Pages set their own policy; what sets none gets the one that allows nothing.
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
}


class Edge:
    """Gives a request its id, its log line and its count, and answers what nobody caught.

    One of the two places where any exception is caught: the caller learns a number, the log line
    with that number holds the rest.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id)
        begun = time.perf_counter()
        try:
            await self.app(scope, receive, answer.send)
        except Exception:  # noqa: BLE001 - the edge: nothing above may see it
            _log.exception("unhandled", extra={"request_id": request_id})
            if answer.status is None:
                response = problem(Request(scope), 500, HTTP_CODES[500])
                await response(scope, receive, answer.send)
        finally:
            self._note(
                scope, answer.status or _CLIENT_GONE, time.perf_counter() - begun, request_id
            )

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        template = getattr(scope.get("route"), "path", "unmatched")
        self.metrics.count(template, scope["method"], status, seconds)
        client = scope.get("client")
        facts = {
            "request_id": request_id,
            "method": scope["method"],
            "route": template,
            # Without the query: a name searched for is nobody's business in a log.
            "path": scope["path"],
            "status": status,
            "ms": round(seconds * 1000, 1),
            "client": client[0] if client else None,
        }
        _log.info("request", extra=facts)


class _Answer:
    """Passes an answer on, with the request's id in it; knows its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = self._request_id
        await self._send(message)


class SecurityHeaders:
    """Adds the headers that every answer should have and this one lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.app(scope, receive, _WithHeaders(send).send)


class _WithHeaders:
    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class RequestLimits:
    """Refuses addresses, headers and bodies that are too long, before anything reads them."""

    def __init__(self, app: ASGIApp, *, body_max: int = BODY_MAX) -> None:
        self.app = app
        self.body_max = body_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = self._refusal(scope)
        if status is not None:
            response = problem(Request(scope), status, HTTP_CODES[status])
            await response(scope, receive, send)
            return
        await self.app(scope, _Counted(receive, self.body_max).receive, send)

    def _refusal(self, scope: Scope) -> int | None:
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _URI_MAX:
            return 414
        if sum(len(name) + len(value) for name, value in scope["headers"]) > _HEADERS_MAX:
            return 431
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal():
            return 400
        return 413 if int(length) > self.body_max else None


class _Counted:
    """Reads a body that did not say its length, up to the limit."""

    def __init__(self, receive: Receive, body_max: int) -> None:
        self._receive = receive
        self._left = body_max

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413)
        return message


class HeadAsGet:
    """Answers HEAD as GET without its body (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        # A copy: the server itself looks at the method to know whether a body must follow.
        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, _Bodyless(send).send)
        finally:
            scope["route"] = inner.get("route")


class _Bodyless:
    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _request_id(given: str) -> str:
    """Return the caller's id when it is a plain token, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
