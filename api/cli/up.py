"""``wangge up`` and ``wangge serve``: everything set up, then the server until Ctrl-C."""

import errno
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from logging import Handler, StreamHandler
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.words import say
from geo.errors import Unavailable

if TYPE_CHECKING:
    from geo.runtime import Runtime
    from geo.settings import Settings

_PORTS_TRIED = 20
_LOG_BYTES = 10_000_000


class PortTaken(Unavailable):
    """Another program listens on the port."""

    code = "port_taken"


class AddressRefused(Unavailable):
    """The machine does not let the server listen at an address."""

    code = "address_refused"


@dataclass(frozen=True)
class RunningServer:
    """Where a server of this data folder listens, as its runtime file says."""

    url: str
    pid: int

    @classmethod
    def of(cls, home: Path) -> "RunningServer | None":
        """Return the server of a data folder when it lives and answers; stale files are ignored."""
        try:
            facts = json.loads((home / "server.json").read_text(encoding="utf-8"))
            found = cls(str(facts["url"]), int(facts["pid"]))
            os.kill(found.pid, 0)
            # Ours only if it says so itself: pids and ports are used again by others.
            # Never through a proxy of the environment: the server is on this machine.
            direct = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_any_name())
            )
            with direct.open(f"{found.url}/healthz", timeout=2.0) as answer:
                return found if json.load(answer).get("pid") == found.pid else None
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            return None

    def write(self, home: Path) -> None:
        """Leave the runtime file for those who come after, whole or not at all."""
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f"server.json.{self.pid}"
        fresh.write_text(json.dumps({"url": self.url, "pid": self.pid}), encoding="utf-8")
        fresh.replace(home / "server.json")


def _any_name() -> ssl.SSLContext:
    """Return a context that takes any certificate: who answers is told by its process id."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def up(
    host: Annotated[str | None, typer.Option(help=say("up.host"))] = None,
    port: Annotated[int | None, typer.Option(help=say("up.port"))] = None,
    demo: Annotated[bool, typer.Option(help=say("up.demo"))] = True,
) -> None:
    from api.cli.demo import add_demo_accounts, fill
    from api.cli.opening import opened
    from api.cli.progress import bar

    settings = _settings(host, port, demo=None if demo else False)
    if running := RunningServer.of(settings.home):
        typer.echo(say("up.already", url=running.url, pid=running.pid))
        return
    with opened(settings) as runtime:
        if runtime.settings.is_demo and _is_empty(runtime):
            typer.echo(say("up.filling"), err=True)
            with bar() as report:
                fill(runtime, report, scale="street", seed=340603002)
        add_demo_accounts(runtime)
        log = RotatingFileHandler(settings.home / "server.log", maxBytes=_LOG_BYTES, backupCount=5)
        _serve(runtime, log, free_port=port is None)


def serve(
    host: Annotated[str | None, typer.Option(help=say("up.host"))] = None,
    port: Annotated[int | None, typer.Option(help=say("up.port"))] = None,
) -> None:
    from api.cli.opening import opened

    with opened(_settings(host, port), migrate=False) as runtime:
        _serve(runtime, StreamHandler(), free_port=False)


def _settings(host: str | None, port: int | None, demo: bool | None = None) -> "Settings":
    """Return the settings with what the command line says instead, fit to start with."""
    from geo.settings import Settings

    said: dict[str, Any] = {"host": host, "port": port, "demo": demo}
    settings = Settings(**{name: value for name, value in said.items() if value is not None})
    from api.starting import check_start  # takes a second, which a refusal of a value need not wait

    check_start(settings)
    return settings


@contextmanager
def _kernels_compiled() -> Iterator[None]:
    """Let a process of its own compile what is not needed at once, once on a machine."""
    from geo.ready import is_ready

    if is_ready():
        yield
        return
    command = [sys.executable, "-m", "geo.ready"]
    with subprocess.Popen(command, cwd=Path(__file__).parent.parent.parent) as compiling:
        try:
            yield
        finally:
            compiling.terminate()  # whatever it has compiled is kept


def _is_empty(runtime: "Runtime") -> bool:
    from geo.access.actors import Actor
    from geo.grid.store import latest_publication

    with runtime.work(Actor.system("up")) as work:
        return latest_publication(work.session) is None


def _serve(runtime: "Runtime", log: Handler, *, free_port: bool) -> None:
    from api.app import create_app
    from api.logs import configure
    from api.serving import Server, door_of, raise_file_limit, server_config, settle

    told = _doors(runtime)
    settings = runtime.settings
    # First: who is refused an address has no server, and keeps the log of the process as it was.
    listener = _listener(settings.host, settings.port, free_port=free_port)
    configure(handler=log)
    raise_file_limit()
    config = server_config(create_app(runtime), settings)
    settle()
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = (
        f"{'http' if settings.tls_cert is None else 'https'}://{shown}:{listener.getsockname()[1]}"
    )
    _warn(url, listener.getsockname()[0], encrypted=settings.tls_cert is not None)
    server = Server(config, door_of(settings), partial(_ready, url, settings.home, told))
    try:
        with _kernels_compiled():
            server.run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn raises the signal again after it has shut down
    finally:
        (settings.home / "server.json").unlink(missing_ok=True)
        typer.echo(say("up.stopped"))


def _doors(runtime: "Runtime") -> str:
    """Return how one signs in, or how the first account is added; empty when people know.

    Raises
    ------
    DemoAccountsStand
        When accounts with public passwords stand, and this is no demo.
    """
    from geo.access.actors import Actor
    from geo.accounts.demo import DEMO_PASSWORD, check_no_demo, has_accounts

    is_demo = runtime.settings.is_demo
    with runtime.work(Actor.system("up"), reading=True) as work:
        if not is_demo:
            check_no_demo(work.session)
        anybody = has_accounts(work.session)
    if not anybody:
        return say("up.first_admin")
    return say("up.demo_accounts", password=DEMO_PASSWORD) if is_demo else ""


def _warn(url: str, address: str, *, encrypted: bool) -> None:
    """Say that passwords would travel in clear, when others can reach the server."""
    from api.access import is_loopback

    if not encrypted and not is_loopback(address):
        typer.echo(say("up.insecure", url=url), err=True)


def _ready(url: str, home: Path, doors: str) -> None:
    RunningServer(url, os.getpid()).write(home)
    typer.echo(say("up.ready", url=url))
    if doors:
        typer.echo(doors, err=True)


def _listener(host: str, port: int, *, free_port: bool) -> socket.socket:
    """Return a bound socket: on the port wanted, or on the next free one when any will do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + (_PORTS_TRIED if free_port else 1)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise AddressRefused(host=host, port=candidate, reason=error.strerror) from None
            continue
        if candidate != port:
            typer.echo(say("up.other_port", port=port, url=f"http://{host}:{candidate}"), err=True)
        listener.listen(2048)
        return listener
    raise PortTaken(port=port, host=host)
