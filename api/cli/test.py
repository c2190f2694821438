"""``wangge test``: every check of the project, in the order in which they fail fastest."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.words import say

_ROOT = Path(__file__).parent.parent.parent

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
        # Each worker would compile the kernels for itself; types are checked on one core meanwhile.
        with _ready():
            for program, *options in CHECKS:
                _run(program, *options)
    marks = [] if long else ["-m", "not long"]
    # One worker more than cores: much of the time is waiting for the database and for pages. Tests
    # of one file stay together, for their module fixtures.
    workers = str((os.cpu_count() or 1) + 1)
    tests = ("pytest", "-q", "-n", workers, "--dist", "loadfile", *marks, *(arguments or []))
    if not long:
        _run(*tests)
        return
    _run("coverage", "erase")
    _run("coverage", "run", "-m", *tests)
    _run("coverage", "combine", "--quiet")
    # Of some of the tests the figures say nothing: they are shown, and not asked for.
    _run("coverage", "report", *(["--fail-under=0"] if arguments else []))


def _ready() -> subprocess.Popen[bytes]:
    """Return the process that compiles all kernels."""
    both = "import geo.spatial.ready as s, geo.grid.division.ready as d; s.compile_kernels()"
    command = [sys.executable, "-c", f"{both}; d.is_ready() or d.compile_kernels()"]
    return subprocess.Popen(command, cwd=_ROOT)


def _run(program: str, *options: str) -> None:
    path = Path(sys.executable).parent / program
    done = subprocess.run([path, *options], cwd=_ROOT, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)
