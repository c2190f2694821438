"""``wangge locate FILE``: says what was understood, shows the progress, prints the counts."""

import json as jsons
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import typer

from api.cli.words import say, spoken
from geo.texts import text

if TYPE_CHECKING:
    from api.cli.progress import Callback
    from api.params import Moment
    from geo.exchange.located.run import Done, Opened, Request

_SHOWN_FAULTS = 5
_INTERRUPTED = 130


def locate_file(request: "Request", asked: "Moment | None", *, json: bool) -> None:
    """Locate a file; exit status 0: every row was, 1: some rows have errors."""
    from api.cli.opening import opened as database
    from api.cli.progress import bar, compiled
    from api.params import instant
    from geo.access.actors import Actor
    from geo.exchange.located.run import locate_file as locate
    from geo.exchange.located.run import opened
    from geo.spatial import ready

    begun, actor = time.perf_counter(), Actor.system("locate")
    file = opened(request)
    if not json:
        typer.echo(_head(file), err=True)
    try:
        with database() as runtime, bar(rows=True) as report:
            if asked is not None:
                with runtime.work(actor, reading=True) as work:
                    at = instant(asked, runtime.settings.time_zone, work.now)
                file = replace(file, request=replace(request, as_of=at))
            compiled(ready, report)
            done = locate(runtime, actor, file, _Shown(report))
    except KeyboardInterrupt:
        typer.echo(say("locate.stopped"), err=True)
        raise typer.Exit(_INTERRUPTED) from None
    seconds = time.perf_counter() - begun
    if json:
        typer.echo(jsons.dumps(_body(file, done, seconds), ensure_ascii=False, indent=2))
    else:
        _print(done, seconds)
    if done.tally.errors:
        raise typer.Exit(1)


class _Shown:
    """Shows progress in words."""

    def __init__(self, report: "Callback") -> None:
        self._report = report

    def __call__(self, step: str, done: int, total: int) -> None:
        self._report(say(f"locate.step_{step}"), done, total)


def _head(file: "Opened") -> str:
    """Return which columns say where the rows are, and whether that was guessed."""
    choice = file.choice
    told = [say("locate.own_geometry")] if file.source.stated.has_geometry else []
    for role in choice.places:
        key = "locate.column_guessed" if role in choice.guessed else "locate.column_named"
        named = text(f"located.role.{role}", spoken())
        told.append(say(key, role=named, header=choice.header(role).strip()))
    return say("locate.head", file=file.request.path.name, columns=", ".join(told))


def _print(done: "Done", seconds: float) -> None:
    tally = done.tally
    if done.known is not None:
        typer.echo(say("locate.done_crs", crs=done.known.name), err=True)
    for remark in done.remarks:
        typer.echo(remark.message(spoken()), err=True)
    typer.echo(
        say(
            "locate.done",
            rows=f"{tally.rows:,}",
            matched=f"{tally.matched:,}",
            ambiguous=f"{tally.ambiguous:,}",
            outside=f"{tally.outside:,}",
            needs_person=f"{tally.needs_person:,}",
            errors=f"{tally.errors:,}",
            version=done.version,
            seconds=f"{seconds:,.1f}",
        )
    )
    for row, what in tally.faults[:_SHOWN_FAULTS]:
        typer.echo(say("locate.fault", row=row, what=what), err=True)
    if tally.errors > _SHOWN_FAULTS:
        column = text("located.column.error", spoken())
        typer.echo(say("locate.more_faults", column=column), err=True)
    typer.echo(say("locate.written", path=done.out))


def _body(file: "Opened", done: "Done", seconds: float) -> dict[str, Any]:
    counts = asdict(done.tally)
    faults = counts.pop("faults")
    return {
        "file": str(file.request.path),
        "output": str(done.out),
        **counts,
        "version": done.version,
        "as_of": done.moment.isoformat(),
        "crs": done.known.name if done.known is not None else None,
        "columns": {role: done.choice.header(role) for role in done.choice.places},
        "guessed": sorted(done.choice.guessed),
        "remarks": [remark.message(spoken()) for remark in done.remarks],
        "faults": [{"row": row, "message": what} for row, what in faults],
        "seconds": round(seconds, 3),
    }
