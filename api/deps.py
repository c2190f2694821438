"""What routes depend on: guard, actor, work, strict parameters. Each gives one thing to a route."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Annotated

from anyio import CapacityLimiter, fail_after
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.access import Access, BeyondLoopback, access_of, is_local
from api.errors import TooBusy
from api.openapi import query_parameters
from api.params import Moment, instant
from geo.access.actors import Actor
from geo.locate.service import MomentRefused
from geo.runtime import Runtime
from geo.work import Work

TURN_WAIT_S = 2.0
# Connections of the job loop: the job's own, its progress, its heartbeat.
RESERVED = 3

_JSON = ("application/json", "application/geo+json", "application/*", "*/*")


async def runtime_of(request: Request) -> Runtime:
    """Return the process's runtime."""
    runtime: Runtime = request.app.state.runtime
    return runtime


async def actor_of(request: Request) -> Actor:
    """Return who asks; every route has this as its guard.

    Raises
    ------
    BeyondLoopback
        When the route is not public and the asker does not sit at this machine.
    """
    if access_of(request.scope) is Access.PUBLIC:
        return Actor.anonymous()
    if not is_local(request.scope):
        server = request.scope.get("server") or ("", request.app.state.runtime.settings.port)
        raise BeyondLoopback(port=server[1])
    return Actor.local()


async def known_parameters(request: Request) -> None:
    """Refuse query parameters that the route does not have, and any given twice.

    A misspelt filter that was ignored would answer with everything (OGC Features
    /req/core/query-param-unknown); of two values, which one holds is anybody's guess.
    """
    allowed = query_parameters(request.app, request.scope["route"].path, request.method)
    given = request.query_params
    faults = [
        {
            "type": "unknown" if name not in allowed else "twice",
            "loc": ("query", name),
            "msg": "",
            "input": given[name],
            "ctx": {"allowed": ", ".join(sorted(allowed)) or "-"},
        }
        for name in given
        if name not in allowed or len(given.getlist(name)) > 1
    ]
    if faults:
        raise RequestValidationError(faults)


async def accepts_json(request: Request) -> None:
    """Refuse a client that takes nothing this API can give (406)."""
    wanted = request.headers.get("accept", "*/*")
    ranges = [part.partition(";")[0].strip().lower() for part in wanted.split(",")]
    if not any(media in _JSON for media in ranges):
        raise HTTPException(406)


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait for a turn at the database, holding neither a thread nor a connection meanwhile.

    Without it, requests that wait for a connection fill the threads, and those that have one wait
    for a thread to use it: at 100 clients on 5 connections 92 of 100 were refused.

    Raises
    ------
    TooBusy
        When none came in time.
    """
    turns: CapacityLimiter = request.app.state.turns
    mine = object()
    try:
        with fail_after(TURN_WAIT_S):
            await turns.acquire_on_behalf_of(mine)
    except TimeoutError:
        raise TooBusy() from None
    try:
        yield
    finally:
        turns.release_on_behalf_of(mine)


TURN = Depends(turn, scope="function")


def turns_of(pool_size: int) -> CapacityLimiter:
    """Return as many turns as the pool has connections, less those of the job loop."""
    return CapacityLimiter(max(1, pool_size - RESERVED))


def open_work(
    runtime: Annotated[Runtime, Depends(runtime_of)],
    actor: Annotated[Actor, Depends(actor_of)],
    _turn: Annotated[None, TURN],
) -> Iterator[Work]:
    """Give the transaction of a request that reads; it has ended before the answer leaves."""
    with runtime.work(actor, reading=True) as work:
        yield work


def open_writing(
    runtime: Annotated[Runtime, Depends(runtime_of)],
    actor: Annotated[Actor, Depends(actor_of)],
    _turn: Annotated[None, TURN],
) -> Iterator[Work]:
    """Give the transaction of a request that writes; it is committed before the answer leaves."""
    with runtime.work(actor) as work:
        yield work


def moment_of(work: Work, asked: Moment | None, zone: str) -> datetime:
    """Return the instant a request asks about, now when it names none.

    Raises
    ------
    MomentRefused
        When it lies in the future: what will hold then is not decided.
    """
    if asked is None:
        return work.now
    found = instant(asked, zone, work.now)
    if found > work.now:
        raise MomentRefused(value=str(asked))
    return found


# The transaction ends before the answer leaves: with the default scope a failure at its end would
# follow a 200 that is already on its way.
ReadWork = Annotated[Work, Depends(open_work, scope="function")]
WriteWork = Annotated[Work, Depends(open_writing, scope="function")]
RuntimeOf = Annotated[Runtime, Depends(runtime_of)]
GUARD = Depends(actor_of)
STRICT = (Depends(known_parameters), Depends(accepts_json))
