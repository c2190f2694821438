"""Caching by the content: weak ETags, 304, and who may keep a copy."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import MORE, is_public, route_key

_TAGGED_MAX = 1_000_000
_TAGGED_TYPES = ("application/json", "application/geo+json")
_KEPT_IN_304 = frozenset({"cache-control", "content-language", "etag", "link", "vary"})


class Conditional:
    """Tags small JSON answers to GET and answers 304 to who has the same already.

    What nobody may keep has no tag. It is weak because compression further out changes the bytes
    but not what they say; a resource that is written will carry a strong one of its row version.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Tagged(scope, send).send)


class _Tagged:
    """Holds a small answer back until it is whole and its tag is known."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is None:
            await self._send(message)
        else:
            await self._collect(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        known = "asker" in self._scope.get("state", {})
        headers.setdefault("Cache-Control", cache_control(route_key(self._scope), known=known))
        if _media_type(headers) in _TAGGED_TYPES:
            headers.add_vary_header("Accept")  # the same address may answer JSON or GeoJSON
        if self._scope["method"] == "GET" and _is_tagged(message["status"], headers):
            self._start = message
        else:
            await self._send(message)

    async def _collect(self, message: Message) -> None:
        self._parts.append(message.get("body", b""))
        if sum(map(len, self._parts)) > _TAGGED_MAX:
            await self._pass_on(message.get("more_body", False))
        elif not message.get("more_body", False):
            await self._finish()

    async def _finish(self) -> None:
        assert self._start is not None
        headers = MutableHeaders(scope=self._start)
        tag = weak_tag(b"".join(self._parts), headers.get("content-type", ""))
        headers["ETag"] = tag
        if matches(Headers(scope=self._scope).get("if-none-match", ""), tag):
            kept = [pair for pair in self._start["headers"] if pair[0].decode() in _KEPT_IN_304]
            self._start = {**self._start, "status": 304, "headers": kept}
            self._parts = []
        await self._pass_on(False)

    async def _pass_on(self, more_body: bool) -> None:
        assert self._start is not None
        start, body = self._start, b"".join(self._parts)
        self._start, self._parts = None, []
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": more_body})


def weak_tag(body: bytes, media_type: str) -> str:
    """Return the weak ETag of an answer by its content and type."""
    digest = hashlib.blake2b(body, digest_size=16, person=media_type.encode()[:16]).hexdigest()
    return f'W/"{digest}"'


def matches(condition: str, tag: str) -> bool:
    """Return whether ``If-None-Match`` names a tag, compared weakly (RFC 9110 §8.8.3.2).

    Examples
    --------
    >>> matches('"a", "b"', 'W/"b"'), matches("*", 'W/"b"'), matches("", 'W/"b"')
    (True, True, False)
    """
    given = [part.strip().removeprefix("W/") for part in condition.split(",")]
    return "*" in given or tag.removeprefix("W/") in given


def _is_tagged(status: int, headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return (
        status == 200
        and _media_type(headers) in _TAGGED_TYPES
        and "etag" not in headers
        and "no-store" not in headers.get("cache-control", "")
        and int(length) <= _TAGGED_MAX
    )


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0]


def cache_control(key: str, *, known: bool) -> str:
    """Return who may keep an answer of a route.

    Parameters
    ----------
    key : of the route, empty when none answered
    known : whether the asker had signed in

    Returns
    -------
    str
        ``private, no-store`` for what not everybody is told, and for every change; else anybody
        may keep it and ask whether it still holds, unless it was given to somebody signed in.
    """
    is_change = bool(key) and not key.startswith("GET ")
    if is_change or not is_public(key) or (known and key in MORE):
        return "private, no-store"
    return "private, no-cache" if known else "no-cache"
