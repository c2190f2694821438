"""SELECTs on buildings, estates and dwelling units. Nothing here is personal: no scope."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import Session

from geo.access.scope import area_range
from geo.db.paging import AnySelect, Page, Slice, by_place, cut, in_path_order
from geo.db.shapes import Window, as_geojson, meets
from geo.errors import NotFound
from geo.grid.model import CellVersion
from geo.places.model import Building, Estate


class BuildingUnknown(NotFound):
    """No building bears this code."""

    code = "building_unknown"


class StairwellUnknown(NotFound):
    """A building has fewer stairwells than the one that is asked for."""

    code = "stairwell_unknown"


class EstateUnknown(NotFound):
    """No estate bears this code."""

    code = "estate_unknown"


class BuildingPlace(NamedTuple):
    """A building's id, the path of its cell, empty in no cell, and its stairwells, 0 if unknown."""

    id: int
    path: str
    stairwells: int


@dataclass(frozen=True, slots=True)
class BuildingFilter:
    """Which buildings are asked for; None asks for all.

    Parameters
    ----------
    area : path of a cell: buildings in it and below it
    window : west, south, east, north in degrees; a building is where its point is
    words : part of the name
    """

    area: str | None = None
    estate_id: int | None = None
    kind: str | None = None
    window: Window | None = None
    words: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building as it is shown; ``shape`` is GeoJSON text, None when not asked for."""

    id: int
    code: str
    name: str
    kind: str
    estate_code: str | None
    estate_name: str | None
    road: str
    door_no: str
    building_no: str
    floors: int
    stairwells: int
    lon: float
    lat: float
    source_crs: str
    cell_code: str | None
    path: str
    shape: str | None


def buildings(
    session: Session, number: int, wanted: BuildingFilter, page: Page, *, shapes: bool = False
) -> Slice[BuildingRow]:
    """Return one page of buildings in the order of their cells.

    Parameters
    ----------
    number : publication whose codes name the cells
    shapes : give footprints, or points where there is none
    """
    query = in_path_order(
        _shown(number, shapes=shapes).where(*_conditions(wanted)),
        (Building.path, Building.id),
        area_range(wanted.area) if wanted.area else None,
        Page(page.limit + 1, page.after),
    )
    return cut(
        [BuildingRow(**row._mapping) for row in session.execute(query)], page.limit, by_place
    )


def building_by_code(
    session: Session, code: str, number: int, *, shapes: bool = False
) -> BuildingRow:
    """Return the building that bears a code.

    Raises
    ------
    BuildingUnknown
        When none does.
    """
    query = _shown(number, shapes=shapes).where(Building.code == code)
    found = session.execute(query).one_or_none()
    if found is None:
        raise BuildingUnknown(value=code)
    return BuildingRow(**found._mapping)


def check_stairwell(code: str, there: int, asked: int | None) -> None:
    """Refuse a stairwell that a building does not have.

    Parameters
    ----------
    there : how many the building has; 0 when that is not known, so that none can be refused
    asked : from 1; None or 0 for all of the building

    Raises
    ------
    StairwellUnknown
        When there are fewer.
    """
    if asked and 0 < there < asked:
        raise StairwellUnknown(value=code, stairwell=asked, count=there)


def building_place(session: Session, code: str) -> BuildingPlace:
    """Return which building bears a code, and where it lies.

    Raises
    ------
    BuildingUnknown
        When none does.
    """
    columns = (Building.id, Building.path, Building.stairwells)
    found = session.execute(select(*columns).where(Building.code == code)).one_or_none()
    if found is None:
        raise BuildingUnknown(value=code)
    return BuildingPlace(*found)


def estate_id(session: Session, code: str) -> int:
    """Return the id of the estate that bears a code.

    Raises
    ------
    EstateUnknown
        When none does.
    """
    found = session.scalar(select(Estate.id).where(Estate.code == code))
    if found is None:
        raise EstateUnknown(value=code)
    return found


def building_count(session: Session, area: str) -> int:
    """Return how many buildings lie in a cell and below it."""
    low, high = area_range(area)
    query = select(func.count()).where(Building.path >= low, Building.path < high)
    return session.execute(query).scalar_one()


def _shown(number: int, *, shapes: bool) -> AnySelect:
    geom = func.coalesce(Building.footprint, Building.point)
    return (
        select(
            Building.id,
            Building.code,
            Building.name,
            Building.kind,
            Estate.code.label("estate_code"),
            Estate.name.label("estate_name"),
            Building.road,
            Building.door_no,
            Building.building_no,
            Building.floors,
            Building.stairwells,
            func.ST_X(Building.point).label("lon"),
            func.ST_Y(Building.point).label("lat"),
            Building.source_crs,
            CellVersion.code.label("cell_code"),
            Building.path,
            (as_geojson(geom) if shapes else null()).label("shape"),
        )
        .outerjoin(Estate, Estate.id == Building.estate_id)
        # By the path and not by the id: for an id the planner takes an index that has it second.
        .outerjoin(
            CellVersion, (CellVersion.path == Building.path) & CellVersion.during.contains(number)
        )
    )


def _conditions(wanted: BuildingFilter) -> list[ColumnElement[bool]]:
    """Return one condition for each thing asked for; the area is a range of its own."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.estate_id is not None:
        conditions.append(Building.estate_id == wanted.estate_id)
    if wanted.kind is not None:
        conditions.append(Building.kind == wanted.kind)
    if wanted.code is not None:
        conditions.append(Building.code == wanted.code)
    if wanted.words is not None:
        conditions.append(Building.name.icontains(wanted.words, autoescape=True))
    if wanted.window is not None:
        conditions.append(meets(Building.point, wanted.window))
    return conditions
