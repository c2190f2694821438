"""The server on a raw socket: what is slow on purpose, without end, or no HTTP, is sent away."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api.deadlines import Deadlines
from api.door import Door
from api.protocol import HEAD_MAX, UNWANTED_MAX
from geo.settings import Settings
from tests.api.serving import PATIENCE_S, Served, request, served, status

QUICK = Deadlines(
    head_s=0.6, body_s=1.2, stall_s=0.6, take_s=0.8, idle_s=0.6, linger_s=0.4, rate_bytes_s=1e6
)
PING = b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
seen: list[tuple[str, bytes, list[tuple[bytes, bytes]]]] = []
release = threading.Event()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body's length; ``/large`` with 30 MB, ``/early`` without reading."""
    asked = Request(scope, receive)
    if asked.url.path == "/large":
        answer = PlainTextResponse(b"x" * 30_000_000)
    elif asked.url.path == "/early":
        answer = PlainTextResponse("too much", 413)
    else:
        body = await asked.body()
        seen.append((asked.method, body, list(scope["headers"])))
        answer = PlainTextResponse(str(len(body)))
    await answer(scope, receive, send)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    door = Door(most=40, most_each=12, deadlines=QUICK, is_local="127.0.0.1".__eq__)
    with served(app, Settings(), door) as listening:
        yield listening


@pytest.fixture(autouse=True)
def forgotten() -> None:
    seen.clear()


