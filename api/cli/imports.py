"""``wangge import``: take a file in, all of it or nothing; a dry run without ``--commit``."""

from contextlib import ExitStack
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.texts import text

if TYPE_CHECKING:
    from api.cli.progress import Callback
    from geo.exchange.imports import Outcome
    from geo.exchange.report import Note, Report
    from geo.exchange.run import Progress, Request
    from geo.runtime import Runtime

_SHOWN_FAULTS = 50
_SHOWN_ROWS = 5
_COUNTS = ("new", "changed", "unchanged", "ended")


class KindName(StrEnum):
    """What can be imported."""

    CELLS = "cells"
    BUILDINGS = "buildings"
    HOUSEHOLDS = "households"
    WORKERS = "workers"
    STREETS = "streets"
    TOWN = "town"


def _tell(key: str, **facts: object) -> str:
    return text(f"exchange.{key}", spoken(), **facts)


def import_(
    kind: Annotated[KindName, typer.Argument(help=_tell("cli_kind"))],
    file: Annotated[str, typer.Argument(help=_tell("cli_file"))],
    crs: Annotated[str | None, typer.Option(help=_tell("cli_crs"))] = None,
    force_crs: Annotated[bool, typer.Option("--force-crs", help=_tell("cli_force_crs"))] = False,
    control: Annotated[str | None, typer.Option(help=_tell("cli_control"))] = None,
    encoding: Annotated[str | None, typer.Option(help=_tell("cli_encoding"))] = None,
    sheet: Annotated[str | None, typer.Option(help=_tell("cli_sheet"))] = None,
    code: Annotated[str | None, typer.Option(help=_tell("cli_code"))] = None,
    commit: Annotated[bool, typer.Option("--commit/--dry-run", help=_tell("cli_commit"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("json"))] = False,
) -> None:
    from api.cli.opening import opened
    from api.cli.progress import bar
    from api.schemas.imports import ImportBody
    from geo.exchange.formats import split
    from geo.exchange.report import ImportRefused
    from geo.exchange.run import Request

    path, layer = split(file)
    request = Request(
        path=path,
        kind=kind.value,
        layer=sheet or layer,
        crs=crs,
        force_crs=force_crs,
        encoding=None if encoding in (None, "auto") else encoding,
        code=code,
        control=Path(control) if control else None,
    )
    try:
        with opened() as runtime, bar() as report:
            outcome = take_in(runtime, request, report, commit=commit)
    except ImportRefused as refused:
        if json:
            body = ImportBody.refused(
                refused.report, file=path.name, kind=kind.value, lang=spoken()
            )
            typer.echo(body.model_dump_json(indent=2))
        else:
            _print_refused(refused.report, path.name)
        raise typer.Exit(1) from refused
    if json:
        body = ImportBody.done(
            outcome, file=path.name, kind=kind.value, committed=commit, lang=spoken()
        )
        typer.echo(body.model_dump_json(indent=2))
    else:
        _print_done(outcome, path.name, commit=commit)


def take_in(
    runtime: "Runtime", request: "Request", report: "Callback", *, commit: bool
) -> "Outcome":
    """Import a file in one work, as a job when it is meant; a dry run leaves no trace."""
    from geo.access.actors import Actor
    from geo.exchange.imports import import_file
    from geo.jobs.service import running

    actor = Actor.system("import")
    shown: Progress = _Shown(report)
    payload = {"file": request.path.name, "kind": request.kind}
    with ExitStack() as stack:
        if commit:
            job = stack.enter_context(running(runtime, kind="import", actor=actor, payload=payload))
            shown = _Shown(report, job.progress)
        with runtime.work(actor, dry_run=not commit, long=True) as work:
            outcome = import_file(work, request, zone=runtime.settings.time_zone, progress=shown)
        if commit:
            job.result = {count.thing: count.changes for count in outcome.counts}
            if outcome.grid is not None:  # rows keep its name; here is what the name stands for
                job.result[outcome.grid.name] = asdict(outcome.grid)
    return outcome


class _Shown:
    """Shows progress on the terminal, in words, and in the job."""

    def __init__(self, *reports: "Progress") -> None:
        self._bar, *self._others = reports

    def __call__(self, step: str, done: int, total: int) -> None:
        self._bar(_tell(f"step_{step}"), done, total)
        for report in self._others:
            report(step, done, total)


def _print_done(outcome: "Outcome", file: str, *, commit: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    head = "head_same" if not outcome.changes else "head_done" if commit else "head_dry_run"
    typer.echo(_tell(head, file=file))
    table = Table(box=None, pad_edge=False)
    table.add_column(_tell("column_thing"))
    for name in _COUNTS:
        table.add_column(_tell(f"column_{name}"), justify="right")
    for count in outcome.counts:
        values = [f"{getattr(count, name):,}" for name in _COUNTS]
        table.add_row(_tell(f"thing_{count.thing}"), *values)
    Console(highlight=False).print(table)
    _print_notes(outcome.notes)
    if outcome.changes and not commit:
        typer.echo(_tell("hint_commit"))


def _print_refused(report: "Report", file: str) -> None:
    """Print each fault as where it is, and below what is wrong and what to do."""
    typer.echo(_tell("head_refused", file=file, count=f"{report.total:,}"), err=True)
    for fault in report.faults[:_SHOWN_FAULTS]:
        row = _tell("row", row=fault.row) if fault.row else ""
        value = f"“{fault.value}”" if fault.value else ""
        where = " · ".join(part for part in (fault.layer, row, fault.column, value) if part)
        typer.echo(f"  {where or file}\n      {fault.message(spoken())}", err=True)
    if report.total > _SHOWN_FAULTS:
        typer.echo(_tell("more_errors", count=f"{report.total - _SHOWN_FAULTS:,}"), err=True)
    _print_notes(report.notes)


def _print_notes(notes: "tuple[Note, ...] | list[Note]") -> None:
    for note in notes:
        shown = note.rows[:_SHOWN_ROWS]
        rows = ", ".join(map(str, shown)) + (" …" if note.count > len(shown) else "")
        where = _tell("rows_of_note", rows=rows) if note.rows else ""
        layer = f"{note.layer}: " if note.layer else ""
        typer.echo(f"  {layer}{note.message(spoken())}{where}", err=True)
