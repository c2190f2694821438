"""Bodies and queries of buildings."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from api.params import BBox, Words
from api.schemas.cells import Format
from api.schemas.lists import IdText, ListBody, PageQuery
from geo.places.model import BuildingKind
from geo.places.store import BuildingRow


class BuildingsQuery(PageQuery):
    """Which buildings."""

    cell: Words | None = None
    estate: Words | None = None
    kind: BuildingKind | None = None
    code: Words | None = None
    q: Words | None = None
    bbox: BBox | None = None
    f: Format | None = None


class FormatQuery(BaseModel):
    """In which format."""

    f: Format | None = None


class EstateBody(BaseModel):
    """A housing estate, by code and name."""

    code: str
    name: str


class AddressBody(BaseModel):
    """The parts of an address."""

    road: str
    door_no: str
    building_no: str


class LonLatBody(BaseModel):
    """A point in degrees of the storage CRS."""

    lon: float
    lat: float


class BuildingBody(BaseModel):
    """A building: nothing about the people in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "7",
                    "code": "340603002001-017",
                    "name": "供电小区3号楼",
                    "kind": "slab",
                    "cell_code": "34060300200101203",
                    "estate": {"code": "340603002001-E1", "name": "供电小区"},
                    "address": {"road": "古城路", "door_no": "18号", "building_no": "3号楼"},
                    "floors": 6,
                    "stairwells": 3,
                    "point": {"lon": 116.7910156, "lat": 33.9550781},
                    "source_crs": "wgs84",
                }
            ]
        }
    )

    id: IdText
    code: str
    name: str
    kind: str
    cell_code: str | None
    estate: EstateBody | None
    address: AddressBody
    floors: int
    stairwells: int
    point: LonLatBody
    source_crs: str

    @classmethod
    def of(cls, row: BuildingRow) -> Self:
        """Return the body of a building."""
        estate = None
        if row.estate_code is not None:
            estate = EstateBody(code=row.estate_code, name=row.estate_name or "")
        return cls(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            cell_code=row.cell_code,
            estate=estate,
            address=AddressBody(road=row.road, door_no=row.door_no, building_no=row.building_no),
            floors=row.floors,
            stairwells=row.stairwells,
            point=LonLatBody(lon=round(row.lon, 7), lat=round(row.lat, 7)),
            source_crs=row.source_crs,
        )


class BuildingListBody(ListBody[BuildingBody]):
    """A page of buildings."""
