"""``wangge audit``: whether it is whole, who saw somebody, a copy, what is due, what is odd."""

import time
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken
from geo.errors import Unavailable
from geo.texts import text

if TYPE_CHECKING:
    from geo.audit.chain import Fault
    from geo.audit.heads import HeadFile
    from geo.audit.store import RecordFilter
    from geo.audit.verify import Verdict
    from geo.runtime import Runtime

audit = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=say("json"))]

_TASK = "audit"
_PAGE = 200
_TURNS, _TURN_S = 100, 0.1


class SealingBusy(Unavailable):
    """Another process has been sealing for too long."""

    code = "sealing_busy"


class Form(StrEnum):
    """In what form records are exported."""

    CSV = "csv"
    JSONL = "jsonl"


@audit.command("verify", help=say("audit.verify.help"))
def verify(json: Json = False) -> None:
    from api.cli.opening import opened
    from api.cli.progress import bar
    from geo.access.actors import Actor
    from geo.audit.heads import HeadFile
    from geo.oversight import service

    with opened() as runtime, bar() as report:
        file = HeadFile(runtime.settings.heads_path)
        _seal(runtime, file)

        def step(_: str, done: int, total: int) -> None:
            report(say("audit.verify.step"), done, total)

        with runtime.work(Actor.system(_TASK), long=True) as work:
            found = service.verify(work, file, _today(runtime, work.now), step)
    if json:
        typer.echo(dumps(_verdict(found), indent=2))
    else:
        _print(found, file)
    if not found.ok:
        raise typer.Exit(1)


@audit.command("export", help=say("audit.export.help"))
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help=say("audit.export.output"))],
    since: Annotated[str | None, typer.Option("--from", help=say("audit.export.from"))] = None,
    until: Annotated[str | None, typer.Option("--to", help=say("audit.export.to"))] = None,
    form: Annotated[Form, typer.Option("--format", help=say("audit.export.format"))] = Form.CSV,
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.audit.export import LINES
    from geo.exchange.located.outputs import check_output, placed
    from geo.oversight import service

    check_output(output, force=force)
    with opened() as runtime:
        wanted = _between(since, until, runtime.settings.time_zone)
        with (
            placed(output, force=force, private=True) as aside,
            # The record of the export is committed before the file has its name.
            runtime.work(Actor.system(_TASK), long=True) as work,
        ):
            records = service.export(work, wanted, form=form.value)
            with aside.open("w", encoding="utf-8", newline="") as file:
                file.writelines(LINES[form.value](records))
            count = work.notes[-1].count
    typer.echo(say("audit.export.done", count=f"{count:,}", file=output))


@audit.command("who", help=say("audit.who.help"))
def who(
    subject: Annotated[str | None, typer.Argument(help=say("audit.who.subject"))] = None,
    household: Annotated[int | None, typer.Option(min=1, help=say("audit.who.household"))] = None,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.oversight import service

    kind, row = _subject(subject, household)
    with opened() as runtime, runtime.work(Actor.system(_TASK), reading=True) as work:
        found = service.readers(work, kind, row)
    if json:
        typer.echo(dumps([asdict(reader) for reader in found], indent=2, default=str))
        return
    for reader in found:
        done = text(f"audit.action.{reader.action}", spoken())
        when = f"{reader.last_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{when}  {reader.times:>5} ×  {reader.actor}  {done}  {reader.reason or ''}")
    typer.echo(say("audit.who.count", count=len(found), subject=f"{kind}:{row}"), err=True)


