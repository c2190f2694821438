"""Compiles every kernel before anybody waits: ``python -m geo.ready``.

The first batch of points and the first division compile theirs, 15 s and 25 s of one core; what is
compiled is kept. A mark beside it says for which processor that was done, so a server that starts
knows without compiling.
"""

from pathlib import Path

import llvmlite.binding as llvm

from geo.grid.division import ready as division
from geo.grid.division.compiled import kept_folder
from geo.spatial import ready as index
from geo.spatial.tiles.compiled import cache_folder


def is_ready() -> bool:
    """Return whether all kernels are compiled for this processor, or cannot be kept anyway."""
    return all(mark.exists() for mark in _marks())


def compile_kernels() -> None:
    """Compile what is not compiled yet; a server that starts beside it compiles for the index."""
    division.compile_kernels()
    index.compile_kernels()
    for mark in _marks():
        mark.touch()


def _marks() -> list[Path]:
    folders = (cache_folder(), kept_folder())
    return [folder / f"ready-{llvm.get_host_cpu_name()}" for folder in folders if folder]


if __name__ == "__main__":
    compile_kernels()
