"""Whoever asks for what is not theirs, in whatever place of a request, is missed and recorded."""

import pytest

from api.access import ACCESS
from api.app import create_app
from api.openapi import query_parameters
from geo.access.roles import Permission, Role
from tests import residents
from tests.api.client import Client
from tests.api.routes.conftest import Office

pytestmark = pytest.mark.db

API = "/api/v1"
FOREIGN = ("b3", 1, "101")  # in 100B1; the asker's area is the grid 100A2001

# What names a row or an area below which people are. Others (``estate``, ``worker`` of an account)
# name what everybody may know.
NAMES = frozenset({"cell", "building", "household", "worker", "dwelling", "unit"})
ASKED = (
    Permission.PEOPLE_READ,
    Permission.REQUEST_WRITE,
    Permission.WORKFORCE_READ,
)

# By route and the parameter or part of the address or body: what is asked, the code of the refusal,
# and what the record is about.
MISSED = {
    ("GET /households", "cell"): ("/households?cell=100B", "area_not_yours", "cell"),
    ("GET /households", "building"): ("/households?building=b3", "building_not_yours", "building"),
    ("GET /households/{id}", "id"): ("/households/{id}", "household_unknown", "household"),
    ("GET /buildings/{code}/households", "code"): (
        "/buildings/b3/households", "building_not_yours", "building",
    ),
    ("GET /data-requests", "cell"): ("/data-requests?cell=100B", "area_not_yours", "cell"),
    ("GET /data-requests", "household"): (
        "/data-requests?household={id}", "household_unknown", "household",
    ),
    ("GET /data-requests/{id}", "id"): (
        "/data-requests/999", "data_request_unknown", "data_request",
    ),
    ("POST /data-requests", "household"): ("/data-requests", "household_unknown", "household"),
    ("GET /workers", "cell"): ("/workers?cell=100B", "area_not_yours", "cell"),
    ("GET /workers/{code}", "code"): ("/workers/w3", "worker_unknown", "worker"),
    ("GET /assignments", "cell"): ("/assignments?cell=100B", "area_not_yours", "cell"),
    ("GET /assignments", "building"): (
        "/assignments?building=b3", "building_not_yours", "building",
    ),
    ("GET /assignments", "worker"): ("/assignments?worker=w3", "worker_unknown", "worker"),
    ("GET /leaves", "cell"): ("/leaves?cell=100B", "area_not_yours", "cell"),
    ("GET /leaves", "worker"): ("/leaves?worker=w3", "worker_unknown", "worker"),
    ("POST /sign-ins/{id}/end", "id"): ("/sign-ins/999/end", "sign_in_unknown", "sign_in"),
}  # fmt: skip


def ask(office: Office, route: str, path: str) -> tuple[int, str]:
    client = office.of(Role.GRID_WORKER)
    address = API + path.replace("{id}", str(office.ids[FOREIGN]))
    if route.startswith("GET"):
        response = client.get(address)
    elif path == "/data-requests":
        response = client.post(address, {"household": str(office.ids[FOREIGN]), "kind": "access"})
    else:
        response = client.post(address)
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("asked", MISSED, ids=" ".join)
def test_what_is_not_the_askers_is_missed_and_recorded(
    office: Office, asked: tuple[str, str]
) -> None:
    path, code, kind = MISSED[asked]

    assert ask(office, asked[0], path) == (404, code)
    (record,) = residents.records(office.runtime, "lookup")
    sought = {str(one) for one in [*record["subjects"], record["reason"]]}
    assert (record["outcome"], record["subject_kind"]) == ("missed", kind)
    wanted = {"100B", "b3", "w3", "999", str(office.ids[FOREIGN])}
    assert sought & wanted


@pytest.mark.parametrize(
    "path", [path for path, _, _ in MISSED.values() if "?" in path or path.endswith("households")]
)
def test_the_same_is_found_by_who_may_see_it(bureau: Office, path: str) -> None:
    address = API + path.replace("{id}", str(bureau.ids[FOREIGN]))

    assert Client.of(bureau.app, Role.DISTRICT_ADMIN, "100").get(address).status_code == 200


def test_every_filter_by_a_row_or_area_with_people_is_in_the_table(bureau: Office) -> None:
    app = create_app(bureau.runtime)
    wanted = {
        (f"{method} {path.removeprefix(API)}", name)
        for method, _, path in (key.partition(" ") for key, may in ACCESS.items() if may in ASKED)
        for name in query_parameters(app, path, method) & NAMES
    }

    assert len(wanted) >= 7
    assert wanted - MISSED.keys() == set()
