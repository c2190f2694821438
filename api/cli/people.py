"""``wangge person``: what is stored on somebody, for the operator: print, erase, requests."""

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.words import say, spoken

if TYPE_CHECKING:
    from datetime import date

    from geo.people.file import PersonFile
    from geo.people.rights.store import RequestRow
    from geo.runtime import Runtime
    from geo.work import Work

person = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=say("json"))]
Household = Annotated[int, typer.Argument(min=1, help=say("person.household"))]
Reason = Annotated[str, typer.Option(help=say("person.reason"))]

_TASK = "person"
_STEP = 500


@person.command("print", help=say("person.print.help"))
def print_(
    household: Household,
    reason: Reason,
    output: Annotated[Path, typer.Option("-o", "--output", help=say("person.print.output"))],
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.exchange.located.outputs import check_output, placed
    from geo.people.rights.printing import person_file

    if output.suffix not in (".html", ".json"):
        raise typer.BadParameter(say("person.print.suffix"), param_hint="-o")
    check_output(output, force=force)
    with opened() as runtime, runtime.work(Actor.system(_TASK), reading=True) as work:
        zone = runtime.settings.time_zone
        file = person_file(work, household, _number(work), reason=reason, zone=zone)
        text = _as_json(file) if output.suffix == ".json" else _as_page(file, work, runtime)
    # The record is committed by now: without one there would be nothing to write.
    with placed(output, force=force, private=True) as aside:
        aside.write_text(text, encoding="utf-8")
    typer.echo(say("person.print.done", file=output))


@person.command("erase", help=say("person.erase.help"))
def erase(
    household: Household,
    reason: Reason,
    commit: Annotated[bool, typer.Option("--commit/--dry-run", help=say("person.commit"))] = False,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from geo.access.actors import Actor
    from geo.people.rights import erasure

    with opened() as runtime, runtime.work(Actor.system(_TASK), dry_run=not commit) as work:
        erased_at = erasure.erase(work, household, reason=reason)
        made = work.notes[-1].after or {}
    if json:
        said = {"id": str(household), "erased_at": erased_at.isoformat(), "committed": commit}
        typer.echo(dumps({**said, **made}, indent=2))
        return
    emptied = ", ".join(made["emptied"]) or "–"
    key = "person.erase.done" if commit else "person.erase.would"
    typer.echo(say(key, id=household, emptied=emptied, closed=len(made["closed"])))


@person.command("requests", help=say("person.requests.help"))
def requests(
    overdue: Annotated[bool, typer.Option("--overdue", help=say("person.requests.late"))] = False,
    every: Annotated[bool, typer.Option("--all", help=say("person.requests.all"))] = False,
    json: Json = False,
) -> None:
    from api.cli.opening import opened
    from api.schemas.data_requests import DataRequestBody
    from geo.access.actors import Actor

    with opened() as runtime, runtime.work(Actor.system(_TASK), reading=True) as work:
        today = _today(work, runtime)
        rows = _requests(work, overdue=overdue, every=every, runtime=runtime)
        bodies = [DataRequestBody.of(row, today) for row in rows]
    if json:
        typer.echo(dumps([body.model_dump(mode="json") for body in bodies], indent=2))
        return
    for body in bodies:
        late = say("person.requests.late") if body.overdue else ""
        line = f"{body.id:>8}  {body.kind.value:<10}  {body.state.value:<7}  {body.due_on}"
        typer.echo(f"{line}  {body.household_id:>8}  {body.cell_code or '–'}  {late}".rstrip())
    typer.echo(say("person.requests.count", count=len(bodies)), err=True)


def _requests(
    work: "Work", *, overdue: bool, every: bool, runtime: "Runtime"
) -> "list[RequestRow]":
    from geo.db.paging import Page
    from geo.people.rights.lifecycle import RequestState
    from geo.people.rights.reading import list_requests
    from geo.people.rights.store import RequestFilter

    wanted = RequestFilter(
        state=None if every else RequestState.OPEN,
        late_on=_today(work, runtime) if overdue else None,
    )
    rows: list[RequestRow] = []
    page = Page(_STEP)
    while True:
        found = list_requests(work, _number(work), wanted, page)
        rows += found.rows
        if found.after is None:
            return rows
        page = Page(_STEP, found.after)


def _number(work: "Work") -> int:
    from geo.grid.store import NothingPublished, publication_at

    try:
        return publication_at(work.session, work.now).number
    except NothingPublished:
        return 0


def _today(work: "Work", runtime: "Runtime") -> "date":
    from zoneinfo import ZoneInfo

    return work.now.astimezone(ZoneInfo(runtime.settings.time_zone)).date()


def _as_json(file: "PersonFile") -> str:
    from api.schemas.persons import PersonFileBody

    return PersonFileBody.of(file).model_dump_json(indent=2) + "\n"


def _as_page(file: "PersonFile", work: "Work", runtime: "Runtime") -> str:
    from geo.people.store import occupancies
    from maps.pages.person_print import print_file

    lang = spoken()
    kinds = {
        kind.code: kind.name_zh if lang == "zh" else kind.name_en
        for kind in occupancies(work.session)
    }
    settings = runtime.settings
    return print_file(file, kinds=kinds, zone=settings.time_zone, lang=lang, demo=settings.is_demo)
