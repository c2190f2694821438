"""Asks the application in this process thousands of times: one event loop, no HTTP library."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

from fastapi import FastAPI

from api.app import create_app
from api.lifespan import live_of
from geo.runtime import Runtime

T = TypeVar("T")

_HOST = "127.0.0.1:8000"


@contextmanager
def served(runtime: Runtime) -> Iterator[FastAPI]:
    """Make an application that answers from memory what can be, as a server does."""
    app = create_app(runtime)
    app.state.live = live = live_of(runtime)
    live.look()  # held before anybody asks
    live.start()
    try:
        yield app
    finally:
        live.stop()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The code of a problem; empty for anything else."""
        if "problem+json" not in self.headers.get("content-type", ""):
            return ""
        return str(self.body["code"])


class Asker:
    """Speaks to an application from this machine; close it when done."""

    def __init__(self, app: FastAPI, *, address: str = "127.0.0.1") -> None:
        self.app, self.address = app, address
        self._runner = asyncio.Runner()
        self._queue: asyncio.Queue[tuple[Coroutine[Any, Any, Answer], asyncio.Future[Answer]]]
        self._queue = asyncio.Queue()
        # One task answers all: the threads in which routes run end with the task that began them.
        self._serving = self._runner.get_loop().create_task(self._serve())

    def close(self) -> None:
        self._serving.cancel()
        self._runner.close()

    async def _serve(self) -> None:
        while True:
            asked, told = await self._queue.get()
            try:
                told.set_result(await asked)
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                told.set_exception(error)

    def ask(
        self,
        method: str,
        target: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to one request; ``body`` goes out as JSON."""
        loop = self._runner.get_loop()
        told: asyncio.Future[Answer] = loop.create_future()
        self._queue.put_nowait((self.asked(method, target, body, headers or {}), told))
        return loop.run_until_complete(told)

    def at_once(self, each: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """Return what comes of conversations that go on at the same time, in their order."""
        return self._runner.run(_together(each))

    async def asked(
        self, method: str, target: str, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        own = {"host": _HOST, "accept-language": "en"}
        if body is not None:
            own |= {"content-type": "application/json", "content-length": str(len(content))}
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in {**own, **headers}.items()],
            "client": (self.address, 50000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        exchange = _Exchange(content)
        await self.app(scope, exchange.receive, exchange.send)
        return exchange.answer()


async def _together(each: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    return list(await asyncio.gather(*each))


class _Exchange:
    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content
        self._start: dict[str, Any] = {}
        self._parts: list[bytes] = []

    async def receive(self) -> dict[str, Any]:
        if self._content is None:
            # Whoever waits for the client to go away waits until the answer is complete.
            await asyncio.sleep(3600)
        content, self._content = self._content, None
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._parts.append(message.get("body", b""))

    def answer(self) -> Answer:
        headers = {name.decode().lower(): value.decode() for name, value in self._start["headers"]}
        return Answer(
            self._start["status"], headers, b"".join(self._parts).decode("utf-8", "replace")
        )
