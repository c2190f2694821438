"""The one progress bar of the command line; the domain only calls back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.cli.words import say

Callback = Callable[[str, int, int], None]


@contextmanager
def bar(*, quiet: bool = False, rows: bool = False) -> Iterator[Callback]:
    """Give a callback ``(step, done, total)`` that draws one line a step on standard error.

    Parameters
    ----------
    quiet : draw nothing, for ``--json``
    rows : what is done are rows: tell how many a second, and how long the rest takes
    """
    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    if rows:
        columns = (*columns, _Rate(), TimeRemainingColumn())
    console = Console(stderr=True)
    off = quiet or not console.is_terminal  # a log has no use for a bar
    with Progress(*columns, console=console, disable=off, transient=True) as progress:
        tasks: dict[str, int] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total or None)
            progress.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        yield report


class _Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, nothing before there is one."""
        rate = task.finished_speed or task.speed
        return Text(say("locate.per_second", rate=f"{rate:,.0f}") if rate else "")
