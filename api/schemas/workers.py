"""Bodies and queries of posts, workers and assignments."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.params import AsOf, Flag, Moment, Words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.clock import start_of
from geo.workforce.appointing import NewAssignment
from geo.workforce.leaves.service import NewLeave
from geo.workforce.leaves.store import LeaveRow
from geo.workforce.model import Post
from geo.workforce.store import AssignmentRow, WorkerRow

Code = Annotated[str, Field(min_length=1, max_length=100)]
TargetKind = Literal["cell", "estate", "building", "stairwell", "unit", "household"]


class WorkersQuery(PageQuery):
    """Which workers."""

    q: Words | None = Field(None, description="A part of the name, or how the code begins")
    cell: Words | None = None
    former: Flag | None = None


class AssignmentsQuery(PageQuery):
    """Which assignments."""

    worker: Words | None = None
    cell: Words | None = None
    building: Words | None = None
    post: Words | None = None
    as_of: AsOf | None = None


class PostBody(BaseModel):
    """A post somebody may hold at a place."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name_zh: str
    name_en: str
    rank: int
    overlay: bool

    @classmethod
    def of(cls, row: Post) -> Self:
        """Return the body of a post."""
        return cls.model_validate(row)


class PostListBody(ListBody[PostBody]):
    """Every post, in the order of a team."""


class WorkerBody(BaseModel):
    """Somebody who works in a cell. Personal."""

    model_config = ConfigDict(from_attributes=True)

    id: IdText
    code: str
    name: str
    duty_phone: str | None
    cell_code: str | None
    employed_from: date | None
    employed_to: date | None

    @classmethod
    def of(cls, row: WorkerRow, *, phones: bool) -> Self:
        """Return the body of a worker, with the duty phone where the deployment shows phones."""
        body = cls.model_validate(row)
        return body.model_copy(update={"duty_phone": (phones and row.duty_phone) or None})


class WorkerListBody(ListBody[WorkerBody]):
    """A page of workers."""


class WorkerNameBody(BaseModel):
    """A worker by code and name."""

    code: str
    name: str


class TargetBody(BaseModel):
    """What an assignment is for; ``code`` is of the cell, estate or building."""

    kind: TargetKind
    code: str | None
    stairwell: int | None = None
    unit_id: IdText | None = None
    unit_number: str | None = None
    household_id: IdText | None = None


class AssignmentBody(BaseModel):
    """Who answers for what. Personal."""

    id: IdText
    worker: WorkerNameBody | None
    post: str
    is_primary: bool
    target: TargetBody
    valid_from: datetime
    valid_to: datetime | None

    @classmethod
    def of(cls, row: AssignmentRow) -> Self:
        """Return the body of an assignment; its worker is None beyond the asker's areas."""
        worker = None
        if row.worker_code is not None:
            worker = WorkerNameBody(code=row.worker_code, name=row.worker_name or "")
        return cls(
            id=row.id,
            worker=worker,
            post=row.post,
            is_primary=row.is_primary,
            target=_target(row),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )


class AssignmentListBody(ListBody[AssignmentBody]):
    """A page of assignments."""


class NewAssignmentBody(BaseModel):
    """Somebody who is to answer for exactly one of cell, building and estate."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"worker": "340603002001W0003", "post": "grid_worker", "cell": "340603002001006"}
            ]
        },
    )

    worker: Code
    post: Code
    cell: Code | None = None
    building: Code | None = None
    estate: Code | None = None
    stairwell: int | None = Field(None, ge=1, le=99)
    is_primary: bool = False
    version: int | None = Field(None, ge=0, le=2**31 - 1)

    def asked(self) -> NewAssignment:
        """Return what is asked for."""
        return NewAssignment(
            worker=self.worker,
            post=self.post,
            cell=self.cell,
            building=self.building,
            estate=self.estate,
            stairwell=self.stairwell,
            primary=self.is_primary,
            version=self.version,
        )


class LeavesQuery(PageQuery):
    """Which leaves."""

    worker: Words | None = None
    cell: Words | None = None


class NewLeaveBody(BaseModel):
    """Who is away, from when to when, and who stands in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "worker": "340603002001W0003",
                    "substitute": "340603002001W0004",
                    "begins": "2026-11-23",
                    "ends": "2026-11-27",
                }
            ]
        },
    )

    worker: Code
    substitute: Code | None = None
    begins: AsOf | None = None
    ends: AsOf | None = None

    def asked(self, today: date, zone: str) -> NewLeave:
        """Return what is asked for: a day means its beginning, of today only what is left of it.

        Parameters
        ----------
        zone : in which days begin
        """
        is_today = self.begins == today and not isinstance(self.begins, datetime)
        return NewLeave(
            worker=self.worker,
            substitute=self.substitute,
            begins=None if is_today else _instant(self.begins, zone),
            ends=_instant(self.ends, zone),
        )


class LeaveBody(BaseModel):
    """A leave. Personal; why somebody is away is kept nowhere."""

    id: IdText
    worker: WorkerNameBody
    substitute: WorkerNameBody | None
    begins_at: datetime
    ends_at: datetime | None
    ended: bool
    away: bool

    @classmethod
    def of(cls, row: LeaveRow, now: datetime) -> Self:
        """Return the body of a leave; the substitute is None beyond the asker's areas."""
        other = None
        if row.substitute_code is not None:
            other = WorkerNameBody(code=row.substitute_code, name=row.substitute_name or "")
        return cls(
            id=row.id,
            worker=WorkerNameBody(code=row.worker_code, name=row.worker_name),
            substitute=other,
            begins_at=row.begins_at,
            # Called off before it began it never held: it ends where it would have begun.
            ends_at=row.ends_at and max(row.ends_at, row.begins_at),
            ended=row.ended,
            away=row.holds(now),
        )


class LeaveListBody(ListBody[LeaveBody]):
    """A page of leaves."""


def _instant(asked: Moment | None, zone: str) -> datetime | None:
    """Return the instant of a moment; of a local day its beginning."""
    if asked is None or isinstance(asked, datetime):
        return asked
    return start_of(asked, zone)


def _target(row: AssignmentRow) -> TargetBody:
    return TargetBody(
        kind=_target_kind(row),
        code=row.cell_code or row.estate_code or row.building_code,
        stairwell=row.stairwell,
        unit_id=row.unit_id,
        unit_number=row.unit_number,
        household_id=row.household_id,
    )


def _target_kind(row: AssignmentRow) -> TargetKind:
    """Return the kind of the one target that is set, the narrowest first."""
    kinds: tuple[tuple[TargetKind, object], ...] = (
        ("household", row.household_id),
        ("unit", row.unit_id),
        ("stairwell", row.stairwell),
        ("building", row.building_code),
        ("estate", row.estate_code),
    )
    return next((kind for kind, value in kinds if value is not None), "cell")
