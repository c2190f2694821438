"""Whom a request comes from when reverse proxies stand between: their word, if they are trusted.

A header that anybody may send must not make anybody look like somebody else, so only the addresses
in ``WANGGE_TRUSTED_PROXIES`` are believed, and of a chain of hops only what they themselves added.
"""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.settings import Network

_HOPS_MAX = 20
_SCHEMES = frozenset({"http", "https"})


class Proxied:
    """Puts client and scheme of the asker in the place of a trusted proxy's.

    Parameters
    ----------
    networks : of the proxies that are trusted
    """

    def __init__(self, app: ASGIApp, *, networks: Sequence[Network]) -> None:
        self.app = app
        self.networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.app(seen(scope, self.networks), receive, send)


def seen(scope: Scope, networks: Sequence[Network]) -> Scope:
    """Return a request with client and scheme of the asker, where a trusted proxy brought it.

    Parameters
    ----------
    networks : of the proxies that are trusted
    """
    client = scope.get("client")
    if networks and scope["type"] == "http" and client and within(client[0], networks):
        return _seen_through(scope, client[0], networks)
    return scope


def _seen_through(scope: Scope, proxy: str, networks: Sequence[Network]) -> Scope:
    headers = Headers(scope=scope)
    hops = ",".join(headers.getlist("x-forwarded-for")).split(",")
    schemes = ",".join(headers.getlist("x-forwarded-proto")).split(",")
    scheme = schemes[-1].strip().lower()
    return {
        **scope,
        "client": (asker_behind(proxy, hops, networks), 0),
        "scheme": scheme if scheme in _SCHEMES else scope["scheme"],
        "state": {**scope.get("state", {}), "proxied": True},
    }


def asker_behind(proxy: str, hops: Sequence[str], networks: Sequence[Network]) -> str:
    """Return the nearest address that is no trusted proxy.

    Parameters
    ----------
    proxy : address of the connection, trusted
    hops : of ``X-Forwarded-For``, the nearest last; whatever stands left of an address that is not
        trusted, or is none, was written by somebody whom we do not know

    Examples
    --------
    >>> mine = [ipaddress.ip_network("10.0.0.0/8")]
    >>> asker_behind("10.0.0.1", ["127.0.0.1", "192.0.2.7", "10.0.0.2"], mine)
    '192.0.2.7'
    """
    nearest = proxy
    for hop in reversed(hops[-_HOPS_MAX:]):
        address = address_of(hop)
        if address is None:
            break
        nearest = address
        if not within(address, networks):
            break
    return nearest


def address_of(hop: str) -> str | None:
    """Return the address of a hop without its port, as Python spells it; None when it is none.

    Examples
    --------
    >>> address_of(" 192.0.2.7:443"), address_of("[2001:db8::1]:8"), address_of("unknown")
    ('192.0.2.7', '2001:db8::1', None)
    """
    named = hop.strip()
    if named.startswith("["):
        named = named[1:].partition("]")[0]
    elif named.count(":") == 1:
        named = named.partition(":")[0]
    try:
        found = ipaddress.ip_address(named)
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def within(address: str, networks: Sequence[Network]) -> bool:
    """Return whether an address lies in one of some networks; IPv4 in IPv6 counts as IPv4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in network for network in networks)
