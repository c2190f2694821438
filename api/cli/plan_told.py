"""What ``wangge plan`` says of plans, their differences and their problems."""

from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from api.cli.words import say, spoken

if TYPE_CHECKING:
    from api.cli.plan_desk import CommandDesk
    from geo.grid.plans.checks import Problem
    from geo.grid.plans.model import BoundaryPlan
    from geo.grid.plans.opening import Opened
    from geo.work import Work


# The first whole second at which the new grid holds: what is asked `as_of` it finds that one.
_REST = timedelta(seconds=1, microseconds=-1)


def tell(desk: "CommandDesk", row: "BoundaryPlan", *, json: bool) -> None:
    from api.plan_bodies import bodies_of
    from api.schemas.plans import PlanDetailBody
    from geo.checks.outcomes import outcome_of
    from geo.clock import local_time
    from geo.grid.plans import store

    session = desk.work.session
    code = store.area_codes(session, [row.cell_id]).get(row.cell_id, "")
    operations = store.operations_of(session, row.id)
    if json:
        (body,) = bodies_of(session, [row], newest(desk.work))
        excuses = store.excuses_of(session, row.id)
        check = outcome_of(session, row.published) if row.published else None
        whole = PlanDetailBody.whole(body, operations, excuses, [], check)
        print_json(whole.model_dump(mode="json"))
        return
    typer.echo(line_of(row, code))
    if row.effective_at is not None:
        zone = desk.runtime.settings.time_zone
        typer.echo(say("plan.effective", moment=local_time(row.effective_at, zone)))
        for moment in store.moments_of(session, [row]).values():
            typer.echo(say("plan.published", moment=local_time(moment + _REST, zone)))
    for one in operations:
        typer.echo(f"  {one.place:>3}  {one.operation['op']:<12} {one.made_by}")
    if row.reason:
        typer.echo(f"  {row.reason}")


def line_of(row: "BoundaryPlan", code: str) -> str:
    from geo.texts import text

    state = text(f"plans.state.{row.state}", spoken())
    published = f" → {row.published}" if row.published else ""
    return f"{row.id}  {code}  {row.title}  {state}{published}  r{row.revision}  {row.author}"


def tell_difference(found: "Opened", *, json: bool) -> None:
    from api.schemas.plan_changes import ChangedCellBody
    from geo.grid.plans.difference import difference

    cells = difference(found.draft)
    if json:
        bodies = [ChangedCellBody.of(one).model_dump(mode="json") for one in cells]
        print_json({"id": str(found.plan.id), "revision": found.plan.revision, "cells": bodies})
        return
    for one in cells:
        told = one.after or one.before
        name = told.name if told else ""
        typer.echo(
            f"  {one.change.value:<8} {one.code}  {name}"
            f"  +{one.gained_m2:,.1f} −{one.lost_m2:,.1f} m²"
        )


def tell_problems(found: "list[Problem]", *, json: bool) -> None:
    from api.schemas.plan_changes import ProblemBody

    bodies = [ProblemBody.of(one, spoken()) for one in found]
    if json:
        print_json([body.model_dump(mode="json") for body in bodies])
        return
    for body in bodies:
        where = "" if body.lon is None else f" ({body.lon:.7f}, {body.lat:.7f})"
        typer.echo(f"  {body.weight.value:<7} {body.detail}{where}")
    if not bodies:
        typer.echo(say("plan.check.ok"))


def print_json(said: object) -> None:
    from json import dumps

    typer.echo(dumps(said, ensure_ascii=False, indent=2))


def newest(work: "Work") -> int:
    from geo.grid.store import latest_publication

    latest = latest_publication(work.session)
    return latest.number if latest else 0
