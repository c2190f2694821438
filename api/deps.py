"""What routes depend on: guard, actor, work, strict parameters. Each gives one thing to a route."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.access import (
    API,
    FIRST_STEPS,
    LOOPBACK,
    MORE,
    LoopbackOnly,
    is_local,
    permission_of,
    route_key,
)
from api.openapi import query_parameters
from api.params import Moment, instant
from api.signin import Asker, AskerOf, SignInNeeded, Standings
from api.turns import TURN, taken
from geo.access.actors import Actor, PermissionMissing
from geo.access.roles import Permission
from geo.accounts.shares import Shares
from geo.errors import Forbidden
from geo.locate.service import MomentRefused
from geo.runtime import Runtime
from geo.work import Work

_JSON = ("application/json", "application/geo+json", "application/*", "*/*")
# What some routes give besides.
_FILES = {
    f"GET {API}/audit/export": ("text/csv", "text/*", "application/x-ndjson"),
    f"GET {API}/plans/{{id}}/cells": ("application/geopackage+sqlite3",),
}
# Who refuses by itself, and says what it gives.
_SELF = {f"POST {API}/locate/batch"}


async def runtime_of(request: Request) -> Runtime:
    """Return the process's runtime."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeOf = Annotated[Runtime, Depends(runtime_of)]


class PasswordMustChange(Forbidden):
    """The password was given by somebody else and must be changed before anything else."""

    code = "password_must_change"


async def actor_of(request: Request, runtime: RuntimeOf, asker: AskerOf) -> Actor:
    """Return who asks, acting where it may; every route has this as its guard.

    Its scope is exactly the areas of the roles that allow what the route asks for, so a query of
    the route cannot see more by another of its roles.

    Raises
    ------
    SignInNeeded
        When the route is not for anybody and nobody has signed in.
    PasswordMustChange
        When the password was given by an administrator and has not been changed yet.
    PermissionMissing
        When none of its roles allows it; recorded.
    """
    key = route_key(request.scope)
    wanted = permission_of(key)
    if key in LOOPBACK and not is_local(request.scope):
        raise LoopbackOnly()
    if wanted is None:
        return _told_more(asker, MORE.get(key))
    if asker.standing is None:
        raise SignInNeeded()
    if asker.standing.must_change and key not in FIRST_STEPS:
        raise PasswordMustChange()
    try:
        return asker.actor.acting(wanted)
    except PermissionMissing as refusal:
        async with taken(request.app.state.turns):
            await to_thread.run_sync(runtime.refused, asker.actor, refusal)
        raise


def _told_more(asker: Asker, more: Permission | None) -> Actor:
    """Return who asks a route that is for anybody; what only some are told, they are told here."""
    if asker.standing is not None and asker.standing.must_change:
        return asker.nobody
    if more is not None and asker.actor.may(more):
        return asker.actor.acting(more)
    return asker.actor


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
    ranges = {part.partition(";")[0].strip().lower() for part in wanted.split(",")}
    route = route_key(request.scope)
    if route not in _SELF and not ranges & {*_JSON, *_FILES.get(route, ())}:
        raise HTTPException(406)


async def shares_of(request: Request) -> Shares:
    """Return what counts how much about people an account is given in a day."""
    shares: Shares = request.app.state.shares
    return shares


SharesOf = Annotated[Shares, Depends(shares_of)]


def open_work(
    runtime: RuntimeOf,
    actor: Annotated[Actor, Depends(actor_of)],
    shares: SharesOf,
    _turn: Annotated[None, TURN],
) -> Iterator[Work]:
    """Give the transaction of a request that reads; it has ended before the answer leaves."""
    with runtime.work(actor, reading=True) as work:
        yield work
        shares.spend(work)


def open_writing(
    runtime: RuntimeOf,
    actor: Annotated[Actor, Depends(actor_of)],
    shares: SharesOf,
    _turn: Annotated[None, TURN],
) -> Iterator[Work]:
    """Give the transaction of a request that writes; it is committed before the answer leaves."""
    with runtime.work(actor) as work:
        yield work
        shares.spend(work)


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


async def open_accounts(request: Request, work: WriteWork) -> Work:
    """Give the transaction of a request that changes who may do what: it holds here at once."""
    standings: Standings = request.app.state.standings
    standings.forget_after(work)
    return work


AccountsWork = Annotated[Work, Depends(open_accounts)]
ActorOf = Annotated[Actor, Depends(actor_of)]
GUARD = Depends(actor_of)
STRICT = (Depends(known_parameters), Depends(accepts_json))
