"""The application behind its real server, in a thread, asked over raw sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from api.door import Door
from api.serving import Server, door_of, server_config
from geo.settings import Settings

PATIENCE_S = 20.0
Address = tuple[str, int]


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    address: Address
    door: Door

    def dial(self, *, source: str = "127.0.0.1", timeout: float = PATIENCE_S) -> socket.socket:
        """Return a connection, from any address of this machine's own network."""
        return socket.create_connection(self.address, timeout, source_address=(source, 0))

    def ask(self, *parts: bytes, source: str = "127.0.0.1") -> bytes:
        """Send some bytes and return what comes back until the server closes."""
        with self.dial(source=source) as connection:
            for part in parts:
                connection.sendall(part)
            return rest(connection)


def rest(connection: socket.socket) -> bytes:
    """Return what still comes on a connection; a reset is an end, too."""
    got = b""
    try:
        while part := connection.recv(65536):
            got += part
    except ConnectionResetError:
        pass
    return got


@contextmanager
def served(app: ASGIApp, settings: Settings, door: Door | None = None) -> Iterator[Served]:
    """Serve an application on a free port of this machine until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = server_config(app, settings)
    config.lifespan = "off"
    ready = threading.Event()
    counted = door or door_of(settings)
    server = Server(config, counted, ready.set)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield Served(listener.getsockname(), counted)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=PATIENCE_S)
        listener.close()


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """Return a request after which the server closes."""
    fields = (b"Host: localhost", *headers, b"Connection: close")
    return b"\r\n".join((line + b" HTTP/1.1", *fields, b"", body))


def status(answer: bytes) -> int:
    """Return the status of an answer; 0 for none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0
