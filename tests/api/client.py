"""A client that speaks to the application in this process, from any address it likes."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI


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
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        address: str = "127.0.0.1",
        host: str = "127.0.0.1:8000",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.app = app
        self.address, self.host = address, host
        self.headers = {"accept-language": "en", **(headers or {})}

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.request("GET", path, **headers)

    def request(
        self, method: str, path: str, content: Any = None, **headers: str
    ) -> httpx.Response:
        return asyncio.run(self._asked(method, path, content, headers))

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
                url = httpx.URL(f"http://{self.host}").copy_with(raw_path=path.encode())
                response = await client.get(url)
                answers.append((path, Timed(response, time.monotonic() - begun)))
        return answers

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(self.address, 50000))
        return httpx.AsyncClient(
            transport=transport, base_url=f"http://{self.host}", headers=self.headers
        )

    async def _asked(
        self, method: str, path: str, content: Any, headers: dict[str, str]
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._client() as client:
            return await client.request(method, path, content=content, headers=named)
