"""What the edge costs a request: ``WANGGE_DATABASE_URL=… python -m bench.edge``.

Asks routes that do nothing, in this process and without a socket, each with one thing more than the
one before: our middleware, a signed-in asker, a transaction, an audit record, a keyed write. Leaves
an account and records behind, so the database should be one for measuring. Prints one line of JSON
with medians, 99th percentiles and the time of the processor, in µs.
"""

import asyncio
import itertools
import json
import time
from typing import Any

import numpy as np
from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from api.access import ACCESS
from api.app import create_app
from api.deps import ReadWork, WriteWork
from api.idempotency import Idempotent
from geo.access.actors import Actor
from geo.accounts.model import Account
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import begin
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.runtime import Runtime
from geo.settings import Settings

TIMES = 2_000
WARM = 200

_keys = itertools.count(1)
Headers = list[tuple[bytes, bytes]]


async def nothing() -> dict[str, bool]:
    return {"ok": True}


def transaction(work: ReadWork) -> dict[str, bool]:
    return {"ok": work is not None}


def audited(work: ReadWork) -> dict[str, bool]:
    work.note(Note(Action.PEOPLE_COUNT, subject_kind="household", subjects=(1,)))
    return {"ok": True}


def keyed(work: WriteWork, once: Idempotent) -> dict[str, bool]:
    work.note(Note(Action.PEOPLE_COUNT, subject_kind="household", subjects=(1,)))
    once.made(201, "1")
    return {"ok": True}


def token(runtime: Runtime) -> str:
    """Return the access token of a new account."""
    with runtime.work(Actor.system("bench")) as work:
        login = f"bench-{time.time_ns()}"
        account = Account(kind="person", login=login, name="bench", created_by="bench")
        work.session.add(account)
        work.session.flush()
        return begin(work, account, SignInRules.of(runtime.settings), "token").token


def routed(runtime: Runtime) -> FastAPI:
    app = create_app(runtime)
    for path, route in (("/a", nothing), ("/b", transaction), ("/c", audited)):
        ACCESS[f"GET {path}"] = None  # type: ignore[index]  # a table of its own process
        app.get(path)(route)
    ACCESS["POST /d"] = None  # type: ignore[index]  # as above
    app.post("/d")(keyed)
    # First in the list: how long it takes to find the last of seventy routes is another matter.
    app.router.routes[:] = app.router.routes[-4:] + app.router.routes[:-4]
    return app


async def ask(app: ASGIApp, method: str, path: str, headers: Headers) -> None:
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    key = f"bench-{time.time_ns()}-{next(_keys)}".encode()
    keyed_headers = [*headers, (b"idempotency-key", key)] if method == "POST" else headers
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"127.0.0.1"), *keyed_headers],
    }  # fmt: skip
    await app(scope, receive, send)
    assert status < 300, (path, status)


async def timed(app: ASGIApp, method: str, path: str, headers: Headers) -> dict[str, float]:
    spent = []
    for _ in range(WARM):
        await ask(app, method, path, headers)
    worked = time.process_time()
    for _ in range(TIMES):
        begun = time.perf_counter()
        await ask(app, method, path, headers)
        spent.append((time.perf_counter() - begun) * 1e6)
    worked = time.process_time() - worked
    return {
        # Of this process alone; what the others on a busy machine do is not in it.
        "cpu_us": round(worked / TIMES * 1e6),
        "median_us": round(float(np.median(spent))),
        "p99_us": round(float(np.percentile(spent, 99))),
    }


async def measured(runtime: Runtime) -> dict[str, dict[str, float]]:
    bare, ours = FastAPI(openapi_url=None), routed(runtime)
    bare.get("/a")(nothing)
    known: Headers = [(b"authorization", f"Bearer {token(runtime)}".encode())]
    return {
        "bare route": await timed(bare, "GET", "/a", []),
        "with our edge": await timed(ours, "GET", "/a", []),
        "signed in": await timed(ours, "GET", "/a", known),
        "with a transaction": await timed(ours, "GET", "/b", known),
        "with an audit record": await timed(ours, "GET", "/c", known),
        "a keyed write": await timed(ours, "POST", "/d", known),
    }


def main() -> None:
    runtime = Runtime(Settings(rate_factor=1000.0))
    print(json.dumps(asyncio.run(measured(runtime))))
    runtime.close()


if __name__ == "__main__":
    main()
