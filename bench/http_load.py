"""A load of requests over kept connections, one core: how many are answered in a second.

``wrk`` asks (Debian's package of that name), because a program in Python takes as long to ask as a
quick server to answer. It counts answers by their status and reads none, so ``checked`` looks at
some of them first.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("asking.lua")
# Beyond the load itself.
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Load:
    """What came of a load.

    Parameters
    ----------
    answered : requests answered 200
    refused : requests answered otherwise
    broken : connections that failed or were too slow
    seconds : in all
    p50, p99 : milliseconds from a request to the last byte of its answer
    """

    answered: int
    refused: int
    broken: int
    seconds: float
    p50: float
    p99: float

    @property
    def per_s(self) -> float:
        """Requests answered in a second."""
        return self.answered / self.seconds


def wrk() -> str:
    """Return the program that asks."""
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk asks, and is not here: apt-get install wrk (Debian, Ubuntu)")
    return found


def load(port: int, requests: Path, *, seconds: int, turn: int = 0) -> Load:
    """Return what a server answers in some seconds.

    Parameters
    ----------
    requests : a file of whole requests, each ended by an empty line
    turn : with which of them to begin
    """
    url = f"http://127.0.0.1:{port}"
    how = ["-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "10s"]
    command = [wrk(), *how, "-s", str(_SCRIPT), url, "--", str(requests), str(turn)]
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, timeout=seconds + _PATIENCE_S
    )
    return Load(**json.loads(done.stdout.splitlines()[-1]))


def checked(port: int, targets: Sequence[str], fields: dict[str, str]) -> list[bytes]:
    """Return the bodies of some answers, each of which has to be 200."""
    found = []
    for target in targets:
        connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        connection.request("GET", target, headers=fields)
        answer = connection.getresponse()
        found.append(answer.read())
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} to {target}: {found[-1][:200]!r}")
    return found
