"""Boundary plans: drafted, edited by operations, checked, approved by another person, published."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api import plan_files
from api.access import API
from api.amending import Amend, Revision
from api.params import RowId
from api.plan_desk import (
    coverage_shown,
    desk_of,
    detail,
    difference_shown,
    edit_shown,
    impact_shown,
    listed,
    plan_of,
    problems_shown,
)
from api.plan_files import PlanFile
from api.reading import Read, Reading
from api.schemas.plan_changes import (
    DifferenceBody,
    EditedBody,
    ImpactBody,
    PlanCoverageBody,
    ProblemsBody,
)
from api.schemas.plan_requests import (
    ApprovalBody,
    CellsFileQuery,
    CellsUploadQuery,
    CoverageQuery,
    ExcuseBody,
    NewPlanBody,
    OperationsBody,
    PlanReasonBody,
    PlansQuery,
    PlanTextBody,
    RestoreBody,
)
from api.schemas.plans import PlanDetailBody, PlanListBody
from api.writing import Write
from geo.grid import listing
from geo.grid.plans import reading, service, store
from geo.grid.plans.moving import moved_by
from geo.grid.plans.opening import opened
from geo.grid.plans.service import Edited
from geo.grid.plans.store import PlanFilter
from geo.texts import text

router = APIRouter(prefix=f"{API}/plans", tags=["plans"])
restoring = APIRouter(prefix=f"{API}/publications", tags=["plans"])

PlanId = Annotated[RowId, Path(alias="id")]

_KIND, _KEY = "plans", (str, int)


@router.get("", response_model=PlanListBody)
def list_plans(query: Annotated[PlansQuery, Query()], read: Read) -> PlanListBody:
    """List the boundary plans of the own areas."""
    wanted = PlanFilter(state=query.state, area=read.own_area(query.cell))
    page = read.page(query, _KIND, *_KEY)
    found = store.plans(read.session, read.scope, wanted, page)
    return PlanListBody(items=listed(read, found.rows), next=read.following(_KIND, found.after))


@router.post("", response_model=PlanDetailBody, status_code=201)
def add_plan(body: NewPlanBody, write: Write) -> PlanDetailBody:
    """Begin a boundary plan for a cell and all below it."""
    if write.made is None:
        made = service.begin_plan(write.work, body.cell, title=body.title, note=body.note).id
        write.done(201, str(made))
    else:
        made = int(write.made)
    write.response.headers["Location"] = f"{API}/plans/{made}"
    return detail(write, made)


@router.get("/{id}", response_model=PlanDetailBody)
def read_plan(plan: PlanId, read: Read) -> PlanDetailBody:
    """Return a boundary plan with its operations."""
    return detail(read, plan)


@router.patch("/{id}", response_model=PlanDetailBody)
def change_plan(
    plan: PlanId, body: PlanTextBody, revision: Revision, read: Amend
) -> PlanDetailBody:
    """Give a boundary plan another title or note."""
    service.retold(desk_of(read), plan, revision, title=body.title, note=body.note)
    return detail(read, plan)


@router.delete("/{id}", response_model=PlanDetailBody)
def withdraw_plan(plan: PlanId, revision: Revision, read: Amend) -> PlanDetailBody:
    """Give a boundary plan up; it stays on record."""
    service.withdrawn(desk_of(read), plan, revision)
    return detail(read, plan)


@router.post("/{id}/operations", response_model=EditedBody)
def add_operations(
    plan: PlanId, body: OperationsBody, revision: Revision, write: Write
) -> EditedBody:
    """Do operations, all of them or none."""
    if write.made is not None:
        return _as_it_is(write, plan)
    operations = reading.operations(body.operations, body.crs)
    edited = service.edited(desk_of(write), plan, revision, operations)
    write.done()
    return edit_shown(write, edited)


@router.delete("/{id}/operations/{n}", response_model=EditedBody)
def undo_operations(
    plan: PlanId, n: Annotated[int, Path(ge=0, le=10_000)], revision: Revision, read: Amend
) -> EditedBody:
    """Undo the last operations; the first ``n`` stay."""
    return edit_shown(read, service.undone(desk_of(read), plan, revision, n))


@router.get("/{id}/coverage", response_model=PlanCoverageBody)
def read_plan_coverage(
    plan: PlanId, query: Annotated[CoverageQuery, Query()], read: Read
) -> PlanCoverageBody:
    """Return the leaves of the draft, or of the publication it begins from, as arcs."""
    return coverage_shown(read, plan_of(read, plan), published=bool(query.published))


@router.get("/{id}/cells", response_class=Response, responses=plan_files.RESPONSES)
def download_plan_cells(
    plan: PlanId, query: Annotated[CellsFileQuery, Query()], read: Read
) -> Response:
    """Return the leaves of the draft as a file for a GIS."""
    accepts = read.request.headers.get("accept", "")
    suffix = ".gpkg" if query.f == "gpkg" or plan_files.GPKG in accepts else ".geojson"
    found = plan_of(read, plan)
    answer = plan_files.cells_file(found, suffix)
    answer.headers["ETag"] = read.response.headers["ETag"]
    return answer


@router.put("/{id}/cells", response_model=EditedBody, openapi_extra=plan_files.REQUEST)
def upload_plan_cells(
    plan: PlanId,
    query: Annotated[CellsUploadQuery, Query()],
    revision: Revision,
    read: Amend,
    file: PlanFile,
) -> EditedBody:
    """Take cells that were drawn in a GIS; what differs from the draft becomes operations."""
    cells = plan_files.cells_of(file, query.crs)
    return edit_shown(read, service.uploaded(desk_of(read), plan, revision, cells))


@router.get("/{id}/problems", response_model=ProblemsBody)
def list_plan_problems(plan: PlanId, read: Read) -> ProblemsBody:
    """List what is wrong with the draft, or to be explained."""
    found = plan_of(read, plan)
    return ProblemsBody(revision=found.plan.revision, problems=problems_shown(read, found))


@router.get("/{id}/impact", response_model=ImpactBody)
def read_plan_impact(plan: PlanId, read: Read) -> ImpactBody:
    """Return what the plan moves, or moved: buildings, households, persons, whose load changes."""
    found = plan_of(read, plan)
    return impact_shown(read, found, moved_by(read.work, found))


@router.get("/{id}/difference", response_model=DifferenceBody)
def read_plan_difference(plan: PlanId, read: Read) -> DifferenceBody:
    """Return the draft beside the publication it begins from, cell by cell."""
    return difference_shown(read, plan_of(read, plan))


@router.post("/{id}/excuse", response_model=PlanDetailBody)
def excuse_cell(plan: PlanId, body: ExcuseBody, revision: Revision, write: Write) -> PlanDetailBody:
    """Record why a cell may break the size rule."""
    if write.made is None:
        service.excused(desk_of(write), plan, revision, body.cell, body.reason)
        write.done()
    return detail(write, plan)


@router.post("/{id}/rebase", response_model=PlanDetailBody)
def rebase_plan(plan: PlanId, revision: Revision, write: Write) -> PlanDetailBody:
    """Begin the operations from the grid of now, having looked at what others changed."""
    if write.made is None:
        service.rebased(desk_of(write), plan, revision)
        write.done()
    return detail(write, plan)


@router.post("/{id}/submit", response_model=PlanDetailBody)
def submit_plan(plan: PlanId, revision: Revision, write: Write) -> PlanDetailBody:
    """Hand a plan in to be approved by another person."""
    if write.made is None:
        service.submitted(desk_of(write), plan, revision)
        write.done()
    return detail(write, plan)


@router.post("/{id}/approve", response_model=PlanDetailBody)
def approve_plan(
    plan: PlanId, body: ApprovalBody, revision: Revision, write: Write
) -> PlanDetailBody:
    """Approve a plan; it is published when its moment comes."""
    if write.made is None:
        service.approved(desk_of(write), plan, revision, body.effective_at)
        write.done()
    return detail(write, plan)


@router.post("/{id}/return", response_model=PlanDetailBody)
def return_plan(
    plan: PlanId, body: PlanReasonBody, revision: Revision, write: Write
) -> PlanDetailBody:
    """Give a plan back with a reason."""
    if write.made is None:
        service.returned(desk_of(write), plan, revision, body.reason)
        write.done()
    return detail(write, plan)


@restoring.post("/{number}/restore", response_model=PlanDetailBody, status_code=201)
def restore_publication(
    number: Annotated[RowId, Path()], body: RestoreBody, write: Write, response: Response
) -> PlanDetailBody:
    """Begin a plan that takes a cell and all below it back to an older publication."""
    if write.made is None:
        listing.publication_by_number(write.session, number, write.work.now)
        said = text("plans.restore.title", write.settings.lang, number=number)
        edited = service.begin_restore(
            desk_of(write), number, body.cell, title=body.title or said, note=body.note
        )
        made = edited.opened.plan.id
        write.done(201, str(made))
    else:
        made = int(write.made)
    response.headers["Location"] = f"{API}/plans/{made}"
    return detail(write, made)


def _as_it_is(read: Reading, plan: int) -> EditedBody:
    """Return the answer to an edit that was done before under the same key."""
    row = store.plan_by_id(read.session, read.scope, plan)
    found = opened(desk_of(read), row)
    return edit_shown(read, Edited(found, found.draft))
