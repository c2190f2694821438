"""Divisions of a plan's cells: a job that offers an operation; it changes no draft by itself."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.access import API
from api.amending import Amend, Revision
from api.errors import lang_of
from api.params import RowId
from api.plan_desk import desk_of
from api.reading import Read, Reading
from api.schemas.plan_divisions import DivisionAskBody, DivisionJobBody
from api.writing import Write
from geo.grid.plans import divisions

router = APIRouter(prefix=f"{API}/plans/{{id}}/division", tags=["plans"])

PlanId = Annotated[RowId, Path(alias="id")]
JobId = Annotated[RowId, Path(alias="job")]


@router.post("", response_model=DivisionJobBody, status_code=202)
def ask_division(
    plan: PlanId, body: DivisionAskBody, revision: Revision, write: Write
) -> DivisionJobBody:
    """Have cells of the draft divided anew by a job."""
    if write.made is None:
        made = divisions.ask_division(desk_of(write), plan, revision, body.wanted())
        write.done(202, str(made))
    else:
        made = int(write.made)
    write.response.headers["Location"] = f"{API}/plans/{plan}/division/{made}"
    return _shown(write, plan, made)


@router.get("/{job}", response_model=DivisionJobBody)
def read_division(plan: PlanId, job: JobId, read: Read) -> DivisionJobBody:
    """Return how far a division is, and what it offers."""
    return _shown(read, plan, job)


@router.delete("/{job}", response_model=DivisionJobBody)
def stop_division(plan: PlanId, job: JobId, read: Amend) -> DivisionJobBody:
    """Stop a division; the draft is as it was."""
    return DivisionJobBody.of(divisions.stop_division(read.work, plan, job), lang_of(read.request))


def _shown(read: Reading, plan: int, job: int) -> DivisionJobBody:
    return DivisionJobBody.of(divisions.division_job(read.work, plan, job), lang_of(read.request))
