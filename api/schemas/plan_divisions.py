"""Bodies of divisions: what is asked for, how far the job is, and what it offers."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.params import Words
from api.schemas.lists import IdText
from api.schemas.plan_changes import LoadBody, MoveBody
from api.schemas.plans import OneOperation
from geo.grid.plans.dividing import Wanted
from geo.jobs.model import ANSWER, CANCELLED, Job
from geo.texts import Lang, text

_Bound = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
_Codes = Annotated[list[Words], Field(max_length=2_000)]
_SHOWN = 6


class DivisionAskBody(BaseModel):
    """Cells to divide anew; without bounds and number, the size rule of their level holds."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"cells": ["340603002001"], "min": 30, "max": 50}]},
    )

    cells: Annotated[_Codes, Field(min_length=1)]
    low: Annotated[_Bound | None, Field(alias="min")] = None
    high: Annotated[_Bound | None, Field(alias="max")] = None
    count: Annotated[int, Field(ge=1, le=2_000)] | None = None
    previous: bool = False
    locked: _Codes = []
    weight: Literal["households", "persons", "buildings"] = "households"
    walls: bool = True
    below: bool = False

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        given = self.model_dump()
        lists = {name: tuple(dict.fromkeys(given[name])) for name in ("cells", "locked")}
        return Wanted(**{**given, **lists})


class OfferedCellBody(LoadBody):
    """A cell as it is or would be."""

    code: str
    name: str


class DividedCellBody(OfferedCellBody):
    """A cell that a division offers; the code of a new one is given when it is taken."""

    is_new: bool
    weight: float
    state: Literal["ok", "excused", "below", "above"]
    at: list[float]


class DivisionMissBody(BaseModel):
    """A cell outside its bounds, why, and the buildings that decide it."""

    cell: str
    weight: float
    cause: str
    detail: str
    buildings: list[str]
    at: list[float]


class MovedBody(LoadBody):
    """What gets another cell; of very many the first are listed."""

    listed: list[MoveBody]


class DivisionOfferBody(BaseModel):
    """What a division offers: operations to send, one a parent, and what they would do."""

    operations: list[OneOperation]
    cells: list[DividedCellBody]
    before: list[OfferedCellBody]
    misses: list[DivisionMissBody]
    moved: MovedBody
    low: Annotated[float, Field(alias="min")]
    high: Annotated[float, Field(alias="max")]
    count: int | None
    balanced_by: str
    total: float
    outline_moved_m2: float

    @classmethod
    def of(cls, offer: dict[str, Any], lang: Lang) -> Self:
        """Return the body of what a job found."""
        misses = [{**miss, "detail": _why(miss, lang)} for miss in offer["misses"]]
        return cls.model_validate({**offer, "misses": misses})


class DivisionJobBody(BaseModel):
    """How far a division is; ``result`` when it is done, ``error`` when it could not be."""

    id: IdText
    plan: str
    revision: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    done: int
    total: int
    by: str
    created_at: datetime
    finished_at: datetime | None
    result: DivisionOfferBody | None = None
    error: str | None = None

    @classmethod
    def of(cls, job: Job, lang: Lang) -> Self:
        """Return the body of a division's job."""
        answer = (job.result or {}).get(ANSWER) or {}
        refused = answer.get("refused")
        body = cls(
            id=job.id,
            plan=job.payload["plan"],
            revision=job.payload["revision"],
            state="failed" if refused else _state(job),
            step=job.step,
            done=job.done,
            total=job.total,
            by=job.actor,
            created_at=job.created_at,
            finished_at=job.finished_at,
        )
        if refused:
            body.error = refused[lang]
        elif answer:
            body.result = DivisionOfferBody.of(answer, lang)
        elif body.state == "failed":
            body.error = text("plans.division.failed", lang)
        return body


def _state(job: Job) -> Any:
    return "cancelled" if job.error == CANCELLED else job.state


def _why(miss: dict[str, Any], lang: Lang) -> str:
    named = ", ".join(miss["buildings"][:_SHOWN]) or "–"
    facts = {"cell": miss["cell"], "weight": f"{miss['weight']:g}", "buildings": named}
    return text(f"plans.division.cause_{miss['cause']}", lang, **facts)
