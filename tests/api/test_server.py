"""The application behind its real server, on a socket: what only the two can get wrong."""

import logging
from collections.abc import Callable, Iterator

import pytest

from api.app import create_app
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.serving import served

pytestmark = pytest.mark.db

Ask = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def ask(town_runtime: Runtime) -> Iterator[Ask]:
    """Sends bytes to the server and returns what comes back until it closes."""
    with served(create_app(town_runtime), town_runtime.settings) as server:
        yield server.ask


def request(line: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((line + b" HTTP/1.1", *headers, b"Connection: close", b"", b""))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


LOCAL = b"Host: localhost"
HOUSEHOLDS = b"GET /api/v1/households"


def test_head_sends_the_headers_of_get_and_no_body(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = ask(request(b"HEAD /api/v1/cells", LOCAL))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) == 200
    assert b"content-length: " in head.lower()
    assert body == b""
    assert caplog.records == []


@pytest.mark.parametrize(
    "line",
    [
        HOUSEHOLDS,
        b"GET /api/v1/%68ouseholds",
        b"GET /api/v1/households?limit=1",
        b"HEAD /api/v1/households",
    ],
)
def test_no_spelling_is_a_way_round_the_guard(ask: Ask, line: bytes) -> None:
    assert status(ask(request(line, LOCAL))) == 401


def test_a_token_opens_what_its_roles_allow(ask: Ask, staff: Client) -> None:
    known = f"Authorization: Bearer {staff.token}".encode()

    assert status(ask(request(HOUSEHOLDS, LOCAL, known))) == 200
    assert status(ask(request(HOUSEHOLDS, LOCAL, known, known))) == 401
    assert status(ask(request(HOUSEHOLDS, LOCAL, known[:-1]))) == 401


@pytest.mark.parametrize(
    "path",
    [
        b"//api/v1/households",
        b"/api/v1/./households",
        b"/api/v1/../v1/households",
        b"/api/v1/households/",
    ],
)
def test_a_path_is_taken_as_it_stands(ask: Ask, path: bytes) -> None:
    assert status(ask(request(b"GET " + path, b"Host: evil.example"))) == 404


def test_a_request_with_two_lengths_is_refused(ask: Ask) -> None:
    answer = ask(
        b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"
    )

    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (request(b"GET /healthz?" + b"x" * 9000, LOCAL), 414),
        (request(b"GET /healthz", LOCAL, b"X-Large: " + b"x" * 40000), 431),
        (request(b"POST /healthz", LOCAL, b"Content-Length: 99999999999"), 413),
        (request(b"GET /\xff", LOCAL), 400),
        (b"NONSENSE\r\n\r\n", 400),
    ],
    ids=["address", "headers", "body", "bytes", "nonsense"],
)
def test_what_is_too_much_or_no_http_is_refused(ask: Ask, raw: bytes, refused: int) -> None:
    assert status(ask(raw)) == refused
