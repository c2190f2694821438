"""Who may ask which route: the one table, and what counts as this machine.

A route that is missing here is closed, and a test fails. What it says is *whether* a route is
answered; *which rows* are shown is decided by the areas of the roles that allow it
(``Actor.acting``), once in each query and once more by the row policy.
"""

import ipaddress
import re
from collections.abc import Mapping
from functools import cache

from starlette.datastructures import Headers
from starlette.types import Scope

from geo.access.roles import Permission
from geo.errors import Forbidden

API = "/api/v1"

# A proxy on this machine makes every client look local; it says so in one of these.
_PROXY_HEADERS = re.compile(
    r"via|.*forwarded.*|.*client-ip|.*real-ip|.*remote-(addr|ip)|x-envoy-.*|cf-.*|.*external-address"
)
# A name that resolves to 127.0.0.1 must not let a page of its owner read us (DNS rebinding).
_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PARAMETER = re.compile(r"\{\w+\}")

P = Permission

# Method and template → what the asker must be allowed; None: anybody, signed in or not.
ACCESS: Mapping[str, Permission | None] = {
    # What a page shows of people, it shows by the roles of who looks; a browser that has to sign in
    # first is led to /login.
    "GET /": None,
    "GET /maps/{name}": None,
    "GET /login": None,
    "GET /me": P.SELF,
    "GET /editor": P.PLAN_READ,
    "GET /people": P.PEOPLE_READ,
    "GET /leaves": P.WORKFORCE_READ,
    "GET /names": P.PLACE_NAME,
    "GET /data-requests": P.REQUEST_WRITE,
    "GET /users": P.ACCOUNTS_READ,
    "GET /audit": P.AUDIT_READ,
    "GET /households/{id}/print": P.PEOPLE_PRINT,
    f"GET {API}/locate": None,
    f"POST {API}/locate/batch": None,
    f"GET {API}/addresses": None,
    f"GET {API}/addresses/nicknames": P.PLACE_NAME,
    f"POST {API}/addresses/nicknames": P.PLACE_NAME,
    f"POST {API}/addresses/nicknames/{{id}}/end": P.PLACE_NAME,
    f"GET {API}/cells": None,
    f"GET {API}/cells/{{code}}": None,
    f"GET {API}/cells/{{code}}/children": None,
    f"GET {API}/cells/{{code}}/ancestors": None,
    f"GET {API}/cells/{{code}}/counts": None,
    f"GET {API}/publications": None,
    f"GET {API}/publications/{{number}}": None,
    f"POST {API}/publications/{{number}}/restore": P.PLAN_DRAFT,
    f"GET {API}/plans": P.PLAN_READ,
    f"POST {API}/plans": P.PLAN_DRAFT,
    f"GET {API}/plans/{{id}}": P.PLAN_READ,
    f"PATCH {API}/plans/{{id}}": P.PLAN_DRAFT,
    f"DELETE {API}/plans/{{id}}": P.PLAN_DRAFT,
    f"POST {API}/plans/{{id}}/operations": P.PLAN_DRAFT,
    f"DELETE {API}/plans/{{id}}/operations/{{n}}": P.PLAN_DRAFT,
    f"GET {API}/plans/{{id}}/coverage": P.PLAN_READ,
    f"GET {API}/plans/{{id}}/cells": P.PLAN_READ,
    f"PUT {API}/plans/{{id}}/cells": P.PLAN_DRAFT,
    f"GET {API}/plans/{{id}}/problems": P.PLAN_READ,
    f"GET {API}/plans/{{id}}/impact": P.PLAN_READ,
    f"GET {API}/plans/{{id}}/difference": P.PLAN_READ,
    f"POST {API}/plans/{{id}}/excuse": P.PLAN_DRAFT,
    f"POST {API}/plans/{{id}}/rebase": P.PLAN_DRAFT,
    f"POST {API}/plans/{{id}}/submit": P.PLAN_DRAFT,
    f"POST {API}/plans/{{id}}/approve": P.PLAN_APPROVE,
    f"POST {API}/plans/{{id}}/return": P.PLAN_APPROVE,
    f"POST {API}/plans/{{id}}/division": P.PLAN_DRAFT,
    f"GET {API}/plans/{{id}}/division/{{job}}": P.PLAN_DRAFT,
    f"DELETE {API}/plans/{{id}}/division/{{job}}": P.PLAN_DRAFT,
    f"GET {API}/buildings": None,
    f"GET {API}/buildings/{{code}}": None,
    f"GET {API}/buildings/{{code}}/households": P.PEOPLE_READ,
    f"GET {API}/households": P.PEOPLE_READ,
    f"GET {API}/households/{{id}}": P.PEOPLE_READ,
    f"POST {API}/households/search": P.PEOPLE_SEARCH,
    f"POST {API}/households/{{id}}/reveal": P.PEOPLE_REVEAL,
    f"POST {API}/households/{{id}}/print": P.PEOPLE_PRINT,
    f"POST {API}/households/{{id}}/erase": P.PEOPLE_ERASE,
    f"GET {API}/data-requests": P.REQUEST_WRITE,
    f"POST {API}/data-requests": P.REQUEST_WRITE,
    f"GET {API}/data-requests/{{id}}": P.REQUEST_WRITE,
    f"POST {API}/data-requests/{{id}}/reveal": P.REQUEST_DECIDE,
    f"POST {API}/data-requests/{{id}}/decide": P.REQUEST_DECIDE,
    f"GET {API}/workers": P.WORKFORCE_READ,
    f"GET {API}/workers/{{code}}": P.WORKFORCE_READ,
    f"GET {API}/assignments": P.WORKFORCE_READ,
    f"POST {API}/assignments": P.WORKFORCE_WRITE,
    f"POST {API}/assignments/{{id}}/end": P.WORKFORCE_WRITE,
    f"GET {API}/leaves": P.WORKFORCE_READ,
    f"POST {API}/leaves": P.WORKFORCE_WRITE,
    f"POST {API}/leaves/{{id}}/end": P.WORKFORCE_WRITE,
    f"GET {API}/posts": None,
    f"GET {API}/occupancies": None,
    f"POST {API}/sign-ins": None,
    f"POST {API}/sign-ins/refresh": None,
    f"GET {API}/sign-ins": P.SELF,
    f"POST {API}/sign-ins/{{id}}/end": P.SELF,
    f"POST {API}/sign-ins/end-others": P.SELF,
    f"POST {API}/sign-out": P.SELF,
    f"GET {API}/me": P.SELF,
    f"POST {API}/me/password": P.SELF,
    f"GET {API}/accounts": P.ACCOUNTS_READ,
    f"POST {API}/accounts": P.ACCOUNTS_WRITE,
    f"GET {API}/accounts/{{login}}": P.ACCOUNTS_READ,
    f"POST {API}/accounts/{{login}}/lock": P.ACCOUNTS_WRITE,
    f"POST {API}/accounts/{{login}}/unlock": P.ACCOUNTS_WRITE,
    f"POST {API}/accounts/{{login}}/reset": P.ACCOUNTS_WRITE,
    f"POST {API}/accounts/{{login}}/end": P.ACCOUNTS_WRITE,
    f"POST {API}/accounts/{{login}}/grants": P.ACCOUNTS_WRITE,
    f"POST {API}/grants/{{id}}/end": P.ACCOUNTS_WRITE,
    f"GET {API}/accounts/{{login}}/keys": P.ACCOUNTS_READ,
    f"POST {API}/accounts/{{login}}/keys": P.ACCOUNTS_WRITE,
    f"POST {API}/keys/{{id}}/end": P.ACCOUNTS_WRITE,
    f"GET {API}/roles": P.SELF,
    f"GET {API}/audit/records": P.AUDIT_READ,
    f"GET {API}/audit/export": P.AUDIT_READ,
    f"GET {API}/audit/chain": P.AUDIT_READ,
    f"GET {API}/audit/findings": P.AUDIT_REVIEW,
    f"POST {API}/audit/findings/{{id}}/review": P.AUDIT_REVIEW,
    f"GET {API}/jobs": P.SYSTEM_READ,
    f"GET {API}/jobs/{{id}}": P.SYSTEM_READ,
    f"GET {API}/openapi.json": None,
    f"GET {API}/docs": None,
    "GET /static": None,
    "GET /docs": None,
    "GET /docs/docs.css": None,
    "GET /docs/docs.js": None,
    "GET /healthz": None,
    "GET /readyz": None,
    "GET /metrics": None,
}

