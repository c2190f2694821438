"""No route reads a large table from end to end, whoever asks: plans of what is really sent."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy import text

from api.access import ACCESS
from api.app import create_app
from geo.runtime import Runtime
from tests.access import city
from tests.access.asking import Asker
from tests.access.captured import Sent, captured
from tests.access.city_asks import PLAIN, CityAsk, asks
from tests.access.conftest import settings_of
from tests.access.seats import Seat
from tests.databases import Databases

pytestmark = pytest.mark.db

LARGE = 10_000


@dataclass(frozen=True)
class City:
    """The city, its askers and its large tables."""

    runtime: Runtime
    who: list[Seat]
    doors: int

    @property
    def large(self) -> set[str]:
        with self.runtime.engine.connect() as connection:
            query = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > :least")
            return set(connection.scalars(query, {"least": LARGE}))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(5, id="57600 households", marks=pytest.mark.long),
        pytest.param(44, id="506880 households", marks=pytest.mark.long),
    ],
)
def town(request: pytest.FixtureRequest, databases: Databases, template: str) -> Iterator[City]:
    name = databases.create(template=template)
    runtime = Runtime(settings_of(databases, name))
    who = city.store(runtime, doors=request.param)
    yield City(runtime, who, request.param)
    runtime.close()
    databases.drop(name)


def sent_by(town: City, seat: Seat) -> Iterator[tuple[CityAsk, list[Sent]]]:
    """Return what each request of somebody sends to the database."""
    numbers = count()
    with (
        closing(Asker(create_app(town.runtime))) as asker,
        captured(town.runtime.engine) as listening,
    ):
        for ask in asks(seat, town.doors):
            headers = {**seat.headers, "idempotency-key": f"plans-{seat.name}-{next(numbers):04d}"}
            answer = asker.ask(ask.method, ask.target, body=ask.body, headers=headers)
            assert answer.status == ask.status, f"{seat.name} {ask.target}: {answer.text[:300]}"
            yield ask, listening.take()


def test_every_route_is_asked() -> None:
    asked = {ask.route for seat in city.askers() for ask in asks(seat, doors=5)}

    assert asked | PLAIN == set(ACCESS)


def test_no_large_table_is_read_from_end_to_end(town: City) -> None:
    large, read = town.large, set()
    assert len(large) > 15
    for seat in town.who:
        for ask, statements in sent_by(town, seat):
            for sent in statements:
                tables = {node["Relation Name"] for node in sent.scans()} & large
                if not ask.area:
                    tables |= {table for table, rows in sent.read() if rows > LARGE}
                if tables and not ask.whole:
                    read.add(f"{seat.name} {ask.target} reads {tables}: {sent.statement[:400]}")

    assert sorted(read) == []
