"""The load of ``bench/http.py``: every request as it was given, and counted by its answer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from bench.http import requests
from bench.http_load import checked, load, wrk
from geo.settings import Settings
from tests.api.serving import Served, served

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk asks, and is not here")
asked: set[tuple[str, bytes]] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse every other path."""
    name = next((value for name, value in scope["headers"] if name == b"x-name"), b"")
    asked.add((scope["path"], name))
    status = 404 if scope["path"] == "/2" else 200
    head = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(app, Settings()) as listening:
        yield listening


@needs_wrk
def test_all_requests_are_sent_and_counted_by_their_answers(server: Served, tmp_path: Path) -> None:
    asked.clear()
    (tmp_path / "asked").write_bytes(requests(["/1", "/2"], {"X-Name": "a"}))

    done = load(server.address[1], tmp_path / "asked", seconds=1)

    assert asked == {("/1", b"a"), ("/2", b"a")}
    assert done.answered > 0
    assert abs(done.answered - done.refused) <= done.answered * 0.1 + 40
    assert (done.broken, done.p50 <= done.p99) == (0, True)
    assert done.per_s == pytest.approx(done.answered / done.seconds)


def test_a_server_that_refuses_is_not_measured(server: Served) -> None:
    assert checked(server.address[1], ["/1"], {}) == [b"ok"]
    with pytest.raises(SystemExit, match="404 to /2"):
        checked(server.address[1], ["/1", "/2"], {})


def test_who_asks_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(SystemExit, match="apt-get install wrk"):
        wrk()
