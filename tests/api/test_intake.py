"""What is let in: addresses, header fields and bodies that keep their measure, in plain JSON."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from api.access import ACCESS
from api.app import create_app
from api.errors import TooBusy
from api.intake import BODY_MAX, HEADERS_COUNT_MAX, Large
from geo.runtime import Runtime
from geo.settings import Settings
from tests.api.client import Client

JSON = "application/json"


async def swallow(request: Request) -> dict[str, int]:
    return {"read": len(await request.body())}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    made = create_app(Runtime(Settings(database_url="postgresql://nobody@127.0.0.1:9/none")))
    monkeypatch.setitem(ACCESS, "POST /swallow", None)  # type: ignore[arg-type]  # it is a dict
    made.post("/swallow")(swallow)
    return made


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app)


def outcome(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


def post(client: Client, body: Any = b"{}", **headers: str) -> httpx.Response:
    return client.request("POST", "/swallow", content=body, **{"content_type": JSON, **headers})


def test_an_address_that_is_too_long_is_refused(client: Client) -> None:
    assert outcome(client.get("/healthz?" + "x" * 9000)) == (414, "uri_too_long")


def test_headers_that_are_too_large_are_refused(client: Client) -> None:
    assert outcome(client.get("/healthz", x_large="x" * 40_000)) == (431, "headers_too_large")


def test_too_many_headers_are_refused(client: Client) -> None:
    many = {f"x_{number}": "1" for number in range(HEADERS_COUNT_MAX)}

    assert outcome(client.get("/healthz", **many)) == (431, "headers_too_large")


@pytest.mark.parametrize("name", ["host", "content-length", "content-type"])
def test_a_header_of_which_there_may_be_one_is_refused_twice(app: FastAPI, name: str) -> None:
    async def asked() -> httpx.Response:
        async with Client(app)._client() as client:
            headers = [(name, "1"), (name, "2")]
            return await client.post("/swallow", headers=headers)

    assert outcome(asyncio.run(asked())) == (400, "request_broken")


def test_a_body_that_says_it_is_too_large_is_refused_unread(client: Client) -> None:
    for length in (str(BODY_MAX + 1), "9" * 40):
        answer = client.request("POST", "/swallow", content_length=length)
        assert outcome(answer) == (413, "body_too_large")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_body_that_is_too_large_is_told_its_size_and_the_most(client: Client, lang: str) -> None:
    size = str(BODY_MAX + 1)

    answer = client.request("POST", "/swallow", content_length=size, accept_language=lang)

    assert size in answer.json()["detail"]
    assert str(BODY_MAX) in answer.json()["detail"]


@pytest.mark.parametrize("length", ["-1", "1e3", "ten", "+5", "٣", " 5 6"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.request("POST", "/swallow", content_length=length.encode())  # type: ignore[arg-type]  # as it goes out

    assert outcome(answer) == (400, "request_broken")


def test_a_body_that_grows_too_large_is_refused_while_read(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b" " * 65536

    assert outcome(post(client, endless())) == (413, "body_too_large")


def test_a_body_of_the_largest_size_is_taken(client: Client) -> None:
    body = b'"' + b"x" * (BODY_MAX - 2) + b'"'

    assert post(client, body).json() == {"read": BODY_MAX}


@pytest.mark.parametrize(
    "media",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/xml",
        "application/json, text/plain",
        "text/json",
    ],
)
def test_a_body_that_is_no_json_is_refused_by_its_type(client: Client, media: str) -> None:
    assert outcome(post(client, content_type=media)) == (415, "media_type_refused")


@pytest.mark.parametrize("media", ["application/json", "Application/JSON;charset=UTF-8"])
def test_json_by_any_spelling_of_its_name_is_taken(client: Client, media: str) -> None:
    assert post(client, content_type=media).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip", "GZIP"])
def test_a_packed_body_is_refused_unopened(client: Client, coding: str) -> None:
    bomb = b"\x1f\x8b\x08\x00" + b"\x00" * 1000

    assert outcome(post(client, bomb, content_encoding=coding)) == (415, "media_type_refused")


@pytest.mark.parametrize("body", [b"{", b'{"a":1,"a":2}', b"[" * 100_000, b"NaN", b'"\\ud800"'])
def test_a_body_that_readers_read_differently_is_refused(client: Client, body: bytes) -> None:
    assert outcome(post(client, body)) == (400, "body_broken")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_a_body_where_none_belongs_is_refused(client: Client, method: str) -> None:
    answer = client.request(method, "/healthz", content=b"{}", content_type=JSON)

    assert answer.status_code == 400


def test_a_write_without_a_body_needs_no_type(client: Client) -> None:
    assert client.request("POST", "/swallow").json() == {"read": 0}


def test_only_so_many_large_bodies_are_read_at_once() -> None:
    large = Large(most=3, most_each=2)
    with large.lent("a"), large.lent("a"):
        with pytest.raises(TooBusy), large.lent("a"):
            pass
        with large.lent("b"), pytest.raises(TooBusy), large.lent("c"):
            pass
    with large.lent("a"), large.lent("c"), large.lent("c"):
        pass


def test_a_client_that_leaves_in_its_body_is_no_error(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/swallow", "raw_path": b"/swallow",
        "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1), "scheme": "http",
        "server": ("localhost", 80), "http_version": "1.1",
        "headers": [(b"host", b"localhost"), (b"content-length", b"9"),
                    (b"content-type", b"application/json")],
    }  # fmt: skip
    with caplog.at_level("INFO", logger="api.requests"):
        asyncio.run(app(scope, receive, send))

    assert sent == []
    assert [vars(record)["status"] for record in caplog.records] == [499]
