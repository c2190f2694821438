"""The set-up on bare Debian 12 systems, for real; counted bars of the issue (minutes long)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="a chroot needs root"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="debootstrap is not installed"),
]

FIRST_MS = 180_000
SECOND_MS = 4_000


@pytest.mark.parametrize("kind", ["root", "user", "closed"])
def test_a_bare_system_shows_the_town_within_the_bars(kind: str) -> None:
    script = Path(__file__).parent / "chroot.sh"
    done = subprocess.run([script, kind], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = (int(ms) for ms in re.findall(r"(\d+) ms to /readyz", done.stdout))
    assert first <= FIRST_MS
    assert second <= SECOND_MS
