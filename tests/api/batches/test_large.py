"""Ten million points through one connection, in bounded memory; others are served meanwhile."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import ipc

from api.batches.forms import MEDIA, Form
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


def sent(
    server: Served, pieces: Iterator[bytes], watch: Callable[[], None], form: Form = Form.CSV
) -> tuple[int, int]:
    """Send a body in pieces; return the status and how many rows came back."""
    with closing(http.client.HTTPConnection(*server.address, timeout=PATIENCE_S)) as connection:
        connection.request("POST", PATH, pieces, {"Content-Type": MEDIA[form]})
        with connection.getresponse() as answer:
            return answer.status, sum(COUNTED[form](answer, watch))


def lines_of(answer: http.client.HTTPResponse, watch: Callable[[], None]) -> Iterator[int]:
    yield -1  # the header
    while piece := answer.read(1 << 20):
        watch()
        yield piece.count(b"\n")


def messages_of(answer: http.client.HTTPResponse, watch: Callable[[], None]) -> Iterator[int]:
    with ipc.open_stream(pa.PythonFile(answer, "r")) as reader:
        for batch in reader:
            watch()
            yield len(batch)


COUNTED = {Form.CSV: lines_of, Form.ARROW: messages_of}


def rows(number: int, form: Form = Form.CSV) -> Iterator[bytes]:
    head, piece, end = (HEAD + PIECE, PIECE, b"") if form is Form.CSV else arrow_pieces()
    yield head
    for _ in range(number // 50_000 - 1):
        yield piece
    yield end


def arrow_pieces() -> tuple[bytes, bytes, bytes]:
    """Return a stream of 50,000 points without its end, another 50,000 points, and the end."""
    lon, lat = (float(text) for text in ROW.split(b","))
    table = pa.table({"lon": [lon] * 50_000, "lat": [lat] * 50_000})
    sink, ends = pa.BufferOutputStream(), []
    with ipc.new_stream(sink, table.schema) as writer:
        for _ in range(2):
            writer.write_table(table)
            ends.append(sink.tell())
    whole = sink.getvalue().to_pybytes()
    return whole[: ends[0]], whole[ends[0] : ends[1]], whole[ends[1] :]


@pytest.mark.parametrize("form", [Form.CSV, Form.ARROW])
def test_ten_million_rows_go_through_in_bounded_memory(
    server: Served, record_property: Callable[[str, object], None], form: Form
) -> None:
    # Compiled, loaded, pools of memory filled.
    sent(server, rows(200_000, form), lambda: None, form)
    before, most, begun = anonymous_mb(), [0.0], time.monotonic()

    def watch() -> None:
        most[0] = max(most[0], anonymous_mb())

    status, found = sent(server, rows(ROWS_MAX, form), watch, form)

    took_s = time.monotonic() - begun
    figure = f"10 M rows of {form}: {took_s:.0f} s, {most[0] - before:.0f} MB more at most"
    record_property("figure", figure)
    assert (status, found) == (200, ROWS_MAX)
    assert most[0] - before < 250


@pytest.mark.parametrize("form", [Form.CSV, Form.ARROW])
def test_one_row_too_many_is_refused_however_long_the_batch_is(server: Served, form: Form) -> None:
    with closing(http.client.HTTPConnection(*server.address, timeout=PATIENCE_S)) as connection:
        pieces = rows(ROWS_MAX + 50_000, form)
        connection.request("POST", PATH, pieces, {"Content-Type": MEDIA[form]})
        with connection.getresponse() as answer:
            if form is Form.ARROW:
                said = json.loads(answer.read())
                assert (answer.status, said["code"]) == (400, "batch_refused")
                assert str(ROWS_MAX) in said["detail"]
                return
            # Text is counted as it is read: by then ten million rows are told.
            last = b""
            with pytest.raises(http.client.IncompleteRead) as cut:
                while piece := answer.read(1 << 20):
                    last = piece
            assert b'"batch_refused"' in last + cut.value.partial


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
