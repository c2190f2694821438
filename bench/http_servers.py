"""The servers that ``bench/http.py`` asks: ``python -m bench.http_servers NAME PORT``.

``ours`` is the application as it is served; ``hello`` an ASGI application that does nothing, on the
same server; ``fastapi`` what most would write: a route on FastAPI that asks PostGIS by psycopg2.
Other projects' servers are in ``bench/http_peers.py``.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import uvicorn
from fastapi import FastAPI
from psycopg2.pool import ThreadedConnectionPool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.logs import configure
from api.serving import Server, door_of, server_config, settle
from bench.processes import serve_here
from geo.runtime import Runtime
from geo.settings import Settings

_LEAF = """
SELECT version.code, version.name, version.path
FROM cell_shape AS shape JOIN cell_version AS version
    ON version.cell_id = shape.cell_id AND upper_inf(version.during)
WHERE ST_Covers(shape.geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326))
    AND NOT shape.derived AND upper_inf(shape.during)
ORDER BY version.code LIMIT 1
"""


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nothing in particular."""
    if scope["type"] == "http":
        head = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"hello"})


def fastapi_app() -> FastAPI:
    """Return the peer: one query a request, a pool, no team, no rate limit, no record."""
    app = FastAPI()
    # As many are kept as are ever needed: the pool closes what is given back beyond its least.
    pool = ThreadedConnectionPool(40, 40, os.environ["WANGGE_DATABASE_URL"])

    def locate(lon: float, lat: float) -> dict[str, Any]:
        connection = pool.getconn()
        try:
            with connection.cursor() as cursor:
                cursor.execute(_LEAF, (lon, lat))
                row = cursor.fetchone()
            connection.rollback()
        finally:
            pool.putconn(connection)
        return {"matched": False} if row is None else {"code": row[0], "name": row[1]}

    app.get("/api/v1/locate")(locate)
    return app


def settings() -> Settings:
    """Return settings of a server without rate limits that matter, its files in a new folder."""
    home = os.environ.get("WANGGE_HOME") or mkdtemp()
    return Settings(rate_factor=1000.0, home=Path(home))


def ours(port: int, app: ASGIApp | None = None) -> None:
    """Serve on our server: the application, or another one."""
    chosen = settings()
    configure()  # lines of the log are written, wherever the standard error goes
    served = app or create_app(Runtime(chosen))
    config = server_config(served, chosen)
    settle()
    if app is not None:
        config.lifespan = "off"
    Server(config, door_of(chosen)).run([socket.create_server(("127.0.0.1", port))])


def peer(port: int, app: ASGIApp) -> None:
    """Serve on uvicorn as it comes."""
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


SERVERS: dict[str, Callable[[int], None]] = {
    "ours": ours,
    "hello": lambda port: ours(port, hello),
    "fastapi": lambda port: peer(port, fastapi_app()),
}


if __name__ == "__main__":
    serve_here()
    name, port = sys.argv[1:]
    print(json.dumps({"server": name, "pid": os.getpid()}), file=sys.stderr)
    SERVERS[name](int(port))
