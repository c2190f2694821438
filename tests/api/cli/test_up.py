"""``wangge up`` as a user meets it: ready, twice, stopped, killed, on a port that is taken."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

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

    def stop(self) -> str:
        """Press Ctrl-C and return what it still said."""
        self.process.send_signal(signal.SIGINT)
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
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # Every server process works in the data folder; the others rewrite their arguments.
            inside = (folder / "cwd").readlink().is_relative_to(home)
            program = (folder / "exe").readlink().name
        except OSError:
            continue
        if inside and program == "postgres" and b"-D" in (folder / "cmdline").read_bytes():
            found.append(int(folder.name))
    return found


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
    yield folder
    assert postmasters(folder) == []
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_up_serves_and_ctrl_c_stops_server_and_cluster(home: Path) -> None:
    up = Up(home, free_port())
    try:
        assert status(f"{up.url()}/readyz") == 200
        assert len(postmasters(home)) == 1
        said = up.stop()
    finally:
        up.end()

    assert (up.process.returncode, said.strip().splitlines()[-1]) == (0, "stopped")
    assert postmasters(home) == []
    assert not (home / "server.json").exists()


def test_a_second_up_finds_the_running_one(home: Path) -> None:
    first = Up(home, free_port())
    try:
        url = first.url()
        second = Up(home, free_port())
        said, _ = second.process.communicate(timeout=PATIENCE_S)
        still = status(f"{url}/healthz")
    finally:
        first.end()

    assert (second.process.returncode, still) == (0, 200)
    assert "already running" in said
    assert url in said


def test_a_taken_port_is_said_and_the_next_one_used(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = int(other.getsockname()[1])
        up = Up(home, taken)
        try:
            url = up.url()
            assert status(f"{url}/readyz") == 200
        finally:
            up.end()

    assert int(url.rpartition(":")[2]) > taken


def test_a_port_that_was_asked_for_and_is_taken_is_refused(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        up = Up(home, 0, "--port", taken)
        said, _ = up.process.communicate(timeout=PATIENCE_S)

    assert up.process.returncode == 2
    assert f"port {taken} of 127.0.0.1 is taken" in said


def test_a_killed_server_leaves_nothing_in_the_way(home: Path) -> None:
    first = Up(home, free_port())
    first.url()
    first.kill()
    left = json.loads((home / "server.json").read_text(encoding="utf-8"))

    second = Up(home, free_port())
    try:
        assert status(f"{second.url()}/readyz") == 200
    finally:
        second.end()

    assert left["pid"] == first.process.pid
    assert postmasters(home) == []


def test_a_killed_cluster_is_back_at_the_next_up(home: Path) -> None:
    first = Up(home, free_port())
    first.url()
    (postmaster,) = postmasters(home)
    os.kill(postmaster, signal.SIGKILL)
    first.kill()

    second = Up(home, free_port())
    try:
        assert status(f"{second.url()}/readyz") == 200
    finally:
        second.end()


def test_readiness_says_so_while_the_cluster_is_gone(home: Path) -> None:
    up = Up(home, free_port())
    try:
        url = up.url()
        (postmaster,) = postmasters(home)
        os.kill(postmaster, signal.SIGKILL)
        time.sleep(0.5)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            status(f"{url}/readyz")
        assert status(f"{url}/healthz") == 200
    finally:
        up.kill()
    # The next up clears up after both.
    again = Up(home, free_port())
    again.url()
    again.end()
