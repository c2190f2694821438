"""The answer of ``locate``, as design and clients know it; ids are text."""

import re
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from api.params import AsOf, Words, refused, whole_number
from geo.locate.answer import Located
from geo.workforce.responsibility import OF_THE_PLACE, WITHHELD, Duty

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}([.][0-9]{1,20})?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)


def number(value: object) -> float:
    """Return a finite decimal number; ``nan``, ``inf``, ``1_0`` and overflow are refused.

    Examples
    --------
    >>> number("116.8")
    116.8
    """
    text = str(value)
    if not _NUMBER.fullmatch(text):
        raise refused("number")
    return float(text)


Number = Annotated[float, PlainValidator(number), WithJsonSchema({"type": "number"})]
Count = Annotated[
    int, PlainValidator(whole_number), WithJsonSchema({"type": "integer", "minimum": 0})
]


class LocateQuery(BaseModel):
    """What may be asked."""

    model_config = ConfigDict(extra="forbid")

    lon: Number | None = Field(None, description="Longitude, or easting of a projected system")
    lat: Number | None = Field(None, description="Latitude, or northing of a projected system")
    crs: Words = Field("wgs84", description="wgs84, cgcs2000, gcj02, bd09 or an EPSG code")
    building: Words | None = Field(None, description="Code of a building, instead of a point")
    address: Words | None = Field(None, description="As people write it, instead of a point")
    stairwell: Count | None = Field(None, description="Stairwell of the building, if known")
    as_of: AsOf | None = Field(None, description="By the borders of this day or instant")
    accuracy_m: Number = Field(0.0, description="How far off the point may be, 0 to 10000 m")


class PointBody(BaseModel):
    """The point asked for, in storage degrees."""

    lon: float
    lat: float
    source_crs: str = Field(description="System the point came in")


class CellBody(BaseModel):
    """One cell of the chain."""

    level: int
    id: str
    code: str
    name: str


class AwayBody(BaseModel):
    """Somebody whose place another worker takes meanwhile."""

    worker_id: str
    worker_code: str = Field(description="As leaves and assignments name the worker")
    name: str


class MemberBody(BaseModel):
    """Somebody who answers: public duty facts only."""

    worker_id: str
    worker_code: str = Field(description="As leaves and assignments name the worker")
    name: str
    role: str = Field(description="Post, for instance grid_worker")
    primary: bool = Field(description="Answers first")
    via: str = Field(description="Kind of place through which this one answers")
    cell_code: str
    duty_phone: str | None = None
    substitute_for: AwayBody | None = Field(None, description="Whose place this one takes")

    @classmethod
    def of(cls, duty: Duty, *, phone: bool) -> Self:
        """Return the body of a duty, with its phone where the deployment shows phones."""
        away = duty.substitute_for
        return cls(
            worker_id=duty.worker_id,
            worker_code=duty.worker_code,
            name=duty.name,
            role=duty.post,
            primary=duty.primary,
            via=duty.via.value,
            cell_code=duty.cell_code,
            duty_phone=duty.duty_phone if phone and duty.duty_phone else None,
            substitute_for=away
            and AwayBody(worker_id=away.worker_id, worker_code=away.code, name=away.name),
        )


class CandidateBody(BaseModel):
    """A neighbouring leaf cell the place might belong to as well."""

    code: str
    name: str
    distance_m: float


class BoundaryBody(BaseModel):
    """How sure the cell is."""

    on_boundary: bool
    distance_m: float = Field(description="To the nearest border of the leaf cell")
    ambiguous: bool = Field(description="The border is nearer than the point is accurate")
    candidates: list[CandidateBody]


class NearestBody(BaseModel):
    """The nearest leaf cell of a point outside every cell."""

    code: str
    distance_m: float


class LocatedBody(BaseModel):
    """Where a place is in the grid, and who answers there."""

    matched: bool
    version: int = Field(description="Publication number of the grid that was asked")
    as_of: datetime
    point: PointBody
    cells: list[CellBody] = Field(description="Root first, finest last")
    team: list[MemberBody] = Field(description="The one who answers first at the head")
    reason: str = Field(
        description="Kinds of place the team answers through, nearest first, and why it is not the"
        " primary worker: substitute, deputy, away. Of an empty team: nobody is assigned;"
        " withheld from who asks; outside every cell; unsure which place it is"
    )
    overlays: list[MemberBody] = Field(description="Beside the team; none is primary")
    boundary: BoundaryBody | None
    nearest: NearestBody | None

    @classmethod
    def of(cls, found: Located, *, phones: bool, team: bool = True) -> Self:
        """Return the body of an answer; without the team for whom it is not told."""
        boundary, nearest = found.boundary, found.nearest
        reason = found.team.reason
        return cls(
            matched=found.matched,
            version=found.version,
            as_of=found.as_of,
            point=PointBody(
                lon=round(found.point.lon, 7),
                lat=round(found.point.lat, 7),
                source_crs=found.point.source_crs,
            ),
            cells=[CellBody(level=c.level, id=c.id, code=c.code, name=c.name) for c in found.cells],
            team=[MemberBody.of(duty, phone=phones) for duty in found.team.members if team],
            reason=reason if team or reason in OF_THE_PLACE else WITHHELD,
            overlays=[MemberBody.of(duty, phone=phones) for duty in found.team.overlays if team],
            boundary=boundary
            and BoundaryBody(
                on_boundary=boundary.on_boundary,
                distance_m=round(boundary.distance_m, 2),
                ambiguous=boundary.ambiguous,
                candidates=[
                    CandidateBody(code=c.code, name=c.name, distance_m=round(c.distance_m, 2))
                    for c in boundary.candidates
                ],
            ),
            nearest=nearest
            and NearestBody(code=nearest.code, distance_m=round(nearest.distance_m, 2)),
        )
