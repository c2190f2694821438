"""Bodies and queries of written addresses and of names that people give to places."""

import math
from datetime import datetime
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from api.params import Words
from api.schemas.lists import IdText, ListBody, PageQuery
from api.schemas.locate import LocatedBody
from geo.crs.systems import system
from geo.crs.transform import to_storage
from geo.locate.addresses import LocatedAddress
from geo.places.addresses.completion import Suggestion
from geo.places.addresses.model import NameKind
from geo.places.addresses.naming import check_target
from geo.places.addresses.places import Candidate, Doubt, Place, PlaceKind, Precision
from geo.places.addresses.service import NewName
from geo.places.addresses.store import NameRow

MOST = 20
Name = Annotated[str, Field(min_length=1, max_length=100)]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Degree = Annotated[float, Field(allow_inf_nan=False)]


class AddressesQuery(BaseModel):
    """What is being typed."""

    model_config = ConfigDict(extra="forbid")

    q: Words = Field(description="What has been typed so far")


class PlaceBody(BaseModel):
    """A place that an address may mean."""

    kind: PlaceKind
    code: str = Field(description="Of the building, estate or cell; empty for streets and sites")
    name: str
    address: str = Field(description="Standard address as one line")
    lon: float | None
    lat: float | None

    @staticmethod
    def facts(place: Place) -> dict[str, object]:
        """Return the fields of a place."""
        known = math.isfinite(place.lon) and math.isfinite(place.lat)
        return {
            "kind": place.kind,
            "code": place.code,
            "name": place.name,
            "address": place.address,
            "lon": round(place.lon, 7) if known else None,
            "lat": round(place.lat, 7) if known else None,
        }


class SuggestionBody(PlaceBody):
    """One way to go on with an address."""

    text: str = Field(description="To be put in place of what was typed")
    stairwell: int | None

    @classmethod
    def of(cls, found: Suggestion) -> Self:
        """Return the body of a suggestion."""
        facts = PlaceBody.facts(found.place)
        return cls.model_validate({**facts, "text": found.text, "stairwell": found.stairwell})


class SuggestionsBody(BaseModel):
    """Ways to go on, the likeliest first."""

    items: list[SuggestionBody]


class CandidateAddressBody(PlaceBody):
    """A place that an address may mean, and how well they agree."""

    score: float = Field(description="0 to 1")
    precision: Precision
    stairwell: int | None
    room: str

    @classmethod
    def of(cls, found: Candidate) -> Self:
        """Return the body of a candidate."""
        return cls.model_validate(
            {
                **PlaceBody.facts(found.place),
                "score": round(found.score, 3),
                "precision": found.precision,
                "stairwell": found.stairwell,
                "room": found.room,
            }
        )


class AddressMatchBody(BaseModel):
    """What an address means, and whether somebody has to look."""

    text: str = Field(description="As it was compared: one width, one script, digits")
    needs_person: bool
    doubts: list[Doubt]
    candidates: list[CandidateAddressBody]


class LocatedAddressBody(LocatedBody):
    """Where an address is in the grid; without cells and team when somebody has to look."""

    address: AddressMatchBody

    @classmethod
    def of_address(cls, found: LocatedAddress, *, phones: bool, team: bool = True) -> Self:
        """Return the body of an answer; without the team for whom it is not told."""
        body = LocatedBody.of(found.located, phones=phones, team=team)
        match = AddressMatchBody(
            text=found.match.text,
            needs_person=found.match.needs_person,
            doubts=list(found.match.doubts),
            candidates=[CandidateAddressBody.of(one) for one in found.match.candidates],
        )
        return cls(**dict(body), address=match)


class NewNicknameBody(BaseModel):
    """A nickname and what it means: exactly one of building, estate and point."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "铁路小学后门那栋", "building": "340603002001-017", "stairwell": 2}
            ]
        },
    )

    name: Name
    building: Code | None = None
    stairwell: int = Field(0, ge=0, le=99)
    estate: Code | None = None
    lon: Degree | None = None
    lat: Degree | None = None
    crs: Code = "wgs84"

    def asked(self) -> NewName:
        """Return what is asked for.

        Raises
        ------
        PlaceNameTargetUnclear, UnknownCrs, CoordinateRefused
            When it means nothing, several things, or no point of the earth.
        """
        half = (self.lon is None) != (self.lat is None)
        check_target(self.building, self.estate, None if self.lon is None or half else self.lon)
        point = None
        if self.lon is not None and self.lat is not None:
            given = np.array([[self.lon, self.lat]], dtype=np.float64)
            lon, lat = to_storage(given, system(self.crs).name)[0].tolist()
            point = lon, lat
        return NewName(
            name=self.name,
            building=self.building,
            stairwell=self.stairwell,
            estate=self.estate,
            point=point,
        )


class NicknamesQuery(PageQuery):
    """Which names."""

    building: Words | None = None
    q: Words | None = Field(
        None, description="A part of the name or of the address, or how the building's code begins"
    )


class NicknameBody(BaseModel):
    """A name of a place and what it means."""

    id: IdText
    kind: NameKind
    name: str
    building: str | None
    stairwell: int
    estate: str | None
    address: str | None = Field(description="Of the building or estate it means; null for a point")
    lon: float | None
    lat: float | None
    added_by: str
    added_at: datetime
    ended: bool

    @classmethod
    def of(cls, row: NameRow) -> Self:
        """Return the body of a name."""
        return cls(
            id=row.id,
            kind=NameKind(row.kind),
            name=row.name,
            building=row.building,
            stairwell=row.stairwell,
            estate=row.estate,
            address=row.address,
            lon=None if row.lon is None else round(row.lon, 7),
            lat=None if row.lat is None else round(row.lat, 7),
            added_by=row.added_by,
            added_at=row.added_at,
            ended=row.ended_at is not None,
        )


class AddedNicknameBody(NicknameBody):
    """A name that was asked for, and whether it is new."""

    added: bool = Field(description="False: the same name of the same place stood already")


class NicknameListBody(ListBody[NicknameBody]):
    """A page of names."""
