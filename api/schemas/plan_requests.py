"""Queries and bodies that ask something of a boundary plan."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.params import Flag, Reason, Words, Zoned
from api.schemas.lists import PageQuery
from api.schemas.plan_operations import OPERATIONS
from geo.grid.plans.lifecycle import PlanState

_STRICT = ConfigDict(extra="forbid")
Title = Annotated[str, Field(min_length=1, max_length=100)]
PlanNote = Annotated[str, Field(max_length=1000)]
Operations = Annotated[list[Any], WithJsonSchema(OPERATIONS)]


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

    effective_at: Zoned | None = None


class PlanReasonBody(BaseModel):
    """Why a plan goes back."""

    model_config = _STRICT

    reason: Reason


class ExcuseBody(BaseModel):
    """Why a cell may break the size rule."""

    model_config = _STRICT

    cell: Words
    reason: Reason


class RestoreBody(BaseModel):
    """What to take back."""

    model_config = _STRICT

    cell: Words
    title: Title | None = None
    note: PlanNote = ""
