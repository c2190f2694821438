"""Behind a reverse proxy: only a trusted one is believed, and only what it added itself."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from api.access import is_local
from api.proxies import Proxied, address_of, asker_behind, within

TRUSTED = tuple(ip_network(each) for each in ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::/32"))


def seen(client: str | None, *headers: tuple[str, str], scheme: str = "http") -> dict[str, Any]:
    """Return the scope that the application gets."""
    found: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.update(scope)

    async def nothing(*_: Any) -> Any: ...

    scope = {
        "type": "http",
        "http_version": "1.1",
        "client": client and (client, 1234),
        "scheme": scheme,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(Proxied(app, networks=TRUSTED)(scope, nothing, nothing))
    return found


def forwarded(client: str, value: str, proto: str = "https") -> tuple[str, str]:
    found = seen(client, ("x-forwarded-for", value), ("x-forwarded-proto", proto))
    return found["client"][0], found["scheme"]


@pytest.mark.parametrize(
    ("hops", "asker"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.5, 192.0.2.7", "192.0.2.7"),  # the left one was written by the asker
        ("127.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("192.0.2.7:5123, 10.1.1.1", "192.0.2.7"),
        ("[2a00::5]:443, 2001:db8::9", "2a00::5"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown, 10.1.1.1", "10.1.1.1"),
        ("evil<script>, 10.1.1.1", "10.1.1.1"),
        ("", "10.0.0.1"),
        (",,,", "10.0.0.1"),
        ("10.9.9.9, 10.1.1.1", "10.9.9.9"),
    ],
)
def test_the_nearest_address_that_is_not_trusted_asks(hops: str, asker: str) -> None:
    assert forwarded("10.0.0.1", hops)[0] == asker


def test_a_trusted_proxy_says_that_it_was_https() -> None:
    assert forwarded("10.0.0.1", "192.0.2.7")[1] == "https"
    assert forwarded("10.0.0.1", "192.0.2.7", "http, https")[1] == "https"
    assert forwarded("10.0.0.1", "192.0.2.7", "https, http")[1] == "http"
    assert forwarded("10.0.0.1", "192.0.2.7", "gopher")[1] == "http"
    assert seen("10.0.0.1", scheme="https")["scheme"] == "https"


@pytest.mark.parametrize("client", ["192.0.2.9", "11.0.0.1", "testclient"])
def test_anybody_else_is_not_believed(client: str) -> None:
    assert forwarded(client, "127.0.0.1") == (client, "http")


def test_a_connection_without_an_address_is_left_alone() -> None:
    assert seen(None, ("x-forwarded-for", "127.0.0.1"))["client"] is None


def test_several_header_lines_are_one_list() -> None:
    found = seen("10.0.0.1", ("x-forwarded-for", "203.0.113.5"), ("x-forwarded-for", "192.0.2.7"))

    assert found["client"] == ("192.0.2.7", 0)


def test_thousands_of_hops_are_not_walked() -> None:
    hops = ", ".join(["10.0.0.9"] * 5000)

    assert forwarded("10.0.0.1", f"192.0.2.7, {hops}")[0] == "10.0.0.9"


@pytest.mark.parametrize("headers", [(), (("x-forwarded-for", "127.0.0.1"),)])
def test_what_comes_through_a_proxy_on_this_machine_is_not_local(
    headers: tuple[tuple[str, str], ...],
) -> None:
    own = ("host", "localhost:8000")

    assert not is_local(seen("127.0.0.1", own, *headers))
    assert is_local(seen("127.0.0.2", own))  # this machine as well, and no proxy


def test_an_address_that_is_none_lies_nowhere() -> None:
    assert not within("somewhere", TRUSTED)
    assert within("::ffff:10.0.0.1", TRUSTED)
    assert address_of("") is None
    assert asker_behind("10.0.0.1", [], TRUSTED) == "10.0.0.1"
