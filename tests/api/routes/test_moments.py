"""Moments in bodies: what is no moment, or one that no calendar reaches, is refused by its name."""

from typing import Any

import pytest

from geo.access.roles import Role
from tests.api.client import Client
from tests.api.routes.conftest import Office

pytestmark = pytest.mark.db

API = "/api/v1"

NONE = ["2026-12-01T08:00:00", "2026-02-30", "08:00", "", 1, True, {}, []]
NO_INSTANTS = ["2026-11-22", *NONE]
FAR = [
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59Z",
]


def submitted(office: Office) -> tuple[Client, str, str]:
    """Return somebody who may approve, a submitted plan and its tag."""
    author = office.of(Role.STREET_DISPATCHER, "100")
    plan = f"{API}/plans/" + author.post(f"{API}/plans", {"cell": "100", "title": "t"}).json()["id"]
    operation = {"op": "rename", "cell": "100B1", "name": "另一名"}
    done = author.post(f"{plan}/operations", {"operations": [operation]}, if_match='"1"')
    assert done.status_code == 200, done.text
    sent = author.post(f"{plan}/submit", if_match='"2"')
    assert sent.status_code == 200, sent.text
    return office.of(Role.STREET_DISPATCHER, "100", number=2), plan, sent.headers["etag"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_holds_from_an_instant_with_its_zone(office: Office, lang: str) -> None:
    approver, plan, tag = submitted(office)

    for given in NO_INSTANTS:
        body = {"effective_at": given}
        refused = approver.post(f"{plan}/approve", body, if_match=tag, accept_language=lang)
        assert refused.status_code == 400, (given, refused.text)
        (error,) = refused.json()["errors"]
        assert error["pointer"] == "#/effective_at"
        assert "2026-11-23T08:00:00+08:00" in error["detail"]
    wrong = {"2020-01-01T00:00:00Z": "moment_past", "9998-12-31T23:59:59-14:00": "moment_far"}
    for given, code in wrong.items():
        refused = approver.post(f"{plan}/approve", {"effective_at": given}, if_match=tag)
        assert refused.json()["code"] == code, (given, refused.text)
    assert approver.json(plan)["state"] == "submitted"


def test_a_leave_and_a_role_refuse_what_is_no_moment(office: Office) -> None:
    community, admin = office.of(Role.COMMUNITY_ADMIN, "100A2"), office.of(Role.SYSTEM_ADMIN, None)
    leave = {"worker": "w1"}
    account = {"login": "zhao", "name": "赵敏", "role": "grid_worker", "cell": "100"}
    asked: list[tuple[Client, str, dict[str, Any], str]] = [
        (community, f"{API}/leaves", leave, "begins"),
        (community, f"{API}/leaves", leave, "ends"),
        (admin, f"{API}/accounts", account, "valid_to"),
    ]
    for who, path, body, field in asked:
        for given in NONE:
            refused = who.post(path, {**body, field: given})
            assert refused.status_code == 400, (path, field, given, refused.text)
            assert refused.json()["errors"][0]["pointer"] == f"#/{field}"
        for given in FAR:
            answer = who.post(path, {**body, field: given})
            assert answer.status_code < 500, (path, field, given, answer.text)


def test_an_account_is_added_with_a_role_until_an_instant(office: Office) -> None:
    admin = office.of(Role.SYSTEM_ADMIN, None)
    account = {"login": "zhao", "name": "赵敏", "role": "grid_worker", "cell": "100"}

    made = admin.post(f"{API}/accounts", {**account, "valid_to": "2099-06-30T18:00:00+08:00"})

    assert made.status_code == 201, made.text
    assert made.json()["roles"][0]["valid_to"] == "2099-06-30T18:00:00+08:00"
