"""Signing in over HTTP: cookies and tokens, what is shown once, where it is refused."""

import statistics
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.access import API
from api.app import create_app
from geo.access.actors import Actor
from geo.accounts import service
from geo.accounts.passwords import Cost, Hasher
from geo.accounts.service import NewAccount
from geo.accounts.tokens import csrf_of, unmasked
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.moving import Moved

pytestmark = pytest.mark.db

SIGN_INS, REFRESH, OUT, ME = (
    f"{API}/{p}" for p in ("sign-ins", "sign-ins/refresh", "sign-out", "me")
)
PASSWORD = "Ludao-xiaoqu-3"


@pytest.fixture
def app(runtime: Runtime, moved: Moved) -> FastAPI:
    """An empty deployment in which Zhao may sign in."""
    runtime.hasher = Hasher(Cost(memory_kib=8, passes=1))
    add(runtime, "zhao")
    return moved.on(runtime)


def add(runtime: Runtime, login: str, *, must_change: bool = False) -> None:
    with runtime.work(Actor.system("test")) as work:
        phc = runtime.hasher.hash(PASSWORD)
        service.add_account(
            work, NewAccount(login, "赵敏", password_hash=phc, must_change=must_change)
        )


def sign_in(
    client: Client,
    login: str = "zhao",
    password: str = PASSWORD,
    kind: str = "token",
    **headers: str,
) -> httpx.Response:
    return client.post(SIGN_INS, {"login": login, "password": password, "kind": kind}, **headers)


class TestPages:
    def test_a_page_gets_a_cookie_that_no_script_reads(self, app: FastAPI) -> None:
        response = sign_in(Client(app), kind="page")
        cookie = response.headers["set-cookie"]
        token = cookie.split(";")[0].removeprefix("wangge=")

        assert response.status_code == 201
        assert {part.strip() for part in cookie.split(";")[1:]} == {
            "HttpOnly", "Path=/", "SameSite=lax",
        }  # fmt: skip
        assert token not in response.text
        assert unmasked(response.json()["csrf"]) == csrf_of(token)
        assert (response.json()["token"], response.json()["refresh_token"]) == (None, None)
        assert response.headers["cache-control"] == "private, no-store"
        assert Client(app, cookie=token).get(ME).status_code == 200

    def test_over_tls_the_cookie_is_bound_to_this_host(self, app: FastAPI) -> None:
        there = Client(app, scheme="https", address="192.0.2.7", host="grid.example")
        cookie = sign_in(there, kind="page").headers["set-cookie"]

        assert cookie.startswith("__Host-wangge=wgp_")
        assert "Secure" in cookie
        assert "Domain" not in cookie

    def test_signing_in_again_ends_what_the_page_had(self, app: FastAPI) -> None:
        first = sign_in(Client(app), kind="page").headers["set-cookie"].split(";")[0]
        second = sign_in(Client(app), kind="page", cookie=first).headers["set-cookie"].split(";")[0]

        assert first != second
        assert Client(app, headers={"cookie": first}).get(ME).status_code == 401
        assert Client(app, headers={"cookie": second}).get(ME).status_code == 200

    def test_a_cookie_given_by_somebody_else_is_not_taken_over(self, app: FastAPI) -> None:
        planted = "wangge=wgp_" + "x" * 43
        cookie = sign_in(Client(app), kind="page", cookie=planted).headers["set-cookie"]

        assert planted not in cookie
        assert Client(app, headers={"cookie": planted}).get(ME).status_code == 401

    @pytest.mark.parametrize(
        "headers",
        [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}],
    )
    def test_another_site_signs_nobody_in(self, app: FastAPI, headers: dict[str, str]) -> None:
        response = sign_in(Client(app), kind="page", **headers)

        assert response.json()["code"] == "csrf_refused"
        assert "set-cookie" not in response.headers

    def test_signing_out_ends_it_and_takes_the_cookie_away(self, app: FastAPI) -> None:
        response = sign_in(Client(app), kind="page")
        page = Client(app, cookie=response.headers["set-cookie"].split(";")[0].partition("=")[2])
        out = page.post(OUT)

        assert (out.status_code, out.content) == (204, b"")
        assert 'wangge=""' in out.headers["set-cookie"]
        assert "Max-Age=0" in out.headers["set-cookie"]
        assert page.get(ME).status_code == 401


