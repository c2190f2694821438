"""Works of requests: read only, ended before the answer, given back when the pool is short."""

import time

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.app import create_app
from api.deps import ReadWork
from geo.runtime import Runtime
from geo.settings import Settings
from tests.api.client import Client
from tests.conftest import Databases

pytestmark = pytest.mark.db


def test_a_reading_work_cannot_write(town_runtime: Runtime) -> None:
    app: FastAPI = create_app(town_runtime)

    def write(work: ReadWork) -> None:
        work.session.execute(text("UPDATE building SET name = 'x'"))

    app.get("/write")(write)
    response = Client(app).get("/write")

    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert Client(app).json("/api/v1/buildings/b1")["name"] == "1号楼"


def test_every_connection_is_given_back(town_runtime: Runtime) -> None:
    client = Client(create_app(town_runtime))
    for path in ("/api/v1/cells", "/api/v1/cells/none", "/api/v1/cells?level=9", "/nope"):
        client.get(path)

    assert town_runtime.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool


def test_when_no_connection_is_free_the_answer_is_503_in_time(
    databases: Databases, town_runtime: Runtime
) -> None:
    settings: Settings = town_runtime.settings.model_copy(update={"pool_size": 1})
    small = Runtime(settings)
    client = Client(create_app(small))
    with small.engine.connect():
        begun = time.monotonic()
        response = client.get("/api/v1/cells")
        alive = client.get("/healthz")
    after = client.get("/api/v1/cells")
    small.close()

    assert (response.status_code, response.json()["code"]) == (503, "too_busy")
    assert time.monotonic() - begun < 5
    assert "retry-after" in response.headers
    assert (alive.status_code, after.status_code) == (200, 200)
