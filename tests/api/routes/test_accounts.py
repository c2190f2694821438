"""Accounts over HTTP: listed, added, given roles, locked, reset, ended; by whom, and recorded."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.access import API
from geo.access.actors import Actor
from geo.access.roles import ROLES, Role
from geo.accounts.passwords import Cost, Hasher
from geo.audit.model import AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime
from tests.api.client import Client, signed_in
from tests.api.moving import Moved

pytestmark = pytest.mark.db

WORKER = {"role": "grid_worker", "cell": "100"}
ACCOUNTS, ROLES_PATH = f"{API}/accounts", f"{API}/roles"


@pytest.fixture
def runtime(small_town: Runtime) -> Runtime:
    return small_town


@pytest.fixture
def app(runtime: Runtime, moved: Moved) -> FastAPI:
    """The small town, with two system administrators: ``admin`` and another."""
    runtime.hasher = Hasher(Cost(memory_kib=8, passes=1))
    signed_in(runtime, Role.SYSTEM_ADMIN, None, login="second")
    return moved.on(runtime)


@pytest.fixture
def admin(app: FastAPI, runtime: Runtime) -> Client:
    opened = signed_in(runtime, Role.SYSTEM_ADMIN, None, login="admin")
    return Client(app, token=opened.token)


def add(admin: Client, login: str = "zhao", **more: Any) -> dict[str, Any]:
    response = admin.post(ACCOUNTS, {"login": login, "name": "赵敏", **more})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


def records(runtime: Runtime, action: str) -> list[AuditRecord]:
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        query = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)
        return list(work.session.scalars(query))


def entered(admin: Client, login: str, password: str) -> Client:
    wish = {"login": login, "password": password}
    response = Client(admin.app).post(f"{API}/sign-ins", wish)
    return Client(admin.app, token=response.json().get("token", ""))


class TestAdding:
    def test_a_person_is_given_a_password_to_change_at_once(
        self, admin: Client, runtime: Runtime
    ) -> None:
        made = add(admin)
        client = entered(admin, "zhao", made["password"])

        assert (made["state"], made["kind"], made["roles"]) == ("must_change", "person", [])
        assert client.json(f"{API}/me")["must_change"] is True
        (record,) = records(runtime, "account.add")
        assert (record.actor, record.after) == ("admin", {"login": "zhao", "kind": "person"})
        assert made["password"] not in str(vars(record))

    def test_with_its_first_role_and_worker_it_is_one_change(
        self, admin: Client, runtime: Runtime
    ) -> None:
        made = add(
            admin, role="community_admin", cell="100A2", worker="w3", valid_to="2099-06-30",
            case_types=["fire"],
        )  # fmt: skip

        (role,) = made["roles"]
        assert made["worker"] == "w3"
        assert (role["role"], role["area"]) == (
            "community_admin", {"code": "100A2", "name": "下社区"},
        )  # fmt: skip
        assert role["valid_to"] == "2099-07-01T00:00:00+08:00"
        assert role["case_types"] == ["fire"]
        assert records(runtime, "account.add")[0].xid == records(runtime, "grant.add")[0].xid

    def test_a_system_has_no_password(self, admin: Client) -> None:
        made = add(admin, "ledger", kind="client", role="system_client", cell="100A")

        assert (made["password"], made["state"]) == (None, "active")

    def test_a_repeat_under_the_same_key_adds_nobody_and_shows_no_password(
        self, admin: Client
    ) -> None:
        wish = {"login": "zhao", "name": "赵敏"}
        first = admin.post(ACCOUNTS, wish, key="key-12345678")
        again = admin.post(ACCOUNTS, wish, key="key-12345678")

        assert (first.status_code, again.status_code) == (201, 201)
        assert {**first.json(), "password": None} == again.json()

    @pytest.mark.parametrize(
        ("more", "status", "code"),
        [
            ({"login": "admin"}, 409, "account_taken"),
            ({"login": "赵敏"}, 400, "login_refused"),
            ({"login": "system:import"}, 400, "login_refused"),
            ({"role": "king"}, 400, "role_unknown"),
            ({"role": "grid_worker"}, 400, "role_area"),
            ({"role": "grid_worker", "cell": "nowhere"}, 404, "cell_unknown"),
            ({"role": "system_admin", "cell": "100"}, 400, "role_area"),
            ({"worker": "nobody"}, 404, "worker_unknown"),
            ({"kind": "client", "role": "grid_worker", "cell": "100"}, 409, "role_unfit"),
            ({**WORKER, "valid_to": "2001-01-01"}, 400, "validity_refused"),
            ({**WORKER, "valid_to": "soon"}, 400, "invalid_parameter"),
            ({"kind": "robot"}, 400, "invalid_parameter"),
            ({"password": "Ludao-xiaoqu-3"}, 400, "invalid_parameter"),
            ({"demo": True}, 400, "invalid_parameter"),
            ({"must_change": False}, 400, "invalid_parameter"),
            ({"name": "a\nb"}, 400, "invalid_parameter"),
            ({"name": "赵" * 51}, 400, "name_refused"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_added_is_refused_whole(
        self, admin: Client, more: dict[str, Any], status: int, code: str
    ) -> None:
        response = admin.post(ACCOUNTS, {"login": "zhao", "name": "赵敏", **more})

        assert (response.status_code, response.json()["code"]) == (status, code)
        assert admin.get(f"{ACCOUNTS}/zhao").status_code == 404


class TestReading:
    @pytest.mark.parametrize("limit", [1, 2, 7])
    def test_every_walk_gives_each_account_once_in_the_order_of_logins(
        self, admin: Client, limit: int
    ) -> None:
        for login in ("zhao", "qian", "sun"):
            add(admin, login)

        rows = admin.items(f"{ACCOUNTS}?limit={limit}")
        assert [row["login"] for row in rows] == ["admin", "qian", "second", "sun", "zhao"]

    def test_filters_narrow_the_list(self, admin: Client) -> None:
        add(admin, "zhao", role="grid_worker", cell="100A2001")
        add(admin, "ledger", kind="client")
        add(admin, "sun")
        admin.post(f"{ACCOUNTS}/sun/lock")

        found = {
            query: [row["login"] for row in admin.items(f"{ACCOUNTS}?{query}")]
            for query in ("q=ZHA", "q=赵", "q=%25", "role=grid_worker", "role=system_admin",
                          "kind=client", "state=locked", "state=must_change", "state=active",
                          "state=ended", "role=king")
        }  # fmt: skip
        assert found == {
            "q=ZHA": ["zhao"], "q=赵": ["ledger", "sun", "zhao"], "q=%25": [],
            "role=grid_worker": ["zhao"], "role=system_admin": ["admin", "second"],
            "kind=client": ["ledger"], "state=locked": ["sun"], "state=must_change": ["zhao"],
            "state=active": ["admin", "ledger", "second"], "state=ended": [], "role=king": [],
        }  # fmt: skip

    def test_an_account_shows_its_former_roles_and_when_it_was_used(
        self, admin: Client, runtime: Runtime
    ) -> None:
        made = add(admin, "zhao", role="grid_worker", cell="100A2001")
        admin.post(f"{API}/grants/{made['roles'][0]['id']}/end")
        entered(admin, "zhao", made["password"])
        shown = admin.json(f"{ACCOUNTS}/zhao")

        assert shown["roles"] == []
        assert [row["role"] for row in shown["former"]] == ["grid_worker"]
        assert made["seen_at"] is None
        assert shown["seen_at"] is not None
        assert records(runtime, "account.read")

    def test_an_unknown_account_is_not_found(self, admin: Client) -> None:
        for path in ("nobody", "nobody/keys"):
            response = admin.get(f"{ACCOUNTS}/{path}")
            assert (response.status_code, response.json()["code"]) == (404, "account_unknown")

    def test_the_audit_administrator_reads_and_changes_nothing(
        self, app: FastAPI, admin: Client
    ) -> None:
        add(admin)
        auditor = Client.of(app, Role.AUDIT_ADMIN, None)

        assert len(auditor.items(ACCOUNTS)) == 4
        for path in ("lock", "unlock", "reset", "end", "grants", "keys"):
            wish = {"role": "grid_worker", "cell": "100", "name": "x"}
            assert auditor.post(f"{ACCOUNTS}/zhao/{path}", wish).status_code == 403

    def test_roles_are_told_as_the_table_has_them(self, admin: Client) -> None:
        rows = admin.json(ROLES_PATH)["items"]

        assert {row["role"]: set(row["permissions"]) for row in rows} == {
            role.value: {one.value for one in rule.permissions} for role, rule in ROLES.items()
        }
        worker = next(row for row in rows if row["role"] == "grid_worker")
        assert (worker["masked"], worker["reveals"], worker["has_area"]) == (
            "sensitive", "personal", True,
        )  # fmt: skip


class TestChanging:
    @pytest.fixture
    def zhao(self, admin: Client) -> Client:
        """Zhao, a grid worker with a sign-in."""
        made = add(admin, "zhao", role="grid_worker", cell="100A2001")
        client = entered(admin, "zhao", made["password"])
        wish = {"old": made["password"], "new": "Ludao-xiaoqu-3"}
        assert client.post(f"{API}/me/password", wish).status_code == 200
        return client

    def test_a_lock_holds_at_once_and_is_lifted(self, admin: Client, zhao: Client) -> None:
        before = zhao.get(f"{API}/households").status_code
        locked = admin.post(f"{ACCOUNTS}/zhao/lock").json()

        assert (before, locked["state"]) == (200, "locked")
        assert zhao.get(f"{API}/households").status_code == 401
        assert entered(admin, "zhao", "Ludao-xiaoqu-3").token == ""
        assert admin.post(f"{ACCOUNTS}/zhao/unlock").json()["state"] == "active"
        assert entered(admin, "zhao", "Ludao-xiaoqu-3").token

    def test_a_reset_shows_a_password_once_and_ends_the_sign_ins(
        self, admin: Client, zhao: Client, runtime: Runtime
    ) -> None:
        made = admin.post(f"{ACCOUNTS}/zhao/reset", key="key-12345678").json()
        again = admin.post(f"{ACCOUNTS}/zhao/reset", key="key-12345678").json()

        assert again["password"] is None
        assert zhao.get(f"{API}/me").status_code == 401
        assert entered(admin, "zhao", made["password"]).json(f"{API}/me")["must_change"]
        assert made["password"] not in str([vars(r) for r in records(runtime, "password.set")])

    def test_an_end_is_for_good(self, admin: Client, zhao: Client) -> None:
        assert admin.post(f"{ACCOUNTS}/zhao/end").json()["state"] == "ended"
        assert zhao.get(f"{API}/me").status_code == 401
        assert admin.post(f"{ACCOUNTS}/zhao/unlock").json()["code"] == "account_ended"
        assert (
            admin.post(ACCOUNTS, {"login": "zhao", "name": "x"}).json()["code"] == "account_taken"
        )

    def test_a_role_taken_back_gives_nothing_at_once(self, admin: Client, zhao: Client) -> None:
        (role,) = admin.json(f"{ACCOUNTS}/zhao")["roles"]
        before = zhao.get(f"{API}/households").status_code
        ended = admin.post(f"{API}/grants/{role['id']}/end")

        assert (before, ended.json()["stands"]) == (200, False)
        assert zhao.get(f"{API}/households").status_code == 403

    def test_a_role_given_opens_at_once_and_once_under_a_key(
        self, admin: Client, zhao: Client
    ) -> None:
        seen = len(zhao.items(f"{API}/households"))
        wish = {"role": "grid_worker", "cell": "100B1"}
        first = admin.post(f"{ACCOUNTS}/zhao/grants", wish, key="key-12345678")
        again = admin.post(f"{ACCOUNTS}/zhao/grants", wish, key="key-12345678")

        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert (seen, len(zhao.items(f"{API}/households"))) == (5, 7)
        assert len(admin.json(f"{ACCOUNTS}/zhao")["roles"]) == 2

    @pytest.mark.parametrize("path", ["grants/999/end", "keys/999/end"])
    def test_what_nobody_was_given_is_not_ended(self, admin: Client, path: str) -> None:
        assert admin.post(f"{API}/{path}").status_code == 404


class TestAdministrators:
    def test_nobody_changes_what_the_own_account_may_do(self, admin: Client) -> None:
        for path in ("lock", "unlock", "reset", "end", "grants"):
            response = admin.post(f"{ACCOUNTS}/admin/{path}", {"role": "audit_admin"})
            assert (response.status_code, response.json()["code"]) == (403, "own_account"), path

    def test_the_last_one_stays(self, admin: Client) -> None:
        (own,) = admin.json(f"{ACCOUNTS}/admin")["roles"]
        admin.post(f"{ACCOUNTS}/second/end")
        response = admin.post(f"{API}/grants/{own['id']}/end")

        assert (response.status_code, response.json()["code"]) == (409, "last_admin")

    def test_administration_and_audit_are_two_peoples_work(self, admin: Client) -> None:
        response = admin.post(f"{ACCOUNTS}/second/grants", {"role": "audit_admin"})

        assert (response.status_code, response.json()["code"]) == (409, "roles_apart")


class TestKeys:
    @pytest.fixture
    def ledger(self, admin: Client) -> str:
        add(admin, "ledger", kind="client", role="system_client", cell="100A2")
        return f"{ACCOUNTS}/ledger/keys"

    def test_a_key_is_shown_once_and_opens(self, admin: Client, ledger: str) -> None:
        wish = {"name": "台账同步", "days": 30}
        made = admin.post(ledger, wish, key="key-12345678")
        again = admin.post(ledger, wish, key="key-12345678").json()
        secret = made.json()["secret"]
        (listed,) = admin.items(ledger)

        assert made.status_code == 201
        assert (again["secret"], again["id"]) == (None, made.json()["id"])
        assert secret.startswith(listed["shown"])
        assert "secret" not in listed
        assert len(Client(admin.app, token=secret).items(f"{API}/households")) == 5

    def test_an_ended_key_opens_nothing_at_once(self, admin: Client, ledger: str) -> None:
        made = admin.post(ledger, {"name": "x"}).json()
        client = Client(admin.app, token=made["secret"])
        before = client.get(f"{API}/households").status_code
        ended = admin.post(f"{API}/keys/{made['id']}/end").json()

        assert before == 200
        assert ended["ended_at"] is not None
        assert client.get(f"{API}/households").status_code == 401
        assert admin.items(ledger)[0]["last_used_at"] is not None

    def test_a_key_of_fewer_permissions_opens_no_more(self, admin: Client, ledger: str) -> None:
        made = admin.post(ledger, {"name": "x", "permissions": ["workforce.read"]}).json()
        client = Client(admin.app, token=made["secret"])

        assert client.get(f"{API}/workers").status_code == 200
        assert client.get(f"{API}/households").status_code == 403

    @pytest.mark.parametrize(
        ("wish", "code"),
        [
            ({}, "invalid_parameter"),
            ({"name": "x", "permissions": ["fly"]}, "invalid_parameter"),
            ({"name": "x", "permissions": ["accounts.write"]}, "key_refused"),
            ({"name": "x", "days": 0}, "key_refused"),
            ({"name": "x", "days": 10**12}, "key_refused"),
        ],
    )
    def test_a_key_that_cannot_be_is_refused(
        self, admin: Client, ledger: str, wish: dict[str, Any], code: str
    ) -> None:
        response = admin.post(ledger, wish)

        assert (response.status_code, response.json()["code"]) == (400, code)

    def test_a_person_has_none(self, admin: Client) -> None:
        add(admin)

        assert admin.post(f"{ACCOUNTS}/zhao/keys", {"name": "x"}).json()["code"] == "key_for_person"
