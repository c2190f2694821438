"""What surrounds every request: ids, lines, limits, headers, HEAD, compression."""

import asyncio
import gzip
import logging
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.access import ACCESS
from api.app import create_app
from geo.runtime import Runtime
from geo.settings import Settings
from tests.api.client import Client
from tests.api.moving import Moved

NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
def app_without_database() -> FastAPI:
    """An application of its own, for tests that add a route."""
    return create_app(Runtime(Settings(database_url=NOWHERE)))


@pytest.fixture
def client(moved: Moved) -> Client:
    return Client(moved.on(Runtime(Settings(database_url=NOWHERE))))


def test_a_sane_request_id_is_kept(client: Client) -> None:
    response = client.get("/healthz", x_request_id="gateway-0001.a_b")

    assert response.headers["x-request-id"] == "gateway-0001.a_b"


# The last two could be somebody's phone or ID number, which must not stand in log and audit.
@pytest.mark.parametrize(
    "given",
    [
        "short", "x" * 65, "new\tline-00000", "<script>alert(1)", "",
        "138-0013-8000", "11010519491231002X",
    ],
)  # fmt: skip
def test_any_other_request_id_is_replaced(client: Client, given: str) -> None:
    assert client.get("/healthz", x_request_id=given).headers["x-request-id"] != given


def test_each_request_has_its_own_id(client: Client) -> None:
    ids = {client.get("/healthz").headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5


@pytest.mark.parametrize("path", ["/healthz", "/nope", "/docs"])
def test_security_headers_stand_on_every_answer(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
def test_pages_of_other_sites_are_given_no_leave(client: Client, method: str) -> None:
    asked = {"origin": "https://evil.example", "access_control_request_method": "POST"}
    answer = client.request(method, "/api/v1/posts", **asked)

    assert [name for name in answer.headers if name.startswith("access-control-")] == []
    assert answer.status_code == (405 if method == "OPTIONS" else 503)


def test_https_alone_is_said_to_be_kept(app_without_database: FastAPI) -> None:
    async def asked(scheme: str) -> httpx.Response:
        transport = httpx.ASGITransport(app_without_database)
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://grid") as session:
            return await session.get("/healthz")

    https, http = (asyncio.run(asked(scheme)) for scheme in ("https", "http"))

    assert https.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in http.headers


def test_head_is_get_without_its_body(client: Client) -> None:
    got, head = client.get("/healthz"), client.request("HEAD", "/healthz")

    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]


def test_large_answers_are_compressed_for_who_takes_it(client: Client) -> None:
    plain = client.get("/docs", accept_encoding="identity")
    packed = client.get("/docs", accept_encoding="gzip")

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content) / 2


def test_one_line_tells_of_each_request_and_leaves_the_query_out(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="api.requests"):
        response = client.get("/docs?lang=en&q=someone")

    (record,) = [line for line in caplog.records if line.name == "api.requests"]
    facts = vars(record)
    assert facts["request_id"] == response.headers["x-request-id"]
    assert (facts["method"], facts["route"], facts["status"]) == ("GET", "/docs", 200)
    assert "someone" not in str(facts)


def test_head_is_logged_as_head(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="api.requests"):
        client.request("HEAD", "/healthz")

    assert vars(caplog.records[0])["method"] == "HEAD"


def test_a_client_that_leaves_is_no_error_of_ours(
    app_without_database: FastAPI,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def slow() -> None:
        await asyncio.sleep(60)

    monkeypatch.setitem(ACCESS, "GET /slow", None)
    app_without_database.get("/slow")(slow)
    with caplog.at_level(logging.INFO, logger="api.requests"), pytest.raises(TimeoutError):
        asyncio.run(_left(app_without_database))

    assert vars(caplog.records[-1])["status"] == 499


async def _left(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    async with client, asyncio.timeout(0.2):
        await client.get("/slow")


def test_an_answer_that_breaks_half_way_is_logged_and_cut(
    app_without_database: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[dict[str, Any]] = []

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 5000, "more_body": True})
        raise RuntimeError("half way")

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        app_without_database.mount("/broken", broken)
        scope = {"type": "http", "method": "GET", "path": "/broken/x", "raw_path": b"/broken/x",
                 "query_string": b"", "headers": [(b"host", b"localhost")], "root_path": "",
                 "client": ("127.0.0.1", 1), "server": ("localhost", 80), "scheme": "http",
                 "http_version": "1.1"}  # fmt: skip
        await app_without_database(scope, receive, send)

    with caplog.at_level(logging.INFO, logger="api.requests"):
        asyncio.run(run())

    assert [message.get("more_body") for message in sent] == [None, True]
    assert any(record.exc_info for record in caplog.records)
