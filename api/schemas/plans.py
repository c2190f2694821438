"""Bodies and queries of boundary plans."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

import numpy as np
import orjson
import shapely
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.params import Flag, Words
from api.schemas.lists import IdText, ListBody, PageQuery
from api.schemas.plan_operations import OPERATION, OPERATIONS
from geo.checks.outcomes import CheckState, Outcome
from geo.grid.plans.checks import Problem, Weight
from geo.grid.plans.difference import CellChange, Change
from geo.grid.plans.impact import Impact, Load
from geo.grid.plans.lifecycle import PlanState
from geo.grid.plans.model import BoundaryPlan, PlanExcuse, PlanOperation
from geo.grid.plans.rules import SIZES
from geo.texts import Lang, text

_STRICT = ConfigDict(extra="forbid")
Title = Annotated[str, Field(min_length=1, max_length=100)]
PlanNote = Annotated[str, Field(max_length=1000)]
Reason = Annotated[str, Field(max_length=500)]
GeoJson = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", "required": ["type", "coordinates"]})
]
Operations = Annotated[list[Any], WithJsonSchema(OPERATIONS)]
OneOperation = Annotated[dict[str, Any], WithJsonSchema(OPERATION)]


class PlansQuery(PageQuery):
    """Which plans."""

    state: PlanState | None = None
    cell: Words | None = None


class CoverageQuery(BaseModel):
    """Which coverage."""

    published: Flag | None = None


class CellsFileQuery(BaseModel):
    """In which format."""

    f: Literal["geojson", "gpkg"] | None = None


class CellsUploadQuery(BaseModel):
    """In which system the coordinates of a file are."""

    crs: Words | None = None


class NewPlanBody(BaseModel):
    """A plan to begin."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"cell": "340603002001", "title": "供电社区网格调整"}]},
    )

    cell: Words
    title: Title
    note: PlanNote = ""


class PlanTextBody(BaseModel):
    """What a plan is called, and why it is made."""

    model_config = _STRICT

    title: Title | None = None
    note: PlanNote | None = None


class OperationsBody(BaseModel):
    """Operations to do, all of them or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "crs": "wgs84",
                    "operations": [
                        {
                            "op": "split",
                            "cell": "340603002001001",
                            "line": [[116.79, 33.955], [116.795, 33.955]],
                        }
                    ],
                }
            ]
        },
    )

    crs: Annotated[str, Field(min_length=1, max_length=100)] = "wgs84"
    operations: Operations


class ApprovalBody(BaseModel):
    """From when a plan shall hold; null for at once."""

    model_config = _STRICT

    effective_at: datetime | None = None


class PlanReasonBody(BaseModel):
    """Why a plan goes back."""

    model_config = _STRICT

    reason: Reason


class ExcuseBody(BaseModel):
    """Why a cell may break the size rule."""

    model_config = _STRICT

    code: Words
    reason: Annotated[str, Field(min_length=4, max_length=200)]


class RestoreBody(BaseModel):
    """What to take back."""

    model_config = _STRICT

    cell: Words
    title: Title | None = None
    note: PlanNote = ""


class PlanOperationBody(BaseModel):
    """One operation of a plan."""

    n: int
    operation: OneOperation
    made_by: str
    made_at: datetime

    @classmethod
    def of(cls, row: PlanOperation) -> Self:
        """Return the body of an operation."""
        return cls(n=row.place, operation=row.operation, made_by=row.made_by, made_at=row.made_at)


class PlanExcuseBody(BaseModel):
    """Why a cell may break the size rule, and who says so."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    reason: str
    made_by: str
    made_at: datetime


class PlanBody(BaseModel):
    """A boundary plan."""

    model_config = ConfigDict(from_attributes=True)

    id: IdText
    cell: str
    title: str
    note: str
    state: PlanState
    revision: int
    base: int
    current: int
    author: str
    created_at: datetime
    changed_at: datetime
    submitter: str | None
    submitted_at: datetime | None
    approver: str | None
    approved_at: datetime | None
    effective_at: datetime | None
    published: int | None
    ended_by: str | None
    reason: str

    @classmethod
    def of(cls, row: BoundaryPlan, cell: str, current: int) -> Self:
        """Return the body of a plan; ``current`` is the publication that holds now."""
        own = {name: getattr(row, name) for name in PlanBody.model_fields if hasattr(row, name)}
        return cls(**{**own, "cell": cell, "current": current})


class PlanCheckBody(BaseModel):
    """What the check of everything found after the plan was published."""

    model_config = ConfigDict(from_attributes=True)

    state: CheckState
    places: int
    gap_m2: float
    overlap_m2: float
    nesting_m2: float


class PlanDetailBody(PlanBody):
    """A boundary plan with its operations."""

    operations: list[PlanOperationBody]
    excuses: list[PlanExcuseBody]
    stale: list[str]
    sizes: dict[int, tuple[int, int]]
    check: PlanCheckBody | None

    @classmethod
    def whole(
        cls,
        plan: PlanBody,
        operations: Sequence[PlanOperation],
        excuses: Mapping[str, PlanExcuse],
        stale: Sequence[str],
        check: Outcome | None = None,
    ) -> Self:
        """Return the body of a plan with all that is in it."""
        return cls(
            **plan.model_dump(),
            operations=[PlanOperationBody.of(row) for row in operations],
            excuses=[PlanExcuseBody.model_validate(row) for row in excuses.values()],
            stale=list(stale),
            sizes=dict(SIZES),
            check=None if check is None else PlanCheckBody.model_validate(check),
        )


