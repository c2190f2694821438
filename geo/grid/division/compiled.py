"""How the kernels of this package are compiled and kept: as those of ``geo.spatial.tiles``.

Their folder carries a digest of the sources of all of them, since numba would not notice a change
in a kernel that another one calls.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from geo.spatial.tiles.compiled import cache_folder, inner

__all__ = ["bare", "compiled", "inner"]

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent
# Modules that hold some.
_KERNELS = ("compiled", "flips", "graph", "net", "recut", "spanning", "sweeps", "trees")
_njit, _config = cast(Callable[..., Any], numba.njit), cast(Any, numba.config)


def compiled(function: Kernel) -> Kernel:
    """Return a function compiled at its first call and kept where that is possible."""
    folder, before = kept_folder(), _config.CACHE_DIR
    _config.CACHE_DIR = str(folder or "")
    try:
        kernel: Kernel = _njit(cache=folder is not None, nogil=True, error_model="numpy")(function)
    finally:
        _config.CACHE_DIR = before
    return kernel


def bare(function: Kernel) -> Kernel:
    """Return a function as ``inner`` does, one that neither makes nor returns an array.

    No references to arrays are counted in it: where a small function takes tuples of them, that
    takes longer than all it does.
    """
    part: Kernel = _njit(
        no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy", _nrt=False
    )(function)
    return part


def kept_folder() -> Path | None:
    """Return the folder for machine code of these sources, beside that of the index."""
    sources = b"".join((_PACKAGE / f"{name}.py").read_bytes() for name in _KERNELS)
    beside = cache_folder()
    if beside is None:
        return None
    try:
        folder = beside.parent / f"division-{hashlib.sha256(sources).hexdigest()[:12]}"
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return folder
