"""Refusals as problem+json: one shape, two languages, nothing of the inside."""

import logging
from typing import Any

import psycopg2
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.app import create_app
from api.errors import (
    HTTP_CODES,
    STATUS,
    DatabaseUnreachable,
    ParameterInvalid,
    TooBusy,
    TooSlow,
    status_of,
    unavailable,
)
from geo.errors import GeoError, Unavailable
from geo.grid import store
from geo.grid.store import CellUnknown
from geo.runtime import Runtime
from geo.settings import Settings
from geo.texts import catalogue
from tests.api.client import Client

SHAPE = {"type", "title", "status", "detail", "code", "instance", "request_id"}


def database_error(sqlstate: str | None, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    class Origin(psycopg2.Error):
        pgcode = sqlstate

    return kind("SELECT 1", {}, Origin("secret"))


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert response.status_code == status == body["status"]
    assert response.headers["content-type"] == "application/problem+json"
    assert set(body) - {"errors"} == SHAPE
    assert body["code"] == code
    assert body["type"] == f"/docs#{code}"
    assert body["request_id"] == response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    return body


@pytest.fixture
def unreachable() -> Client:
    """An application whose database is nowhere."""
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:9/none")
    return Client(create_app(Runtime(settings)))


def test_every_status_has_its_title() -> None:
    statuses = {*STATUS.values(), *HTTP_CODES}

    assert [s for s in statuses if f"api.title.{s}" not in catalogue()] == []


def test_the_status_is_of_the_nearest_kind() -> None:
    assert status_of(CellUnknown(value="x")) == 404
    assert status_of(ParameterInvalid) == 400
    assert status_of(TooBusy) == 503
    assert status_of(GeoError()) == 500


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (database_error("57014"), TooSlow),
        (database_error("40001"), TooBusy),
        (database_error("40P01"), TooBusy),
        (database_error("55P03"), TooBusy),
        (database_error("53300"), TooBusy),
        (database_error("57P01"), DatabaseUnreachable),
        (database_error(None), DatabaseUnreachable),
        (PoolTimeout(), TooBusy),
    ],
)
def test_a_database_that_fails_is_unavailable(error: Exception, kind: type[Unavailable]) -> None:
    assert type(unavailable(error)) is kind


def test_a_wrong_statement_is_our_fault_and_not_unavailable() -> None:
    assert unavailable(database_error("42601", ProgrammingError)) is None
    assert unavailable(ValueError()) is None


def test_a_database_that_is_nowhere_gives_503_and_when_to_come_again(unreachable: Client) -> None:
    response = unreachable.get("/api/v1/cells")

    problem_of(response, 503, "database_unreachable")
    assert int(response.headers["retry-after"]) > 0
    assert "127.0.0.1" not in response.text


def test_health_answers_without_a_database(unreachable: Client) -> None:
    assert unreachable.get("/healthz").status_code == 200
    problem_of(unreachable.get("/readyz"), 503, "database_unreachable")


def test_an_unknown_address_is_a_problem(unreachable: Client) -> None:
    body = problem_of(unreachable.get("/api/v1/cellz/%3Cb%3E"), 404, "route_unknown")

    assert body["instance"] == "/api/v1/cellz/%3Cb%3E"


def test_a_wrong_method_says_which_are_right(unreachable: Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        response = unreachable.request(method, "/api/v1/cells")
        problem_of(response, 405, "method_refused")
        assert response.headers["allow"] == "GET, HEAD"
    both = unreachable.request("PUT", "/api/v1/accounts")
    assert (both.status_code, both.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_client_that_takes_no_json_is_refused(unreachable: Client) -> None:
    problem_of(unreachable.get("/api/v1/posts", accept="text/html"), 406, "not_acceptable")


def test_the_language_follows_the_client_then_the_setting(unreachable: Client) -> None:
    english = unreachable.get("/nope", accept_language="en-GB")
    chinese = unreachable.get("/nope", accept_language="zh-CN")
    unnamed = unreachable.get("/nope", accept_language="fr")

    assert english.json()["title"] == "Not found"
    assert chinese.json()["title"] == unnamed.json()["title"] == "没有找到"
    assert english.headers["content-language"] == "en"
    assert "Accept-Language" in english.headers["vary"]


@pytest.mark.db
def test_every_wrong_value_is_told_at_once(staff: Client) -> None:
    path = "/api/v1/cells?level=9&bbox=33,116,34,117&limit=0&f=xml&as_of=soon"
    body = problem_of(staff.get(path), 400, "invalid_parameter")

    told = {fault["parameter"]: fault for fault in body["errors"]}
    assert set(told) == {"level", "bbox", "limit", "f", "as_of"}
    assert told["level"]["value"] == "9"
    assert "longitude first" in told["bbox"]["detail"]
    assert "json" in told["f"]["detail"]


@pytest.mark.db
def test_an_unknown_parameter_is_named_with_those_there_are(staff: Client) -> None:
    body = problem_of(staff.get("/api/v1/cells?lvl=3"), 400, "invalid_parameter")

    (fault,) = body["errors"]
    assert fault["parameter"] == "lvl"
    assert "level" in fault["detail"]


@pytest.mark.db
def test_a_parameter_given_twice_is_refused(staff: Client) -> None:
    body = problem_of(staff.get("/api/v1/cells?level=3&level=4"), 400, "invalid_parameter")

    assert body["errors"][0]["detail"] == "the parameter level may be given once only"


@pytest.mark.db
def test_an_echoed_value_is_short(staff: Client) -> None:
    body = staff.get(f"/api/v1/cells?level={'9' * 4000}").json()

    assert len(body["errors"][0]["value"]) == 100


@pytest.mark.db
def test_an_unhandled_error_tells_a_number_and_logs_the_rest(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr(store, "publication_at", broken)
    with caplog.at_level(logging.INFO, logger="api.requests"):
        response = Client(app).get("/api/v1/cells")

    body = problem_of(response, 500, "internal")
    assert "secret" not in response.text
    (logged,) = [record for record in caplog.records if record.exc_info]
    assert vars(logged)["request_id"] == body["request_id"]
    assert logged.exc_info is not None
    assert "secret" in str(logged.exc_info[1])


@pytest.mark.db
def test_the_next_request_after_an_error_is_answered(app: FastAPI) -> None:
    client = Client(app)
    assert client.get("/api/v1/cells/none").status_code == 404
    assert client.get("/api/v1/cells/100").status_code == 200
