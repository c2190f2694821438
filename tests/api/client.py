"""A client that asks the application in this process: as anybody, from any address it likes."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import orjson
from fastapi import FastAPI

from geo.access.actors import Actor
from geo.access.roles import Role
from geo.accounts.model import Account, RoleGrant
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import Kind, Opened, begin
from geo.accounts.tokens import csrf_of
from geo.grid.store import publication_at, version_by_code
from geo.runtime import Runtime

_logins = itertools.count(1)


def signed_in(
    runtime: Runtime,
    role: Role | str | None = Role.DISTRICT_ADMIN,
    cell: str | None = "100",
    *,
    kind: Kind = "token",
    login: str = "",
    **fields: Any,
) -> Opened:
    """Make an account that holds a role in a cell and sign it in, without a password.

    Parameters
    ----------
    role : None for an account without any
    cell : code; None for roles of the whole deployment
    fields : further columns of the account
    """
    with runtime.work(Actor.system("test")) as work:
        number = next(_logins)
        name = login or f"{role or 'nobody'}-{number}"
        account = Account(
            kind="person", login=name, name=f"测试{number}", created_by="test", **fields
        )
        work.session.add(account)
        work.session.flush()
        if role is not None:
            where = None
            if cell is not None:
                current = publication_at(work.session, work.now).number
                where = version_by_code(work.session, cell, current).cell_id
            work.session.add(
                RoleGrant(account_id=account.id, role=str(role), cell_id=where, granted_by="test")
            )
        return begin(work, account, SignInRules.of(runtime.settings), kind)


@dataclass(frozen=True)
class Timed:
    """An answer and how long it took."""

    response: httpx.Response
    elapsed_s: float

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> httpx.Headers:
        return self.response.headers


class Client:
    """Asks an application as somebody at an address, with some headers.

    Starlette's own test client wants another HTTP library than the one we have.

    Parameters
    ----------
    token : of a client or a system, sent as bearer
    cookie : token of a page; what its script sends along with a change is sent too
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        address: str = "127.0.0.1",
        host: str = "127.0.0.1:8000",
        headers: dict[str, str] | None = None,
        token: str = "",
        cookie: str = "",
        scheme: str = "http",
    ) -> None:
        self.app = app
        self.address, self.host = address, host
        self.token, self.cookie, self.scheme = token, cookie, scheme
        known = {"authorization": f"Bearer {token}"} if token else {}
        if cookie:
            name = "__Host-wangge" if scheme == "https" else "wangge"
            known = {"cookie": f"{name}={cookie}", "x-csrf-token": csrf_of(cookie)}
        self.headers = {"accept-language": "en", **known, **(headers or {})}

    @classmethod
    def of(
        cls, app: FastAPI, role: Role | str | None = Role.DISTRICT_ADMIN, cell: str | None = "100"
    ) -> "Client":
        """Return a client of somebody who holds a role in a cell, signed in."""
        return cls(app, token=signed_in(app.state.runtime, role, cell).token)

    @classmethod
    def page(
        cls, app: FastAPI, role: Role | str | None = Role.DISTRICT_ADMIN, cell: str | None = "100"
    ) -> "Client":
        """Return a browser of somebody who holds a role in a cell, signed in."""
        return cls(app, cookie=signed_in(app.state.runtime, role, cell, kind="page").token)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.request("GET", path, **headers)

    def request(
        self, method: str, path: str, content: Any = None, **headers: str
    ) -> httpx.Response:
        return asyncio.run(self._asked(method, path, content, headers))

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> httpx.Response:
        """Send a change as JSON, under a key of its own unless one is given."""
        named = {"content_type": "application/json", "idempotency_key": key or f"key-{uuid4()}"}
        return self.request("POST", path, orjson.dumps(body), **{**named, **headers})

    def json(self, path: str, **headers: str) -> Any:
        response = self.get(path, **headers)
        assert response.status_code == 200, response.text
        return response.json()

    def items(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of every page, followed by ``next``."""
        rows: list[dict[str, Any]] = []
        following: str | None = path
        while following is not None:
            page = self.json(following)
            rows += page["items"]
            following = page["next"]
        return rows

    def many(self, paths: Sequence[str]) -> list[tuple[str, "Timed"]]:
        """Ask many addresses one after another; the path goes out byte for byte."""
        return asyncio.run(self._all(paths))

    def at_once(self, paths: Sequence[str]) -> list[httpx.Response]:
        """Ask many addresses at the same time."""
        return asyncio.run(self._together(paths))

    async def _together(self, paths: Sequence[str]) -> list[httpx.Response]:
        async with self._client() as client:
            return list(await asyncio.gather(*(client.get(path) for path in paths)))

    async def _all(self, paths: Sequence[str]) -> list[tuple[str, "Timed"]]:
        answers = []
        async with self._client() as client:
            for path in paths:
                begun = time.monotonic()
                url = httpx.URL(f"{self.scheme}://{self.host}").copy_with(raw_path=path.encode())
                response = await client.get(url)
                answers.append((path, Timed(response, time.monotonic() - begun)))
        return answers

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(self.address, 50000))
        return httpx.AsyncClient(
            transport=transport, base_url=f"{self.scheme}://{self.host}", headers=self.headers
        )

    async def _asked(
        self, method: str, path: str, content: Any, headers: dict[str, str]
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._client() as client:
            return await client.request(method, path, content=content, headers=named)
