"""Jobs: how far long work is, and how it ended."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId
from api.reading import Read
from api.schemas.jobs import JobBody, JobListBody, JobsQuery
from geo.jobs import store

router = APIRouter(prefix=f"{API}/jobs", tags=["jobs"])

_KIND, _KEY = "jobs", (int,)


@router.get("", response_model=JobListBody)
def list_jobs(query: Annotated[JobsQuery, Query()], read: Read) -> JobListBody:
    """List jobs, newest first."""
    page = read.page(query, _KIND, *_KEY)
    found = store.jobs(read.session, page, kind=query.kind, state=query.state)
    return JobListBody(
        items=[JobBody.of(row) for row in found.rows], next=read.following(_KIND, found.after)
    )


@router.get("/{id}", response_model=JobBody)
def read_job(job: Annotated[RowId, Path(alias="id")], read: Read) -> JobBody:
    """Return one job."""
    return JobBody.of(store.job_by_id(read.session, job))