class PlanListBody(ListBody[PlanBody]):
    """A page of plans in the order of their areas."""


class LoadBody(BaseModel):
    """What a cell holds."""

    model_config = ConfigDict(from_attributes=True)

    buildings: int
    households: int
    persons: int


class ProblemBody(BaseModel):
    """Something that is wrong with a plan, or to be explained."""

    kind: str
    weight: Weight
    code: str
    lon: float | None
    lat: float | None
    detail: str
    reason: str | None
    open: bool

    @classmethod
    def of(cls, problem: Problem, lang: Lang) -> Self:
        """Return the body of a problem in a language."""
        facts = {"code": problem.code, **problem.facts}
        return cls(
            kind=problem.kind,
            weight=problem.weight,
            code=problem.code,
            lon=problem.lon,
            lat=problem.lat,
            detail=text(f"plans.problem.{problem.kind}", lang, **facts),
            reason=problem.reason,
            open=problem.is_open,
        )


class ProblemsBody(BaseModel):
    """All that is wrong with a plan, or to be explained."""

    revision: int
    problems: list[ProblemBody]


class ChangedCellBody(BaseModel):
    """A cell that a plan changes."""

    code: str
    change: Change
    name: str
    level: int | None
    parent: str | None
    former_name: str | None
    former_parent: str | None
    gained_m2: float
    lost_m2: float
    polygon: GeoJson | None

    @classmethod
    def of(cls, change: CellChange, *, polygon: bool = True) -> Self:
        """Return the body of a changed cell."""
        before, after = change.before, change.after
        told = after or before
        shown = polygon and change.shape is not None
        return cls(
            code=change.code,
            change=change.change,
            name=told.name if told else "",
            level=told.level if told else None,
            parent=told.parent if told else None,
            former_name=before.name if before else None,
            former_parent=before.parent if before else None,
            gained_m2=change.gained_m2,
            lost_m2=change.lost_m2,
            polygon=as_geojson(change.shape) if shown else None,
        )


class EditedBody(BaseModel):
    """What an edit did."""

    id: IdText
    revision: int
    count: int
    changed: list[ChangedCellBody]
    removed: list[str]
    counts: dict[str, LoadBody]
    outline_moved_m2: float
    problems: list[ProblemBody]


class DifferenceBody(BaseModel):
    """A plan beside the publication it begins from."""

    revision: int
    base: int
    current: int
    stale: list[str]
    cells: list[ChangedCellBody]


class CellImpactBody(BaseModel):
    """What a cell holds before and after; null where it is not there."""

    code: str
    name: str
    before: LoadBody | None
    after: LoadBody | None


class MoveBody(BaseModel):
    """A building that goes to another cell."""

    model_config = ConfigDict(from_attributes=True)

    building: str
    name: str
    from_code: str | None
    to_code: str | None
    households: int
    persons: int


class WorkerImpactBody(BaseModel):
    """Whose load changes; ``after`` is null when the cell ends."""

    worker: str
    name: str
    post: str
    primary: bool
    cell: str
    households_before: int
    households_after: int | None


class ImpactBody(BaseModel):
    """What a plan moves."""

    revision: int
    buildings: int
    households: int
    persons: int
    cells: list[CellImpactBody]
    moves: list[MoveBody]
    workers: list[WorkerImpactBody]
    unattended: list[str]

    @classmethod
    def of(cls, found: Impact, revision: int) -> Self:
        """Return the body of what a plan moves."""
        return cls(
            revision=revision,
            buildings=len(found.moves),
            households=sum(move.households for move in found.moves),
            persons=sum(move.persons for move in found.moves),
            cells=[
                CellImpactBody(
                    code=one.code, name=one.name, before=_load(one.before), after=_load(one.after)
                )
                for one in found.cells
            ],
            moves=[MoveBody.model_validate(move) for move in found.moves],
            workers=[
                WorkerImpactBody(
                    worker=one.duty.code,
                    name=one.duty.name,
                    post=one.duty.post,
                    primary=one.duty.is_primary,
                    cell=one.duty.cell,
                    households_before=one.before,
                    households_after=one.after,
                )
                for one in found.workers
            ],
            unattended=found.unattended,
        )


class ArcsBody(BaseModel):
    """Borders once each, and each ring the arcs it runs along; numbers of the storage grid."""

    shift: int
    origin: list[int]
    len: list[int]
    x: list[int]
    y: list[int]
    ref: list[int]
    rings: list[int]
    polys: list[int]
    parts: list[int]


class PlanCoverageBody(BaseModel):
    """The leaves of a plan's area as arcs, in the order of their codes."""

    revision: int
    codes: list[str]
    names: list[str]
    parents: list[str | None]
    levels: list[int]
    buildings: list[int]
    households: list[int]
    arcs: ArcsBody


def as_geojson(shape: Any) -> dict[str, Any]:
    """Return a shape as GeoJSON, 7 decimals: each position names one point of the storage grid."""
    shown = shapely.transform(shape, lambda points: np.round(points, 7))
    made: dict[str, Any] = orjson.loads(shapely.to_geojson(shown))
    return made


def _load(load: Load | None) -> LoadBody | None:
    return None if load is None else LoadBody.model_validate(load)
