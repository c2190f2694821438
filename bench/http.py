"""How many points are located in a second over HTTP: ``python -m bench.http``.

On the database of ``WANGGE_DATABASE_URL``, with a grid, for instance of ``./wangge demo``. Each
server has one process on one core, the load another core: 32 kept connections, random points inside
the grid. A round asks every server one after the other, and a ratio is the median over rounds of
pairs measured next to each other, by requests and by the processor's time, which others on a busy
machine disturb less: of the server alone, and with what the database on this machine did for it.
Ours answers all: cells, team, distance, doubt, to somebody signed in, with rate limits, the line of
the log and the counts. ``--rounds``, ``--seconds`` and names of servers choose what is run;
``--json`` prints rows, not a table. ``--quick`` takes two rounds of a second, and an empty database
gets a grid of 2,000 cells without people.

``tipg`` and ``mapit`` are asked for every cell that holds the point, with code, name and level and
without shapes, which is the nearest they come to our answer; they are optional and have
environments and databases of their own (``bench/http_peers.py`` says how to make them).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import shapely

from api.cli.opening import opened
from bench import http_peers
from bench.arguments import parser
from bench.grids import is_empty, publish
from bench.http_load import Load, load
from bench.processes import backends, cpu_s
from bench.shown import Row, show, step
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.accounts.model import Account, RoleGrant
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import begin
from geo.grid.frames import tree
from geo.grid.store import publication_at
from geo.grid.tree import leaves
from geo.runtime import Runtime
from geo.settings import Settings

POINTS = 2_000
PATIENCE_S = 120.0
# What each server is asked, and the header fields besides.
TARGETS = {"hello": "/", **http_peers.TARGETS}
LOCATE = "/api/v1/locate?lon={lon:.7f}&lat={lat:.7f}"


class Pace(NamedTuple):
    """How often, and for how many seconds, every server is asked."""

    rounds: int
    seconds: float


FULL, QUICK = Pace(5, 3.0), Pace(2, 1.0)
QUICK_CELLS = 2_000


@dataclass
class Measured:
    """A server's rounds."""

    pid: int
    port: int
    requests: list[bytes]
    loads: list[Load] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    whole_us: list[float] = field(default_factory=list)


def grounds(runtime: Runtime) -> np.ndarray:
    """Return random points inside the grid."""
    with runtime.work(Actor.system("bench")) as work:
        cells = leaves(tree(work.session, publication_at(work.session, work.now).number))
    land = shapely.union_all(cells.geometry.to_numpy())
    west, south, east, north = land.bounds
    random = np.random.default_rng(7)
    points = random.uniform((west, south), (east, north), (POINTS * 20, 2))
    return points[shapely.contains_xy(land, points)][:POINTS]


def token(runtime: Runtime) -> str:
    """Return the access token of a new account that may read teams."""
    with runtime.work(Actor.system("bench")) as work:
        login = f"bench-{time.time_ns()}"
        account = Account(kind="person", login=login, name="bench", created_by="bench")
        work.session.add(account)
        work.session.flush()
        role = RoleGrant(account_id=account.id, role=str(Role.AUDIT_ADMIN), granted_by="bench")
        work.session.add(role)
        return begin(work, account, SignInRules.of(runtime.settings), "token").token


def requests(name: str, points: np.ndarray, bearer: str) -> list[bytes]:
    """Return what a server is asked."""
    fields = f"Host: 127.0.0.1\r\nAuthorization: Bearer {bearer}\r\n" if name == "ours" else ""
    fields = fields or "Host: 127.0.0.1\r\n"
    template = TARGETS.get(name, LOCATE)
    return [
        f"GET {_filled(template, lon, lat)} HTTP/1.1\r\n{fields}\r\n".encode()
        for lon, lat in points.tolist()
    ]


def _filled(template: str, lon: float, lat: float) -> str:
    asked = quote(f"S_INTERSECTS(geom,POINT({lon:.7f} {lat:.7f}))")
    return template.format(lon=lon, lat=lat, filter=asked)


@contextmanager
def serving(name: str, points: np.ndarray, bearer: str) -> Iterator[Measured]:
    """Run a server until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.http_servers", name, str(port)]
    if name in http_peers.PEERS:
        command = [http_peers.python(name), "-m", "bench.http_peers", name, str(port)]
    # Lines of the log are written, and read by nobody.
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            awaited(port, process)
            yield Measured(process.pid, port, requests(name, points, bearer))
        finally:
            process.terminate()


def awaited(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server does not start")


def measure(found: Measured, seconds: float) -> None:
    behind = backends(found.pid)
    before = cpu_s(found.pid), sum(map(cpu_s, behind))
    done = load(found.port, found.requests, seconds=seconds)
    found.loads.append(done)
    own_s, behind_s = cpu_s(found.pid) - before[0], sum(map(cpu_s, behind)) - before[1]
    found.cpu_us.append(own_s / max(done.answered, 1) * 1e6)
    found.whole_us.append((own_s + behind_s) / max(done.answered, 1) * 1e6)


def row(name: str, found: Measured, mine: Measured) -> Row:
    """Return one row: rates, and how much faster we are, by requests and by processor time."""
    rates = np.array([done.per_s for done in found.loads])
    ours = np.array([done.per_s for done in mine.loads])
    times = ours / rates
    last = found.loads[-1]
    return {
        "server": name,
        "requests/s": round(float(np.median(rates))),
        "p50 ms": round(last.ms(50), 2),
        "p99 ms": round(last.ms(99), 2),
        "cpu us/request": round(float(np.median(found.cpu_us)), 1),
        "ours / this": f"{np.median(times):.2f} ({times.min():.2f}-{times.max():.2f})",
        "by cpu": round(float(np.median(np.divide(found.cpu_us, mine.cpu_us))), 2),
        "with database": round(float(np.median(np.divide(found.whole_us, mine.whole_us))), 2),
        "refused": sum(done.refused for done in found.loads),
    }


def main() -> None:
    given = parser("http").parse_args()
    usual = QUICK if given.quick else FULL
    pace = Pace(given.rounds or usual.rounds, given.seconds or usual.seconds)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if given.quick:
        with opened(Settings()) as runtime:
            if is_empty(runtime):
                step(f"a city of {QUICK_CELLS:,} cells is published")
                publish(runtime, QUICK_CELLS)
    runtime = Runtime(Settings())
    points, bearer = grounds(runtime), token(runtime)
    runtime.close()
    names = ["ours", *(given.servers or ["hello", "fastapi"])]
    found = run(names, points, bearer, pace)
    show([row(name, found[name], found["ours"]) for name in names], as_json=given.json)


def run(names: list[str], points: np.ndarray, bearer: str, pace: Pace) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    with _all(names, points, bearer, found):
        for name, measured in found.items():
            step(f"{name} is warmed")
            load(
                measured.port, measured.requests, seconds=pace.seconds
            )  # warm, and what it holds is held
            load(measured.port, measured.requests, seconds=1.0)
        for number in range(pace.rounds):
            step(f"round {number + 1} of {pace.rounds}")
            for measured in found.values():
                measure(measured, pace.seconds)
    return found


@contextmanager
def _all(
    names: list[str], points: np.ndarray, bearer: str, found: dict[str, Measured]
) -> Iterator[None]:
    if not names:
        yield
        return
    with serving(names[0], points, bearer) as one:
        found[names[0]] = one
        with _all(names[1:], points, bearer, found):
            yield


if __name__ == "__main__":
    main()
