"""Bodies and queries of households."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from api.params import Flag, Words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.people.model import Occupancy
from geo.people.store import HouseholdRow


class OfBuildingQuery(PageQuery):
    """Which households of a building."""

    occupancy: Words | None = None
    vacant: Flag | None = None


class HouseholdsQuery(OfBuildingQuery):
    """Which households."""

    cell: Words | None = None
    building: Words | None = None


class HouseholdBody(BaseModel):
    """A household and its dwelling. Personal."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "1203",
                    "building_code": "340603002001-017",
                    "building_name": "供电小区3号楼",
                    "stairwell": 2,
                    "floor": 3,
                    "number": "301",
                    "occupancy": "owner_occupied",
                    "persons": 3,
                    "head_name": "卫**",
                    "head_phone": "138****5678",
                    "head_id_number": "110***********0021",
                    "objected": False,
                    "erased": False,
                    "since": None,
                    "cell_code": "34060300200101203",
                    "cell_name": "第12网格第3小组",
                }
            ]
        },
    )

    id: IdText
    building_code: str
    building_name: str
    stairwell: int
    floor: int
    number: str
    occupancy: str
    persons: int | None
    head_name: str | None
    head_phone: str | None
    head_id_number: str | None
    objected: bool
    erased: bool
    since: date | None
    cell_code: str | None
    cell_name: str | None

    @classmethod
    def of(cls, row: HouseholdRow) -> Self:
        """Return the body of a household."""
        return cls.model_validate(row)


class FoundListBody(BaseModel):
    """The households a search found, at most twenty."""

    items: list[HouseholdBody]


class HouseholdListBody(ListBody[HouseholdBody]):
    """A page of households."""


class OccupancyBody(BaseModel):
    """A way of holding a dwelling."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name_zh: str
    name_en: str
    short_zh: str
    rank: int

    @classmethod
    def of(cls, row: Occupancy) -> Self:
        """Return the body of an occupancy."""
        return cls.model_validate(row)


class OccupancyListBody(ListBody[OccupancyBody]):
    """Every way of holding a dwelling, in legend order."""
