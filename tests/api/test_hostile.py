"""Hostile values in every parameter and path of every route: answered or refused, never broken."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI

from api.access import ACCESS, API
from api.openapi import query_parameters
from geo.access.roles import ROLES, Permission, Role
from tests.api.client import Client, Timed
from tests.api.conftest import AsRole

pytestmark = pytest.mark.db

# Raw pieces of a URL: some are not even UTF-8.
HOSTILE = [
    "%00",
    "%0d%0aSet-Cookie:%20x=1",
    "%ff%fe",
    "%ed%a0%80",
    "%e2%80%ae",
    quote("' OR 1=1 --"),
    quote("'; SELECT pg_sleep(9) --"),
    quote("{0} %s %(x)s :name \\"),
    quote("${jndi:ldap://x}{{7*7}}"),
    quote("<script>alert(1)</script>"),
    quote("../../etc/passwd", safe=""),
    "9" * 30,
    "-9223372036854775809",
    "1e309",
    "NaN",
    "null",
    "[]",
    "%F0%A0%AE%B7",
    "x" * 3000,
    "",
]
ASKERS = (Role.DISTRICT_ADMIN, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
PATHS = [key.removeprefix("GET ") for key in ACCESS if key.startswith("GET ")]
FILLED = {"{code}": "100", "{id}": "1", "{number}": "1", "{job}": "1", "{name}": "occupancy"}


def filled(template: str) -> str:
    for name, value in FILLED.items():
        template = template.replace(name, value)
    return template


def asked_by_those_who_may(
    as_role: AsRole, paths: list[tuple[str, Permission | None]]
) -> list[tuple[str, Timed]]:
    """Ask each path as a role that the route answers, so that nothing ends at the guard."""
    by_role: dict[Role, list[str]] = {role: [] for role in ASKERS}
    for path, wanted in paths:
        may = (role for role in ASKERS if wanted is None or wanted in ROLES[role].permissions)
        by_role[next(may)].append(path)
    return [answer for role, asked in by_role.items() for answer in as_role(role).many(asked)]


@pytest.mark.long
def test_no_value_of_any_parameter_breaks_a_route(app: FastAPI, as_role: AsRole) -> None:
    asked = [
        (f"{filled(path)}?{name}={value}", ACCESS[f"GET {path}"])
        for path in PATHS
        if path.startswith(API)
        for name in sorted(query_parameters(app, path, "GET"))
        for value in HOSTILE
    ]
    answers = asked_by_those_who_may(as_role, asked)

    assert len(asked) > 800
    broken = {path: answer.status_code for path, answer in answers if answer.status_code >= 500}
    assert broken == {}
    assert {answer.status_code for _, answer in answers} <= {200, 400, 404}
    assert [path for path, answer in answers if "set-cookie" in answer.headers] == []
    assert max(answer.elapsed_s for _, answer in answers) < 5


def test_no_piece_of_a_path_breaks_a_route(as_role: AsRole) -> None:
    templates = [path for path in PATHS if "{" in path]
    asked = [
        (
            "/".join(value if part.startswith("{") else part for part in path.split("/")),
            ACCESS[f"GET {path}"],
        )
        for path in templates
        for value in HOSTILE
    ]
    answers = asked_by_those_who_may(as_role, asked)

    assert {answer.status_code for _, answer in answers} <= {200, 307, 400, 404}


def test_what_came_in_goes_out_only_as_json_text(staff: Client) -> None:
    response = staff.get(f"{API}/cells?level={quote('<script>alert(1)</script>')}")

    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
