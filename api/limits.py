"""Who may ask how often: the one table of rates, and the two places that hold requests to it.

Every request of an address counts before anything of it is read, so that a flood costs nothing;
then a request counts by who asks it: an account, a key, or an address of somebody who has not
signed in. ``docs/reference/limits.md`` shows the table, and a test holds it to this one.
"""

import math
import time
from collections.abc import Callable, Hashable, Mapping
from enum import StrEnum

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import API, is_local, route_key
from api.errors import refusal
from api.ratelimit import Buckets, Rate
from api.signin import Asker, AskerOf
from geo.accounts.rules import origin_of
from geo.accounts.standing import Standing
from geo.accounts.tokens import TokenKind, digest
from geo.errors import Limited
from maps.assets import static_paths


class Limit(StrEnum):
    """What is counted, and by whom."""

    FLOOD = "flood"  # everything, by address
    ANONYMOUS = "anonymous"  # who has not signed in, by address
    SIGN_IN = "sign_in"  # passwords, by address; each login has its lock besides
    SIGNED_IN = "signed_in"  # by account, or by key
    PERSONAL = "personal"  # protected fields in clear, searches for a person; by account or key
    EXPORT = "export"  # files of many rows; by account or key


# A street office of two hundred desks behind one address stays below the first three.
RATES: Mapping[Limit, Rate] = {
    Limit.FLOOD: Rate(per_s=100.0, burst=2_000),
    Limit.ANONYMOUS: Rate(per_s=20.0, burst=400),
    Limit.SIGN_IN: Rate(per_s=20 / 60, burst=60),
    Limit.SIGNED_IN: Rate(per_s=50.0, burst=500),
    Limit.PERSONAL: Rate(per_s=0.5, burst=30),
    Limit.EXPORT: Rate(per_s=5 / 60, burst=5),
}

# Routes of a narrower limit than who asks them would have.
NARROW: Mapping[str, Limit] = {
    f"POST {API}/sign-ins": Limit.SIGN_IN,
    f"POST {API}/me/password": Limit.SIGN_IN,
    f"POST {API}/households/search": Limit.PERSONAL,
    f"POST {API}/households/{{id}}/reveal": Limit.PERSONAL,
    f"POST {API}/households/{{id}}/print": Limit.PERSONAL,
    f"POST {API}/data-requests/{{id}}/reveal": Limit.PERSONAL,
    f"GET {API}/audit/export": Limit.EXPORT,
}

# A long page costs more than a short one: one token for each so many rows asked for.
ROWS_A_TOKEN = 500

_BY_ADDRESS = frozenset({Limit.FLOOD, Limit.ANONYMOUS, Limit.SIGN_IN})
# What watches over this machine asks often, and must never be told to wait.
_WATCHES = frozenset({"/healthz", "/readyz", "/metrics"})


class TooManyRequests(Limited):
    """Asked more often than may be."""

    code = "too_many_requests"


class Limits:
    """The buckets of a process.

    Parameters
    ----------
    factor : multiplies every rate; 0 for none at all
    refused : told the limit of each refusal
    clock : seconds that never go back
    """

    def __init__(
        self,
        factor: float,
        refused: Callable[[Limit], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._refused = refused
        self._buckets = (
            {limit: Buckets(rate.times(factor), clock) for limit, rate in RATES.items()}
            if factor
            else {}
        )

    def take(self, limit: Limit, who: Hashable, cost: float = 1.0) -> None:
        """Count a request.

        Raises
        ------
        TooManyRequests
            When it is one too many.
        """
        buckets = self._buckets.get(limit)
        if buckets is None:
            return
        taken = buckets.take(who, cost)
        if not taken.allowed:
            self._refused(limit)
            raise TooManyRequests(limit=buckets.rate.burst, wait_s=taken.wait_s)

    def lets(self, flood: Hashable, limit: Limit, who: Hashable) -> bool:
        """Count a request by its address and by who asks; count nothing when it is one too many.

        Whoever gets False hands the request on to where it is counted and refused.
        """
        if not self._buckets:
            return True
        asked = self._buckets[limit]
        if not asked.spend(who):
            return False
        if self._buckets[Limit.FLOOD].spend(flood):
            return True
        asked.give_back(who)
        return False

    def burst(self, limit: Limit) -> float:
        """Return how many requests may come at once."""
        buckets = self._buckets.get(limit)
        return math.inf if buckets is None else buckets.rate.burst


class Throttle:
    """Counts every request by its address and sends a flood away before it is read."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not _is_free(scope):
            try:
                self.limits.take(Limit.FLOOD, neighbourhood(scope))
            except TooManyRequests as error:
                await refusal(Request(scope), error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def throttled(request: Request, asker: AskerOf) -> None:
    """Count a request by who asks it; every route has this before its guard.

    Raises
    ------
    TooManyRequests
        When it is one too many.
    """
    if _is_free(request.scope):
        return
    limit, who = _counted_as(request.scope, asker)
    limits: Limits = request.app.state.limits
    limits.take(limit, who, cost_of(request.query_params.get("limit", "")))


THROTTLED = Depends(throttled)


def charge(request: Request, asker: Asker, cost: float) -> None:
    """Count what a request costs beyond itself, once that is known.

    Where buckets are small it is less: a full one is always enough for one request.

    Raises
    ------
    TooManyRequests
        When it is too much.
    """
    limit, who = _counted_as(request.scope, asker)
    limits: Limits = request.app.state.limits
    limits.take(limit, who, min(cost, limits.burst(limit) - 1))


def limit_of(key: str, *, signed_in: bool) -> Limit:
    """Return the limit of a route for somebody."""
    narrow = NARROW.get(key)
    if narrow is not None and (signed_in or narrow in _BY_ADDRESS):
        return narrow
    return Limit.SIGNED_IN if signed_in else Limit.ANONYMOUS


def cost_of(rows: str) -> float:
    """Return what a page of so many rows costs.

    Examples
    --------
    >>> cost_of(""), cost_of("100"), cost_of("10000"), cost_of("many")
    (1.0, 1.0, 20.0, 1.0)
    """
    asked = int(rows) if rows.isascii() and rows.isdecimal() and len(rows) < 7 else 0
    return max(1.0, min(asked, 10_000) / ROWS_A_TOKEN)


def neighbourhood(scope: Scope) -> str:
    """Return the address that a request counts for; of IPv6 the network of one customer."""
    client = scope.get("client")
    return origin_of(client[0] if client else "")


def _counted_as(scope: Scope, asker: Asker) -> tuple[Limit, Hashable]:
    limit = limit_of(route_key(scope), signed_in=asker.standing is not None)
    return limit, neighbourhood(scope) if limit in _BY_ADDRESS else _holder(asker)


def _holder(asker: Asker) -> Hashable:
    assert asker.standing is not None
    return holder_of(asker.standing, asker.token)


def holder_of(standing: Standing, token: str) -> Hashable:
    """Return what somebody who has signed in counts as: an account, or a key."""
    return digest(token) if standing.kind is TokenKind.KEY else standing.actor.account_id


def _is_free(scope: Scope) -> bool:
    path: str = scope["path"]
    return path in static_paths() or (path in _WATCHES and is_local(scope))
