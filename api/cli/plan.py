"""``wangge plan``: boundary plans from the shell: new, apply, check, diff, submit, publish, revert.

Whoever works names an account by ``--as``; its roles and areas count, and nobody approves what they
have worked on. What changes the published grid is a dry run until ``--commit``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.plan_told import line_of, newest, print_json, tell, tell_difference, tell_problems
from api.cli.words import say

if TYPE_CHECKING:
    from api.cli.plan_desk import CommandDesk
    from geo.access.actors import Actor
    from geo.access.roles import Permission
    from geo.grid.plans.opening import Desk
    from geo.grid.plans.operations import Operation
    from geo.runtime import Runtime
    from geo.work import Work

plan = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=say("json"))]
Plan = Annotated[int, typer.Argument(min=1, help=say("plan.id"))]
As = Annotated[str | None, typer.Option("--as", help=say("plan.as"))]
Title = Annotated[str, typer.Option(help=say("plan.title"))]
Note = Annotated[str, typer.Option(help=say("plan.note"))]
Commit = Annotated[bool, typer.Option("--commit/--dry-run", help=say("plan.commit"))]


@plan.command("new", help=say("plan.new.help"))
def new(
    cell: Annotated[str, typer.Argument(help=say("plan.cell"))],
    title: Title,
    note: Note = "",
    who: As = None,
    json: Json = False,
) -> None:
    from geo.grid.plans import service

    with _working(who) as desk:
        tell(desk, service.begin_plan(desk.work, cell, title=title, note=note), json=json)


@plan.command("list", help=say("plan.list.help"))
def list_(
    state: Annotated[str | None, typer.Option(help=say("plan.state"))] = None,
    who: As = None,
    json: Json = False,
) -> None:
    from api.plan_bodies import bodies_of
    from geo.db.paging import Page
    from geo.grid.plans import store
    from geo.grid.plans.lifecycle import PlanState

    known = {one.value for one in PlanState}
    if state is not None and state not in known:
        wrong = say("wrong.none_of", value=repr(state), choices=", ".join(sorted(known)))
        raise typer.BadParameter(wrong, param_hint="--state")
    wanted = store.PlanFilter(state=PlanState(state) if state else None)
    with _reading(who) as desk:
        rows = store.plans(desk.work.session, desk.work.scope, wanted, Page(1_000)).rows
        codes = store.area_codes(desk.work.session, [row.cell_id for row in rows])
        bodies = bodies_of(desk.work.session, rows, newest(desk.work)) if json else []
    if json:
        print_json([body.model_dump(mode="json") for body in bodies])
        return
    for row in rows:
        typer.echo(line_of(row, codes.get(row.cell_id, "")))


@plan.command("show", help=say("plan.show.help"))
def show(plan_id: Plan, who: As = None, json: Json = False) -> None:
    from geo.grid.plans import store

    with _reading(who) as desk:
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        tell(desk, row, json=json)


@plan.command("apply", help=say("plan.apply.help"))
def apply(
    plan_id: Plan,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("plan.file"))],
    crs: Annotated[str | None, typer.Option(help=say("plan.crs"))] = None,
    who: As = None,
    json: Json = False,
) -> None:
    from geo.exchange.plan_cells import read_cells
    from geo.grid.plans import service

    is_cells = file.suffix in (".gpkg", ".geojson")
    cells = read_cells(file, crs) if is_cells else None
    operations = [] if is_cells else _operations(file, crs or "wgs84")
    with _working(who) as desk:
        revision = _revision(desk, plan_id)
        if cells is not None:
            edited = service.uploaded(desk, plan_id, revision, cells)
        else:
            edited = service.edited(desk, plan_id, revision, operations)
        tell_difference(edited.opened, json=json)


@plan.command("cells", help=say("plan.cells.help"))
def cells(
    plan_id: Plan,
    output: Annotated[Path, typer.Option("-o", "--output", help=say("plan.output"))],
    force: Annotated[bool, typer.Option("--force", help=say("locate.force"))] = False,
    who: As = None,
) -> None:
    from geo.exchange.located.outputs import check_output, placed
    from geo.exchange.plan_cells import cells_frame, write_cells
    from geo.grid.plans import store
    from geo.grid.plans.impact import loads, owners
    from geo.grid.plans.opening import opened

    if output.suffix not in (".gpkg", ".geojson"):
        raise typer.BadParameter(say("plan.output"), param_hint="-o")
    check_output(output, force=force)
    with _reading(who) as desk:
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        found = opened(desk, row)
        stock = found.known.stock()
        frame = cells_frame(found.draft, loads(owners(found.draft, stock), stock))
    with placed(output, force=force) as aside:
        write_cells(frame, aside)
    typer.echo(say("plan.cells.done", count=len(frame), file=output))


@plan.command("undo", help=say("plan.undo.help"))
def undo(
    plan_id: Plan,
    stay: Annotated[int, typer.Argument(min=0, help=say("plan.stay"))],
    who: As = None,
    json: Json = False,
) -> None:
    from geo.grid.plans import service

    with _working(who) as desk:
        edited = service.undone(desk, plan_id, _revision(desk, plan_id), stay)
        tell_difference(edited.opened, json=json)


@plan.command("check", help=say("plan.check.help"))
def check(plan_id: Plan, who: As = None, json: Json = False) -> None:
    from geo.grid.plans import service, store
    from geo.grid.plans.opening import opened

    with _reading(who) as desk:
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        found = service.problems_of(desk, opened(desk, row))
    tell_problems(found, json=json)
    if any(problem.is_open for problem in found):
        raise typer.Exit(1)


@plan.command("diff", help=say("plan.diff.help"))
def diff(plan_id: Plan, who: As = None, json: Json = False) -> None:
    from geo.grid.plans import store
    from geo.grid.plans.opening import opened

    with _reading(who) as desk:
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        tell_difference(opened(desk, row), json=json)


@plan.command("excuse", help=say("plan.excuse.help"))
def excuse(
    plan_id: Plan,
    code: Annotated[str, typer.Argument(help=say("plan.cell"))],
    reason: Annotated[str, typer.Argument(help=say("plan.reason"))],
    who: As = None,
    json: Json = False,
) -> None:
    from geo.grid.plans import service, store

    if not 4 <= len(reason) <= 200:
        raise typer.BadParameter(say("plan.reason"), param_hint="REASON")
    with _working(who) as desk:
        service.excused(desk, plan_id, _revision(desk, plan_id), code, reason)
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        tell(desk, row, json=json)


@plan.command("submit", help=say("plan.submit.help"))
def submit(plan_id: Plan, who: As = None, json: Json = False) -> None:
    from geo.grid.plans import service, store

    with _working(who) as desk:
        service.submitted(desk, plan_id, _revision(desk, plan_id))
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        tell(desk, row, json=json)


@plan.command("publish", help=say("plan.publish.help"))
def publish(
    plan_id: Plan,
    at: Annotated[str | None, typer.Option(help=say("plan.at"))] = None,
    who: As = None,
    commit: Commit = False,
    json: Json = False,
) -> None:
    from geo.access.roles import Permission
    from geo.grid.plans import service, store
    from geo.grid.plans.job import publish_now

    with _working(who, Permission.PLAN_APPROVE, dry_run=not commit) as desk:
        moment = _moment(at, desk.runtime.settings.time_zone) if at else None
        service.approved(desk, plan_id, _revision(desk, plan_id), moment)
        row = store.plan_by_id(desk.work.session, desk.work.scope, plan_id)
        is_due = row.effective_at is not None and row.effective_at <= desk.work.now
        runtime = desk.runtime
        if commit and is_due:
            desk.after.append(lambda: publish_now(runtime, plan_id))
        if not commit:
            tell(desk, row, json=json)
    if commit:
        show(plan_id, who, json)
    elif not json:
        typer.echo(say("plan.publish.hint"))


@plan.command("revert", help=say("plan.revert.help"))
def revert(
    number: Annotated[int, typer.Argument(min=1, help=say("plan.number"))],
    cell: Annotated[str, typer.Argument(help=say("plan.cell"))],
    title: Annotated[str | None, typer.Option(help=say("plan.title"))] = None,
    who: As = None,
    json: Json = False,
) -> None:
    from geo.grid.plans import service
    from geo.texts import text

    with _working(who) as desk:
        name = title or text("plans.restore.title", desk.runtime.settings.lang, number=number)
        edited = service.begin_restore(desk, number, cell, title=name)
        tell(desk, edited.opened.plan, json=json)


@contextmanager
def _working(
    who: str | None, wanted: "Permission | None" = None, *, dry_run: bool = False
) -> "Iterator[CommandDesk]":
    """Give a desk on which somebody changes plans; what it puts off runs after the commit."""
    from api.cli.opening import opened
    from geo.access.roles import Permission

    with opened() as runtime:
        actor = _actor(runtime, who, wanted or Permission.PLAN_DRAFT)
        with runtime.work(actor, long=True, dry_run=dry_run) as work:
            desk = _desk(runtime, work)
            yield desk
        for act in desk.after:
            act()


@contextmanager
def _reading(who: str | None) -> "Iterator[CommandDesk]":
    from api.cli.opening import opened
    from geo.access.roles import Permission

    with opened() as runtime:
        actor = _actor(runtime, who, Permission.PLAN_READ)
        with runtime.work(actor, long=True, reading=True) as work:
            yield _desk(runtime, work)


def _desk(runtime: "Runtime", work: "Work") -> "CommandDesk":
    from api.cli.plan_desk import CommandDesk
    from geo.grid.codes import CodePattern
    from geo.grid.plans.kept import Drafts

    pattern = CodePattern.of(runtime.settings.code_pattern)
    return CommandDesk(work, Drafts(), pattern, runtime=runtime)


def _actor(runtime: "Runtime", who: str | None, wanted: "Permission") -> "Actor":
    """Return who works: an account in the areas of its roles, or the operator of this machine."""
    from geo.access.actors import Actor
    from geo.accounts.standing import person_of, standing_grants
    from geo.accounts.store import account_by_login

    operator = Actor.system("plan")
    if who is None:
        return operator
    with runtime.work(operator, reading=True) as work:
        account = account_by_login(work.session, who)
        grants = standing_grants(work.session, account.id)
    return person_of(account, grants).acting(wanted)


def _operations(file: Path, crs: str) -> "list[Operation]":
    from api.bodies import strict_json
    from geo.grid.plans import reading

    said = strict_json(file.read_bytes())
    given = said.get("operations") if isinstance(said, dict) else said
    named = said.get("crs", crs) if isinstance(said, dict) else crs
    return reading.operations(given, str(named))


def _revision(desk: "Desk", plan_id: int) -> int:
    from geo.grid.plans import store

    work = desk.work
    return store.plan_by_id(work.session, work.scope, plan_id, locked=True).revision


def _moment(said: str, zone: str) -> datetime:
    from geo.clock import local_instant

    try:
        return local_instant(said, zone)
    except ValueError as error:
        wrong = say("plan.at_wrong", value=said)
        raise typer.BadParameter(wrong, param_hint="--at") from error
