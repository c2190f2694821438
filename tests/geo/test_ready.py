"""Kernels are compiled ahead once for all: what a batch or a division needs is there afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import numba
from geo import ready
from geo.grid.division import trees, sweeps, recut
from geo.spatial.tiles import find, scan
ready.compile_kernels()
modules = (trees, sweeps, recut, find, scan)
found = [k for m in modules for k in vars(m).values() if hasattr(k, "stats")]
print(sum(sum(k.stats.cache_misses.values()) for k in found), ready.is_ready())
"""


@pytest.mark.long
def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    told = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    asked = [_asked(told), _asked(told)]

    assert int(asked[0][0]) > 0
    assert asked[1] == ["0", "True"]


def _asked(told: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()
