"""What a gazetteer is made of: plain rows, as they come from tables or from a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.places.addresses.places import PlaceKind


@dataclass(frozen=True, slots=True)
class EstateRow:
    """An estate."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A cell that people name in addresses."""

    id: int
    code: str
    name: str
    level: int
    path: str
    lon: float = 0.0
    lat: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A school, park, works or gate."""

    id: int
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Another name of a place: exactly one of building, estate and point.

    Parameters
    ----------
    is_nickname : what people on the spot say; told only to staff
    """

    id: int
    name: str
    building_id: int | None = None
    stairwell: int = 0
    estate_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    is_nickname: bool = True


@dataclass(frozen=True)
class BuildingTable:
    """Buildings as columns of equal length; ``estate_id`` 0 and empty texts where there is none."""

    id: Sequence[int] = ()
    code: Sequence[str] = ()
    name: Sequence[str] = ()
    estate_id: Sequence[int] = ()
    road: Sequence[str] = ()
    door_no: Sequence[str] = ()
    building_no: Sequence[str] = ()
    stairwells: Sequence[int] = ()
    path: Sequence[str] = ()
    lon: Sequence[float] = ()
    lat: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """What bears a name.

    Parameters
    ----------
    kind : of the place
    key : row of the building; number of the estate, street, site or area
    stairwell : of the building, when a nickname means one
    """

    kind: PlaceKind
    key: int
    stairwell: int = 0