# What anybody may ask and those who may do this are told more by: they act in those areas.
MORE: Mapping[str, Permission] = {
    f"GET {API}/locate": P.TEAM_READ,
    f"POST {API}/locate/batch": P.TEAM_READ,
    f"GET {API}/addresses": P.TEAM_READ,
    f"GET {API}/cells/{{code}}/counts": P.COUNTS_READ,
}

# Answered alike whoever asks: what a request brings to be known by is not even looked at.
NOBODY_ASKED = frozenset(
    {
        # Whoever signs in may hold what is good no more.
        f"POST {API}/sign-ins",
        f"POST {API}/sign-ins/refresh",
        f"GET {API}/openapi.json",
        f"GET {API}/docs",
        "GET /docs",
        "GET /docs/docs.css",
        "GET /docs/docs.js",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
    }
)

# What somebody may do whose password was given by an administrator.
FIRST_STEPS = frozenset(
    {f"GET {API}/me", f"POST {API}/me/password", f"POST {API}/sign-out", f"GET {API}/sign-ins"}
)

# For programs of this machine, which cannot sign in.
LOOPBACK = frozenset({"GET /metrics"})


class RouteClosed(Forbidden):
    """The route has no row in the table: a fault of ours."""

    code = "route_closed"


class LoopbackOnly(Forbidden):
    """Asked from another machine, or through a proxy, for what only this machine may see."""

    code = "loopback_only"