class TestClients:
    def test_a_client_gets_a_pair_of_tokens(self, app: FastAPI) -> None:
        response = sign_in(Client(app))
        body = response.json()

        assert "set-cookie" not in response.headers
        assert body["csrf"] is None
        assert body["account"] == {"login": "zhao", "name": "赵敏", "must_change": False}
        assert Client(app, token=body["token"]).get(ME).status_code == 200

    def test_the_next_pair_takes_the_place_of_the_first(self, app: FastAPI) -> None:
        first = sign_in(Client(app)).json()
        second = Client(app).post(REFRESH, {"refresh_token": first["refresh_token"]}).json()

        assert second["id"] == first["id"]
        assert Client(app, token=first["token"]).get(ME).status_code == 401
        assert Client(app, token=second["token"]).get(ME).status_code == 200

    def test_a_second_use_ends_the_sign_in_at_once(self, app: FastAPI) -> None:
        first = sign_in(Client(app)).json()
        second = Client(app).post(REFRESH, {"refresh_token": first["refresh_token"]}).json()
        known = Client(app, token=second["token"])
        before = known.get(ME).status_code
        stolen = Client(app).post(REFRESH, {"refresh_token": first["refresh_token"]})

        assert (before, stolen.status_code, stolen.json()["code"]) == (200, 401, "token_refused")
        assert known.get(ME).status_code == 401

    def test_a_repeat_under_the_same_key_is_no_second_use(self, app: FastAPI) -> None:
        first = sign_in(Client(app)).json()
        wish = {"refresh_token": first["refresh_token"]}
        Client(app).post(REFRESH, wish, key="key-12345678")
        again = Client(app).post(REFRESH, wish, key="key-12345678")

        assert again.status_code == 200
        assert Client(app, token=again.json()["token"]).get(ME).status_code == 200

    def test_a_token_that_is_good_no_more_does_not_keep_anybody_from_signing_in(
        self, app: FastAPI
    ) -> None:
        stale = Client(app, token="wgt_" + "x" * 43)

        assert sign_in(stale).status_code == 201


class TestRefusals:
    def test_every_refusal_is_the_same(self, app: FastAPI, runtime: Runtime) -> None:
        add(runtime, "locked")
        with runtime.work(Actor.system("test")) as work:
            service.lock(work, service.store.account_by_login(work.session, "locked"))
        wrong = sign_in(Client(app), password="Falsch-1234")
        others = [sign_in(Client(app), "nobody"), sign_in(Client(app), "locked")]
        for _ in range(5):
            sign_in(Client(app), password="Falsch-1234")
        others.append(sign_in(Client(app)))

        told = [{**one.json(), "request_id": ""} for one in (wrong, *others)]
        assert all(one == told[0] for one in told)
        assert (wrong.status_code, told[0]["code"]) == (401, "sign_in_refused")

    def test_passwords_do_not_travel_unencrypted(self, app: FastAPI) -> None:
        there = Client(app, address="192.0.2.7", host="grid.example")
        by_proxy = sign_in(Client(app), x_forwarded_for="127.0.0.1")

        for response in (sign_in(there), by_proxy, there.post(REFRESH, {"refresh_token": "x"})):
            assert (response.status_code, response.json()["code"]) == (403, "insecure_transport")

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, {"login", "password"}),
            ({"login": "zhao"}, {"password"}),
            ({"login": "zhao", "password": ""}, {"password"}),
            ({"login": "zhao", "password": "x" * 201}, {"password"}),
            ({"login": 1, "password": PASSWORD}, {"login"}),
            ({"login": "zhao", "password": PASSWORD, "kind": "magic"}, {"kind"}),
            ({"login": "zhao", "password": PASSWORD, "is_admin": True}, {"is_admin"}),
        ],
    )
    def test_what_is_no_sign_in_is_told_so_without_the_password(
        self, app: FastAPI, body: dict[str, object], fields: set[str]
    ) -> None:
        response = Client(app).post(SIGN_INS, body)

        assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
        assert {fault["pointer"] for fault in response.json()["errors"]} == {
            f"#/{f}" for f in fields
        }
        assert PASSWORD not in response.text
        assert "x" * 50 not in response.text

    def test_five_wrong_passwords_pause_the_login_over_http_too(self, app: FastAPI) -> None:
        for _ in range(5):
            assert sign_in(Client(app), password="Falsch-1234").status_code == 401

        assert sign_in(Client(app)).status_code == 401


