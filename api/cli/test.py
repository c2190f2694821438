"""``wangge test``: every check of the project, in the order in which they fail fastest."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from api.cli.words import say

_ROOT = Path(__file__).parent.parent.parent

# What compiles kernels; on its own each takes as long as checking the types.
KERNELS = ("geo.spatial.ready", "geo.grid.division.ready")
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)


def test(
    arguments: Annotated[list[str] | None, typer.Argument(help=say("test.arguments"))] = None,
    long: Annotated[bool, typer.Option("--long", help=say("test.long"))] = False,
) -> None:
    """Run linters, types, import contracts and tests; the tests' summary comes last."""
    if not arguments:
        # Each worker would compile the kernels for itself; types are checked meanwhile.
        with ExitStack() as compiling:
            for kernels in KERNELS:
                compiling.enter_context(_compiled(kernels))
            for program, *options in CHECKS:
                _run(program, *options)
    marks = [] if long else ["-m", "not long"]
    # One worker more than cores: much of the time is waiting for the database and for pages. Tests
    # of one file stay together, for their module fixtures; tests/conftest.py says which come first.
    workers = str((os.cpu_count() or 1) + 1)
    shared = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
    tests = ("pytest", "-q", *shared, *marks, *(arguments or []))
    if not long:
        _run(*tests)
        return
    _run("coverage", "erase")
    _run("coverage", "run", "-m", *tests)
    _run("coverage", "combine", "--quiet")
    # Of some of the tests the figures say nothing: they are shown, and not asked for.
    _run("coverage", "report", *(["--fail-under=0"] if arguments else []))


def _compiled(kernels: str) -> subprocess.Popen[bytes]:
    """Return the process that compiles the kernels of a module."""
    return subprocess.Popen([sys.executable, "-m", kernels], cwd=_ROOT)


def _run(program: str, *options: str) -> None:
    path = Path(sys.executable).parent / program
    done = subprocess.run([path, *options], cwd=_ROOT, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)
