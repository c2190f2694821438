"""Boundary plans as they are answered; what asks for them and what they change stand beside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.schemas.lists import IdText, ListBody
from api.schemas.plan_operations import OPERATION
from geo.checks.outcomes import CheckState, Outcome
from geo.grid.plans.lifecycle import PlanState
from geo.grid.plans.model import BoundaryPlan, PlanExcuse, PlanOperation
from geo.grid.plans.rules import SIZES

PEOPLE = ("author", "submitter", "approver")
_NOBODY: Mapping[str, str] = MappingProxyType({})
_NEVER: Mapping[int, datetime] = MappingProxyType({})

OneOperation = Annotated[dict[str, Any], WithJsonSchema(OPERATION)]


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

    cell: Annotated[str, Field(validation_alias="code")]
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
    author_name: str | None
    created_at: datetime
    changed_at: datetime
    submitter: str | None
    submitter_name: str | None
    submitted_at: datetime | None
    approver: str | None
    approver_name: str | None
    approved_at: datetime | None
    effective_at: datetime | None
    published: int | None
    published_at: datetime | None
    ended_by: str | None
    reason: str

    @classmethod
    def of(
        cls,
        row: BoundaryPlan,
        cell: str,
        current: int,
        names: Mapping[str, str] = _NOBODY,
        moments: Mapping[int, datetime] = _NEVER,
    ) -> Self:
        """Return the body of a plan.

        Parameters
        ----------
        current : the publication that holds now
        names : of people, by login; None stands where one is not there, for tasks of the system
        moments : from when publications hold, by number
        """
        own = {name: getattr(row, name) for name in PlanBody.model_fields if hasattr(row, name)}
        people = {f"{role}_name": names.get(getattr(row, role) or "") for role in PEOPLE}
        moment = None if row.published is None else moments.get(row.published)
        return cls(**{**own, **people, "cell": cell, "current": current, "published_at": moment})


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
