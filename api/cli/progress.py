"""How far a command is, on standard error; the domain only calls back."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.cli.words import say

Callback = Callable[[str, int, int], None]


class Kernels(Protocol):
    """A module ``ready``."""

    def is_ready(self) -> bool:
        """Return whether its kernels are compiled."""

    def compile_kernels(self) -> None:
        """Compile them."""


# Into a log goes a line when a step begins, and one again after so many seconds.
_LINE_EVERY_S = 5.0


@contextmanager
def bar(*, rows: bool = False) -> Iterator[Callback]:
    """Give a callback ``(step, done, total)`` that tells on standard error how far each step is.

    On a terminal as a bar for each step, elsewhere as a line now and then. What a command answers
    goes to standard output, so neither is in its way, as JSON or not.

    Parameters
    ----------
    rows : what is done are rows: tell how many a second, and how long the rest takes
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    if rows:
        columns = (*columns, _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bars(progress)


def compiled(kernels: Kernels, report: Callback) -> None:
    """Compile kernels, as a step of its own, unless they are compiled."""
    if not kernels.is_ready():
        step = say("progress.compile")
        report(step, 0, 0)
        kernels.compile_kernels()
        report(step, 1, 1)


class _Bars:
    """Draws a bar for each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total or None)
        self._progress.update(self._tasks[step], completed=done, total=total or None)


class _Lines:
    """Writes a line when a step begins, and again while it goes on."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._told: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told.get(step, -math.inf) < _LINE_EVERY_S:
            return
        self._told[step] = now
        key = "progress.counted" if total else "progress.begun"
        seconds = f"{now - self._begun:.0f}"
        line = say(key, seconds=seconds, step=step, done=f"{done:,}", total=f"{total:,}")
        typer.echo(line, err=True)


class _Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, nothing before there is one."""
        rate = task.finished_speed or task.speed
        return Text(say("locate.per_second", rate=f"{rate:,.0f}") if rate else "")
