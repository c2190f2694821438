"""What it costs that everybody sees exactly their own area, asked over HTTP in this process.

``WANGGE_DATABASE_URL=… WANGGE_DATABASE_OWNER_URL=… python -m bench.access`` on a migrated database
without any grid; a city of 506,880 households is made on the first run. Prints one line of JSON,
ms: SQL of a page of 50 households and of the slowest page of any route at four roles' scopes; a
request with the guard and the audit, without the audit, without both; a personal read while
somebody holds a writing transaction open, and while nobody does.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
from fastapi import FastAPI
from sqlalchemy import text

from api.app import create_app
from api.deps import actor_of
from geo.access.actors import Actor
from geo.access.scope import Scope
from geo.audit import service as audit
from geo.runtime import Runtime
from geo.settings import Settings
from tests.access import city, seats
from tests.access.asking import Asker
from tests.access.captured import captured
from tests.access.city_asks import asks
from tests.access.seats import Seat

DOORS, TURNS, WARM = 44, 300, 20
PAGE = "/api/v1/households?limit=50"
OPEN_S, PAGE_MS = 10.0, 5.0


def who(runtime: Runtime) -> list[Seat]:
    """Return the four who ask, the city filled for them if it is empty."""
    with runtime.engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM cell"))
    if not stored:
        city.store(runtime, doors=DOORS)
    return [
        seats.placed_at(role, cell, place) for place, (role, cell) in enumerate(city.PLACES.items())
    ]


def figures(spent: list[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile of milliseconds."""
    parts = zip(("p50", "p95", "p99"), np.percentile(spent, (50, 95, 99)), strict=True)
    return {name: round(float(value), 2) for name, value in parts}


def timed(ask: Callable[[], object], turns: int = TURNS) -> list[float]:
    """Return the milliseconds of each turn, after some that do not count."""
    spent = []
    for turn in range(turns + WARM):
        begun = time.perf_counter()
        ask()
        if turn >= WARM:
            spent.append((time.perf_counter() - begun) * 1000)
    return spent


def pages_in_sql(runtime: Runtime, asker: Asker, four: list[Seat]) -> dict[str, Any]:
    """Return what the database spends on a page of households at each scope, all statements."""
    found = {}
    with captured(runtime.engine, planned=False) as listening:
        for seat in four:
            spent = []
            for _ in range(TURNS):
                asker.ask("GET", PAGE, headers=seat.headers)
                spent.append(sum(sent.ms for sent in listening.take()))
            found[seat.role.value] = figures(spent[WARM:])
    return found


def slow_pages(runtime: Runtime, asker: Asker, four: list[Seat]) -> dict[str, float]:
    """Return the routes whose SQL takes more than a page may, each with its best of five, ms."""
    found = {}
    with captured(runtime.engine, planned=False) as listening:
        for seat in four:
            for ask in asks(seat, DOORS):
                if ask.method == "GET":
                    best = min(_once(asker, seat, ask.target, listening.take) for _ in range(5))
                    if best > PAGE_MS:
                        found[f"{seat.role.value} {ask.target}"] = round(best, 1)
    return found


def _once(asker: Asker, seat: Seat, target: str, take: Callable[[], list[Any]]) -> float:
    asker.ask("GET", target, headers=seat.headers)
    return float(sum(sent.ms for sent in take()))


def guarded_and_not(runtime: Runtime, app: FastAPI, seat: Seat) -> dict[str, dict[str, float]]:
    """Return what a page costs with the guard and the audit, and with less and less of them."""
    asker = Asker(app)

    def ask() -> None:
        answer = asker.ask("GET", PAGE, headers=seat.headers)
        assert answer.status == 200, answer.text

    found = {"guard_and_audit": figures(timed(ask))}
    with mock.patch.object(audit, "write"):
        found["guard"] = figures(timed(ask))
        with runtime.work(Actor.system("bench")) as work:
            query = text("SELECT path FROM cell_version WHERE code = :code")
            path = work.session.scalar(query, {"code": seat.cell})
        with unguarded(app, str(path)):
            found["neither"] = figures(timed(ask))
    asker.close()
    return found


@contextmanager
def unguarded(app: FastAPI, path: str) -> Iterator[None]:
    """Let everybody act as the system in one area, without asking who they are."""
    known = replace(Actor.system("bench"), scope=Scope.of_areas([path]))
    app.dependency_overrides[actor_of] = lambda: known
    try:
        yield
    finally:
        app.dependency_overrides.clear()


def beside_a_writer(runtime: Runtime, app: FastAPI, seat: Seat) -> dict[str, dict[str, float]]:
    """Return how long a personal read takes while a writer's transaction is open, and is not."""
    asker, household = Asker(app), city.household(DOORS)
    target = f"/api/v1/households/{household}"

    def read() -> None:
        answer = asker.ask("GET", target, headers=seat.headers)
        assert answer.status == 200, answer.text

    found = {"alone": figures(timed(read))}
    begun, over = threading.Event(), threading.Event()
    writer = threading.Thread(target=_write, args=(runtime, household, begun, over))
    writer.start()
    begun.wait()
    found["beside_a_writer"] = figures(timed(read))
    over.set()
    writer.join()
    asker.close()
    return found


def _write(runtime: Runtime, household: int, begun: threading.Event, over: threading.Event) -> None:
    with runtime.work(Actor.system("bench"), long=True) as work:
        values = {"id": household}
        work.session.execute(text("UPDATE household SET persons = 1 WHERE id = :id"), values)
        work.session.execute(
            text("INSERT INTO audit_record (actor, action, outcome) VALUES ('b', 'x', 'done')")
        )
        begun.set()
        over.wait(OPEN_S)


def main() -> None:
    # More than an account is given in a day.
    runtime = Runtime(Settings(rate_factor=0.0, people_per_day=10**9))
    four, app = who(runtime), create_app(runtime)
    asker, admin = Asker(app), 1
    told = {
        "households": city.BUILDINGS * DOORS,
        "page_of_50_sql": pages_in_sql(runtime, asker, four),
        "slower_than_5_ms_sql": slow_pages(runtime, asker, four),
        "request": guarded_and_not(runtime, app, four[admin]),
        "personal_read": beside_a_writer(runtime, app, four[admin]),
    }
    asker.close()
    runtime.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
