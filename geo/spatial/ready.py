"""Compiles the kernels of the index before they are needed: ``python -m geo.spatial.ready``.

The first call of each kernel compiles it, twenty seconds in all; what is compiled is kept. A mark
beside it says for which processor that was done.
"""

from pathlib import Path

import llvmlite.binding as llvm
import shapely

from geo.spatial.index import build, refreshed
from geo.spatial.tiles.compiled import cache_folder


def compile_kernels() -> None:
    """Call every kernel once."""
    cells = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    codes = ["a", "b"]
    index = refreshed(build(cells, codes), cells[:1], codes[:1])
    index.find([[0.5, 0.5]])
    index.locate(0.5, 0.5)
    index.border_m([[0.5, 0.5], [9.0, 9.0]])
    index.border_at(0, 0.5, 0.5)
    index.near([[0.5, 0.5]], 30.0)
    if (mark := mark_in(cache_folder())) is not None:
        mark.touch()


def is_ready() -> bool:
    """Return whether they are compiled for this processor, or cannot be kept anyway."""
    mark = mark_in(cache_folder())
    return mark is None or mark.exists()


def mark_in(folder: Path | None) -> Path | None:
    """Return the file that says that all kernels kept in a folder are compiled for this processor.

    Parameters
    ----------
    folder : None where nothing can be kept
    """
    return None if folder is None else folder / f"ready-{llvm.get_host_cpu_name()}"


if __name__ == "__main__":
    compile_kernels()
