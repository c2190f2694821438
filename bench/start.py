"""How long ``./wangge up`` takes until it can serve: ``python -m bench.start [times]``.

Uses the data folder of the environment; the first run of a new one is the set-up. Prints one line
of JSON. A quiet machine matters: a busy second core doubles these times.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
PORT = 8765
LONGEST_S = 600.0


def seconds_until_ready() -> float:
    """Start the server, wait until it is ready, stop it again."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [ROOT / "wangge", "up", "--port", str(PORT)], stdout=subprocess.DEVNULL, env=os.environ
    )
    try:
        while time.monotonic() - begun < LONGEST_S:
            if process.poll() is not None:
                raise SystemExit(f"wangge up ended with {process.returncode}")
            if is_ready():
                return time.monotonic() - begun
            time.sleep(0.02)
        raise SystemExit("not ready in time")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def is_ready() -> bool:
    """Return whether the server answers that it can serve."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2.0) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = [round(seconds_until_ready(), 2) for _ in range(times)]
    print(json.dumps({"seconds_until_ready": seconds}))


if __name__ == "__main__":
    main()
