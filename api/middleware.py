"""What surrounds every request, in plain ASGI: its id, its line, its count, headers, HEAD.

Each class does one thing; ``api/app.py`` says in which order they stand.
"""

import logging
import re
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import HTTP_CODES, problem
from api.logs import REQUEST_ID, shown_path
from api.metrics import Metrics

_log = logging.getLogger("api.requests")

# A plain token with a letter in it: a bare number could be somebody's phone or ID number, and this
# stands in log lines and in the audit.
_REQUEST_ID = re.compile(r"(?![0-9._-]*[Xx]?$)[A-Za-z0-9._-]{8,64}")
_ID = b"x-request-id"
_ID_LENGTH, _DRAWN = 16, 64
_drawn: list[str] = []
_CLIENT_GONE = 499

# Pages set their own policy; what sets none gets the one that allows nothing.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
}
# A year, for this host alone: what else runs in its domain is not ours to decide about.
HSTS = "max-age=31536000"


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
        given = (value for name, value in scope["headers"] if name == _ID)
        request_id = request_id_of(next(given, b""))
        scope.setdefault("state", {})["request_id"] = request_id
        REQUEST_ID.set(request_id)  # for every line that is written on behalf of this request
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
            self._note(scope, answer.status or _CLIENT_GONE, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        template = getattr(scope.get("route"), "path", "unmatched")
        self.metrics.count(template, scope["method"], status, seconds)
        client = scope.get("client")
        asker = scope["state"].get("asker")
        facts = {
            "request_id": scope["state"]["request_id"],
            "method": scope["method"],
            "route": template,
            # Without the query: a name searched for is nobody's business in a log.
            "path": shown_path(scope["path"]),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "client": client[0] if client else None,
            "account": asker.actor.account_id if asker is not None else None,
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
            message["headers"] = [*message["headers"], (_ID, self._request_id.encode())]
        await self._send(message)


class SecurityHeaders:
    """Adds the headers that every answer should have and this one lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.app(scope, receive, _WithHeaders(send, scope.get("scheme") == "https").send)


class _WithHeaders:
    def __init__(self, send: Send, encrypted: bool) -> None:
        self._send = send
        self._encrypted = encrypted

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if self._encrypted:
                headers.setdefault("Strict-Transport-Security", HSTS)
        await self._send(message)


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


def request_id_of(given: bytes) -> str:
    """Return the caller's id when it is a plain token, else a new one."""
    if not given:
        return _new_id()
    said = given.decode("latin-1")
    return said if _REQUEST_ID.fullmatch(said) else _new_id()


def _new_id() -> str:
    """Return the next of some ids that were drawn at once, because drawing takes long."""
    if not _drawn:
        drawn = secrets.token_hex(_ID_LENGTH * _DRAWN // 2)
        _drawn.extend(drawn[at : at + _ID_LENGTH] for at in range(0, len(drawn), _ID_LENGTH))
    return _drawn.pop()
