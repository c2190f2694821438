"""Log lines: one JSON object a line, whatever stands in the values, and nobody's number in it."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ValidationError
from sqlalchemy import text

from api.access import ACCESS, API
from api.deps import ReadWork
from api.logs import REQUEST_ID, JsonLines, shown_path, without_values
from tests.api.client import Client

FORGED = 'x\r\n{"level":"info","message":"forged"}\x1b[31m\u2028\u2029\x85\u202e\x7f\u200b'
# What a terminal or a reader of lines could take for an end, an escape or a change of direction.
UNSEEN = "\r\n\x1b\u2028\u2029\x85\u202e\x7f\u200b\x0b\x0c\x1c\x1d\x1e"


def line(message: str, **facts: object) -> str:
    record = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": message, **facts})
    return JsonLines().format(record)


def test_nothing_in_a_value_ends_a_line_or_steers_a_terminal() -> None:
    written = line(FORGED, path=FORGED, client={"nested": FORGED})

    assert [c for c in UNSEEN if c in written] == []
    assert len(written.splitlines()) == 1
    assert json.loads(written)["path"] == FORGED
    assert json.loads(written)["client"]["nested"] == FORGED


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert json.loads(line("x", path="\ud800"))["path"] == "\ud800"


def test_facts_stand_beside_the_message() -> None:
    found = json.loads(line("request", status=200, client=None))

    assert (found["message"], found["status"], found["client"]) == ("request", 200, None)
    assert found["level"] == "info"


def test_an_error_is_in_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        written = line("unhandled", exc_info=sys.exc_info())

    assert "\n" not in written
    assert "ValueError: two\nlines" in json.loads(written)["error"]


def test_a_value_of_any_type_can_be_written() -> None:
    assert json.loads(line("x", thing=ValueError("y")))["thing"] == "y"


def test_a_line_names_the_request_on_whose_behalf_it_is_written() -> None:
    token = REQUEST_ID.set("request-0001")
    try:
        assert json.loads(line("x"))["request_id"] == "request-0001"
    finally:
        REQUEST_ID.reset(token)
    assert "request_id" not in json.loads(line("x"))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/api/v1/cells/100A2/counts", "/api/v1/cells/100A2/counts"),
        ("/api/v1/households/13800138000", "/api/v1/households/#"),
        ("/api/v1/households/11010519491231002X", "/api/v1/households/#"),
        ("/maps/王小明", "/maps/?"),
        ("/a\r\nb\x1b[0m", "/a?b?0m"),
        ("/" + "a" * 5000, "/" + "a" * 199),
    ],
)
def test_a_path_is_shown_without_names_and_numbers(path: str, shown: str) -> None:
    assert shown_path(path) == shown


def test_an_error_of_the_database_does_not_repeat_the_row() -> None:
    text = "psycopg2.errors.UniqueViolation: duplicate key\nDETAIL:  Key (phone)=(王小明) exists.\n"

    assert "王小明" not in without_values(text)
    assert "duplicate key" in without_values(text)


def test_an_error_of_validation_does_not_repeat_the_value() -> None:
    class Body(BaseModel):
        number: int

    with pytest.raises(ValidationError) as caught:
        Body(number="王小明")  # type: ignore[arg-type]  # wrong on purpose

    assert "王小明" in str(caught.value)
    assert "王小明" not in without_values(str(caught.value))


def test_numbers_of_people_are_not_repeated() -> None:
    assert without_values("no 13800138000, 11010519491231002X; line 42") == "no #, #; line 42"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All lines that are written while a test runs, as the server writes them."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


SECRETS = {
    "token": "wg-token-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "password": "hunter2-hunter2",
    "phone": "13987654321",
    "name": "欧阳修远",
    "id_number": "11010519491231002X",
}


@pytest.mark.db
def test_no_line_holds_what_a_client_sent_to_hide_in_it(app: FastAPI, lines: io.StringIO) -> None:
    client = Client(app)
    forged = "%0d%0a%1b%5b31m%e2%80%a8forged%22%7d"
    body = json.dumps({"login": FORGED + SECRETS["name"], "password": SECRETS["password"]})
    sent: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/{forged}/{SECRETS['phone']}", {}),
        ("GET", f"{API}/cells?q={SECRETS['name']}{forged}", {}),
        ("GET", f"{API}/cells/{forged}", {"user_agent": f"x\x1b[31m {SECRETS['phone']}"}),
        ("GET", f"{API}/households/{SECRETS['phone']}", {}),
        ("GET", f"{API}/households?phone={SECRETS['phone']}", {}),
        ("GET", f"{API}/cells", {"authorization": f"Bearer {SECRETS['token']}"}),
        ("GET", f"{API}/cells", {"x_api_key": SECRETS["token"]}),
        ("GET", f"{API}/cells", {"cookie": f"wangge={SECRETS['token']}"}),
        ("GET", f"{API}/cells", {"x_request_id": "forged\tid-000000"}),
        ("GET", f"{API}/cells", {"referer": f"http://x/{SECRETS['phone']}"}),
        ("POST", f"{API}/sign-ins", {"content": body, "content_type": "application/json"}),
        ("POST", f"{API}/sign-ins", {"content": b"{" + body.encode(), "content_type": "text/x"}),
        ("POST", f"{API}/sign-ins", {"idempotency_key": SECRETS["token"]}),
        ("BREW\x1b", f"{API}/cells", {}),
    ]
    for method, path, more in sent:
        client.request(method, path, **more)

    written = lines.getvalue()
    requests = [
        one for one in map(json.loads, written.splitlines()) if one["logger"] == "api.requests"
    ]
    assert len(requests) == len(sent)
    assert {one["request_id"] for one in requests if len(one["request_id"]) != 16} == set()
    assert [secret for secret in SECRETS.values() if secret in written] == []
    assert [c for c in UNSEEN if c in written.replace("\n", "")] == []
    assert "forged" not in [one.get("message") for one in requests]


@pytest.mark.db
def test_every_line_of_a_request_names_it_and_who_asked(
    app: FastAPI, staff: Client, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talks(work: ReadWork) -> None:
        logging.getLogger("inside").warning("in a thread")
        work.session.execute(text("SELECT 1 / 0"))

    monkeypatch.setitem(ACCESS, "GET /talks", None)  # type: ignore[arg-type]  # it is a dict
    app.get("/talks")(talks)
    answer = staff.get("/talks")

    written = [json.loads(one) for one in lines.getvalue().splitlines()]
    mine = [one for one in written if one["logger"] in ("inside", "api.requests")]
    assert answer.status_code == 500
    assert {one["request_id"] for one in mine} == {answer.headers["x-request-id"]}
    assert len(mine) == 3
    (request,) = [one for one in mine if one["message"] == "request"]
    assert isinstance(request["account"], int)
    assert any("division by zero" in one.get("error", "") for one in mine)


def test_requests_at_the_same_time_keep_their_ids_apart() -> None:
    async def one(number: int) -> str:
        REQUEST_ID.set(f"request-{number:04d}")
        await asyncio.sleep(0)
        return str(json.loads(await asyncio.to_thread(line, "x"))["request_id"])

    async def all_of_them() -> list[str]:
        return list(await asyncio.gather(*(one(number) for number in range(50))))

    assert asyncio.run(all_of_them()) == [f"request-{number:04d}" for number in range(50)]
