"""How the kernels of this package are compiled, and where their machine code is kept.

Numba keys its cache by the file of a function alone and would not notice a change in a kernel that
the function calls, so the folder of the cache carries a digest of all sources of the package. Where
no folder can be written, kernels are compiled anew at every start and nothing fails.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent
# Numba declares neither its settings nor all options of its compiler.
_njit, _config = cast(Callable[..., Any], numba.njit), cast(Any, numba.config)


def compiled(function: Kernel) -> Kernel:
    """Return a function compiled at its first call and kept, run without the interpreter's lock.

    Division by zero gives infinity as in numpy; integers wrap. There are no bounds checks.
    """
    with _kept_in(cache_folder()) as kept:
        kernel: Kernel = _njit(cache=kept, nogil=True, error_model="numpy")(function)
    return kernel


def inner(function: Kernel) -> Kernel:
    """Return a function that only kernels call: compiled into them, and not kept by itself."""
    part: Kernel = _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")(
        function
    )
    return part


@cache
def cache_folder() -> Path | None:
    """Return the folder that keeps machine code of these very sources, None where none can be had.

    ``NUMBA_CACHE_DIR`` goes first, then the package's own ``__pycache__``, then the user's cache.
    """
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    places = [_PACKAGE / "__pycache__", user / "wangge"]
    if _config.CACHE_DIR:
        places.insert(0, Path(_config.CACHE_DIR))
    found = (place / f"tiles-{_digest()}" for place in places)
    return next((folder for folder in found if _is_writable(folder)), None)


def _digest() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(_PACKAGE.glob("*.py")))
    return hashlib.sha256(sources).hexdigest()[:12]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, RuntimeError):
        return False


@contextmanager
def _kept_in(folder: Path | None) -> Iterator[bool]:
    """Point numba to a folder while it looks for its place; other kernels keep theirs."""
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(folder or "")
    try:
        yield folder is not None
    finally:
        _config.CACHE_DIR = before
