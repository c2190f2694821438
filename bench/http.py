"""How many points are located in a second over HTTP: ``python -m bench.http``.

On the database of ``WANGGE_DATABASE_URL``, with a grid, for instance of ``./wangge demo``. Each
server has one process on one core, ``wrk`` asks from another: 32 connections, random points inside
the grid, more of them than anybody's cache of answers holds. Some answers of each server are looked
at first: they name the cell that ours names. A round asks every server one after the other, and a
ratio is the median over rounds of pairs measured next to each other, by requests and by the
processor's time, which others on a busy machine disturb less: of the server alone, and with what
the database on this machine did for it. Ours answers all: cells, team, distance, doubt, to somebody
signed in, with rate limits, the line of the log and the counts. ``--rounds``, ``--seconds`` and
names of servers choose what is run; ``--json`` prints rows, not a table. ``--quick`` takes two
rounds of a second, and an empty database gets a grid of 2,000 cells without people.

``tipg`` and ``mapit`` are asked for every cell that holds the point, with code, name and level and
without shapes, which is the nearest they come to our answer; they are optional and have
environments and databases of their own (``bench/http_peers.py`` says how to make them).
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import orjson
import shapely

from api.cli.opening import opened
from bench import http_peers
from bench.arguments import parser
from bench.grids import is_empty, publish
from bench.http_load import Load, checked, load, wrk
from bench.processes import ask_here, backends, cores, cpu_s, ended_s, family
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

POINTS = 4_000
WARM_S = 20.0
LOOKED_AT = 20
PATIENCE_S = 120.0
# What each server is asked, and the header fields besides.
TARGETS = {"hello": "/", **http_peers.TARGETS}
LOCATE = "/api/v1/locate?lon={lon:.7f}&lat={lat:.7f}"


class Pace(NamedTuple):
    """How often, and for how many seconds, every server is asked."""

    rounds: int
    seconds: int


FULL, QUICK = Pace(5, 3), Pace(2, 1)
QUICK_CELLS = 2_000


@dataclass
class Measured:
    """A server's rounds; ``asked`` is a file of requests."""

    pid: int
    port: int
    asked: Path
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


def targets(name: str, points: np.ndarray) -> list[str]:
    """Return what a server is asked."""
    return [_filled(TARGETS.get(name, LOCATE), lon, lat) for lon, lat in points.tolist()]


def fields(name: str, bearer: str) -> dict[str, str]:
    """Return the header fields with which it is asked."""
    return {"Authorization": f"Bearer {bearer}"} if name == "ours" else {}


def _filled(template: str, lon: float, lat: float) -> str:
    asked = quote(f"S_INTERSECTS(geom,POINT({lon:.7f} {lat:.7f}))")
    return template.format(lon=lon, lat=lat, filter=asked)


@contextmanager
def serving(name: str, asked: Path) -> Iterator[Measured]:
    """Run a server until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    given = http_peers.Command([sys.executable, "-m", "bench.http_servers", name, str(port)])
    if name in http_peers.PEERS:
        given = http_peers.command(name, port)
    # Lines of the log are written, and read by nobody.
    with subprocess.Popen(
        ["taskset", "-c", str(min(cores())), *given.words],
        cwd=given.folder,
        env={**os.environ, **given.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            awaited(port, process)
            yield Measured(process.pid, port, asked)
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


def measure(found: Measured, seconds: int) -> None:
    mine = family(found.pid)
    behind = {other for pid in mine for other in backends(pid)}
    before = _spent(mine), _spent(behind) + ended_s()
    turn = len(found.loads) * POINTS // 7
    done = load(found.port, found.asked, seconds=seconds, turn=turn)
    found.loads.append(done)
    own_s, behind_s = _spent(mine) - before[0], _spent(behind) + ended_s() - before[1]
    found.cpu_us.append(own_s / max(done.answered, 1) * 1e6)
    found.whole_us.append((own_s + behind_s) / max(done.answered, 1) * 1e6)


def _spent(processes: Iterable[int]) -> float:
    return sum(map(cpu_s, processes))


def row(name: str, found: Measured, mine: Measured) -> Row:
    """Return one row: rates, and how much faster we are, by requests and by processor time."""
    rates = np.array([done.per_s for done in found.loads])
    ours = np.array([done.per_s for done in mine.loads])
    times = ours / rates
    middle = found.loads[int(np.argsort(rates)[len(rates) // 2])]
    return {
        "server": name,
        "requests/s": round(float(np.median(rates))),
        "p50 ms": round(middle.p50, 2),
        "p99 ms": round(middle.p99, 2),
        "cpu us/request": round(float(np.median(found.cpu_us)), 1),
        "ours / this": f"{np.median(times):.2f} ({times.min():.2f}-{times.max():.2f})",
        "by cpu": round(float(np.median(np.divide(found.cpu_us, mine.cpu_us))), 2),
        "with database": round(float(np.median(np.divide(found.whole_us, mine.whole_us))), 2),
        "refused": sum(done.refused for done in found.loads),
        "broken": sum(done.broken for done in found.loads),
    }


def main() -> None:
    given = parser("http").parse_args()
    usual = QUICK if given.quick else FULL
    pace = Pace(given.rounds or usual.rounds, given.seconds or usual.seconds)
    wrk()
    ask_here()
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
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(TemporaryDirectory()))
        for name in names:
            asked = folder / name
            asked.write_bytes(requests(targets(name, points), fields(name, bearer)))
            found[name] = open_now.enter_context(serving(name, asked))
        leaves_of = [_leaf(body) for body in _sample("ours", found, points, bearer)]
        for name, measured in found.items():
            step(f"{name} is looked at, and warmed")
            _check(name, _sample(name, found, points, bearer), leaves_of)
            _warm(measured, pace.seconds)
        for number in range(pace.rounds):
            step(f"round {number + 1} of {pace.rounds}")
            for measured in found.values():
                measure(measured, pace.seconds)
    return found


def _warm(found: Measured, seconds: int) -> None:
    """Ask about every point once, if that does not take too long: what is held is held then."""
    answered, begun = 0, time.monotonic()
    while answered < POINTS and time.monotonic() - begun < WARM_S:
        answered += load(found.port, found.asked, seconds=seconds, turn=answered).answered


def requests(asked: list[str], named: dict[str, str]) -> bytes:
    """Return whole requests, one after another."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return "".join(
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n" for target in asked
    ).encode()


def _sample(name: str, found: dict[str, Measured], points: np.ndarray, bearer: str) -> list[bytes]:
    asked = targets(name, points[:LOOKED_AT])
    return checked(found[name].port, asked, fields(name, bearer))


def _leaf(body: bytes) -> bytes:
    """Return the code of the cell that our own answer names."""
    return b'"%b"' % orjson.loads(body)["cells"][-1]["code"].encode()


def _check(name: str, bodies: list[bytes], codes: list[bytes]) -> None:
    """Refuse a server that does not say where its points lie."""
    wrong = [body for body, code in zip(bodies, codes, strict=True) if code not in body]
    if name != "hello" and wrong:
        raise SystemExit(f"{name} names another cell than ours: {wrong[0][:300]!r}")


if __name__ == "__main__":
    main()
