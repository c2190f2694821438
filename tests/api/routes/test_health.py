"""Probes: alive without a database, ready only when requests can be served."""

import asyncio
import os
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, text

from api.app import create_app
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.api.client import Client
from tests.databases import Databases

pytestmark = pytest.mark.db


def from_afar(app: FastAPI) -> Client:
    return Client(app, address="192.0.2.7", host="grid.example")


def test_health_names_the_process(staff: Client) -> None:
    assert staff.json("/healthz") == {"status": "ok", "pid": os.getpid()}


def test_a_migrated_database_with_a_safe_role_is_ready(staff: Client) -> None:
    assert staff.json("/readyz")["status"] == "ready"


def test_a_process_that_cannot_seal_the_audit_serves_and_says_so(runtime: Runtime) -> None:
    app = create_app(runtime)
    assert Client(app).json("/readyz")["remarks"] == []
    app.state.sealer = SimpleNamespace(ailing=True)

    assert Client(app).json("/readyz")["remarks"] == ["sealer_ailing"]


def test_a_running_process_shows_its_sealer(runtime: Runtime) -> None:
    app = create_app(runtime)

    async def shown() -> str:
        async with app.router.lifespan_context(app):
            for _ in range(200):
                if app.state.sealer.sealed_at:
                    break
                await asyncio.sleep(0.01)
            return str(app.state.metrics.exposition().decode())

    text = asyncio.run(shown())
    assert "wangge_audit_sealer_ailing 0.0" in text
    assert "wangge_audit_sealed_timestamp_seconds 0.0" not in text


def test_a_database_at_another_revision_is_not_ready(
    runtime: Runtime, databases: Databases
) -> None:
    engine = make_engine(str(runtime.settings.database_owner_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    response = Client(create_app(runtime)).get("/readyz")

    assert (response.status_code, response.json()["code"]) == (503, "not_migrated")
    assert "0000" in response.json()["detail"]


def test_another_machine_is_told_that_it_is_ready_and_nothing_else(runtime: Runtime) -> None:
    app = create_app(runtime)
    app.state.sealer = SimpleNamespace(ailing=True)
    near, far = Client(app).json("/readyz"), from_afar(app).json("/readyz")

    assert far == {"status": "ready", "revision": None, "remarks": []}
    assert near["revision"]
    assert near["remarks"]


def test_another_machine_is_not_told_at_which_revision_the_database_stands(
    runtime: Runtime, databases: Databases
) -> None:
    engine = make_engine(str(runtime.settings.database_owner_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of-old'"))
    engine.dispose()
    response = from_afar(create_app(runtime)).get("/readyz")

    assert (response.status_code, response.json()["code"]) == (503, "not_migrated")
    assert "of-old" not in response.text
    assert "this machine only" in response.json()["detail"]


def test_a_database_never_migrated_is_not_ready(databases: Databases) -> None:
    name = databases.create()
    made = Runtime(databases.settings(name))
    response = Client(create_app(made)).get("/readyz")
    made.close()
    databases.drop(name)

    assert (response.status_code, response.json()["code"]) == (503, "not_migrated")


def test_a_role_that_owns_tables_is_not_ready(runtime: Runtime) -> None:
    owner = str(runtime.settings.database_owner_url)
    settings = runtime.settings.model_copy(update={"database_url": owner})
    made = Runtime(settings)
    app = create_app(made)
    near, far = Client(app).get("/readyz"), from_afar(app).get("/readyz")
    made.close()

    for response in (near, far):
        assert (response.status_code, response.json()["code"]) == (503, "unsafe_role")
    # The role, what is wrong with it, and the table it is wrong about.
    assert str(make_url(owner).username) in near.json()["detail"]
    assert str(make_url(owner).username) not in far.text
    assert far.json()["detail"] == "not ready to serve; why is told on this machine only"
