"""Whatever breaks inside: the caller learns a number, and nothing of how it looks in there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InternalError,
    NoResultFound,
    OperationalError,
    ProgrammingError,
    StatementError,
)

from api.access import ACCESS
from api.deps import ReadWork
from geo.grid import store
from tests.api.client import Client

pytestmark = pytest.mark.db

ROOT = str(Path(__file__).parents[2])
# Words that only somebody who sees the inside could know.
INSIDE = [
    "secret", "select ", "insert into", "traceback", 'file "', ".py", "psycopg", "sqlalchemy",
    "pydantic", "starlette", "fastapi", "uvicorn", "household", "error:", "exception", " at 0x",
    "line ", "relation", "column", "postgres", ROOT.lower(), str(Path.home()).lower() + "/",
]  # fmt: skip
SQL = "SELECT head_name FROM household WHERE phone = 'secret'"


class Kept(BaseModel):
    secret: int


def wrong_model() -> ValidationError:
    try:
        Kept(secret="the secret")  # type: ignore[arg-type]  # wrong on purpose
    except ValidationError as error:
        return error
    raise AssertionError


def database(kind: Callable[..., Exception], detail: str) -> Exception:
    return kind(
        SQL, {"phone": "secret"}, psycopg2.Error(f"{detail}\nLINE 1: {SQL}\nDETAIL: secret")
    )


FAILURES: list[Exception] = [
    RuntimeError(f"secret in {ROOT}/geo/store.py"),
    AssertionError("secret"),
    KeyError("secret"),
    IndexError("secret"),
    TypeError("'NoneType' object has no attribute 'secret'"),
    AttributeError("Household.secret"),
    ZeroDivisionError("secret"),
    RecursionError("maximum recursion depth exceeded: secret"),
    MemoryError("secret"),
    OSError(28, "No space left on device", f"{ROOT}/secret.py"),
    PermissionError(13, "Permission denied", "/etc/secret"),
    FileNotFoundError(2, "No such file", f"{ROOT}/.wangge/secret"),
    ConnectionResetError("secret"),
    TimeoutError("secret"),
    UnicodeDecodeError("utf-8", b"secret\xff", 6, 7, "invalid start byte"),
    json.JSONDecodeError("secret", "{", 0),
    NotImplementedError("secret"),
    ExceptionGroup("secret", [ValueError("secret")]),
    ResponseValidationError(
        [{"loc": ("secret",), "msg": "secret", "type": "x", "input": "secret"}]
    ),
    wrong_model(),
    NoResultFound("secret"),
    StatementError("secret", SQL, {"phone": "secret"}, ValueError("secret")),
    database(ProgrammingError, 'relation "secret" does not exist'),
    database(IntegrityError, "duplicate key violates secret"),
    database(DataError, "invalid input syntax for secret"),
    database(InternalError, "could not extend file secret: File too large"),
    database(OperationalError, 'connection to "127.0.0.1", port 5432 failed: secret'),
]


def shown(answer: Any) -> str:
    """Return what an answer says; how its page looks says nothing of the inside."""
    text = re.sub(r"<style\b.*?</style>", "", answer.text, flags=re.DOTALL)
    return f"{answer.headers} {text}".lower()


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failure_shows_nothing_of_the_inside(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, failure: Exception, accept: str
) -> None:
    def broken(*_: object) -> None:
        raise failure

    def shows(work: ReadWork) -> None:
        store.publication_at(work.session, work.now)

    monkeypatch.setattr(store, "publication_at", broken)
    monkeypatch.setitem(ACCESS, "GET /shows", None)  # type: ignore[arg-type]  # it is a dict
    before = list(app.router.routes)
    app.get("/shows")(shows)
    answer = Client(app).get("/shows", accept=accept)
    app.router.routes[:] = before

    assert answer.status_code in (500, 503)
    assert answer.headers["content-type"].startswith(("application/problem+json", accept))
    assert answer.headers["x-request-id"]
    assert [word for word in INSIDE if word in shown(answer)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT secret FROM household",
        "SELECT 1 / 0",
        "SELECT 'secret'::int",
        "INSERT INTO household (id) VALUES (1)",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SELECT pg_sleep(5)",
        "DO $$ BEGIN RAISE EXCEPTION 'secret of %', current_user; END $$",
    ],
)
def test_what_the_database_says_goes_no_further(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    def shows(work: ReadWork) -> None:
        work.session.execute(text("SET LOCAL statement_timeout = '200ms'"))
        work.session.execute(text(statement))

    monkeypatch.setitem(ACCESS, "GET /shows", None)  # type: ignore[arg-type]  # it is a dict
    before = list(app.router.routes)
    app.get("/shows")(shows)
    answer = Client(app).get("/shows")
    app.router.routes[:] = before

    assert answer.status_code in (500, 503)
    assert [word for word in INSIDE if word in shown(answer)] == []


def test_a_wrong_body_is_not_said_again(app: FastAPI) -> None:
    body = json.dumps({"login": 17, "password": ["hunter2-hunter2"], "kind": "13987654321"})
    answer = Client(app).request(
        "POST", "/api/v1/sign-ins", content=body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "#/login", "#/password", "#/kind",
    }  # fmt: skip
    assert "hunter2" not in answer.text
    assert "13987654321" not in answer.text