class TestOwnSignIns:
    @pytest.fixture
    def clients(self, app: FastAPI) -> list[Client]:
        return [Client(app, token=sign_in(Client(app)).json()["token"]) for _ in range(3)]

    def test_they_are_listed_newest_first_and_the_own_is_marked(
        self, clients: list[Client]
    ) -> None:
        rows = clients[1].items(f"{SIGN_INS}?limit=1")

        assert [row["current"] for row in rows] == [False, True, False]
        assert [int(row["id"]) for row in rows] == sorted(
            (int(r["id"]) for r in rows), reverse=True
        )
        assert set(rows[0]) == {
            "id", "kind", "created_at", "seen_at", "ends_at", "address", "device", "current",
        }  # fmt: skip
        assert rows[0]["address"] == "127.0.0.1"

    def test_one_may_be_ended(self, clients: list[Client]) -> None:
        newest = clients[0].items(SIGN_INS)[0]["id"]
        response = clients[0].post(f"{SIGN_INS}/{newest}/end")

        assert (response.status_code, response.json()) == (200, {"ended": 1})
        assert [client.get(ME).status_code for client in clients] == [200, 200, 401]

    def test_all_others_may_be_ended_once(self, clients: list[Client]) -> None:
        first = clients[0].post(f"{SIGN_INS}/end-others", key="key-12345678")
        again = clients[0].post(f"{SIGN_INS}/end-others", key="key-12345678")

        assert first.json() == again.json() == {"ended": 2}
        assert [client.get(ME).status_code for client in clients] == [200, 401, 401]

    def test_those_of_others_cannot_be(
        self, app: FastAPI, runtime: Runtime, clients: list[Client]
    ) -> None:
        add(runtime, "qian")
        other = Client(app, token=sign_in(Client(app), "qian").json()["token"])
        mine = clients[0].items(SIGN_INS)[0]["id"]
        response = other.post(f"{SIGN_INS}/{mine}/end")

        assert (response.status_code, response.json()["code"]) == (404, "sign_in_unknown")
        assert clients[2].get(ME).status_code == 200


def seconds(client: Client, login: str) -> float:
    begun = time.perf_counter()
    sign_in(client, login, "Falsch-1234")
    return time.perf_counter() - begun


@pytest.fixture
def many(runtime: Runtime) -> Iterator[Client]:
    """A deployment with the real cost of passwords and many known logins."""
    phc = runtime.hasher.hash(PASSWORD)
    runtime.hasher.matches("", None)
    with runtime.work(Actor.system("test")) as work:
        for number in range(300):
            service.add_account(work, NewAccount(f"known{number}", "x", password_hash=phc))
    yield Client(create_app(runtime))


def medians(client: Client, tries: int) -> tuple[float, float]:
    """Return the median seconds of a wrong password for known and for unknown logins."""
    took: dict[str, list[float]] = {"known": [], "nobody": []}
    for number in range(tries):
        # Each goes first as often as the other; no login comes so often that it is paused.
        for kind in ("known", "nobody") if number % 2 else ("nobody", "known"):
            took[kind].append(seconds(client, f"{kind}{number % 300}"))
    return statistics.median(took["known"]), statistics.median(took["nobody"])


def test_an_unknown_login_takes_as_long_as_a_known_one(many: Client) -> None:
    known, unknown = medians(many, 10)

    # Without the comparison it would take a tenth.
    assert known / 2 < unknown < known * 2


@pytest.mark.long
def test_a_thousand_tries_do_not_tell_whether_a_login_exists(many: Client) -> None:
    known, unknown = medians(many, 500)

    assert abs(known - unknown) < 0.005
