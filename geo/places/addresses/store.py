"""SELECTs that fill the gazetteer, and names of places. Nothing here is personal: no scope."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from sys import intern

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from geo.access.scope import Scope
from geo.db.paging import (
    AnySelect,
    Page,
    PathRange,
    Slice,
    by_place,
    in_path_order,
    ranges_within,
    read_by_area,
)
from geo.db.sql import statement
from geo.errors import NotFound
from geo.grid.store import latest_publication
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.model import PlaceName
from geo.places.addresses.rows import AliasRow, AreaRow, BuildingTable, EstateRow, SiteRow
from geo.places.model import Building, Estate

_PACKAGE = "geo.places.addresses"
# Of a name: the estate it means; and what it means in words, of a building as people are shown it.
_Meant = aliased(Estate)
_ADDRESS = func.concat(
    *(Building.road, Building.door_no, Estate.name, Building.building_no), _Meant.name
)


class PlaceNameUnknown(NotFound):
    """No name of a place that stands has this id, or it lies beyond the asker's areas."""

    code = "place_name_unknown"
    scoped = "place_name"


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of a place as it is shown; codes and address of what it means, or a point."""

    id: int
    kind: str
    name: str
    building: str | None
    stairwell: int
    estate: str | None
    address: str | None
    lon: float | None
    lat: float | None
    added_by: str
    added_at: datetime
    ended_at: datetime | None
    path: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How often places and their names have changed."""

    places: int
    names: int


def counts(session: Session) -> Counts:
    """Return how often places and their names have changed."""
    return Counts(*map(int, session.execute(statement(_PACKAGE, "counts")).one()))


def gazetteer(session: Session) -> Gazetteer:
    """Return the gazetteer of all there is, by the names of the newest publication."""
    latest = latest_publication(session)
    areas = session.execute(
        statement(_PACKAGE, "areas"), {"number": latest.number if latest else 0}
    )
    estates = session.execute(select(Estate.id, Estate.code, Estate.name).order_by(Estate.id))
    streets = session.scalars(
        text("SELECT DISTINCT name FROM ground_feature WHERE kind = 'street' AND name <> ''")
    )
    sites = session.execute(statement(_PACKAGE, "sites"))
    return Gazetteer(
        _buildings(session),
        [EstateRow(*row) for row in estates],
        [AreaRow(*row) for row in areas],
        [SiteRow(*row) for row in sites],
        sorted(streets),
    )


def _buildings(session: Session) -> BuildingTable:
    """Return the buildings as columns; texts that many of them share are kept once."""
    rows = session.execute(statement(_PACKAGE, "buildings"))
    column = dict(zip(rows.keys(), zip(*map(tuple, rows), strict=True), strict=False))
    return BuildingTable(
        id=array("q", column.get("id", ())),
        code=column.get("code", ()),
        name=column.get("name", ()),
        estate_id=array("q", column.get("estate_id", ())),
        road=_shared(column.get("road", ())),
        door_no=_shared(column.get("door_no", ())),
        building_no=_shared(column.get("building_no", ())),
        stairwells=array("h", column.get("stairwells", ())),
        path=_shared(column.get("path", ())),
        lon=array("d", column.get("lon", ())),
        lat=array("d", column.get("lat", ())),
    )


def _shared(texts: Sequence[str]) -> Sequence[str]:
    return [intern(text) for text in texts]


def aliases(session: Session) -> list[AliasRow]:
    """Return the names of places that stand."""
    return [AliasRow(**row._mapping) for row in session.execute(statement(_PACKAGE, "names"))]


def name_by_id(session: Session, scope: Scope, id: int) -> PlaceName:
    """Return a name of a place that stands, within a scope, and lock it.

    Raises
    ------
    PlaceNameUnknown
        When there is none.
    """
    query = select(PlaceName).where(PlaceName.id == id, PlaceName.ended_at.is_(None))
    found = session.scalar(query.with_for_update())
    if found is None or not scope.covers(found.path):
        raise PlaceNameUnknown(value=str(id))
    return found


def names(
    session: Session, scope: Scope, page: Page, *, building: int | None = None, words: str = ""
) -> Slice[NameRow]:
    """Return one page of the names that stand, within a scope, in the order of their cells.

    Parameters
    ----------
    building : id of the one building whose names are asked for
    words : a part of the name or of the address of what it means, or how the building's code begins
    """
    wanted: list[ColumnElement[bool]] = [PlaceName.ended_at.is_(None)]
    if building is not None:
        wanted.append(PlaceName.building_id == building)
    if words:
        named = [part.contains(words, autoescape=True) for part in (PlaceName.name, _ADDRESS)]
        wanted.append(or_(*named, Building.code.startswith(words, autoescape=True)))
    read = partial(_read_names, session, wanted)
    return read_by_area(ranges_within(scope), page, read, by_place)


def name_row(session: Session, scope: Scope, id: int) -> NameRow:
    """Return a name of a place within a scope, whether it stands or has ended.

    Raises
    ------
    PlaceNameUnknown
        When there is none.
    """
    found = session.execute(_shown().where(PlaceName.id == id)).one_or_none()
    if found is None or not scope.covers(found.path):
        raise PlaceNameUnknown(value=str(id))
    return NameRow(**found._mapping)


def _read_names(
    session: Session, wanted: list[ColumnElement[bool]], bounds: PathRange | None, page: Page
) -> list[NameRow]:
    columns = PlaceName.path, PlaceName.id
    query = in_path_order(_shown().where(*wanted), columns, bounds, page)
    return [NameRow(**row._mapping) for row in session.execute(query)]


def _shown() -> AnySelect:
    return (
        select(
            PlaceName.id,
            PlaceName.kind,
            PlaceName.name,
            Building.code.label("building"),
            PlaceName.stairwell,
            _Meant.code.label("estate"),
            func.nullif(_ADDRESS, "").label("address"),
            func.ST_X(PlaceName.point).label("lon"),
            func.ST_Y(PlaceName.point).label("lat"),
            PlaceName.added_by,
            PlaceName.added_at,
            PlaceName.ended_at,
            PlaceName.path,
        )
        .outerjoin(Building, Building.id == PlaceName.building_id)
        .outerjoin(_Meant, _Meant.id == PlaceName.estate_id)
        .outerjoin(Estate, Estate.id == Building.estate_id)
    )


def standing_name(session: Session, wanted: PlaceName) -> int | None:
    """Return the id of the same name of the same place, if it stands already."""
    same = (PlaceName.name, PlaceName.kind, PlaceName.stairwell)
    conditions = [column == getattr(wanted, column.key) for column in same]
    conditions += [
        column.is_not_distinct_from(getattr(wanted, column.key))
        for column in (PlaceName.building_id, PlaceName.estate_id)
    ]
    query = select(PlaceName.id).where(
        *conditions, PlaceName.point.is_(None), PlaceName.ended_at.is_(None)
    )
    return session.scalar(query.limit(1)) if wanted.point is None else None


def paths_of_estate(session: Session, estate_id: int) -> list[str]:
    """Return the paths of an estate's buildings, each once."""
    query = select(Building.path).where(Building.estate_id == estate_id).distinct()
    return sorted(session.scalars(query))


def leaf_path(session: Session, lon: float, lat: float) -> str:
    """Return the path of the leaf cell that owns a point now; empty outside every cell."""
    latest = latest_publication(session)
    values = {"lon": lon, "lat": lat, "number": latest.number if latest else 0}
    return str(session.scalar(statement(_PACKAGE, "leaf"), values) or "")
