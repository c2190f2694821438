"""Batches over real connections: what is cut off is seen to be, slow bodies, who leaves."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import orjson
import pytest
from fastapi import FastAPI

from api.batches import answers
from api.batches.forms import MEDIA, Form
from api.deadlines import Deadlines
from api.door import Door
from api.lifespan import live_of
from geo.runtime import Runtime
from tests.api.serving import PATIENCE_S, Served, rest, served, status

pytestmark = pytest.mark.db

PATH = "/api/v1/locate/batch"
ROW = b"116.8039,33.9039\n"
HEAD = b"lon,lat\n"


@pytest.fixture(scope="module")
def holding(town_runtime: Runtime, app: FastAPI) -> Iterator[FastAPI]:
    """The application while it holds the grid, and looks after it."""
    live = live_of(town_runtime)
    live.start()
    deadline = time.monotonic() + PATIENCE_S
    while live.held is None and time.monotonic() < deadline:
        time.sleep(0.02)
    app.state.live = live
    yield app
    app.state.live = None
    live.stop()


@pytest.fixture
def server(holding: FastAPI, town_runtime: Runtime) -> Iterator[Served]:
    with served(holding, town_runtime.settings) as found:
        yield found


def posted(body: bytes, form: Form = Form.CSV, length: int | None = None) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: {MEDIA[form]}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


def parts(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.lower(), body


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON])
def test_an_answer_that_breaks_off_has_no_end(
    server: Served, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "HELD_ROWS", 1)
    monkeypatch.setattr("api.batches.csv.BLOCK", 64)
    monkeypatch.setattr("api.batches.objects.CHUNK_ROWS", 8)
    text, points = HEAD + ROW * 40, [[116.8039, 33.9039]] * 40
    wrong = {Form.CSV: text + b"1\n", Form.JSON: orjson.dumps([*points, [1]])}
    right = {Form.CSV: text, Form.JSON: orjson.dumps(points)}

    head, body = parts(server.ask(posted(wrong[form], form)))
    _, whole = parts(server.ask(posted(right[form], form)))

    assert head.startswith(b"http/1.1 200") and b"transfer-encoding: chunked" in head
    assert whole.endswith(b"\r\n0\r\n\r\n") and not body.endswith(b"\r\n0\r\n\r\n")
    last = body.removesuffix(b"\r\n").rpartition(b"\r\n")[2]
    assert b"batch_refused" in last and b"batch_refused" not in whole
    # The row from which on nothing is told, those before it are all there; and the one at fault.
    first, fault = {Form.CSV: (40, "第 41 行"), Form.JSON: (41, "第 41 项")}[form]
    assert f"从第 {first} 行起没有回答" in last.decode() and fault in last.decode()
    assert last.startswith(b"40," if form is Form.CSV else b'],"error":{')
    assert last.endswith(b"\n" if form is Form.CSV else b"}")


def test_a_client_sees_that_an_answer_was_cut_off(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "HELD_ROWS", 1)
    monkeypatch.setattr("api.batches.csv.BLOCK", 64)
    with closing(http.client.HTTPConnection(*server.address, timeout=PATIENCE_S)) as connection:
        connection.request("POST", PATH, HEAD + ROW * 40 + b"1\n", {"Content-Type": "text/csv"})
        with connection.getresponse() as answer, pytest.raises(http.client.IncompleteRead):
            answer.read()


def test_a_short_answer_is_whole_and_the_connection_goes_on(server: Served) -> None:
    with closing(http.client.HTTPConnection(*server.address, timeout=PATIENCE_S)) as connection:
        for _ in range(2):
            connection.request("POST", PATH, HEAD + ROW * 3, {"Content-Type": "text/csv"})
            answer = connection.getresponse()
            assert answer.status == 200 and answer.getheader("content-length") is not None
            assert answer.read().count(b"\n") == 4


@pytest.mark.long
def test_a_body_may_take_longer_as_long_as_it_keeps_coming(
    holding: FastAPI, town_runtime: Runtime
) -> None:
    limits = Deadlines(body_s=0.6, stall_s=0.5, long_rate_bytes_s=1_000.0, head_s=2.0)
    with served(holding, town_runtime.settings, Door(deadlines=limits)) as server:
        assert status(slowly(server, HEAD + ROW * 200, pieces=8, wait_s=0.12)) == 200
        # A tenth as fast as it has to be; and one that falls silent.
        assert status(slowly(server, HEAD + ROW * 10, pieces=10, wait_s=0.12)) == 408
        assert status(slowly(server, HEAD + ROW * 200, pieces=2, wait_s=0.9)) == 408


def slowly(server: Served, body: bytes, *, pieces: int, wait_s: float) -> bytes:
    """Send a body in pieces with pauses and return the answer."""
    step = -(-len(body) // pieces)
    with server.dial() as connection:
        connection.sendall(posted(b"", length=len(body)))
        for begin in range(0, len(body), step):
            try:
                connection.sendall(body[begin : begin + step])
            except OSError:
                break
            time.sleep(wait_s)
        return rest(connection)


def test_who_leaves_in_the_middle_is_nobodys_fault(
    server: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with server.dial() as connection:
        connection.sendall(posted(HEAD + ROW, length=10_000))
    with socket.create_connection(server.address, PATIENCE_S) as other:
        other.sendall(posted(HEAD + ROW))
        assert status(rest(other)) == 200

    assert "unhandled" not in caplog.text
