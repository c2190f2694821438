"""Who is away, from when to when, and who stands in."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.params import RowId
from api.reading import Read
from api.schemas.workers import LeaveBody, LeaveListBody, LeavesQuery, NewLeaveBody
from api.writing import Write, Writing
from geo.workforce.leaves import service
from geo.workforce.leaves.store import LeaveFilter
from geo.workforce.store import worker_by_code

router = APIRouter(prefix=f"{API}/leaves", tags=["workforce"])

_KIND, _KEY = "leaves", (str, int)
LeaveId = Annotated[RowId, Path(alias="id")]


@router.get("", response_model=LeaveListBody)
def list_leaves(query: Annotated[LeavesQuery, Query()], read: Read) -> LeaveListBody:
    """List who is away now or is going to be."""
    now = read.work.now
    worker = query.worker and worker_by_code(read.session, read.scope, query.worker, read.current)
    wanted = LeaveFilter(
        now,
        area=read.own_area(query.cell),
        worker_id=worker.id if worker else None,
    )
    found = service.list_leaves(read.work, wanted, read.page(query, _KIND, *_KEY))
    return LeaveListBody(
        items=[LeaveBody.of(row, now) for row in found.rows],
        next=read.following(_KIND, found.after),
    )


@router.post("", response_model=LeaveBody, status_code=201)
def add_leave(body: NewLeaveBody, write: Write) -> LeaveBody:
    """Say that somebody is away, and who stands in.

    A day means its beginning: `ends` is the day of return. Nothing is back-dated: today begins now.
    """
    if write.made is not None:
        return _body(int(write.made), write)
    made = service.add_leave(write.work, body.asked(write.today, write.settings.time_zone))
    write.done(201, str(made))
    return _body(made, write)


@router.post("/{id}/end", response_model=LeaveBody)
def end_leave(leave: LeaveId, write: Write) -> LeaveBody:
    """Say that somebody is back, or does not go."""
    if write.made is None:
        service.end_leave(write.work, leave)
        write.done()
    return _body(leave, write)


def _body(leave: int, write: Writing) -> LeaveBody:
    # What was written is noted; what is shown once more, under a key sent before, is noted here.
    read = service.read_leave if write.made is not None else service.written_leave
    return LeaveBody.of(read(write.work, leave), write.work.now)
