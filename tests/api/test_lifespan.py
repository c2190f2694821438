"""The start of the application: refused on an unsafe role, not on a database that is away."""

import asyncio
import logging

import pytest
from anyio import to_thread
from fastapi import FastAPI

from api.app import create_app
from geo.db.roles import UnsafeRole
from geo.runtime import Runtime
from geo.settings import Settings


async def _started(app: FastAPI) -> float:
    async with app.router.lifespan_context(app):
        return to_thread.current_default_thread_limiter().total_tokens


@pytest.mark.db
def test_there_are_more_threads_than_connections(town_runtime: Runtime) -> None:
    assert asyncio.run(_started(create_app(town_runtime))) > town_runtime.settings.pool_size


@pytest.mark.db
def test_an_unsafe_role_does_not_start(town_runtime: Runtime) -> None:
    owner = town_runtime.settings.database_owner_url
    made = Runtime(town_runtime.settings.model_copy(update={"database_url": owner}))
    with pytest.raises(UnsafeRole):
        asyncio.run(_started(create_app(made)))
    made.close()


def test_a_database_that_is_away_does_not_stop_the_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:9/none")
    with caplog.at_level(logging.WARNING, logger="api.lifespan"):
        asyncio.run(_started(create_app(Runtime(settings))))

    assert "does not answer" in caplog.text
