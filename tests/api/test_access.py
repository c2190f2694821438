"""Who may ask what: every route is in the table, people answer on this machine only."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from api.access import ACCESS, Access, is_local
from tests.api.client import Client

FORWARDED = {
    "forwarded": "for=127.0.0.1",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": "localhost",
    "x-forwarded-proto": "https",
    "x-real-ip": "127.0.0.1",
    "via": "1.1 proxy",
    "x-client-ip": "127.0.0.1",
}
# A path for each template, of rows that exist in the small town.
FILLED = {"{code}": "100", "{id}": "1", "{number}": "1"}


def scope(
    client: str | None = "127.0.0.1", hosts: tuple[str, ...] = ("localhost",), **headers: str
) -> dict[str, object]:
    named = [(b"host", host.encode()) for host in hosts]
    named += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": client and (client, 1), "headers": named}


def guarded() -> list[str]:
    paths = [path for path, access in ACCESS.items() if access is not Access.PUBLIC]
    for name, value in FILLED.items():
        paths = [path.replace(name, value) for path in paths]
    paths = [path.replace("buildings/100", "buildings/b1") for path in paths]
    return [path.replace("workers/100", "workers/w1") for path in paths]


@pytest.mark.db
def test_every_route_has_its_place_in_the_table(app: FastAPI) -> None:
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    # A mount's path ends in the hash of what it holds.
    paths = {
        route.path.rpartition("/")[0] if isinstance(route, Mount) else route.path
        for route in routes
        if isinstance(route, APIRoute | Mount)
    }

    assert len(routes) >= len(paths) > 20
    assert paths == set(ACCESS)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_this_machine(address: str) -> None:
    assert is_local(scope(address))


@pytest.mark.parametrize(
    "address", [None, "192.0.2.7", "10.0.0.1", "172.17.0.1", "::", "0.0.0.0", "fe80::1", "testing"]
)
def test_any_other_address_is_not(address: str | None) -> None:
    assert not is_local(scope(address))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8001", "[::1]:8000"])
def test_local_names_are_this_machine(host: str) -> None:
    assert is_local(scope(hosts=(host,)))


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        ("",),
        ("evil.example",),
        ("localhost.evil.example",),
        ("127.0.0.1.nip.example",),
        ("localhost", "evil.example"),
        ("localhost:8000:1",),
        ("127.1",),
        ("0",),
    ],
)
def test_a_foreign_missing_or_double_host_is_not(hosts: tuple[str, ...]) -> None:
    assert not is_local(scope(hosts=hosts))


@pytest.mark.parametrize("name", sorted(FORWARDED))
def test_what_came_through_a_proxy_is_not_from_this_machine(name: str) -> None:
    assert not is_local(scope(**{name: FORWARDED[name]}))


@pytest.mark.db
@pytest.mark.parametrize("path", guarded())
class TestGuard:
    def test_this_machine_is_answered(self, staff: Client, path: str) -> None:
        assert staff.get(path).status_code == 200

    def test_another_machine_is_refused(self, anyone: Client, path: str) -> None:
        response = anyone.get(path)

        assert response.status_code == 403
        assert response.json()["code"] == "beyond_loopback"

    def test_a_forwarded_request_is_refused(self, staff: Client, path: str) -> None:
        for name, value in FORWARDED.items():
            assert staff.get(path, **{name: value}).status_code == 403, name

    def test_a_foreign_host_is_refused(self, app: FastAPI, path: str) -> None:
        assert Client(app, host="evil.example").get(path).status_code == 403

    def test_head_is_guarded_too(self, anyone: Client, path: str) -> None:
        assert anyone.request("HEAD", path).status_code == 403


@pytest.mark.db
def test_cells_and_buildings_answer_anybody(anyone: Client) -> None:
    for path in ("/api/v1/cells", "/api/v1/buildings", "/api/v1/posts", "/healthz", "/docs"):
        assert anyone.get(path).status_code == 200, path


@pytest.mark.db
def test_no_public_answer_names_a_person(anyone: Client) -> None:
    names = ["甲一", "乙一", "丙一", "沈知夏", "骆平川", "陶一禾", "0561-555"]
    for template, access in ACCESS.items():
        path = template.replace("{code}", "100").replace("{number}", "1")
        text = anyone.get(path).text
        assert access is not Access.PUBLIC or not [name for name in names if name in text], path