def problem_of(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head
    assert b"default-src 'none'" in head
    assert b"connection: close" in head
    return str(json.loads(body)["code"])


def until(holds: Callable[[], bool]) -> bool:
    """Wait for something that another thread does; return whether it came."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def trickle(server: Served, first: bytes, part: bytes, every_s: float = 0.1) -> tuple[bytes, float]:
    """Send a little at a time until the server has enough; return its answer and how long."""
    begun = time.monotonic()
    with server.dial() as connection:
        connection.sendall(first)
        connection.settimeout(every_s)
        got = b""
        while time.monotonic() - begun < PATIENCE_S:
            try:
                more = connection.recv(65536)
                if not more:
                    break
                got += more
            except TimeoutError:
                connection.sendall(part)
            except (ConnectionResetError, BrokenPipeError):
                break
        return got, time.monotonic() - begun


@pytest.mark.parametrize("part", [b"X-Slow: 1\r\n", b"x"])
def test_a_header_without_end_is_cut_in_time(server: Served, part: bytes) -> None:
    answer, took_s = trickle(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n", part)

    assert (status(answer), problem_of(answer)) == (408, "client_too_slow")
    assert took_s < 3
    assert seen == []


def test_empty_lines_do_not_keep_a_connection_alive(server: Served) -> None:
    answer, took_s = trickle(server, PING, b"\r\n")

    assert status(answer) == 200
    assert answer.count(b"HTTP/1.1") <= 2
    assert took_s < 3


def test_a_body_a_byte_at_a_time_is_cut_in_time(server: Served) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    answer, took_s = trickle(server, head, b"x")

    assert (status(answer), problem_of(answer)) == (408, "client_too_slow")
    assert 1.0 < took_s < 3


def test_a_body_that_stops_is_cut_before_that(server: Served) -> None:
    begun = time.monotonic()
    answer = server.ask(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nxxx")

    assert status(answer) == 408
    assert time.monotonic() - begun < 1.15


def test_a_chunked_body_without_end_is_cut_in_time(server: Served) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer, took_s = trickle(server, head, b"1\r\nx\r\n")

    assert status(answer) == 408
    assert took_s < 3


def test_who_dials_and_says_nothing_is_left_without_a_word(server: Served) -> None:
    begun = time.monotonic()

    assert server.ask() == b""
    assert time.monotonic() - begun < 2


def test_a_connection_that_is_not_used_is_closed(server: Served) -> None:
    begun = time.monotonic()
    answer = server.ask(PING)

    assert (status(answer), answer.count(b"HTTP/1.1")) == (200, 1)
    assert 0.5 < time.monotonic() - begun < 2


def test_requests_on_one_connection_are_answered_while_it_is_used(server: Served) -> None:
    with server.dial() as connection:
        for _ in range(5):
            connection.sendall(PING)
            assert status(connection.recv(65536)) == 200
            time.sleep(0.3)


def test_who_does_not_take_the_answer_is_dropped(server: Served) -> None:
    with server.dial() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert until(lambda: bool(server.door.open))
        assert until(lambda: not server.door.open)


def test_who_takes_a_large_answer_gets_all_of_it(server: Served) -> None:
    answer = server.ask(request(b"GET /large"))

    assert len(answer.partition(b"\r\n\r\n")[2]) == 30_000_000


def test_a_header_that_is_too_large_is_refused_before_its_end(server: Served) -> None:
    answer = server.ask(b"GET / HTTP/1.1\r\n" + b"X-Large: " + b"x" * (HEAD_MAX + 1000))

    assert (status(answer), problem_of(answer)) == (431, "headers_too_large")


def test_an_early_answer_reaches_who_is_still_sending(server: Served) -> None:
    head = b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"

    assert status(server.ask(head, b"x" * 2_000_000)) == 413


def test_who_wants_the_connection_closed_is_answered_early_too(server: Served) -> None:
    # As urllib asks: the whole body goes out before a byte of the answer is read.
    head = b"POST /early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    body = b"x" * 3_100_000
    with server.dial() as connection:
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body))
        time.sleep(0.1)  # the answer goes out meanwhile
        connection.sendall(body)

        answer = b""
        while piece := connection.recv(65536):
            answer += piece

    assert status(answer) == 413


def test_a_body_that_nobody_wants_is_not_read_for_ever(server: Served) -> None:
    length = 100 * UNWANTED_MAX
    head = b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length
    sent = 0
    with server.dial() as connection:
        connection.sendall(head)
        try:
            while sent < length:
                sent += connection.send(b"x" * 65536)
        except (BrokenPipeError, ConnectionResetError):
            pass

    assert sent < 4 * UNWANTED_MAX


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        HEAD + b"Content-Length: 44\r\nContent-Length: 44\r\n\r\n",
        HEAD + b"Content-Length: 5, 5\r\n\r\nxxxxx",
        HEAD + b"Content-Length: +5\r\n\r\nxxxxx",
        HEAD + b"Content-Length: 0x5\r\n\r\nxxxxx",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length : 44\r\n\r\n",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nxxxxx",
        HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nxxxxxyy\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n",
        HEAD + b" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  # folded onto the line above
        HEAD + b"X: 1\r\n folded\r\n\r\n",
        HEAD + b"X: a\x00b\r\n\r\n",
        HEAD + b"X\x01: a\r\n\r\n",
        HEAD + b": nameless\r\n\r\n",
        HEAD + b"X: a\rb\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"PO\x00ST / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1 x\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a port without it
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_two_readers_would_cut_differently_is_refused(server: Served, raw: bytes) -> None:
    answer = server.ask(raw + SMUGGLED)

    assert (status(answer), problem_of(answer)) == (400, "request_broken")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert [method for method, _, _ in seen if method == "GET"] == []


def test_a_trailer_is_no_header(server: Served) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = server.ask(chunked + b"1\r\nx\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n")

    assert status(answer) == 200
    assert b"authorization" not in {name for name, _ in seen[0][2]}


def test_pipelined_requests_are_answered_in_their_order(server: Served) -> None:
    first = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
    answer = server.ask(first + PING + request(b"GET /last"))

    assert answer.count(b"HTTP/1.1 200") == 3
    assert [body for _, body, _ in seen] == [b"abc", b"", b""]


@pytest.mark.parametrize(
    "raw",
    [
        request(
            b"GET /", b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13"
        ),
        request(b"GET /", b"Upgrade: h2c", b"Connection: Upgrade, HTTP2-Settings"),
        b"CONNECT localhost:5432 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["websocket", "h2c", "connect"],
)
def test_a_change_of_protocol_is_not_offered(server: Served, raw: bytes) -> None:
    begun = time.monotonic()
    answer = server.ask(raw + b"garbage\r\n\r\n")

    assert status(answer) in (200, 400, 405, 501)
    assert b" 101 " not in answer
    assert time.monotonic() - begun < 5


def test_one_address_has_so_many_connections_and_leaves_room_for_others(server: Served) -> None:
    held = [server.dial(source="127.0.0.3") for _ in range(12)]
    try:
        refused = server.ask(PING, source="127.0.0.3")
        other = server.ask(request(b"GET /"), source="127.0.0.4")
    finally:
        for connection in held:
            connection.close()

    assert (status(refused), problem_of(refused)) == (503, "too_busy")
    assert b"retry-after: " in refused
    assert status(other) == 200
    assert status(server.ask(request(b"GET /"), source="127.0.0.3")) == 200


def test_a_flood_of_connections_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(most_each=0, deadlines=QUICK)
    with served(app, Settings(), door) as full:
        for _ in range(3):
            assert status(full.ask(PING, source="127.0.0.6")) == 503
            time.sleep(0.3)

    assert "connections refused" in [record.getMessage() for record in caplog.records]
    assert door.refused == 2  # the first was told, these wait for the next line


def test_when_all_are_taken_this_machine_still_gets_through(server: Served) -> None:
    sources = [f"127.0.1.{number}" for number in range(4)]
    held = [server.dial(source=source) for source in sources for _ in range(10)]
    try:
        time.sleep(0.1)
        refused = server.ask(PING, source="127.0.2.1")
        local = server.ask(request(b"GET /"))
    finally:
        for connection in held:
            connection.close()

    assert status(refused) == 503
    assert status(local) == 200


def test_a_client_that_hangs_up_is_forgotten(server: Served) -> None:
    for _ in range(30):
        server.dial(source="127.0.0.5").close()
    server.ask(request(b"GET /"))  # those who dialled before have been let in by now
    assert until(lambda: not server.door.open)

    assert status(server.ask(request(b"GET /"), source="127.0.0.5")) == 200
