"""SELECTs on households. Personal: every one takes a scope and carries its path ranges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from geo.access.scope import Scope
from geo.db.paging import (
    AnySelect,
    Key,
    Page,
    PathRange,
    Slice,
    in_path_order,
    in_range,
    ranges_within,
    read_by_area,
)
from geo.errors import Invalid, NotFound
from geo.grid.model import CellVersion
from geo.people.model import Household, Occupancy
from geo.places.model import Building, DwellingUnit


class HouseholdUnknown(NotFound):
    """No household has this id, or it is not the asker's to see."""

    code = "household_unknown"
    scoped = "household"


class OccupancyUnknown(Invalid):
    """No way of holding a dwelling bears this code."""

    code = "occupancy_unknown"


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """Which households are asked for; None asks for all.

    Parameters
    ----------
    today : those that have not ended by this local day
    area : path of a cell: households in it and below it
    vacant : True for empty dwellings alone, False for all others
    """

    today: date
    area: str | None = None
    building_id: int | None = None
    occupancy: str | None = None
    vacant: bool | None = None


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household as it is shown to who may see it; of its head the masked forms."""

    id: int
    building_code: str
    building_name: str
    stairwell: int
    floor: int
    number: str
    occupancy: str
    persons: int | None
    head_name: str
    head_phone: str
    head_id_number: str
    since: date | None
    cell_code: str | None
    path: str


@dataclass(frozen=True, slots=True)
class OccupancyCount:
    """How many households hold their dwelling in one way, and the persons counted in them."""

    occupancy: str
    households: int
    persons: int


def households(
    session: Session, scope: Scope, number: int, wanted: HouseholdFilter, page: Page
) -> Slice[HouseholdRow]:
    """Return one page of households in the order of their cells.

    Parameters
    ----------
    number : publication whose codes name the cells
    """
    return read_by_area(
        ranges_within(scope, wanted.area),
        page,
        partial(_read, session, number, _conditions(wanted)),
        _key,
    )


def household_by_id(session: Session, scope: Scope, household: int, number: int) -> HouseholdRow:
    """Return a household, ended or not.

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the scope.
    """
    for bounds in ranges_within(scope):
        found = _read(session, number, [Household.id == household], bounds, Page(1))
        if found:
            return found[0]
    raise HouseholdUnknown(value=str(household))


def occupancies(session: Session) -> list[Occupancy]:
    """Return every way of holding a dwelling, in legend order."""
    return list(session.scalars(select(Occupancy).order_by(Occupancy.rank)))


def occupancy_code(session: Session, code: str) -> str:
    """Return a code of the list of occupancies.

    Raises
    ------
    OccupancyUnknown
        When the list has no such code; names those it has.
    """
    known = [kind.code for kind in occupancies(session)]
    if code not in known:
        raise OccupancyUnknown(value=code, known=", ".join(known))
    return code


def occupancy_counts(
    session: Session, scope: Scope, area: str, today: date
) -> list[OccupancyCount]:
    """Return households and persons of a cell by occupancy, every kind in legend order."""
    found = {kind.code: OccupancyCount(kind.code, 0, 0) for kind in occupancies(session)}
    for bounds in ranges_within(scope, area):
        query = (
            select(
                Household.occupancy,
                func.count(),
                func.sum(Household.persons),
            )
            .where(_standing(today), *in_range(Household.path, bounds))
            .group_by(Household.occupancy)
        )
        for code, count, persons in session.execute(query):
            old = found[code]
            found[code] = OccupancyCount(code, old.households + count, old.persons + (persons or 0))
    return list(found.values())


def _read(
    session: Session,
    number: int,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[HouseholdRow]:
    # The page is cut from the scoped table alone, by its index; only its rows are then joined.
    cut = in_path_order(
        select(Household).where(*conditions), (Household.path, Household.id), bounds, page
    )
    query = _shown(aliased(Household, cut.subquery("page")), number)
    return [HouseholdRow(**row._mapping) for row in session.execute(query)]


def _shown(page: type[Household], number: int) -> AnySelect:
    return (
        select(
            page.id,
            Building.code.label("building_code"),
            Building.name.label("building_name"),
            DwellingUnit.stairwell,
            DwellingUnit.floor,
            DwellingUnit.number,
            page.occupancy,
            page.persons,
            page.head_name_masked.label("head_name"),
            page.head_phone_masked.label("head_phone"),
            page.head_id_number_masked.label("head_id_number"),
            page.since,
            CellVersion.code.label("cell_code"),
            page.path,
        )
        .join(DwellingUnit, DwellingUnit.id == page.unit_id)
        .join(Building, Building.id == page.building_id)
        .outerjoin(
            CellVersion, (CellVersion.path == page.path) & CellVersion.during.contains(number)
        )
        .order_by(page.path, page.id)
    )


def _conditions(wanted: HouseholdFilter) -> list[ColumnElement[bool]]:
    conditions = [_standing(wanted.today)]
    if wanted.building_id is not None:
        conditions.append(Household.building_id == wanted.building_id)
    if wanted.occupancy is not None:
        conditions.append(Household.occupancy == wanted.occupancy)
    if wanted.vacant is not None:
        is_vacant = Household.occupancy == "vacant"
        conditions.append(is_vacant if wanted.vacant else ~is_vacant)
    return conditions


def _standing(today: date) -> ColumnElement[bool]:
    return or_(Household.ended_on.is_(None), Household.ended_on > today)


def _key(row: HouseholdRow) -> Key:
    return row.path, row.id
