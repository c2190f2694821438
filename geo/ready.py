"""Compiles every kernel before anybody waits: ``python -m geo.ready``.

The first batch of points and the first division compile theirs, 15 s and 25 s of one core; what is
compiled is kept, and a server that starts knows by the marks beside it without compiling.
"""

from geo.grid.division import ready as division
from geo.spatial import ready as index


def is_ready() -> bool:
    """Return whether all kernels are compiled for this processor, or cannot be kept anyway."""
    return division.is_ready() and index.is_ready()


def compile_kernels() -> None:
    """Compile what is not compiled yet; a server that starts beside it compiles for the index."""
    division.compile_kernels()
    index.compile_kernels()


if __name__ == "__main__":
    compile_kernels()
