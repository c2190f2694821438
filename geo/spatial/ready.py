"""Compiles the kernels of the index before they are needed: ``python -m geo.spatial.ready``.

The first call of each kernel compiles it, twenty seconds in all; what is compiled is kept.
"""

import shapely

from geo.spatial.index import build, refreshed


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


if __name__ == "__main__":
    compile_kernels()
