"""The server around the application: sockets, TLS, deadlines, and who may speak for others."""

import asyncio
import gc
import resource
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from api.access import is_loopback
from api.deadlines import Deadlines
from api.door import Door
from api.protocol import BoundedProtocol
from api.proxies import within
from geo.errors import Refused
from geo.settings import Settings

_HANDSHAKE_S = 5.0
_FILES_WANTED = 65_536
_GRACE_S = 30


class TlsRefused(Refused):
    """The certificate or its key cannot be used."""

    code = "tls_refused"


class Server(uvicorn.Server):
    """uvicorn's server with our protocol on its sockets.

    Parameters
    ----------
    config : as ``server_config`` makes it
    door : counts the connections
    ready : called once the sockets are served
    """

    def __init__(
        self, config: uvicorn.Config, door: Door, ready: Callable[[], None] | None = None
    ) -> None:
        super().__init__(config)
        self.door = door
        self._tell_ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then serve the sockets."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(3)
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._connection,
                sock=listener,
                ssl=self.config.ssl,
                backlog=self.config.backlog,
                ssl_handshake_timeout=_HANDSHAKE_S if self.config.ssl else None,
            )
            for listener in sockets or []
        ]
        self.started = True
        if self._tell_ready is not None:
            self._tell_ready()

    def _connection(self) -> BoundedProtocol:
        return BoundedProtocol(self.config, self.server_state, self.lifespan.state, door=self.door)


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return uvicorn's configuration for an application.

    Raises
    ------
    TlsRefused
        When a certificate is set that cannot be used.
    """
    context = tls_context(settings)
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        # Headers that name another client are read in api/proxies.py, from trusted proxies only.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        ssl_context_factory=None if context is None else lambda _config, _default: context,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=round(settings.keep_alive_s),
    )


def door_of(settings: Settings) -> Door:
    """Return what counts the connections of a server, by the settings."""
    return Door(
        most=settings.connections,
        most_each=settings.connections_each,
        deadlines=Deadlines(
            head_s=settings.head_timeout_s,
            body_s=settings.body_timeout_s,
            stall_s=min(10.0, settings.body_timeout_s),
            idle_s=settings.keep_alive_s,
        ),
        lang=settings.lang,
        is_local=is_loopback,
        is_proxy=lambda address: within(address, settings.proxies),
    )


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return the context for https, TLS 1.2 at least; None when no certificate is set.

    Raises
    ------
    TlsRefused
        When a file is missing, broken, or does not belong to the other; when anybody can read
        the key.
    """
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    _check_closed(settings.tls_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # An empty password: a key that wants one is refused, not asked for on the terminal.
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise TlsRefused(file=str(settings.tls_cert), reason=str(reason)) from None
    return context


def settle() -> None:
    """Let the garbage collector pass over what a start leaves, which stays as long as the process.

    It would look at all of it again every some ten thousand requests, for 0.2 s.
    """
    gc.collect()
    gc.freeze()


def raise_file_limit() -> None:
    """Let the process hold as many sockets as it is allowed at all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_WANTED if hard == resource.RLIM_INFINITY else min(_FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _check_closed(key: Path) -> None:
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise TlsRefused(file=str(key), reason=str(error.strerror)) from None
    if mode & 0o007:
        raise TlsRefused(file=str(key), reason="chmod o-rwx")
