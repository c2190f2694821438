"""What masks, searches and scopes cost on 500,000 households.

``WANGGE_DATABASE_URL=… WANGGE_DATABASE_OWNER_URL=… python -m bench.people`` on a migrated database
without any grid; the city is made on the first run. Prints one line of JSON, ms: a page of 100
masked households against the same page without a personal column, taken in turns; a page at each
role's scope; a search by phone, by a name of ten, and for nobody; the requests of a scope.
"""

import json
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import event, or_, select, text
from sqlalchemy.orm import Session

from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.audit.actions import Action
from geo.db.paging import Page, PathRange, in_path_order, ranges_within, read_by_area
from geo.db.session import make_engine
from geo.grid.model import CellVersion
from geo.people import store
from geo.people.model import Household
from geo.people.rights import store as requests
from geo.people.rights.store import RequestFilter
from geo.people.store import BlindIndex, HouseholdFilter
from geo.places.model import Building, DwellingUnit
from geo.runtime import Runtime
from geo.settings import Settings

TURNS, WARM, EXPLAINED = 400, 20, 10
TODAY = date(2026, 11, 21)
SCOPES = {
    "grid": Scope.of_areas(["1.2.10.100."]),
    "community": Scope.of_areas(["1.2.10."]),
    "town": Scope.of_areas(["1.2."]),
    "three areas": Scope.of_areas(["1.3.11.101.", "1.4.12.", "1.5.13.103."]),
    "district": Scope.of_areas(["1."]),
}
Question = Callable[[Session], object]


class PlainRow(NamedTuple):
    """A household without anything personal."""

    id: int
    building_code: str
    building_name: str
    stairwell: int
    floor: int
    number: str
    occupancy: str
    persons: int | None
    objected: bool
    erased: bool
    since: date | None
    cell_code: str | None
    cell_name: str | None
    path: str


def plain_page(scope: Scope, session: Session) -> object:
    """Read the page of ``store.households`` by the same steps, without its personal columns."""
    page, key = Page(100), attrgetter("path", "id")
    return read_by_area(ranges_within(scope), page, partial(_plain, session), key)


def _plain(session: Session, bounds: PathRange | None, page: Page) -> list[PlainRow]:
    columns = (
        Household.id, Household.unit_id, Household.building_id, Household.occupancy,
        Household.persons, Household.objected_at, Household.erased_at, Household.since,
        Household.path,
    )  # fmt: skip
    standing = or_(Household.ended_on.is_(None), Household.ended_on > TODAY)
    cut = in_path_order(
        select(*columns).where(standing), (Household.path, Household.id), bounds, page
    )
    of = cut.subquery("page").c
    query = (
        select(
            of.id, Building.code.label("building_code"), Building.name.label("building_name"),
            DwellingUnit.stairwell, DwellingUnit.floor, DwellingUnit.number, of.occupancy,
            of.persons, of.objected_at.is_not(None).label("objected"),
            of.erased_at.is_not(None).label("erased"), of.since,
            CellVersion.code.label("cell_code"), CellVersion.name.label("cell_name"), of.path,
        )
        .join(DwellingUnit, DwellingUnit.id == of.unit_id)
        .join(Building, Building.id == of.building_id)
        .outerjoin(CellVersion, (CellVersion.path == of.path) & CellVersion.during.contains(1))
        .order_by(of.path, of.id)
    )  # fmt: skip
    return list(map(PlainRow._make, session.execute(query)))


def masked_page(scope: Scope, session: Session) -> object:
    return store.households(session, scope, 1, HouseholdFilter(TODAY), Page(100))


def search(scope: Scope, column: str, value: bytes, session: Session) -> object:
    return store.households_with(session, scope, 1, BlindIndex(column, value), TODAY, 20)


def asked(scope: Scope, session: Session) -> object:
    return requests.requests(session, scope, 1, RequestFilter(), Page(100))


def timed(runtime: Runtime, scope: Scope, *questions: Question) -> list[dict[str, float]]:
    """Return figures of each question, asked in turns in one work: all of it, and in SQL alone."""
    spent: list[list[float]] = [[] for _ in questions]
    in_sql: list[list[float]] = [[] for _ in questions]
    with runtime.work(Actor("bench", scope, ActorKind.SYSTEM), reading=True) as work:
        for turn in range(WARM + TURNS):
            for times, question in zip(spent, questions, strict=True):
                begun = time.perf_counter()
                question(work.session)
                times.append((time.perf_counter() - begun) * 1000)
            for times, question in zip(in_sql, questions, strict=True):
                if turn % EXPLAINED == 0:
                    times.append(explained(work.session, question))
    return [
        {**_figures("", all_of_it[WARM:]), **_figures("sql_", explained_ms)}
        for all_of_it, explained_ms in zip(spent, in_sql, strict=True)
    ]


def as_work(runtime: Runtime, *questions: Question) -> list[dict[str, float]]:
    """Return figures of each question in a work of its own, with its record in the audit."""
    spent: list[list[float]] = [[] for _ in questions]
    actor = Actor("bench", SCOPES["district"], ActorKind.SYSTEM)
    for _ in range(WARM + TURNS):
        for times, question in zip(spent, questions, strict=True):
            begun = time.perf_counter()
            with runtime.work(actor, reading=True) as work:
                page = question(work.session)
                work.gave(Action.PEOPLE_LIST, "household", page.rows)  # type: ignore[attr-defined]
            times.append((time.perf_counter() - begun) * 1000)
    return [_figures("", times[WARM:]) for times in spent]


def explained(session: Session, question: Question) -> float:
    """Return what PostgreSQL says it took to plan and execute the statements of a question."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        question(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    told = [
        connection.exec_driver_sql(
            "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) " + statement, parameters
        ).scalar_one()[0]
        for statement, parameters in sent
    ]
    return float(sum(one["Planning Time"] + one["Execution Time"] for one in told))


def _figures(prefix: str, times: list[float]) -> dict[str, float]:
    return {
        f"{prefix}p50": round(float(np.median(times)), 2),
        f"{prefix}p95": round(float(np.percentile(times, 95)), 2),
    }


def make_city(settings: Settings) -> None:
    engine = make_engine(str(settings.database_owner_url), pool_size=1)
    with engine.begin() as connection:
        if not connection.scalar(text("SELECT count(*) FROM household")):
            sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
            connection.exec_driver_sql(sql.replace("%", "%%"))
    engine.dispose()


def main() -> None:
    settings = Settings()
    make_city(settings)
    runtime = Runtime(settings)
    pages = (partial(plain_page, SCOPES["district"]), partial(masked_page, SCOPES["district"]))
    plain, masked = timed(runtime, SCOPES["district"], *pages)
    plain_work, masked_work = as_work(runtime, *pages)
    with runtime.work(Actor.system("bench"), reading=True) as work:
        phone, name = work.session.execute(
            select(Household.head_phone_blind, Household.head_name_blind).limit(1)
        ).one()
    figures: dict[str, object] = {
        "page of 100": {"plain": plain, "masked": masked},
        "the same as a work": {"plain": plain_work, "masked": masked_work},
    }
    for label, scope in SCOPES.items():
        page, phoned, named, nobody, listed = timed(
            runtime,
            scope,
            partial(masked_page, scope),
            partial(search, scope, "head_phone_blind", bytes(phone)),
            partial(search, scope, "head_name_blind", bytes(name)),
            partial(search, scope, "head_phone_blind", bytes(16)),
            partial(asked, scope),
        )
        found = {"phone": phoned, "name": named, "nobody": nobody}
        figures[label] = {"page of 100": page, "search": found, "requests": listed}
    runtime.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
