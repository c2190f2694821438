"""An application with one keyed write of its own; run as a module, it is a server that may die.

``python -m tests.api.keyed_app DATABASE_URL PORT`` serves it. A request with ``X-Die: answer`` ends
the process after the commit and before a byte of the answer; ``X-Die: commit`` before the commit.
"""

import os
import socket
import sys

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app
from api.deps import WriteWork, actor_of
from api.idempotency import Idempotent
from api.serving import Server, door_of, server_config
from geo.access.actors import Actor
from geo.errors import Refused
from geo.jobs.model import Job
from geo.runtime import Runtime
from geo.settings import Settings

PATH = "/api/v1/things"


class ThingBody(BaseModel, extra="forbid"):
    kind: str
    more: float = 0.0


class ThingRefused(Refused):
    """The thing is called ``refused``; an error of the tests alone."""

    code = "tree_broken"


async def somebody(request: Request) -> Actor:
    return Actor(request.headers.get("x-actor", "somebody"))


def add_thing(
    body: ThingBody, request: Request, work: WriteWork, once: Idempotent
) -> dict[str, str]:
    """Store a job, which has no meaning of its own to the audit."""
    if once.replayed is not None:
        return {"id": once.replayed}
    job = Job(kind=body.kind, actor="test", payload={})
    work.session.add(job)
    work.session.flush()
    if body.kind == "refused":
        raise ThingRefused(count=1, cell="x")
    if body.kind != "unsettled":
        once.made(201, str(job.id))
    if request.headers.get("x-die") == "commit":
        os._exit(9)
    return {"id": str(job.id)}


class DieBeforeAnswer:
    """Ends the process when a marked request is about to be answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if (b"x-die", b"answer") in scope["headers"]:
                os._exit(9)
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)


def keyed_app(runtime: Runtime) -> FastAPI:
    app = create_app(runtime)
    app.dependency_overrides[actor_of] = somebody
    app.post(PATH, status_code=201)(add_thing)
    return app


if __name__ == "__main__":
    settings = Settings(database_url=sys.argv[1], pool_size=5)
    config = server_config(DieBeforeAnswer(keyed_app(Runtime(settings))), settings)
    config.lifespan = "off"
    listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
    Server(config, door_of(settings)).run([listener])
