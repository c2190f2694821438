"""Keyed writes: however often a request comes, it happens once and is answered the same."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from geo.access.actors import Actor
from geo.accounts.model import IdempotencyKey
from geo.jobs.model import Job
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.keyed_app import PATH, keyed_app
from tests.api.moving import Moved
from tests.api.process import ServerProcess
from tests.databases import Databases

pytestmark = pytest.mark.db

KEY = "3e7c0a52-2f6e-4f0e-9d43-6c1f0f5a7b11"
JSON = {"content-type": "application/json"}


@pytest.fixture
def wide(runtime: Runtime) -> Iterator[Runtime]:
    """The same database over enough connections for twenty at once."""
    made = Runtime(runtime.settings.model_copy(update={"pool_size": 24}))
    yield made
    made.close()


@pytest.fixture(scope="module")
def keyed() -> Moved:
    return Moved(keyed_app)


@pytest.fixture
def app(runtime: Runtime, keyed: Moved) -> FastAPI:
    return keyed.on(runtime)


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app, headers=JSON)


def post(client: Client, body: str, key: str | None = KEY, **headers: str) -> httpx.Response:
    keyed = {"idempotency_key": key} if key is not None else {}
    return client.request("POST", PATH, content=body, **keyed, **headers)


def stored(runtime: Runtime, what: Any) -> int:
    with runtime.work(Actor.system("test")) as work:
        return work.session.scalar(select(func.count()).select_from(what)) or 0


def test_a_repeat_answers_what_the_first_made(client: Client, runtime: Runtime) -> None:
    first = post(client, '{"kind": "a"}')
    again = post(client, '{"kind": "a"}')

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert stored(runtime, Job) == 1


def test_another_spelling_of_the_same_json_is_the_same_request(client: Client) -> None:
    first = post(client, '{"kind": "a", "more": 1.5}')
    again = post(client, '{ "more":1.5,\n"kind":"\\u0061" }')

    assert first.json() == again.json()


@pytest.mark.parametrize("body", ['{"kind": "b"}', '{"kind": "a", "more": 1}'])
def test_a_key_with_another_request_is_refused(client: Client, runtime: Runtime, body: str) -> None:
    post(client, '{"kind": "a"}')
    other = post(client, body)

    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert stored(runtime, Job) == 1


def test_a_key_at_another_address_is_refused(client: Client) -> None:
    post(client, '{"kind": "a"}')
    other = client.request("POST", f"{PATH}?x=1", content='{"kind": "a"}', idempotency_key=KEY)

    assert other.json()["code"] == "idempotency_key_reused"


def test_everybody_has_keys_of_their_own(client: Client, runtime: Runtime) -> None:
    ids = [post(client, '{"kind": "a"}', x_actor=name).json()["id"] for name in ("one", "two")]

    assert len(set(ids)) == 2
    assert stored(runtime, Job) == 2


@pytest.mark.parametrize("key", [None, "", "short", "x" * 256, "key with space", "a\tbcdefgh"])
def test_a_write_without_a_proper_key_is_refused(
    client: Client, runtime: Runtime, key: str | None
) -> None:
    answer = post(client, '{"kind": "a"}', key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")
    assert stored(runtime, Job) == stored(runtime, IdempotencyKey) == 0


def test_two_keys_are_no_key(app: FastAPI) -> None:
    async def asked() -> httpx.Response:
        async with Client(app)._client() as client:
            headers = [("idempotency-key", KEY), ("idempotency-key", KEY), *JSON.items()]
            return await client.post(PATH, content='{"kind": "a"}', headers=headers)

    assert asyncio.run(asked()).json()["code"] == "idempotency_key_needed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"kind": "refused"}', 409),
        ('{"kind": 1}', 400),
        ('{"kind": "a", "id": 9}', 400),
        ("{", 400),
    ],
)
def test_a_refusal_leaves_no_key_behind(
    client: Client, runtime: Runtime, body: str, status: int
) -> None:
    assert post(client, body).status_code == status
    assert stored(runtime, Job) == stored(runtime, IdempotencyKey) == 0
    assert post(client, '{"kind": "a"}').status_code == 201


def test_a_route_that_does_not_say_what_it_made_is_undone(client: Client, runtime: Runtime) -> None:
    assert post(client, '{"kind": "unsettled"}').status_code == 500
    assert stored(runtime, Job) == stored(runtime, IdempotencyKey) == 0


def test_nothing_of_the_body_is_kept(client: Client, runtime: Runtime) -> None:
    post(client, '{"kind": "13800138000"}')

    with runtime.work(Actor.system("test")) as work:
        (row,) = work.session.scalars(select(IdempotencyKey))
    hashed = hashlib.sha256(KEY.encode()).hexdigest()
    assert (row.actor, row.key, row.status) == ("somebody", hashed, 201)
    assert row.made.isdecimal()
    plain = "\n".join(["idempotency", "POST", PATH, "", '{"kind":"13800138000"}']).encode()
    secret = runtime.keyring.blind.secret
    assert row.request_hash == hmac.digest(secret, plain, "sha256")
    assert row.request_hash != hashlib.sha256(plain).digest()


def test_twenty_at_once_do_it_once_and_are_told_the_same(wide: Runtime) -> None:
    async def together() -> list[httpx.Response]:
        async with Client(keyed_app(wide), headers=JSON)._client() as client:
            asked = [
                client.post(PATH, content='{"kind": "a"}', headers={"idempotency-key": KEY})
                for _ in range(20)
            ]
            return list(await asyncio.gather(*asked))

    answers = asyncio.run(together())

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    assert stored(wide, Job) == stored(wide, IdempotencyKey) == 1


class Dying(ServerProcess):
    """A server that dies where it is told to."""

    def post(self, **headers: str) -> httpx.Response:
        sent = {**JSON, "idempotency-key": KEY, **headers}
        url = f"http://127.0.0.1:{self.port}{PATH}"
        return httpx.post(url, content='{"kind": "a"}', headers=sent, trust_env=False)


@pytest.fixture
def dying(databases: Databases, runtime: Runtime) -> Iterator[Dying]:
    made = Dying(str(runtime.settings.database_url))
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("point", "replayed"),
    [("answer", True), pytest.param("commit", False, marks=pytest.mark.long)],
)
def test_a_server_that_dies_around_the_commit_does_it_once(
    dying: Dying, runtime: Runtime, point: str, replayed: bool
) -> None:
    dying.start()
    with pytest.raises(httpx.HTTPError):
        dying.post(**{"x-die": point})
    dying.stop()
    assert stored(runtime, Job) == int(replayed)

    dying.start()
    answer = dying.post()

    assert answer.status_code == 201
    assert ("idempotency-replayed" in answer.headers) == replayed
    with runtime.work(Actor.system("test")) as work:
        assert [str(id_) for id_ in work.session.scalars(select(Job.id))] == [answer.json()["id"]]
