"""What a boundary plan changes, moves and breaks, and its leaves as arcs."""

from dataclasses import asdict
from typing import Annotated, Any, Self

import numpy as np
import orjson
import shapely
from pydantic import BaseModel, ConfigDict, WithJsonSchema

from api.schemas.lists import IdText
from geo.grid.plans.checks import Problem, Weight
from geo.grid.plans.difference import CellChange, Change
from geo.grid.plans.impact import Impact, Load
from geo.texts import Lang, text

GeoJson = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", "required": ["type", "coordinates"]})
]


class LoadBody(BaseModel):
    """What a cell holds."""

    model_config = ConfigDict(from_attributes=True)

    buildings: int
    households: int
    persons: int


class EarlierBody(BaseModel):
    """Why a cell was let break the rule before it was drawn anew."""

    model_config = ConfigDict(from_attributes=True)

    reason: str
    publication: int


class ProblemBody(BaseModel):
    """Something that is wrong with a plan, or to be explained."""

    kind: str
    weight: Weight
    code: str
    lon: float | None
    lat: float | None
    detail: str
    reason: str | None
    earlier: EarlierBody | None
    open: bool

    @classmethod
    def of(cls, problem: Problem, lang: Lang) -> Self:
        """Return the body of a problem in a language."""
        facts = {"code": problem.code, **problem.facts}
        said, before = text(f"plans.problem.{problem.kind}", lang, **facts), problem.earlier
        if before is not None and problem.is_open:
            said += text("plans.problem.earlier", lang, **asdict(before))
        return cls(
            kind=problem.kind,
            weight=problem.weight,
            code=problem.code,
            lon=problem.lon,
            lat=problem.lat,
            detail=said,
            reason=problem.reason,
            earlier=None if before is None else EarlierBody.model_validate(before),
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
    """What a plan moves; of a published one what it moved, all sums null where nobody kept that."""

    revision: int
    publication: int
    known: bool
    buildings: int | None
    households: int | None
    persons: int | None
    cells: list[CellImpactBody]
    moves: list[MoveBody]
    workers: list[WorkerImpactBody]
    unattended: list[str]

    @classmethod
    def unknown(cls, revision: int, publication: int) -> Self:
        """Return the body of a plan that was published before what plans move was kept."""
        nothing: dict[str, Any] = {"cells": [], "moves": [], "workers": [], "unattended": []}
        sums = dict.fromkeys(("buildings", "households", "persons"))
        return cls(revision=revision, publication=publication, known=False, **sums, **nothing)

    @classmethod
    def of(cls, found: Impact, revision: int, publication: int) -> Self:
        """Return the body of what a plan moves.

        Parameters
        ----------
        publication : whose cells hold the figures before
        """
        return cls(
            revision=revision,
            publication=publication,
            known=True,
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
