"""A refusal in the form that was asked for: a page for a browser, a problem for a program."""

import re

import pytest
from fastapi import FastAPI, HTTPException

from api.access import ACCESS, API
from api.app import create_app
from api.errors import HTTP_CODES, TooBusy
from api.limits import TooManyRequests
from geo.access.actors import PermissionMissing
from geo.access.roles import Permission
from geo.runtime import Runtime
from geo.settings import Settings
from geo.texts import text
from tests.api.client import Client
from tests.api.moving import Moved

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
def app() -> FastAPI:
    """An application of its own, for tests that add a route."""
    return create_app(Runtime(Settings(database_url=NOWHERE)))


@pytest.fixture
def client(moved: Moved) -> Client:
    return Client(moved.on(Runtime(Settings(database_url=NOWHERE))))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_address_is_a_page_for_a_browser(client: Client, lang: str) -> None:
    answer = client.get("/nowhere/<b>", accept=BROWSER, accept_language=lang)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert text("pages.refused_route_unknown", "zh" if lang == "zh" else "en") in answer.text
    assert "/docs" not in answer.text
    assert "<b>" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == lang


def test_a_page_of_a_refusal_has_the_policy_of_pages(client: Client) -> None:
    answers = [client.get("/nowhere", accept=BROWSER) for _ in range(2)]
    nonces = [re.findall(r"nonce-([\w-]+)", a.headers["content-security-policy"]) for a in answers]

    assert len({nonce for found in nonces for nonce in found}) == 2
    for answer, found in zip(answers, nonces, strict=True):
        assert f'nonce="{found[0]}"' in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json", ""])
def test_a_program_gets_a_problem(client: Client, accept: str) -> None:
    answer = client.get("/nowhere", accept=accept)

    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.headers["vary"]


def test_the_api_answers_browsers_too_with_problems(client: Client) -> None:
    for path in (f"{API}/nowhere", f"{API}/cells/x/y/z"):
        assert client.get(path, accept=BROWSER).json()["code"] == "route_unknown"


def test_head_of_an_unknown_page_has_its_headers(client: Client) -> None:
    answer = client.request("HEAD", "/nowhere", accept=BROWSER)

    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
@pytest.mark.parametrize("status", [400, 404, 405, 406, 413, 415, 429, 500, 503])
def test_every_refusal_has_both_forms(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, accept: str, status: int
) -> None:
    async def refuses() -> None:
        if status == 429:
            raise TooManyRequests(limit=1, wait_s=7)
        if status == 503:
            raise TooBusy()
        raise HTTPException(status)

    monkeypatch.setitem(ACCESS, "GET /refuses", None)  # type: ignore[arg-type]  # it is a dict
    app.get("/refuses")(refuses)
    answer = Client(app).get("/refuses", accept=accept)

    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (status in (429, 503))
    if accept == BROWSER:
        assert text(f"api.title.{status}", "en") in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    else:
        assert answer.json()["code"] in {*HTTP_CODES.values(), "too_busy", "too_many_requests"}


def test_a_wrong_method_at_a_page_says_which_are_right(client: Client) -> None:
    answer = client.request("POST", "/docs", accept=BROWSER)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_page_says_in_words_what_a_role_may_not(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses() -> None:
        raise PermissionMissing(permission=Permission.AUDIT_READ.value)

    monkeypatch.setitem(ACCESS, "GET /refuses", None)  # type: ignore[arg-type]  # it is a dict
    app.get("/refuses")(refuses)
    page = Client(app).get("/refuses", accept=BROWSER).text

    assert text("permissions.audit.read", "en") in page
    assert "audit.read" not in page
    assert "audit.read" in Client(app).get("/refuses", accept="*/*").json()["detail"]
