"""Posts, workers and what they answer for."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId, Words
from api.reading import Read
from api.schemas.workers import (
    AssignmentBody,
    AssignmentListBody,
    AssignmentsQuery,
    NewAssignmentBody,
    PostBody,
    PostListBody,
    WorkerBody,
    WorkerListBody,
    WorkersQuery,
)
from api.writing import Write, Writing
from geo.workforce import reading, store
from geo.workforce.appointing import appoint, dismiss
from geo.workforce.store import AssignmentFilter, WorkerFilter

router = APIRouter(prefix=API, tags=["workforce"])

AssignmentId = Annotated[RowId, Path(alias="id")]

_WORKERS, _ASSIGNMENTS, _KEY = "workers", "assignments", (str, int)


@router.get("/posts", response_model=PostListBody)
def list_posts(read: Read) -> PostListBody:
    """List the posts there are."""
    return PostListBody(items=[PostBody.of(post) for post in store.posts(read.session)], next=None)


@router.get("/workers", response_model=WorkerListBody)
def list_workers(query: Annotated[WorkersQuery, Query()], read: Read) -> WorkerListBody:
    """List the workers in the order of the cells they are employed in."""
    wanted = WorkerFilter(
        area=read.own_area(query.cell),
        employed_on=None if query.former else read.today,
        words=query.q or "",
    )
    page = read.page(query, _WORKERS, *_KEY)
    found = reading.list_workers(read.work, read.current, wanted, page)
    phones = read.settings.show_duty_phone
    return WorkerListBody(
        items=[WorkerBody.of(row, phones=phones) for row in found.rows],
        next=read.following(_WORKERS, found.after),
    )


@router.get("/workers/{code}", response_model=WorkerBody)
def read_worker(code: Annotated[Words, Path()], read: Read) -> WorkerBody:
    """Return the worker that bears a code."""
    row = reading.read_worker(read.work, code, read.current)
    return WorkerBody.of(row, phones=read.settings.show_duty_phone)


@router.get("/assignments", response_model=AssignmentListBody)
def list_assignments(query: Annotated[AssignmentsQuery, Query()], read: Read) -> AssignmentListBody:
    """List the assignments valid at a moment in the order of their targets' cells."""
    session = read.session
    moment = read.moment(query.as_of)
    worker = query.worker and store.worker_by_code(session, read.scope, query.worker, read.current)
    wanted = AssignmentFilter(
        active_at=moment,
        area=read.own_area(query.cell),
        worker_id=worker.id if worker else None,
        building_id=read.own_building(query.building),
        post=query.post and store.post_code(session, query.post),
    )
    page = read.page(query, _ASSIGNMENTS, *_KEY)
    found = reading.list_assignments(read.work, read.current, wanted, page)
    return AssignmentListBody(
        items=[AssignmentBody.of(row) for row in found.rows],
        next=read.following(_ASSIGNMENTS, found.after),
    )


@router.post("/assignments", response_model=AssignmentBody, status_code=201)
def add_assignment(body: NewAssignmentBody, write: Write) -> AssignmentBody:
    """Let somebody answer for a cell, a building, a stairwell or an estate from now on.

    With `version`, of the answer by which the place was chosen, it is refused when other borders
    hold by now. Posts that stand beside the team never answer first.
    """
    if write.made is not None:
        return _body(int(write.made), write)
    made = appoint(write.work, body.asked())
    write.done(201, str(made))
    return _body(made, write)


@router.post("/assignments/{id}/end", response_model=AssignmentBody)
def end_assignment(assignment: AssignmentId, write: Write) -> AssignmentBody:
    """End what somebody answers for."""
    if write.made is None:
        dismiss(write.work, assignment)
        write.done()
    return _body(assignment, write)


def _body(assignment: int, write: Writing) -> AssignmentBody:
    if write.made is None:
        found = store.assignment_row(write.session, write.scope, write.current, assignment)
    else:
        found = reading.read_assignment(write.work, write.current, assignment)
    return AssignmentBody.of(found)
