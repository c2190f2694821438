"""Bodies and queries of cells and publications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from api.params import AsOf, BBox, Level, Words
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.grid.listing import CellRow
from geo.grid.model import Publication
from geo.people.public import PublicCounts
from geo.people.store import OccupancyCount, persons_in

BBoxBody = tuple[float, float, float, float]
Format = Literal["json", "geojson"]


class CellsQuery(PageQuery):
    """Which cells."""

    level: Level | None = None
    code: Words | None = None
    parent: Words | None = None
    below: Words | None = None
    q: Words | None = None
    bbox: BBox | None = None
    as_of: AsOf | None = None
    f: Format | None = None


class ChildrenQuery(PageQuery):
    """Which children of a cell."""

    as_of: AsOf | None = None
    f: Format | None = None


class CellQuery(BaseModel):
    """At which moment, and in which format."""

    as_of: AsOf | None = None
    f: Format | None = None


class AsOfQuery(BaseModel):
    """At which moment."""

    as_of: AsOf | None = None


class GridCellBody(BaseModel):
    """A cell of the grid."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "42",
                    "code": "340603002001",
                    "name": "供电社区",
                    "level": 3,
                    "parent_code": "340603002",
                    "leaf": False,
                    "area_m2": 412345.6,
                    "bbox": [116.7871094, 33.9531250, 116.7949219, 33.9589844],
                }
            ]
        }
    )

    id: IdText
    code: str
    name: str
    level: int
    parent_code: str | None
    leaf: bool
    area_m2: float
    bbox: BBoxBody

    @classmethod
    def of(cls, row: CellRow) -> Self:
        """Return the body of a cell."""
        return cls(
            id=row.id,
            code=row.code,
            name=row.name,
            level=row.level,
            parent_code=row.parent_code,
            leaf=not row.derived,
            area_m2=round(row.area_m2, 1),
            bbox=(
                round(row.west, 7),
                round(row.south, 7),
                round(row.east, 7),
                round(row.north, 7),
            ),
        )


class CellListBody(ListBody[GridCellBody]):
    """A page of cells of one publication."""

    version: int


class AncestorsBody(BaseModel):
    """The cells above a cell, root first."""

    items: list[GridCellBody]
    version: int


class OccupancyCountBody(BaseModel):
    """How many households hold their dwelling in one way; null is not told."""

    model_config = ConfigDict(from_attributes=True)

    occupancy: str
    households: int | None
    persons: int | None


class CellCountsBody(BaseModel):
    """How much a cell and all below it hold now; null is not told, or not known."""

    code: str
    version: int
    exact: bool
    buildings: int
    households: int | None
    persons: int | None
    occupancies: list[OccupancyCountBody]

    @classmethod
    def exactly(
        cls, code: str, version: int, buildings: int, kinds: Sequence[OccupancyCount]
    ) -> Self:
        """Return the body for somebody who may count all of the cell."""
        return cls(
            code=code,
            version=version,
            exact=True,
            buildings=buildings,
            households=sum(kind.households for kind in kinds),
            persons=persons_in(kinds),
            occupancies=[OccupancyCountBody.model_validate(kind) for kind in kinds],
        )

    @classmethod
    def in_fives(cls, code: str, version: int, buildings: int, told: PublicCounts) -> Self:
        """Return the body for everybody else; persons are not told by occupancy."""
        kinds = told.kinds.items()
        return cls(
            code=code,
            version=version,
            exact=False,
            buildings=buildings,
            households=told.households,
            persons=told.persons,
            occupancies=[
                OccupancyCountBody(occupancy=kind, households=count, persons=None)
                for kind, count in kinds
            ],
        )


class PublicationBody(BaseModel):
    """One step of the grid's history. Who published it is not public."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "number": 1,
                    "effective_at": "2026-11-21T08:00:00+08:00",
                    "note": "Demo town",
                    "demo": True,
                }
            ]
        },
    )

    number: int
    effective_at: datetime
    note: str
    demo: bool

    @classmethod
    def of(cls, row: Publication) -> Self:
        """Return the body of a publication."""
        return cls.model_validate(row)


class PublicationListBody(ListBody[PublicationBody]):
    """A page of publications, newest first."""
