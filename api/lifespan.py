"""What happens once around all requests: threads, the role, jobs, the audit, the grid in memory."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from geo.audit.heads import HeadFile
from geo.audit.sealer import Sealer
from geo.db.roles import check_role
from geo.handlers import GIVEN_UP, JOBS, PROMPT, RECURRING
from geo.jobs.loop import Loop
from geo.locate.live import Live
from geo.runtime import Runtime

_SPARE_THREADS = 4

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Prepare the process; whoever made the runtime closes it.

    Raises
    ------
    UnsafeRole
        When the database role owns tables or steps around row policies: the start is refused.
    """
    runtime: Runtime = app.state.runtime
    # A request with a turn at the database uses one thread at a time; a few more are for probes.
    threads = runtime.settings.pool_size + _SPARE_THREADS
    to_thread.current_default_thread_limiter().total_tokens = threads
    await to_thread.run_sync(_checked, runtime)
    zone = runtime.settings.time_zone
    loop = Loop(runtime, JOBS, given_up=GIVEN_UP, prompt=PROMPT, recurring=RECURRING, zone=zone)
    sealer = Sealer(runtime, HeadFile(runtime.settings.heads_path))
    app.state.sealer = sealer
    app.state.metrics.watch(sealer)
    app.state.live = live = live_of(runtime)
    loop.start()
    sealer.start()
    live.start()
    try:
        yield
    finally:
        app.state.points.flush()
        await to_thread.run_sync(live.stop)
        await to_thread.run_sync(loop.stop)
        await to_thread.run_sync(sealer.stop)


def live_of(runtime: Runtime) -> Live:
    """Return what holds the grid and the roster for a server."""
    settings = runtime.settings
    assert settings.database_url is not None
    return Live(
        runtime,
        url=settings.database_url,
        folder=settings.home / "grids",
        zone=settings.time_zone,
    )


def _checked(runtime: Runtime) -> None:
    try:
        check_role(runtime.engine)
    except OperationalError:
        # Serve all the same: /readyz says no until the database is back.
        _log.warning("the database does not answer at the start")
