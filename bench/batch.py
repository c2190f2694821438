"""How many points of a batch are located in a second over HTTP: ``python -m bench.batch``.

On the database of ``WANGGE_DATABASE_URL``; one that is empty gets a grid of 20,000 cells of about
80 vertices in four levels. One server of one process on one core, who asks on another; batches of
100,000 points inside the grid, one after the other on a kept connection. A round asks each server
in turn: ours with all usual columns, with the code alone, with points in GCJ-02 and BD-09, as JSON;
and an echo of each format. Nothing is measured before the servers have nothing else to do: what a
publication leaves behind takes a minute. The share is the median over rounds of pairs measured next
to each other; the processor's time of the server is what others on a busy machine disturb less.
``inside`` is the same without HTTP, on 1,000,000 points. ``--json`` prints rows, not a table;
``--quick`` takes 2,000 cells, 200,000 points and two rounds, and waits ten seconds at most.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import ipc

from api.batches.forms import MEDIA, Form
from api.cli.opening import opened
from bench.arguments import parser
from bench.grids import is_empty, publish
from bench.http import awaited, grounds
from bench.processes import ask_here
from bench.shown import Row, show, step
from geo.crs.transform import from_storage
from geo.locate.batch import locate_points
from geo.locate.live import read_sight
from geo.locate.sheets import Sheet, chosen_columns
from geo.locate.snapshot import Snapshot
from geo.settings import Settings

POINTS = 100_000


class Size(NamedTuple):
    """How much is measured: cells of an empty database, points without HTTP, rounds, and so on."""

    cells: int
    many: int
    rounds: int
    patience_s: float


FULL, QUICK = Size(20_000, 1_000_000, 7, 300.0), Size(2_000, 200_000, 2, 10.0)
PATH = "/api/v1/locate/batch"


class Asked(NamedTuple):
    """What is asked of which server."""

    server: str
    path: str
    form: Form
    body: bytes
    echo: str = ""


@dataclass
class Measured:
    """Seconds of each round, and the server's processor time."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Points in a second, the median of the rounds."""
        return POINTS / float(np.median(self.seconds))


def spread(points: np.ndarray, number: int) -> np.ndarray:
    """Return so many points near those that are given, by at most three metres."""
    random = np.random.default_rng(8)
    near = points[random.integers(0, len(points), number)]
    return np.round(near + random.uniform(-3e-5, 3e-5, near.shape), 7)


def arrow_of(points: np.ndarray) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table({"lon": points[:, 0], "lat": points[:, 1]})
    with ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def csv_of(points: np.ndarray) -> bytes:
    sink = BytesIO()
    arrow_csv.write_csv(pa.table({"lon": points[:, 0], "lat": points[:, 1]}), sink)
    return sink.getvalue()


def json_of(points: np.ndarray) -> bytes:
    return orjson.dumps([{"lon": lon, "lat": lat} for lon, lat in points.tolist()])


def questions(points: np.ndarray) -> dict[str, Asked]:
    """Return what is asked, by name."""
    arrow, text = arrow_of(points), csv_of(points)
    found = {
        "arrow": Asked("ours", PATH, Form.ARROW, arrow, "arrow echo"),
        "csv": Asked("ours", PATH, Form.CSV, text, "csv echo"),
        "arrow, code alone": Asked("ours", f"{PATH}?fields=code", Form.ARROW, arrow, "arrow echo"),
        "csv, code alone": Asked("ours", f"{PATH}?fields=code", Form.CSV, text, "csv echo"),
        "json": Asked("ours", PATH, Form.JSON, json_of(points)),
        "arrow echo": Asked("arrow", "/", Form.ARROW, arrow),
        "csv echo": Asked("csv", "/", Form.CSV, text),
    }
    for crs in ("gcj02", "bd09"):
        shifted = arrow_of(from_storage(points, crs))
        found[f"arrow, {crs}"] = Asked("ours", f"{PATH}?crs={crs}", Form.ARROW, shifted)
    return found


def ask(connection: http.client.HTTPConnection, asked: Asked) -> int:
    """Return the length of an answer."""
    connection.request("POST", asked.path, asked.body, {"Content-Type": MEDIA[asked.form]})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{asked.path}: {answer.status} {body[:300]!r}")
    return len(body)


