"""What of a request is let in: addresses, header fields and bodies that keep their measure.

A body is read here, whole, before anything of ours runs: at most so large, in JSON that every
reader takes alike, and only as many large ones at a time as memory is set aside for.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import API
from api.batches.body import BODY_MAX as BATCH_MAX
from api.bodies import strict_json
from api.errors import HTTP_CODES, TooBusy, lang_of, problem, refusal
from geo.errors import GeoError
from geo.texts import text

URI_MAX = 8_192
HEADERS_MAX = 32_768
HEADERS_COUNT_MAX = 100
BODY_MAX = 1024 * 1024
# Method and path → most bytes of a body that its route reads by itself, piece by piece.
STREAMED: Mapping[str, int] = {f"POST {API}/locate/batch": BATCH_MAX}
# A file of cells, drawn in a GIS.
PLAN_FILE_MAX = 16 * 1024 * 1024
_PLAN_CELLS = re.compile(rf"{API}/plans/[0-9]{{1,19}}/cells")
# Larger bodies are counted while they come: in all, and of one address.
LARGE = 16_384
LARGE_AT_ONCE = 64
LARGE_AT_ONCE_EACH = 32

# Methods whose request has no content. What others there may be, the router refuses by name.
_BARE = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_KNOWN = _BARE | {"POST", "PUT", "PATCH"}
_THREAD_FROM = 65_536


class Unwanted(Exception):
    """A request that is refused by its status alone, or with the sizes that are at odds."""

    def __init__(self, status: int, **sizes: int) -> None:
        super().__init__(status)
        self.status = status
        self.sizes = sizes


class ClientGone(Exception):
    """The client left before its body was whole: there is nobody to answer."""


class Large:
    """Counts the large bodies that are being read."""

    def __init__(self, most: int = LARGE_AT_ONCE, most_each: int = LARGE_AT_ONCE_EACH) -> None:
        self.most, self.most_each = most, most_each
        self._by_address: Counter[str] = Counter()

    @contextmanager
    def lent(self, address: str) -> Iterator[None]:
        """Set memory aside for one body while the block runs.

        Raises
        ------
        TooBusy
            When as many are being read already.
        """
        each = self._by_address
        if each.total() >= self.most or each[address] >= self.most_each:
            raise TooBusy()
        each[address] += 1
        try:
            yield
        finally:
            each[address] -= 1
            if not each[address]:
                del each[address]


class Intake:
    """Refuses what is too long, ambiguous or no JSON; gives the rest on with its body read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.large = Large()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        streamed = streamed_most(scope["method"], scope["path"])
        try:
            check_head(scope, streamed or BODY_MAX)
            if streamed:
                await self.app(scope, receive, send)
                return
            body = await self._body(scope, receive)
        except Unwanted as error:
            await _unwanted(Request(scope), error)(scope, receive, send)
        except GeoError as error:
            await refusal(Request(scope), error)(scope, receive, send)
        except ClientGone:
            pass
        else:
            await self.app(scope, _Again(body, receive).receive, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        length = int(headers.get("content-length", "0"))
        chunked = "transfer-encoding" in headers
        if not (length or chunked):
            return b""
        if scope["method"] not in _KNOWN:
            return await whole_body(receive)  # whatever it is, the router refuses the method
        check_type(scope["method"], headers)
        if chunked or length > LARGE:
            client = scope.get("client")
            with self.large.lent(client[0] if client else ""):
                body = await whole_body(receive)
        else:
            body = await whole_body(receive)
        if len(body) > _THREAD_FROM:
            await to_thread.run_sync(strict_json, body)
        elif body:
            strict_json(body)
        return body


def _unwanted(request: Request, error: Unwanted) -> Response:
    detail = text("api.body.too_large", lang_of(request), **error.sizes) if error.sizes else None
    return problem(request, error.status, HTTP_CODES[error.status], detail)


def streamed_most(method: str, path: str) -> int | None:
    """Return how many bytes the route of an address reads by itself; None when it does not."""
    # Any method that brings something: the router refuses the others by name.
    if method not in _BARE and _PLAN_CELLS.fullmatch(path):
        return PLAN_FILE_MAX
    return STREAMED.get(f"{method} {path}")


class _Again:
    """Gives a body that was read once more, then what else the client does."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def receive(self) -> Message:
        message, self._message = self._message, None
        return message if message is not None else await self._receive()


def check_head(scope: Scope, body_max: int = BODY_MAX) -> None:
    """Refuse an address or header fields that are too long, or of which there are two readings.

    Parameters
    ----------
    body_max : most bytes of the body

    Raises
    ------
    Unwanted
        With the status: 400, 413, 414 or 431.
    """
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > URI_MAX:
        raise Unwanted(414)
    fields = scope["headers"]
    if (
        len(fields) > HEADERS_COUNT_MAX
        or sum(len(name) + len(value) for name, value in fields) > HEADERS_MAX
    ):
        raise Unwanted(431)
    counted = Counter(name for name, _ in fields)
    hosts = counted[b"host"]
    if hosts > 1 or (hosts == 0 and scope.get("http_version") != "1.0"):
        raise Unwanted(400)
    if counted[b"content-length"] > 1 or counted[b"content-type"] > 1:
        raise Unwanted(400)
    length = Headers(scope=scope).get("content-length", "0")
    if not (length.isascii() and length.isdecimal()):
        raise Unwanted(400)
    if len(length) > 15:
        raise Unwanted(413)
    if int(length) > body_max:
        raise Unwanted(413, size=int(length), most=body_max)


def check_type(method: str, headers: Mapping[str, str]) -> None:
    """Refuse a body that is not plain JSON, and one that comes with a method that has none.

    Raises
    ------
    Unwanted
        With the status: 400 or 415. Compressed bodies are not taken: nobody can say how large
        they are before they have been unpacked.
    """
    if method in _BARE:
        raise Unwanted(400)
    media, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.replace(" ", "").replace('"', "").lower()
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Unwanted(415)
    if media.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Unwanted(415)


async def whole_body(receive: Receive) -> bytes:
    """Return the body of a request.

    Raises
    ------
    Unwanted
        413 as soon as more than ``BODY_MAX`` has come.
    ClientGone
        When the client leaves before its end.
    """
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone()
        body += message.get("body", b"")
        if len(body) > BODY_MAX:
            raise Unwanted(413)
        more = message.get("more_body", False)
    return bytes(body)
