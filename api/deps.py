"""What routes depend on: guard, actor, work, strict parameters. Each gives one thing to a route."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from starlette.exceptions import HTTPException

from api.access import Access, BeyondLoopback, access_of, is_local
from api.openapi import query_parameters
from api.params import Moment, instant
from geo.access.actors import Actor
from geo.locate.service import MomentRefused
from geo.runtime import Runtime
from geo.work import Work

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
        raise BeyondLoopback(port=request.app.state.runtime.settings.port)
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


def open_work(
    runtime: Annotated[Runtime, Depends(runtime_of)], actor: Annotated[Actor, Depends(actor_of)]
) -> Iterator[Work]:
    """Give the read-only transaction of a request; it has ended before the answer leaves."""
    with runtime.work(actor) as work:
        work.session.execute(text("SET TRANSACTION READ ONLY"))
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
RuntimeOf = Annotated[Runtime, Depends(runtime_of)]
GUARD = Depends(actor_of)
STRICT = (Depends(known_parameters), Depends(accepts_json))