@contextmanager
def serving(names: list[str]) -> Iterator[dict[str, tuple[int, http.client.HTTPConnection]]]:
    """Run servers until the block ends; their process ids and a connection to each."""
    found, running = {}, []
    try:
        for name in names:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port: int = free.getsockname()[1]
            command = [sys.executable, "-m", "bench.batch_servers", name, str(port)]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            running.append(process)
            awaited(port, process)
            found[name] = process.pid, http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        yield found
    finally:
        for process in running:
            process.terminate()
            process.wait()


def cpu_s(pid: int) -> float:
    """Return the processor time that the threads of a process have taken so far."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def rested(pid: int, patience_s: float) -> bool:
    """Wait until a server that nobody asks has hardly used its core for two seconds."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        before = cpu_s(pid)
        time.sleep(2)
        if cpu_s(pid) - before < 0.06:
            return True
    return False


def run(asked: dict[str, Asked], size: Size, rounds: int) -> dict[str, Measured]:
    found = {name: Measured() for name in asked}
    with serving(sorted({one.server for one in asked.values()})) as servers:
        step("the servers are warmed")
        for one in asked.values():
            for _ in range(3):  # warm, and what it holds is held
                servers[one.server][1].close()
                ask(servers[one.server][1], one)
        for pid, _ in servers.values():
            if not rested(pid, size.patience_s) and size is FULL:
                raise SystemExit(f"process {pid} is still busy after {size.patience_s:.0f} s")
        for number in range(rounds):
            step(f"round {number + 1} of {rounds}")
            for name, one in asked.items():
                pid, connection = servers[one.server]
                connection.close()  # kept for nobody meanwhile; it opens by itself
                before, begun = cpu_s(pid), time.perf_counter()
                for _ in range(3):
                    ask(connection, one)
                found[name].seconds.append((time.perf_counter() - begun) / 3)
                found[name].cpu.append((cpu_s(pid) - before) / 3)
    return found


def shares(asked: dict[str, Asked], found: dict[str, Measured]) -> list[Row]:
    """Return a row for each question: its rate, and its share of the echo's."""
    rows = []
    for name, one in asked.items():
        mine, echo = found[name], found.get(one.echo)
        row: Row = {
            "what": name,
            "M points/s": round(mine.per_s / 1e6, 2),
            "M points/s of cpu": round(POINTS / max(float(np.median(mine.cpu)), 1e-9) / 1e6, 2),
            "share of echo": "",
        }
        if echo is not None:
            row["share of echo"] = round(float(np.median(np.divide(echo.seconds, mine.seconds))), 2)
        rows.append(row)
    return rows


def inside(grid: Snapshot, points: np.ndarray, rounds: int) -> list[Row]:
    """Return a row for each thing that is done without HTTP, on one core."""
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    sheet = Sheet(grid, chosen_columns((), ()), "en")
    ways = {
        "inside: arrays": lambda: locate_points(grid, lon, lat),
        "inside: arrays, code alone": lambda: locate_points(
            grid, lon, lat, borders=False, neighbours=False
        ),
        "inside: Arrow columns": lambda: sheet.answer(locate_points(grid, lon, lat), 1, None),
        "inside: arrays, gcj02": lambda: locate_points(grid, lon, lat, crs="gcj02"),
    }
    rows: list[Row] = []
    for name, way in ways.items():
        way()
        took = []
        for _ in range(rounds):
            begun = time.process_time()
            way()
            took.append(time.process_time() - begun)
        rate = len(points) / float(np.median(took)) / 1e6
        rows.append({"what": name, "M points/s": round(rate, 2)})
    return rows


def main() -> None:
    given = parser("batch").parse_args()
    size = QUICK if given.quick else FULL
    rounds = given.rounds or size.rounds
    ask_here()
    with opened(Settings()) as runtime:
        if is_empty(runtime):
            step(f"a city of {size.cells:,} cells is published")
            publish(runtime, size.cells)
        land = grounds(runtime)
        grid = read_sight(runtime, runtime.settings.time_zone, None).snapshot
    asked = questions(spread(land, POINTS))
    rows = shares(asked, run(asked, size, rounds))
    step("arrays, without HTTP")
    show(rows + inside(grid, spread(land, size.many), rounds), as_json=given.json)


if __name__ == "__main__":
    main()
