"""``wangge up`` as a user meets it: ready, twice, stopped, killed, on a port that is taken."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from api.cli.up import PortTaken, RunningServer, _kernels_compiled, _listener, _warn
from geo.settings import Settings
from tests.api.certificates import certificate
from tests.api.serving import served

pytestmark = pytest.mark.db

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60.0


class Up:
    """One ``wangge up`` in its own data folder, on a port of its own."""

    def __init__(self, home: Path, port: int, *options: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "WANGGE_HOME": str(home)}
        for name in ("WANGGE_DATABASE_URL", "WANGGE_DATABASE_OWNER_URL"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "api.cli", "--lang", "en", "up", "--no-demo", *options]
        if "--port" not in options:
            environment["WANGGE_PORT"] = str(port)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def url(self) -> str:
        """Return where it listens, once it says that it is ready."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "ready: open " in line:
                return line.split("ready: open ")[1].split()[0]
        raise AssertionError("".join(said))

    def stop(self, number: signal.Signals = signal.SIGINT) -> str:
        """Press Ctrl-C, or end it otherwise, and return what it still said."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=PATIENCE_S)
        return said

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_S)

    def end(self) -> None:
        """Make sure that it has ended."""
        if self.process.poll() is None:
            self.stop()


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5.0) as answer:
        return int(answer.status)


def postmasters(home: Path) -> list[int]:
    """Return the servers of the data folder's own cluster."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            inside = (folder / "cwd").readlink().is_relative_to(home)
            if inside and (folder / "exe").readlink().name == "postgres":
                stat = (folder / "stat").read_text(encoding="utf-8")
                parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
        except OSError:
            continue
    return [server for server, parent in parents.items() if parent not in parents]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder that an unprivileged server account can reach."""
    folder = Path(
        subprocess.check_output(["mktemp", "-d", "/var/tmp/wangge-up-XXXX"], text=True)[:-1]
    )
    folder.chmod(0o755)
    # What the launcher unpacked for an ordinary user serves this data folder too.
    unpacked = Path(os.environ.get("WANGGE_HOME", ".wangge")).resolve() / "debs"
    if unpacked.is_dir():
        (folder / "debs").symlink_to(unpacked)
    yield folder
    assert postmasters(folder) == []
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_up_serves_a_second_one_finds_it_and_ctrl_c_stops_all(home: Path) -> None:
    up = Up(home, free_port())
    try:
        url = up.url()
        ready, clusters = status(f"{url}/readyz"), len(postmasters(home))
        second = Up(home, free_port())
        said, _ = second.process.communicate(timeout=PATIENCE_S)
        still = status(f"{url}/healthz")
        last = up.stop()
    finally:
        up.end()

    assert (ready, clusters) == (200, 1)
    assert '"route":"/readyz"' in (home / "server.log").read_text(encoding="utf-8")
    assert (second.process.returncode, still) == (0, 200)
    assert f"): {url}" in said
    assert (up.process.returncode, last.strip().splitlines()[-1]) == (0, "stopped")
    assert postmasters(home) == []
    assert not (home / "server.json").exists()


def test_what_was_killed_is_back_at_the_next_up(home: Path) -> None:
    first = Up(home, free_port())
    url = first.url()
    (postmaster,) = postmasters(home)
    os.kill(postmaster, signal.SIGKILL)
    with pytest.raises(urllib.error.HTTPError, match="503"):
        status(f"{url}/readyz")
    alive = status(f"{url}/healthz")
    first.kill()

    second = Up(home, free_port())
    ready_after_both_died = status(f"{second.url()}/readyz")
    second.kill()

    third = Up(home, free_port())
    try:
        ready_beside_the_surviving_cluster = status(f"{third.url()}/readyz")
        last = third.stop(signal.SIGTERM)
    finally:
        third.end()

    # Ended by what manages services, it leaves no more behind than after Ctrl-C.
    assert (third.process.returncode, last.strip().splitlines()[-1]) == (143, "stopped")
    assert not (home / "server.json").exists()
    assert (alive, ready_after_both_died, ready_beside_the_surviving_cluster) == (200, 200, 200)
    assert postmasters(home) == []


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_said_and_the_next_free_one_used(
    taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with _listener("127.0.0.1", taken, free_port=True) as listener:
        found = listener.getsockname()[1]

    assert found > taken
    assert str(found) in capsys.readouterr().err


def test_a_port_that_was_asked_for_and_is_taken_is_refused(taken: int) -> None:
    with pytest.raises(PortTaken) as refused:
        _listener("127.0.0.1", taken, free_port=False)

    assert refused.value.facts == {"port": taken, "host": "127.0.0.1"}


def test_a_server_that_speaks_https_is_found_too(tmp_path: Path) -> None:
    async def alive(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"pid": os.getpid()})(scope, receive, send)

    cert, key = certificate(tmp_path)
    with served(alive, Settings(tls_cert=cert, tls_key=key)) as server:
        url = f"https://127.0.0.1:{server.address[1]}"
        RunningServer(url, os.getpid()).write(tmp_path)
        found = RunningServer.of(tmp_path)

    assert found == RunningServer(url, os.getpid())


def test_beyond_this_machine_without_encryption_a_warning_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for address, encrypted, warned in [
        ("0.0.0.0", False, True),
        ("192.0.2.1", False, True),
        ("::", False, True),
        ("127.0.0.1", False, False),
        ("0.0.0.0", True, False),
    ]:
        _warn("http://shown", address, encrypted=encrypted)
        assert ("WANGGE_TLS_CERT" in capsys.readouterr().err) == warned, address


@pytest.mark.parametrize(
    "left", ["", "{", '{"url": "http://127.0.0.1:1", "pid": 1}', '{"url": 3, "pid": "x"}']
)
def test_a_stale_runtime_file_is_ignored(tmp_path: Path, left: str) -> None:
    (tmp_path / "server.json").write_text(left, encoding="utf-8")

    assert RunningServer.of(tmp_path) is None


def test_what_compiles_beside_a_server_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, done = tmp_path / "slow", tmp_path / "done"
    slow.write_text(f"#!/bin/sh\nsleep 3\ntouch {done}\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr("geo.ready.is_ready", lambda: False)
    monkeypatch.setattr(sys, "executable", str(slow))

    with _kernels_compiled():
        assert not done.exists()

    assert not done.exists()
