"""SELECTs that list cells and publications page by page. Cells are public: no scope."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import Session, aliased

from geo.access.scope import area_range
from geo.db.paging import AnySelect, Key, Page, Slice, cut
from geo.db.shapes import Window, as_geojson, meets
from geo.errors import NotFound
from geo.grid.model import CellShape, CellVersion, Publication
from geo.grid.store import CellUnknown

_Parent = aliased(CellVersion, name="parent")


class PublicationUnknown(NotFound):
    """No publication in effect bears this number."""

    code = "publication_unknown"


@dataclass(frozen=True, slots=True)
class CellFilter:
    """Which cells are asked for; None asks for all.

    Parameters
    ----------
    parent_id : children of this cell
    below : path of a cell: its descendants, without itself
    window : west, south, east, north in degrees, meeting the cell's box
    words : part of the name
    """

    level: int | None = None
    code: str | None = None
    parent_id: int | None = None
    below: str | None = None
    window: Window | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell as it is shown; ``shape`` is GeoJSON text, None when not asked for."""

    id: int
    code: str
    name: str
    level: int
    parent_code: str | None
    path: str
    derived: bool
    area_m2: float
    west: float
    south: float
    east: float
    north: float
    shape: str | None


def cells(
    session: Session, number: int, wanted: CellFilter, page: Page, *, shapes: bool = False
) -> Slice[CellRow]:
    """Return one page of a publication's cells in the bytewise order of their codes."""
    query = _shown(number, shapes=shapes).where(*_conditions(wanted))
    if page.after is not None:
        query = query.where(CellVersion.code > page.after[0])
    query = query.order_by(CellVersion.code).limit(page.limit + 1)
    return cut([CellRow(**row._mapping) for row in session.execute(query)], page.limit, _cell_key)


def cell_by_code(session: Session, code: str, number: int, *, shapes: bool = False) -> CellRow:
    """Return the cell that bears a code in a publication.

    Raises
    ------
    CellUnknown
        When none does.
    """
    query = _shown(number, shapes=shapes).where(CellVersion.code == code)
    found = session.execute(query).one_or_none()
    if found is None:
        raise CellUnknown(value=code)
    return CellRow(**found._mapping)


def ancestors(session: Session, path: str, number: int) -> list[CellRow]:
    """Return the cells above a cell, root first, without itself."""
    ids = [int(step) for step in path.split(".") if step][:-1]
    query = _shown(number, shapes=False).where(CellVersion.cell_id.in_(ids))
    query = query.order_by(CellVersion.level)
    return [CellRow(**row._mapping) for row in session.execute(query)]


def publications(session: Session, moment: datetime, page: Page) -> Slice[Publication]:
    """Return one page of the publications in effect by a moment, newest first."""
    query = select(Publication).where(Publication.effective_at <= moment)
    if page.after is not None:
        query = query.where(Publication.number < page.after[0])
    query = query.order_by(Publication.number.desc()).limit(page.limit + 1)
    return cut(list(session.scalars(query)), page.limit, _publication_key)


def publication_by_number(session: Session, number: int, moment: datetime) -> Publication:
    """Return a publication in effect by a moment.

    Raises
    ------
    PublicationUnknown
        When there is none with this number, or it is still to come.
    """
    found = session.get(Publication, number)
    if found is None or found.effective_at > moment:
        raise PublicationUnknown(value=str(number))
    return found


def _shown(number: int, *, shapes: bool) -> AnySelect:
    geom = CellShape.geom
    return (
        select(
            CellVersion.cell_id.label("id"),
            CellVersion.code,
            CellVersion.name,
            CellVersion.level,
            _Parent.code.label("parent_code"),
            CellVersion.path,
            CellShape.derived,
            CellShape.area_m2,
            func.ST_XMin(geom).label("west"),
            func.ST_YMin(geom).label("south"),
            func.ST_XMax(geom).label("east"),
            func.ST_YMax(geom).label("north"),
            (as_geojson(geom) if shapes else null()).label("shape"),
        )
        .join(CellShape, CellShape.cell_id == CellVersion.cell_id)
        .outerjoin(
            _Parent,
            (_Parent.cell_id == CellVersion.parent_id) & _Parent.during.contains(number),
        )
        .where(CellVersion.during.contains(number), CellShape.during.contains(number))
    )


def _conditions(wanted: CellFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.level is not None:
        conditions.append(CellVersion.level == wanted.level)
    if wanted.code is not None:
        conditions.append(CellVersion.code == wanted.code)
    if wanted.parent_id is not None:
        conditions.append(CellVersion.parent_id == wanted.parent_id)
    if wanted.below is not None:
        low, high = area_range(wanted.below)
        conditions += [CellVersion.path > low, CellVersion.path < high]
    if wanted.words is not None:
        conditions.append(CellVersion.name.icontains(wanted.words, autoescape=True))
    if wanted.window is not None:
        conditions.append(meets(CellShape.geom, wanted.window))
    return conditions


def _cell_key(row: CellRow) -> Key:
    return (row.code,)


def _publication_key(row: Publication) -> Key:
    return (row.number,)