@audit.command("expire", help=say("audit.expire.help"))
def expire(
    commit: Annotated[bool, typer.Option("--commit/--dry-run", help=say("audit.commit"))] = False,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.oversight.service import expire as run

    with (
        opened() as runtime,
        runtime.work(Actor.system(_TASK), dry_run=not commit, long=True) as work,
    ):
        gone = run(work)
    if json:
        typer.echo(dumps({"committed": commit, "rows": gone}, indent=2))
        return
    for name, count in gone.items():
        typer.echo(f"{count:>12,}  {name}")
    typer.echo(say("audit.expire.done" if commit else "audit.expire.would"))


@audit.command("findings", help=say("audit.findings.help"))
def findings(
    every: Annotated[bool, typer.Option("--all", help=say("audit.findings.all"))] = False,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.db.paging import Page
    from geo.oversight import service

    with opened() as runtime, runtime.work(Actor.system(_TASK), reading=True) as work:
        found = service.findings(work, Page(_PAGE), open_only=not every)
    if json:
        typer.echo(dumps([asdict(row) for row in found.rows], indent=2, default=str))
        return
    for row in found.rows:
        rule = text(f"audit.rule.{row.rule}", spoken())
        remark = f"{row.reviewer}: {row.remark}" if row.reviewer else "–"
        givers = f" ← {', '.join(row.given_by)}" if row.given_by else ""
        typer.echo(f"{row.week}  {row.count:>5} ×  {row.login}{givers}  {rule}  {remark}")
    more = say("audit.findings.more") if found.after else ""
    typer.echo(say("audit.findings.count", count=len(found.rows)) + more, err=True)


def _seal(runtime: "Runtime", file: "HeadFile") -> None:
    """Seal all that is committed, so that what is verified reaches up to now."""
    from geo.audit.sealer import Sealer

    sealer = Sealer(runtime, file)
    for _ in range(_TURNS):
        done = sealer.turn()
        while done is not None and done.full:
            done = sealer.turn()
        if done is not None:
            return
        time.sleep(_TURN_S)
    raise SealingBusy()


def _today(runtime: "Runtime", now: datetime) -> date:
    from zoneinfo import ZoneInfo

    return now.astimezone(ZoneInfo(runtime.settings.time_zone)).date()


def _verdict(found: "Verdict") -> dict[str, object]:
    return {
        "ok": found.ok,
        "links": found.links,
        "expired": found.expired,
        "pending": found.pending,
        "heads": found.heads,
        "head": found.tip.hash.hex(),
        "faults": [asdict(fault) for fault in found.faults],
    }


def _print(found: "Verdict", file: "HeadFile") -> None:
    typer.echo(
        say(
            "audit.verify.links",
            links=f"{found.links:,}",
            expired=f"{found.expired:,}",
            pending=f"{found.pending:,}",
        )
    )
    if found.heads:
        typer.echo(say("audit.verify.heads", heads=f"{found.heads:,}", file=file.path))
    else:
        typer.echo(say("audit.verify.no_heads", file=file.path))
    for fault in found.faults:
        typer.echo("  " + _line(fault))
    typer.echo(say("audit.verify.ok" if found.ok else "audit.verify.wrong"))


def _line(fault: "Fault") -> str:
    where = [
        say(f"audit.verify.{name}", number=number)
        for name, number in (("seq", fault.seq), ("record", fault.record_id))
        if number is not None
    ]
    return f"{', '.join(where)}: {text(f'audit.fault.{fault.kind.value}', spoken())}"


def _between(since: str | None, until: str | None, zone: str) -> "RecordFilter":
    from datetime import timedelta

    from geo.audit.store import RecordFilter
    from geo.clock import start_of

    def day(value: str | None, option: str, ahead: int) -> datetime | None:
        if value is None:
            return None
        try:
            return start_of(date.fromisoformat(value) + timedelta(days=ahead), zone)
        except (ValueError, OverflowError):
            raise typer.BadParameter(say("audit.export.day"), param_hint=option) from None

    return RecordFilter(since=day(since, "--from", 0), until=day(until, "--to", 1))


def _subject(named: str | None, household: int | None) -> tuple[str, int]:
    if household is not None and named is None:
        return "household", household
    kind, _, row = (named or "").partition(":")
    if household is not None or not kind.isidentifier() or not _is_id(row):
        raise typer.BadParameter(say("audit.who.form"))
    return kind, int(row)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 19
