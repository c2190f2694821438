"""Who may ask what: every route is in the table, and answers those alone who may."""

import re

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select
from starlette.routing import Mount

from api.access import ACCESS, FIRST_STEPS, LOOPBACK, MORE, NOBODY_ASKED, is_local
from geo.access.actors import Actor
from geo.access.roles import ROLES, Permission, Role
from geo.audit.model import AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.conftest import AsRole

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
FILLED = {
    "buildings/{code}": "buildings/b1",
    "workers/{code}": "workers/w1",
    "{code}": "100",
    "{id}": "1",
    "{number}": "1",
    "{job}": "1",
    "{name}": "occupancy",
    "{login}": "somebody",
}
READS = sorted(key for key in ACCESS if key.startswith("GET "))
GUARDED = [key for key in READS if ACCESS[key] is not None]


def scope(
    client: str | None = "127.0.0.1", hosts: tuple[str, ...] = ("localhost",), **headers: str
) -> dict[str, object]:
    named = [(b"host", host.encode()) for host in hosts]
    named += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": client and (client, 1), "headers": named}


def path_of(key: str) -> str:
    path = key.partition(" ")[2]
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return path


def roles_with(wanted: Permission) -> list[Role]:
    return [role for role, rule in ROLES.items() if wanted in rule.permissions]


def denials(runtime: Runtime, account: str) -> int:
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        query = select(AuditRecord.id).where(
            AuditRecord.actor.like(f"{account}%"), AuditRecord.outcome == "denied"
        )
        return len(work.session.execute(query).all())


@pytest.mark.db
def test_every_route_has_its_place_in_the_table(app: FastAPI) -> None:
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    keys = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    # A mount's path ends in the hash of what it holds.
    keys |= {f"GET {r.path.rpartition('/')[0]}" for r in routes if isinstance(r, Mount)}

    assert len(keys) > 20
    assert keys == set(ACCESS)


def test_the_smaller_tables_name_routes_of_the_table() -> None:
    assert {*MORE, *NOBODY_ASKED, *FIRST_STEPS, *LOOPBACK} <= set(ACCESS)
    assert {ACCESS[key] for key in (*MORE, *NOBODY_ASKED, *LOOPBACK)} == {None}
    assert {ACCESS[key] for key in FIRST_STEPS} == {Permission.SELF}


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
@pytest.mark.parametrize("key", GUARDED)
class TestGuard:
    def test_nobody_is_asked_to_sign_in(self, anyone: Client, key: str) -> None:
        response = anyone.get(path_of(key))

        assert (response.status_code, response.json()["code"]) == (401, "sign_in_needed")
        assert response.headers["www-authenticate"].startswith("Bearer")

    def test_sitting_at_this_machine_opens_nothing(self, app: FastAPI, key: str) -> None:
        assert Client(app).get(path_of(key)).status_code == 401

    def test_a_role_that_allows_it_is_answered(self, as_role: AsRole, key: str) -> None:
        wanted = ACCESS[key]
        assert wanted is not None
        role = Role.DISTRICT_ADMIN if wanted in ROLES[Role.DISTRICT_ADMIN].permissions else None
        answer = as_role(role or roles_with(wanted)[0]).get(path_of(key))

        assert answer.status_code in (200, 404)
        assert answer.status_code == 200 or re.search(r"\{(id|login)\}", key)

    def test_a_role_that_does_not_is_refused_and_recorded(
        self, as_role: AsRole, town_runtime: Runtime, key: str
    ) -> None:
        wanted = ACCESS[key]
        assert wanted is not None
        for role in set(Role) - set(roles_with(wanted)) - {Role.ANONYMOUS}:
            if wanted is Permission.SELF:
                continue
            client, before = as_role(role), denials(town_runtime, role)
            response = client.get(path_of(key))
            assert (response.status_code, response.json()["code"]) == (403, "permission_missing")
            assert denials(town_runtime, role) == before + 1

    def test_head_is_guarded_too(self, anyone: Client, key: str) -> None:
        assert anyone.request("HEAD", path_of(key)).status_code == 401


@pytest.mark.db
def test_writes_ask_for_a_sign_in_before_they_look_at_the_body(anyone: Client) -> None:
    for key, wanted in ACCESS.items():
        if wanted is not None and not key.startswith("GET "):
            method, path = key.partition(" ")[0], path_of(key)
            body = None if method == "DELETE" else b'{"nonsense": 1}'
            typed = {} if body is None else {"content_type": "application/json"}
            response = anyone.request(method, path, body, idempotency_key="nonsense-1", **typed)
            assert (response.status_code, response.json()["code"]) == (401, "sign_in_needed"), key


@pytest.mark.db
def test_cells_and_buildings_answer_anybody(anyone: Client) -> None:
    for path in ("/api/v1/cells", "/api/v1/buildings", "/api/v1/posts", "/healthz", "/docs"):
        assert anyone.get(path).status_code == 200, path


@pytest.mark.db
def test_no_public_answer_names_a_resident(anyone: Client) -> None:
    names = ["甲一", "乙一", "丙一"]
    for key in READS:
        if ACCESS[key] is None:
            text = anyone.get(path_of(key)).text
            assert not [name for name in names if name in text], key


@pytest.mark.db
def test_counts_of_requests_answer_this_machine_only(app: FastAPI, staff: Client) -> None:
    assert Client(app).get("/metrics").status_code == 200
    for client in (Client(app, address="192.0.2.7"), Client(app, host="evil.example")):
        assert client.get("/metrics").json()["code"] == "loopback_only"
    for name, value in FORWARDED.items():
        assert Client(app).get("/metrics", **{name: value}).status_code == 403, name


@pytest.mark.db
def test_a_route_without_a_row_is_closed(
    app: FastAPI, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ACCESS, "GET /api/v1/posts")
    response = as_role(Role.DISTRICT_ADMIN).get("/api/v1/posts")

    assert (response.status_code, response.json()["code"]) == (403, "route_closed")
    assert response.headers["cache-control"] == "no-store"
