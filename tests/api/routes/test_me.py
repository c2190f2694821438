"""The own account: who one is, what one may, a new password."""

from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from api.access import API
from geo.access.actors import Actor
from geo.access.roles import ROLES, Permission, Role
from geo.accounts import service, store
from geo.accounts.passwords import Cost, Hasher
from geo.accounts.service import NewAccount
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.conftest import AsRole
from tests.api.moving import Moved
from tests.geo.accounts.conftest import Meanwhile

pytestmark = pytest.mark.db

ME, PASSWORD = f"{API}/me", f"{API}/me/password"
OLD, NEW = "Ludao-xiaoqu-3", "Qingshan-4-lou"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANONYMOUS, Role.SYSTEM_CLIENT}))
def test_everybody_is_told_the_own_roles_and_what_they_allow(as_role: AsRole, role: Role) -> None:
    me = as_role(role, "100A2").json(ME)

    assert [row["role"] for row in me["roles"]] == [role.value]
    area = me["roles"][0]["area"]
    assert area == ({"code": "100A2", "name": "下社区"} if ROLES[role].has_area else None)
    assert set(me["permissions"]) == {one.value for one in ROLES[role].permissions}
    assert (me["csrf"], me["kind"]) == (None, "person")


def test_a_page_is_told_what_to_send_along(app: FastAPI) -> None:
    page = Client.page(app)

    assert len(page.json(ME)["csrf"]) == 128
    assert page.post(f"{API}/sign-ins/end-others", x_csrf_token=page.json(ME)["csrf"]).is_success


def test_who_reset_ones_password_is_told_and_when(app: FastAPI, town_runtime: Runtime) -> None:
    client = Client.of(app, Role.GRID_WORKER, "100A2")
    login = client.json(ME)["login"]
    assert client.json(ME)["resets"] == []
    with town_runtime.work(Actor.system("user")) as work:
        account = store.account_by_login(work.session, login)
        service.reset_password(work, account, Hasher(Cost(memory_kib=8, passes=1)).hash(OLD))
        at = work.now
    again = Client(app).post(f"{API}/sign-ins", {"login": login, "password": OLD})
    (told,) = Client(app, token=again.json()["token"]).json(ME)["resets"]

    assert told["by"] == "system:user"
    assert abs(datetime.fromisoformat(told["at"]) - at) < timedelta(seconds=1)


def test_without_a_role_one_may_look_at_oneself_alone(app: FastAPI) -> None:
    me = Client.of(app, None, None).json(ME)

    assert (me["roles"], me["permissions"]) == ([], [Permission.SELF.value])


class TestPassword:
    @pytest.fixture
    def app(self, runtime: Runtime, moved: Moved) -> FastAPI:
        runtime.hasher = Hasher(Cost(memory_kib=8, passes=1))
        with runtime.work(Actor.system("test")) as work:
            phc = runtime.hasher.hash(OLD)
            service.add_account(work, NewAccount("zhao", "赵敏", password_hash=phc))
        return moved.on(runtime)

    def enter(self, app: FastAPI, password: str) -> httpx.Response:
        return Client(app).post(f"{API}/sign-ins", {"login": "zhao", "password": password})

    def client(self, app: FastAPI, password: str = OLD) -> Client:
        return Client(app, token=self.enter(app, password).json()["token"])

    def test_the_first_password_is_changed_and_everything_opens(self, app: FastAPI) -> None:
        client, other = self.client(app), self.client(app)
        before = client.json(ME)["must_change"]
        response = client.post(PASSWORD, {"old": OLD, "new": NEW})

        assert (response.status_code, response.json()) == (200, {"ended": 1})
        assert (before, client.json(ME)["must_change"]) == (True, False)
        assert other.get(ME).status_code == 401
        assert [self.enter(app, word).status_code for word in (OLD, NEW)] == [401, 201]

    def test_a_repeat_under_the_same_key_is_answered_as_the_first(self, app: FastAPI) -> None:
        client = self.client(app)
        wish = {"old": OLD, "new": NEW}
        first = client.post(PASSWORD, wish, key="key-12345678")
        again = client.post(PASSWORD, wish, key="key-12345678")

        assert (again.status_code, again.json()) == (first.status_code, first.json())

    def test_without_the_old_one_nothing_is_changed(self, app: FastAPI) -> None:
        client = self.client(app)
        response = client.post(PASSWORD, {"old": "Falsch-1234", "new": NEW})

        assert (response.status_code, response.json()["code"]) == (403, "password_wrong")
        assert self.enter(app, OLD).status_code == 201

    def test_guessing_the_old_one_pauses_the_login_as_at_the_door(self, app: FastAPI) -> None:
        client = self.client(app)
        for _ in range(5):
            client.post(PASSWORD, {"old": "Falsch-1234", "new": NEW})

        assert client.post(PASSWORD, {"old": OLD, "new": NEW}).json()["code"] == "password_wrong"
        assert self.enter(app, OLD).status_code == 401

    def test_the_password_given_by_an_admin_does_not_stay(self, app: FastAPI) -> None:
        client = self.client(app)
        response = client.post(PASSWORD, {"old": OLD, "new": OLD})

        assert (response.status_code, response.json()["code"]) == (400, "password_same")
        assert client.json(ME)["must_change"]

    def test_a_reset_meanwhile_is_not_undone(self, app: FastAPI, runtime: Runtime) -> None:
        client = self.client(app)

        def reset() -> None:
            with runtime.work(Actor.system("test")) as work:
                account = store.account_by_login(work.session, "zhao")
                service.reset_password(work, account, runtime.hasher.hash("Other-pass-77"))

        runtime.hasher = Meanwhile(reset)
        response = client.post(PASSWORD, {"old": OLD, "new": NEW})

        assert (response.status_code, response.json()["code"]) == (401, "sign_in_refused")
        codes = [self.enter(app, word).status_code for word in (NEW, "Other-pass-77")]
        assert codes == [401, 201]

    @pytest.mark.parametrize(
        ("new", "code"),
        [("short-1", "password_length"), ("onlysmallletters", "password_plain"),
         ("Password123", "password_guessable")],
    )  # fmt: skip
    def test_a_bad_new_one_is_refused_before_the_old_one_is_looked_at(
        self, app: FastAPI, new: str, code: str
    ) -> None:
        client = self.client(app)
        for _ in range(6):
            response = client.post(PASSWORD, {"old": "Falsch-1234", "new": new})
            assert (response.status_code, response.json()["code"]) == (400, code)

        assert self.enter(app, OLD).status_code == 201
