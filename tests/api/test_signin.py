"""From a request to who asks: cookies, bearer tokens, keys; how soon a change holds; CSRF."""

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from api import signin
from api.access import API
from api.app import create_app
from api.signin import KEPT_S, Standings
from geo.access.actors import Actor
from geo.access.roles import Permission, Role
from geo.accounts import keys, store
from geo.accounts.keys import NewKey
from geo.accounts.model import Account, RoleGrant
from geo.accounts.sign_ins import end_all
from geo.accounts.tokens import csrf_of, masked, unmasked
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.runtime import Runtime
from tests import world
from tests.api.client import Client, signed_in

pytestmark = pytest.mark.db

ME, HOUSEHOLDS = f"{API}/me", f"{API}/households"
END_OTHERS = f"{API}/sign-ins/end-others"
OWN = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}


@pytest.fixture
def looked_up(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that were looked up in the database."""
    seen: list[str] = []
    look = signin._looked_up

    def counted(runtime: Runtime, token: str) -> Any:
        seen.append(token)
        return look(runtime, token)

    monkeypatch.setattr(signin, "_looked_up", counted)
    app.state.standings.forget()
    return seen


def made_key(runtime: Runtime, permissions: list[Permission] | None = None) -> str:
    opened = signed_in(runtime, Role.SYSTEM_CLIENT, "100A2")
    with runtime.work(Actor.system("test")) as work:
        account = store.account_by_login(work.session, opened.account.login)
        account.kind = "client"
        return keys.add_key(work, account, NewKey("x", permissions))[1]


class TestWhoAsks:
    def test_a_bearer_token_a_cookie_and_a_key_are_known(
        self, app: FastAPI, town_runtime: Runtime
    ) -> None:
        key = made_key(town_runtime)
        page = Client.page(app)

        assert Client.of(app).get(HOUSEHOLDS).status_code == 200
        assert page.get(HOUSEHOLDS).status_code == 200
        assert Client(app).get(HOUSEHOLDS, x_api_key=key).status_code == 200
        assert Client(app, token=key).get(HOUSEHOLDS).status_code == 200

    def test_a_key_opens_no_more_than_it_says(self, app: FastAPI, town_runtime: Runtime) -> None:
        key = made_key(town_runtime, [Permission.COUNTS_READ])

        refused = Client(app, token=key).get(HOUSEHOLDS)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
        assert Client(app, token=key).get(ME).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"authorization": "Bearer"},
            {"authorization": "Bearer "},
            {"authorization": "Bearer nonsense"},
            {"authorization": "Bearer wgt_short"},
            {"authorization": "bearer wgr_" + "x" * 43},
            {"authorization": "Bearer wgp_" + "x" * 43},
            {"authorization": "Bearer wgt_" + "x" * 42 + "\u00e9"},
            {"x_api_key": "wgt_" + "x" * 43},
            {"x_api_key": ""},
            {"x_api_key": "wgk_" + "x" * 43, "authorization": "Bearer wgt_" + "x" * 43},
        ],
    )
    def test_what_cannot_be_a_token_is_refused_without_a_look(
        self, app: FastAPI, looked_up: list[str], headers: dict[str, str]
    ) -> None:
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        response = Client(app).get(f"{API}/posts", **raw)  # type: ignore[arg-type]  # raw bytes

        assert (response.status_code, response.json()["code"]) == (401, "token_refused")
        assert looked_up == []

    @pytest.mark.parametrize("token", ["wgt_" + "x" * 43, "wgk_" + "x" * 43])
    def test_an_unknown_token_is_refused_even_where_nobody_need_sign_in(
        self, app: FastAPI, token: str
    ) -> None:
        for path in (f"{API}/posts", HOUSEHOLDS):
            response = Client(app, token=token).get(path)
            assert (response.status_code, response.json()["code"]) == (401, "token_refused")

    def test_other_schemes_are_none_of_ours(self, app: FastAPI) -> None:
        basic = Client(app, headers={"authorization": "Basic dXNlcjpwYXNz"})

        assert basic.get(f"{API}/posts").status_code == 200
        assert basic.get(HOUSEHOLDS).json()["code"] == "sign_in_needed"

    @pytest.mark.parametrize("cookie", ["nonsense", "wgp_" + "x" * 43, "wgt_" + "x" * 43])
    def test_a_cookie_that_opens_nothing_is_passed_over(self, app: FastAPI, cookie: str) -> None:
        client = Client(app, cookie=cookie)

        assert client.get(f"{API}/posts").status_code == 200
        assert client.get(HOUSEHOLDS).json()["code"] == "sign_in_needed"

    def test_a_clients_token_is_no_cookie(self, app: FastAPI, staff: Client) -> None:
        assert Client(app, cookie=staff.token).get(HOUSEHOLDS).status_code == 401

    def test_over_tls_only_the_cookie_that_is_bound_to_this_host_counts(self, app: FastAPI) -> None:
        token = Client.page(app).cookie
        bound = Client(app, cookie=token, scheme="https")
        plain = Client(app, scheme="https", headers={"cookie": f"wangge={token}"})

        assert bound.get(HOUSEHOLDS).status_code == 200
        assert plain.get(HOUSEHOLDS).status_code == 401

    def test_what_is_said_aloud_goes_before_the_cookie(self, app: FastAPI) -> None:
        page = Client.page(app, Role.INTAKE_CLERK)
        leader = Client.of(app, Role.DUTY_LEADER)

        answer = page.get(HOUSEHOLDS, authorization=f"Bearer {leader.token}")
        assert answer.status_code == 403


class TestHowSoon:
    def test_a_hot_token_is_looked_up_once(self, app: FastAPI, looked_up: list[str]) -> None:
        client = Client.of(app)
        for _ in range(5):
            client.get(f"{API}/posts")

        assert looked_up == [client.token]

    def test_an_unknown_token_is_looked_up_once(self, app: FastAPI, looked_up: list[str]) -> None:
        client = Client(app, token="wgt_" + "y" * 43)
        for _ in range(3):
            assert client.get(f"{API}/posts").status_code == 401

        assert looked_up == [client.token]

    def test_a_crowd_with_one_token_shares_a_look_up(
        self, app: FastAPI, looked_up: list[str]
    ) -> None:
        client = Client.of(app)
        answers = client.at_once([f"{API}/posts"] * 8)

        assert {answer.status_code for answer in answers} == {200}
        assert looked_up == [client.token]

    def test_a_look_up_that_began_before_a_change_is_joined_no_more(self) -> None:
        async def joined() -> list[bool]:
            kept = Standings()
            kept.begin("a", run := asyncio.create_task(asyncio.sleep(0)))
            found = [kept.under_way("a") is run, kept.under_way("b") is None]
            kept.forget()
            found.append(kept.under_way("a") is None)
            kept.begin("a", other := asyncio.create_task(asyncio.sleep(0.01)))
            await run
            found.append(kept.under_way("a") is other)
            await other
            return [*found, kept.under_way("a") is None]

        assert all(asyncio.run(joined()))

    def test_nobody_is_looked_up_where_nobody_is_asked(
        self, app: FastAPI, looked_up: list[str]
    ) -> None:
        client = Client.of(app)
        for path in ("/healthz", "/docs", f"{API}/openapi.json"):
            assert client.get(path).status_code == 200

        assert looked_up == []

    def test_what_is_kept_is_kept_for_less_than_two_seconds(self) -> None:
        now = [0.0]
        kept = Standings(clock=lambda: now[0])
        kept.keep("a", None, begun=0.0, turn=kept.turn)

        assert KEPT_S < 2
        now[0] = KEPT_S - 0.01
        assert kept.known("a") == (None,)
        now[0] = KEPT_S
        assert kept.known("a") is None

    def test_what_was_looked_up_before_a_change_is_not_kept_after_it(self) -> None:
        kept = Standings(clock=lambda: 0.0)
        turn = kept.turn
        kept.forget()
        kept.keep("a", None, begun=0.0, turn=turn)

        assert kept.known("a") is None

    def test_a_flood_of_tokens_does_not_fill_the_memory(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(signin, "_MOST", 100)
        kept = Standings(clock=lambda: 0.0)
        for number in range(1000):
            kept.keep(str(number), None, begun=0.0, turn=kept.turn)

        assert len(kept._known) <= 100

    @pytest.fixture
    def processes(self, runtime: Runtime) -> Iterator[tuple[FastAPI, FastAPI]]:
        """Two applications on one database, as two processes are."""
        world.store(runtime)
        other = Runtime(runtime.settings)
        yield create_app(runtime), create_app(other)
        other.close()

    @pytest.mark.parametrize("what", ["role", "lock", "sign_in", "key"])
    def test_a_change_holds_in_two_seconds_on_every_process(
        self, processes: tuple[FastAPI, FastAPI], runtime: Runtime, what: str
    ) -> None:
        key = made_key(runtime) if what == "key" else ""
        opened = signed_in(runtime)
        clients = [Client(app, token=key or opened.token) for app in processes]
        before = [client.get(HOUSEHOLDS).status_code for client in clients]
        self.change(runtime, what, opened.account)
        begun = time.monotonic()
        while {client.get(HOUSEHOLDS).status_code for client in clients} & {200}:
            assert time.monotonic() - begun < 2
            time.sleep(0.05)

        assert before == [200, 200]

    def change(self, runtime: Runtime, what: str, account: Account) -> None:
        with runtime.work(Actor.system("test")) as work:
            work.note(Note(Action.ACCOUNT_CHANGE))
            if what == "role":
                (grant,) = store.grants_of(work.session, account.id)
                work.session.get_one(RoleGrant, grant.id).valid_to = work.now
            elif what == "lock":
                store.account_by_login(work.session, account.login).locked_at = work.now
            elif what == "sign_in":
                end_all(work, account.id, "other_device")
            else:
                keys.end_key(work, store.key_by_id(work.session, 1))


class TestOurOwnPage:
    @pytest.fixture
    def page(self, app: FastAPI) -> Client:
        return Client.page(app)

    def test_a_change_by_our_page_is_taken(self, page: Client) -> None:
        assert page.post(END_OTHERS).status_code == 200
        assert page.post(END_OTHERS, **OWN).status_code == 200
        assert page.post(END_OTHERS, sec_fetch_site="same-origin").status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"x_csrf_token": ""},
            {"x_csrf_token": "0" * 64},
            {"x_csrf_token": "0" * 128},
            {"x_csrf_token": "é" * 64},
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": "https://127.0.0.1:8000"},
            {"origin": "http://127.0.0.1:8001"},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
        ],
    )
    def test_a_change_by_another_page_is_refused(
        self, page: Client, headers: dict[str, str]
    ) -> None:
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        refused = page.post(END_OTHERS, **raw)  # type: ignore[arg-type]  # raw bytes

        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_refused")

    def test_the_token_of_another_page_is_no_help(self, app: FastAPI, page: Client) -> None:
        other = Client.page(app)

        assert page.post(END_OTHERS, x_csrf_token=csrf_of(other.cookie)).status_code == 403

        assert page.post(END_OTHERS, x_csrf_token=masked(csrf_of(other.cookie))).status_code == 403

    def test_a_page_writes_the_token_differently_each_time(self, page: Client) -> None:
        """Compression would tell a token that stands the same beside what was asked (BREACH)."""
        answers = [page.get("/me?lang=en&q=abc", accept="text/html").text for _ in range(2)]
        once, again = (re.search(r'"csrf":"([0-9a-f]+)"', html)[1] for html in answers)  # type: ignore[index]  # it is there

        assert csrf_of(page.cookie) not in "".join(answers)
        assert not {once[:64], once[64:]} & {again[:64], again[64:]}
        assert unmasked(once) == unmasked(again) == csrf_of(page.cookie)
        assert page.post(END_OTHERS, x_csrf_token=once).status_code == 200
        assert page.post(END_OTHERS, x_csrf_token=again).status_code == 200

    def test_reading_needs_no_such_token(self, app: FastAPI, page: Client) -> None:
        bare = Client(app, headers={"cookie": f"wangge={page.cookie}"})

        assert bare.get(ME).status_code == 200

    def test_a_client_that_is_no_page_needs_none(self, app: FastAPI) -> None:
        client = Client.of(app)

        assert client.post(END_OTHERS, origin="http://evil.example").status_code == 200


class TestFirstPassword:
    def test_before_it_is_changed_nothing_else_is_opened(
        self, app: FastAPI, town_runtime: Runtime
    ) -> None:
        token = signed_in(town_runtime, must_change=True).token
        client = Client(app, token=token)

        for path in (HOUSEHOLDS, f"{API}/workers", f"{API}/roles"):
            assert client.get(path).json()["code"] == "password_must_change"
        assert client.post(END_OTHERS).json()["code"] == "password_must_change"
        assert client.get(ME).json()["must_change"] is True
        assert client.get(f"{API}/posts").status_code == 200

    def test_before_it_is_changed_one_is_told_what_anybody_is_told(
        self, app: FastAPI, town_runtime: Runtime, anyone: Client
    ) -> None:
        token = signed_in(town_runtime, must_change=True).token
        path = f"{API}/cells/100/counts"

        assert Client(app, token=token).json(path) == anyone.json(path)
        assert Client.of(app).json(path) != anyone.json(path)
