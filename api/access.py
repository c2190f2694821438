"""Who may ask which route: the one table, and what counts as this machine.

There is no sign-in yet. Until there is, whatever shows people, and whatever shows the inside of
the deployment, answers only to somebody who sits at this machine; cells, buildings and the posts
there are, anybody may read. A route that is missing here is treated as the narrowest kind, and a
test fails.
"""

import ipaddress
import re
from collections.abc import Mapping
from enum import StrEnum

from starlette.datastructures import Headers
from starlette.types import Scope

from geo.errors import Forbidden

API = "/api/v1"

# A proxy on this machine makes every client look local; it says so in one of these.
_PROXY_HEADERS = re.compile(
    r"via|.*forwarded.*|.*client-ip|.*real-ip|.*remote-(addr|ip)|x-envoy-.*|cf-.*|.*external-address"
)
# A name that resolves to 127.0.0.1 must not let a page of its owner read us (DNS rebinding).
_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


class Access(StrEnum):
    """Who may ask a route."""

    PUBLIC = "public"  # anybody
    PEOPLE = "people"  # shows people: this machine only, until sign-in exists
    OPERATOR = "operator"  # shows the inside of the deployment: this machine only


class BeyondLoopback(Forbidden):
    """Asked from another machine, or through a proxy, for what only this machine may see."""

    code = "beyond_loopback"


ACCESS: Mapping[str, Access] = {
    # Pages guard themselves: their refusal is a page. Locate withholds its team beyond loopback.
    "/": Access.PUBLIC,
    "/maps/{name}": Access.PUBLIC,
    f"{API}/locate": Access.PUBLIC,
    f"{API}/cells": Access.PUBLIC,
    f"{API}/cells/{{code}}": Access.PUBLIC,
    f"{API}/cells/{{code}}/children": Access.PUBLIC,
    f"{API}/cells/{{code}}/ancestors": Access.PUBLIC,
    # A level 5 cell is about one building: its households are nobody's public business.
    f"{API}/cells/{{code}}/counts": Access.PEOPLE,
    f"{API}/publications": Access.PUBLIC,
    f"{API}/publications/{{number}}": Access.PUBLIC,
    f"{API}/buildings": Access.PUBLIC,
    f"{API}/buildings/{{code}}": Access.PUBLIC,
    f"{API}/buildings/{{code}}/households": Access.PEOPLE,
    f"{API}/households": Access.PEOPLE,
    f"{API}/households/{{id}}": Access.PEOPLE,
    f"{API}/workers": Access.PEOPLE,
    f"{API}/workers/{{code}}": Access.PEOPLE,
    f"{API}/assignments": Access.PEOPLE,
    f"{API}/posts": Access.PUBLIC,
    f"{API}/occupancies": Access.PUBLIC,
    f"{API}/jobs": Access.OPERATOR,
    f"{API}/jobs/{{id}}": Access.OPERATOR,
    f"{API}/openapi.json": Access.PUBLIC,
    f"{API}/docs": Access.PUBLIC,
    "/static": Access.PUBLIC,
    "/docs": Access.PUBLIC,
    "/docs/docs.css": Access.PUBLIC,
    "/docs/docs.js": Access.PUBLIC,
    "/healthz": Access.PUBLIC,
    "/readyz": Access.PUBLIC,
    "/metrics": Access.OPERATOR,
}


def access_of(scope: Scope) -> Access | None:
    """Return the access of the route that answers; None when no route does."""
    route = scope.get("route")
    if route is None:
        return None
    return ACCESS.get(getattr(route, "path", ""), Access.OPERATOR)


def is_local(scope: Scope) -> bool:
    """Return whether a request was made on this machine, to this machine, by no proxy."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    return (
        _is_loopback(scope.get("client"))
        # What nginx speaks to its backend unless told otherwise, and no browser does.
        and scope.get("http_version") != "1.0"
        and len(hosts) == 1
        and _LOCAL_HOST.fullmatch(hosts[0]) is not None
        and not any(_PROXY_HEADERS.fullmatch(name) for name in headers)
    )


def _is_loopback(client: tuple[str, int] | None) -> bool:
    if client is None:
        return False
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