def route_key(scope: Scope) -> str:
    """Return the key of the route that answers, empty when none does."""
    route = scope.get("route")
    return f"{scope['method']} {getattr(route, 'path', '')}" if route is not None else ""


def permission_of(key: str) -> Permission | None:
    """Return what a route asks for; None when anybody may ask it.

    Raises
    ------
    RouteClosed
        When the table has no row for it.
    """
    if key not in ACCESS:
        raise RouteClosed()
    return ACCESS[key]


def is_public(key: str) -> bool:
    """Return whether anybody may ask a route; what is missing is closed."""
    return ACCESS.get(key, P.SYSTEM_READ) is None


def methods_at(path: str) -> list[str]:
    """Return the methods an address takes, in order; none for an address that there is not.

    Examples
    --------
    >>> methods_at("/api/v1/accounts"), methods_at("/nowhere")
    (['GET', 'HEAD', 'POST'], [])
    """
    # An address that is written out in the table is not also the id of something.
    taken = {method for method in _METHODS if f"{method} {path}" in ACCESS}
    taken = taken or {method for method, pattern in _patterns() if pattern.fullmatch(path)}
    return sorted(taken | {"HEAD"} if "GET" in taken else taken)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return each route's method with what addresses it has."""
    keys = (key.partition(" ") for key in ACCESS)
    return [(method, re.compile(_PARAMETER.sub("[^/]+", path))) for method, _, path in keys]


def is_local(scope: Scope) -> bool:
    """Return whether a request was made on this machine, to this machine, by no proxy."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    client = scope.get("client")
    return (
        client is not None
        and is_loopback(client[0])
        # A trusted proxy on this machine that forgot to say for whom it asks.
        and not scope.get("state", {}).get("proxied", False)
        # What nginx speaks to its backend unless told otherwise, and no browser does.
        and scope.get("http_version") != "1.0"
        and len(hosts) == 1
        and _LOCAL_HOST.fullmatch(hosts[0]) is not None
        and not any(_PROXY_HEADERS.fullmatch(name) for name in headers)
    )


def is_loopback(address: str) -> bool:
    """Return whether an address is this machine's own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
