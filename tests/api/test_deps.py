"""Works of requests: read only, ended before the answer, given back when the pool is short."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from api import turns
from api.access import ACCESS
from api.app import create_app
from api.deps import ReadWork
from geo.access.actors import Actor
from geo.runtime import Runtime
from tests.api.client import Client

pytestmark = pytest.mark.db


def test_a_reading_work_cannot_write(
    town_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: FastAPI = create_app(town_runtime)

    def write(work: ReadWork) -> None:
        work.session.execute(text("UPDATE building SET name = 'x'"))

    monkeypatch.setitem(ACCESS, "GET /write", None)
    app.get("/write")(write)
    response = Client(app).get("/write")

    assert (response.status_code, response.json()["code"]) == (500, "reading_wrote")
    assert Client(app).json("/api/v1/buildings/b1")["name"] == "1号楼"


def test_every_connection_is_given_back(town_runtime: Runtime) -> None:
    client = Client(create_app(town_runtime))
    for path in ("/api/v1/cells", "/api/v1/cells/none", "/api/v1/cells?level=9", "/nope"):
        client.get(path)

    assert town_runtime.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool


@pytest.fixture
def small(town_runtime: Runtime) -> Iterator[Runtime]:
    """The same town over a single connection."""
    made = Runtime(town_runtime.settings.model_copy(update={"pool_size": 1}))
    yield made
    made.close()


def test_many_at_once_wait_for_their_turn_and_are_all_answered(small: Runtime) -> None:
    begun = time.monotonic()
    answers = Client(create_app(small)).at_once(["/api/v1/posts"] * 60)

    assert {answer.status_code for answer in answers} == {200}
    assert time.monotonic() - begun < 10


def test_who_waits_too_long_for_a_turn_is_sent_away(
    small: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(small)
    monkeypatch.setattr(turns, "TURN_WAIT_S", 0.05)
    asyncio.run(app.state.turns.acquire_on_behalf_of("somebody else"))
    client = Client(app)
    refused = client.get("/api/v1/posts")
    app.state.turns.release_on_behalf_of("somebody else")

    assert (refused.status_code, refused.json()["code"]) == (503, "too_busy")
    assert client.get("/api/v1/posts").status_code == 200


def test_a_failure_at_the_end_of_the_work_is_not_answered_as_done(
    town_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("connection lost"))

    monkeypatch.setattr(Session, "commit", lost)
    response = Client(create_app(town_runtime)).get("/api/v1/posts")

    assert (response.status_code, response.json()["code"]) == (503, "database_unreachable")


def test_an_error_of_the_database_does_not_name_the_values(town_runtime: Runtime) -> None:
    with town_runtime.work(Actor.system("test")) as work, pytest.raises(DBAPIError) as caught:
        work.session.execute(text("SELECT 1 / CAST(:name AS integer)"), {"name": "somebody"})

    assert "parameters hidden" in str(caught.value)


def test_when_no_connection_is_free_the_answer_is_503_in_time(small: Runtime) -> None:
    client = Client(create_app(small))
    with small.engine.connect():
        begun = time.monotonic()
        response = client.get("/api/v1/cells")
        alive = client.get("/healthz")
    after = client.get("/api/v1/cells")

    assert (response.status_code, response.json()["code"]) == (503, "too_busy")
    assert time.monotonic() - begun < 5
    assert "retry-after" in response.headers
    assert (alive.status_code, after.status_code) == (200, 200)
