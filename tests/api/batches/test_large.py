"""Ten million points through one connection, in bounded memory; others are served meanwhile."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.batches.rows import ROWS_MAX
from tests.api.batches.test_served import HEAD, PATH, ROW, holding, server
from tests.api.process import p95
from tests.api.serving import Served

__all__ = ["holding", "server"]

pytestmark = [pytest.mark.db, pytest.mark.long]

PIECE = ROW * 50_000
PATIENCE_S = 900.0
POINT = "/api/v1/locate?lon=116.8039&lat=33.9039"


def anonymous_mb() -> float:
    """Return the memory of this process that is no file's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1e3


def sent(server: Served, pieces: Iterator[bytes], watch: Callable[[], None]) -> tuple[int, int]:
    """Send a body in pieces; return the status and how many lines came back."""
    with closing(http.client.HTTPConnection(*server.address, timeout=PATIENCE_S)) as connection:
        connection.request("POST", PATH, pieces, {"Content-Type": "text/csv"})
        with connection.getresponse() as answer:
            lines = 0
            while piece := answer.read(1 << 20):
                lines += piece.count(b"\n")
                watch()
            return answer.status, lines


def rows(number: int) -> Iterator[bytes]:
    yield HEAD
    for _ in range(number // 50_000):
        yield PIECE


def test_ten_million_rows_go_through_in_bounded_memory(
    server: Served, record_property: Callable[[str, object], None]
) -> None:
    sent(server, rows(200_000), lambda: None)  # compiled, loaded, pools of memory filled
    before, most, begun = anonymous_mb(), [0.0], time.monotonic()

    def watch() -> None:
        most[0] = max(most[0], anonymous_mb())

    status, lines = sent(server, rows(ROWS_MAX), watch)

    took_s = time.monotonic() - begun
    figure = f"10 M rows of CSV: {took_s:.0f} s, {most[0] - before:.0f} MB more at most"
    record_property("figure", figure)
    assert (status, lines) == (200, ROWS_MAX + 1)
    assert most[0] - before < 250


def test_one_point_is_answered_while_two_batches_run(
    server: Served, record_property: Callable[[str, object], None]
) -> None:
    sent(server, rows(200_000), lambda: None)
    batches = [
        threading.Thread(target=sent, args=(server, rows(3_000_000), lambda: None))
        for _ in range(2)
    ]
    for batch in batches:
        batch.start()
    times = []
    with closing(http.client.HTTPConnection(*server.address, timeout=30)) as connection:
        while any(batch.is_alive() for batch in batches):
            begun = time.perf_counter()
            connection.request("GET", POINT)
            with connection.getresponse() as answer:
                assert answer.status == 200
                answer.read()
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.01)
    for batch in batches:
        batch.join()

    record_property("figure", f"one point beside two batches: p95 {p95(times):.0f} ms")
    assert len(times) > 50
    assert p95(times) < 250
