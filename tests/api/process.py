"""A server in a process of its own, which can be measured, killed and started again."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 60.0


class ServerProcess:
    """``tests.api.keyed_app`` on a free port.

    Parameters
    ----------
    url : of its database
    """

    def __init__(self, url: str, **settings: object) -> None:
        self.url = url
        self.environment = {
            **os.environ,
            **{f"WANGGE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        module = [sys.executable, "-m", "tests.api.keyed_app", self.url, str(self.port)]
        self.process = subprocess.Popen(module, env=self.environment)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                self.dial().close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def dial(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 5, source_address=(source, 0))

    @property
    def resident_mb(self) -> float:
        """Memory it holds."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def times_ms(self, path: str, count: int, source: str = "127.0.0.1") -> list[float]:
        """Ask one address again and again on one connection; return how long each took."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        took = []
        for _ in range(count):
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            took.append((time.perf_counter() - begun) * 1000)
        connection.close()
        return took


def p95(times: Sequence[float]) -> float:
    """Return the time that 95 of 100 stay below."""
    return sorted(times)[int(len(times) * 0.95)]
