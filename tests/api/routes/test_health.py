"""Probes: alive without a database, ready only when requests can be served."""

import asyncio
import os
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url, text

from api.app import create_app
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.api.client import Client
from tests.conftest import Databases

pytestmark = pytest.mark.db


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
    response = Client(create_app(made)).get("/readyz")
    made.close()

    assert (response.status_code, response.json()["code"]) == (503, "unsafe_role")
    assert str(make_url(owner).username) in response.json()["detail"]
