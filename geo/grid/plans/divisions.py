"""Divisions of a draft as jobs: asked for, read, stopped by whoever may edit the plan.

Nothing of them changes the draft: a job ends with an operation to look at, which is sent as any
other, for the revision it was made for.
"""

from typing import Any

from geo.audit.actions import Action
from geo.errors import GeoError, Refused
from geo.grid.plans import store
from geo.grid.plans.dividing import Ground, Wanted, ground_of
from geo.grid.plans.lifecycle import Step
from geo.grid.plans.model import BoundaryPlan
from geo.grid.plans.opening import Desk, Opened, opened
from geo.grid.plans.service import held, note_of, plan_changed
from geo.jobs import store as jobs
from geo.jobs.model import Job
from geo.jobs.service import enqueue
from geo.work import Work

KIND = "plan.division"


class DivisionRunning(Refused):
    """Somebody else has the plan divided just now."""

    code = "plan_division_running"


def ask_division(desk: Desk, plan_id: int, revision: int, wanted: Wanted) -> int:
    """Queue a division of cells of a draft; return the id of its job. An own open one is stopped.

    Raises
    ------
    PlanChanged
        When somebody changed the plan since ``revision``.
    DivisionRefused, EditRefused
        When it can be told beforehand that it cannot be.
    DivisionRunning
        When somebody else's division of the plan has not ended.
    """
    work = desk.work
    plan = held(work, plan_id, revision, Step.EDIT)
    prepared(opened(desk, plan), wanted)
    found = jobs.open_job(work.session, KIND, str(plan.id))
    if found is not None:
        if found.actor != work.actor.name:
            raise DivisionRunning(job=str(found.id), by=found.actor)
        jobs.cancel(work.session, found.id)
    payload = {"plan": str(plan.id), "revision": revision, "wanted": wanted.as_json()}
    made = enqueue(work, kind=KIND, payload=payload, unique_key=str(plan.id))
    if made is None:
        raise DivisionRunning(job="-", by="-")
    work.note(note_of(Action.PLAN_DIVIDE, plan, after={"job": made, **_said(wanted)}))
    return made


def division_job(work: Work, plan_id: int, job: int) -> Job:
    """Return the job of a division of a plan.

    Raises
    ------
    PlanUnknown, JobUnknown
        When there is no such plan within the scope, or the job is none of its divisions.
    """
    plan = store.plan_by_id(work.session, work.scope, plan_id)
    found = jobs.job_by_id(work.session, job)
    if found.kind != KIND or found.payload.get("plan") != str(plan.id):
        raise jobs.JobUnknown(value=str(job))
    return found


def stop_division(work: Work, plan_id: int, job: int) -> Job:
    """Stop a division; one that has ended stays as it is."""
    found = division_job(work, plan_id, job)
    if jobs.cancel(work.session, found.id):
        plan = store.plan_by_id(work.session, work.scope, plan_id)
        work.note(note_of(Action.PLAN_DIVIDE, plan, after={"job": found.id, "stopped": True}))
        work.session.refresh(found)
    return found


def opened_for(desk: Desk, payload: dict[str, Any]) -> tuple[Opened, Ground]:
    """Return the plan of a division's job, and its ground.

    Raises
    ------
    PlanChanged
        When somebody changed the plan since it was asked for.
    """
    session, revision = desk.work.session, int(payload["revision"])
    plan: BoundaryPlan = store.plan_by_id(session, desk.work.scope, int(payload["plan"]))
    if plan.revision != revision:
        raise plan_changed(session, plan, revision)
    found = opened(desk, plan)
    return found, prepared(found, Wanted.of(payload["wanted"]))


def prepared(found: Opened, wanted: Wanted) -> Ground:
    """Return the ground of a plan that is to be divided."""
    return ground_of(found.draft, wanted, found.known.stock(), found.known.barrier_lines())


def refusal_of(error: GeoError) -> dict[str, Any]:
    """Return why a division could not be made, as a job keeps it, in both languages."""
    return {"code": error.code, "zh": error.message("zh"), "en": error.message("en")}


def _said(wanted: Wanted) -> dict[str, Any]:
    told = {name: value for name, value in wanted.as_json().items() if value not in (None, [])}
    return {**told, "cells": list(wanted.cells)[:100], "locked": list(wanted.locked)[:100]}
