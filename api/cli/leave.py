"""``wangge leave``: who is away and who stands in — add, list, end.

For the operator of the machine, who needs no sign-in; everything is recorded as ``system:leave``.
"""

from datetime import datetime
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say

if TYPE_CHECKING:
    from api.params import Moment
    from geo.workforce.leaves.store import LeaveRow

leave = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=say("json"))]
Day = Annotated[str | None, typer.Option(help=say("leave.begins"))]

_TASK = "leave"
_SHOWN = 10_000


@leave.command("add", help=say("leave.add.help"))
def add(
    worker: Annotated[str, typer.Argument(help=say("leave.worker"))],
    substitute: Annotated[str | None, typer.Option(help=say("leave.substitute"))] = None,
    begins: Day = None,
    ends: Annotated[str | None, typer.Option(help=say("leave.ends"))] = None,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from api.schemas.workers import NewLeaveBody
    from geo.access.actors import Actor
    from geo.clock import local_day
    from geo.workforce.leaves import service

    asked = NewLeaveBody.model_construct(
        worker=worker,
        substitute=substitute,
        begins=_moment(begins, "--begins"),
        ends=_moment(ends, "--ends"),
    )
    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        zone = runtime.settings.time_zone
        made = service.add_leave(work, asked.asked(local_day(work.now, zone), zone))
        row, now = service.written_leave(work, made), work.now
    _show([row], now, zone, json=json, done="leave.add.done")


@leave.command("list", help=say("leave.list.help"))
def list_(json: Json = False) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.db.paging import Page
    from geo.workforce.leaves import service
    from geo.workforce.leaves.store import LeaveFilter

    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        now, zone = work.now, runtime.settings.time_zone
        found = service.list_leaves(work, LeaveFilter(now), Page(_SHOWN))
    _show(found.rows, now, zone, json=json)
    if found.after is not None:
        typer.echo(say("leave.list.more", most=_SHOWN), err=True)


@leave.command("end", help=say("leave.end.help"))
def end(
    number: Annotated[int, typer.Argument(min=1, help=say("leave.number"))], json: Json = False
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.workforce.leaves import service

    with opened() as runtime, runtime.work(Actor.system(_TASK)) as work:
        service.end_leave(work, number)
        row, now = service.written_leave(work, number), work.now
    _show([row], now, runtime.settings.time_zone, json=json, done="leave.end.done")


def _moment(text: str | None, option: str) -> "Moment | None":
    from pydantic_core import PydanticCustomError

    from api.params import moment

    try:
        return None if text is None else moment(text)
    except PydanticCustomError as error:
        wrong = say("leave.moment_wrong", value=text)
        raise typer.BadParameter(wrong, param_hint=option) from error


def _show(rows: "list[LeaveRow]", now: datetime, zone: str, *, json: bool, done: str = "") -> None:
    """Print leaves with their numbers; with ``done`` the one that was written."""
    from api.schemas.workers import LeaveBody

    if json:
        bodies = [LeaveBody.of(row, now).model_dump(mode="json") for row in rows]
        typer.echo(dumps(bodies[0] if done else bodies, ensure_ascii=False, indent=2))
    elif done:
        typer.echo(say(done, name=rows[0].worker_name, number=rows[0].id))
    elif not rows:
        typer.echo(say("leave.list.none"))
    else:
        for row in rows:
            typer.echo(_line(row, now, zone))


def _line(row: "LeaveRow", now: datetime, zone: str) -> str:
    """Return a leave as one line: number, who, from when to when, who stands in."""
    state = say("leave.away" if row.holds(now) else "leave.soon")
    times = f"{_time(row.begins_at, zone)} – {_time(row.ends_at, zone)}"
    who = f"{row.worker_name} {row.worker_code}"
    other = row.substitute_code and f"{row.substitute_name} {row.substitute_code}"
    return f"{row.id:>6}  {state}  {who}  {times}  → {other or say('leave.nobody')}"


def _time(moment: datetime | None, zone: str) -> str:
    from zoneinfo import ZoneInfo

    if moment is None:
        return "…"
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
