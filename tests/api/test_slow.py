"""Hundreds of clients that are slow on purpose: the others do not notice, memory does not grow."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from geo.runtime import Runtime
from tests.api.process import ServerProcess, p95

pytestmark = pytest.mark.db

CELLS = "/api/v1/cells?limit=5"
HEAD = b"POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
# Ways of being slow: nothing at all, half a header, half a body, an answer that is not taken.
SLOW = [
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    HEAD + b"Content-Length: 1000\r\n\r\n{",
    b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
]
MEGABYTE = HEAD + b"Content-Length: 1048576\r\n\r\n" + b'"' + b"x" * 900_000


@pytest.fixture
def server(town_runtime: Runtime) -> Iterator[ServerProcess]:
    made = ServerProcess(str(town_runtime.settings.database_url), connections=2000)
    made.start()
    made.times_ms(CELLS, 50)
    yield made
    made.stop()


def hold(server: ServerProcess, stack: ExitStack, count: int) -> list[socket.socket]:
    """Open slow connections, no more than a hundred of one address."""
    held = []
    for number in range(count):
        connection = stack.enter_context(server.dial(source=f"127.0.3.{1 + number // 100}"))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(SLOW[number % len(SLOW)])
        held.append(connection)
    return held


def creep(held: list[socket.socket]) -> None:
    """Send a little more on the connections that still owe something."""
    for number, connection in enumerate(held):
        if number % len(SLOW) in (1, 2):
            try:
                connection.send(b"x")
            except OSError:
                continue


def test_slow_clients_do_not_keep_others_waiting(server: ServerProcess) -> None:
    with ExitStack() as stack:
        held = hold(server, stack, 60)
        creep(held)
        cells, health = server.times_ms(CELLS, 20), server.times_ms("/healthz", 20)

    assert max(health) < 1000
    assert max(cells) < 3000


@pytest.mark.long
def test_five_hundred_slow_sockets_cost_the_others_less_than_twice(server: ServerProcess) -> None:
    before_mb = server.resident_mb
    base = min(p95(server.times_ms(CELLS, 300)) for _ in range(3))
    rounds, health = [], []
    with ExitStack() as stack:
        held = hold(server, stack, 500)
        for _ in range(3):
            creep(held)
            rounds.append(p95(server.times_ms(CELLS, 300)))
            health += server.times_ms("/healthz", 50)
        grown_mb = server.resident_mb - before_mb
        # Meanwhile their time is up: none of them is still there.
        time.sleep(35)
        assert server.times_ms("/healthz", 5)

    assert min(rounds) < 2 * base, (base, rounds)
    assert p95(health) < 200, health
    assert grown_mb < 150


@pytest.mark.long
def test_five_hundred_megabytes_of_bodies_are_not_kept(server: ServerProcess) -> None:
    before_mb = server.resident_mb
    with ExitStack() as stack:
        for number in range(500):
            connection = stack.enter_context(server.dial(source=f"127.0.3.{1 + number // 100}"))
            connection.settimeout(0.5)
            try:
                connection.sendall(MEGABYTE)
            except OSError:
                continue
        health = server.times_ms("/healthz", 50)
        grown_mb = server.resident_mb - before_mb

    assert p95(health) < 200, health
    assert grown_mb < 150
