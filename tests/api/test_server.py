"""The application behind a real server, on a socket: what only the two together can get wrong."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn

from api.app import create_app
from geo.runtime import Runtime

pytestmark = pytest.mark.db

Ask = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def ask(town_runtime: Runtime) -> Iterator[Ask]:
    """Sends bytes to the server and returns what comes back until it closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(town_runtime), http="httptools", lifespan="off", proxy_headers=False,
        access_log=False, log_config=None,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listener]),))
    thread.start()

    def asked(request: bytes) -> bytes:
        with socket.create_connection(listener.getsockname(), timeout=10) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    yield asked
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


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


def test_people_answer_to_a_local_host_only(ask: Ask) -> None:
    assert status(ask(request(HOUSEHOLDS, LOCAL))) == 200
    assert status(ask(request(HOUSEHOLDS, b"Host: evil.example"))) == 403
    assert status(ask(request(HOUSEHOLDS, LOCAL, b"Host: evil.example"))) == 403
    assert status(ask(request(HOUSEHOLDS, LOCAL, b"X-Forwarded-For: 127.0.0.1"))) == 403
    assert status(ask(HOUSEHOLDS + b" HTTP/1.0\r\n\r\n")) == 403


@pytest.mark.parametrize(
    "line",
    [b"GET /api/v1/%68ouseholds", b"GET /api/v1/households?limit=1", b"HEAD /api/v1/households"],
)
def test_another_spelling_is_no_way_round_the_guard(ask: Ask, line: bytes) -> None:
    assert status(ask(request(line, b"Host: evil.example"))) == 403


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
