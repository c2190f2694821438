"""SELECTs on households. Personal: every one takes a scope and carries its path ranges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, or_, select, true
from sqlalchemy.orm import Session

from geo.access.scope import Scope
from geo.db.paging import (
    AnySelect,
    Page,
    PathRange,
    Slice,
    by_place,
    first_by_area,
    in_path_order,
    in_range,
    is_within,
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


class HouseholdRow(NamedTuple):
    """A household as it is shown to who may see it; of its head the masked forms.

    Parameters
    ----------
    head_name, head_phone, head_id_number : None where the reader does not see even a mask
    objected : the person's objection to processing stands
    erased : the personal fields were emptied for good
    """

    id: int
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
    path: str


class BlindIndex(NamedTuple):
    """What is looked for: a ``…_blind`` column and its value there."""

    column: str
    value: bytes


@dataclass(frozen=True, slots=True)
class OccupancyCount:
    """How many households hold their dwelling in one way, and the persons counted in them.

    Parameters
    ----------
    persons : None when there are households, and nobody has counted who lives in any of them
    """

    occupancy: str
    households: int
    persons: int | None


# What a page reads of the table: masked forms, nothing sealed.
_COLUMNS = (
    Household.id,
    Household.unit_id,
    Household.building_id,
    Household.occupancy,
    Household.persons,
    Household.head_name_masked,
    Household.head_phone_masked,
    Household.head_id_number_masked,
    Household.objected_at,
    Household.erased_at,
    Household.since,
    Household.path,
)


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
        by_place,
    )


def household_by_id(session: Session, scope: Scope, household: int, number: int) -> HouseholdRow:
    """Return a household, ended or not.

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the scope.
    """
    read = partial(_read, session, number, [Household.id == household])
    if (found := first_by_area(scope, read)) is None:
        raise HouseholdUnknown(value=str(household))
    return found


def households_with(
    session: Session, scope: Scope, number: int, index: BlindIndex, today: date, most: int
) -> list[HouseholdRow]:
    """Return the standing households of a scope in which a protected field has a value.

    Found by the field's blind index, whose equality is leakproof and so bound to it below the row
    policy; the areas only narrow what it gives.

    Parameters
    ----------
    index : the column, and what the value is in it
    most : rows at most, in the order of their cells
    """
    column = getattr(Household, index.column)
    mine = select(*_COLUMNS).where(column == index.value, is_within(Household.path, scope))
    # Without the fence a page in the order of paths looks cheaper to the planner than it is.
    found = mine.where(_standing(today)).cte("found").prefix_with("MATERIALIZED")
    page = select(found).order_by(found.c.path, found.c.id).limit(most)
    query = _shown(page.subquery("page"), number)
    return list(map(HouseholdRow._make, session.execute(query)))


def household_sealed(
    session: Session, scope: Scope, household: int, *, locked: bool = False
) -> Household:
    """Return a household with its sealed columns, ended or not.

    Parameters
    ----------
    locked : keep others from changing it until the transaction ends

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the scope.
    """
    query = select(Household).where(Household.id == household, is_within(Household.path, scope))
    found = session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise HouseholdUnknown(value=str(household))
    return found


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
            known = _sum_known(old.persons if old.households else None, persons)
            found[code] = OccupancyCount(code, old.households + count, known)
    return list(found.values())


def persons_in(kinds: Iterable[OccupancyCount]) -> int | None:
    """Return the persons counted in all kinds; None when there are households, and none counted.

    Examples
    --------
    >>> persons_in([OccupancyCount("owner", 2, 5), OccupancyCount("rented", 3, None)])
    5
    >>> persons_in([OccupancyCount("owner", 0, 0), OccupancyCount("rented", 3, None)]) is None
    True
    """
    found = list(kinds)
    held = [kind.persons for kind in found if kind.households]
    return reduce(_sum_known, held) if held else 0


def _sum_known(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _read(
    session: Session,
    number: int,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[HouseholdRow]:
    # The page is cut from the scoped table alone, by its index; only its rows are then joined.
    cut = in_path_order(
        select(*_COLUMNS).where(*conditions), (Household.path, Household.id), bounds, page
    )
    query = _shown(cut.subquery("page"), number)
    return list(map(HouseholdRow._make, session.execute(query)))


def _shown(page: Subquery, number: int) -> AnySelect:
    """Return the query whose columns are the fields of ``HouseholdRow``, in their order."""
    of = page.c
    # The limit keeps it a search by the index, row by row: joined, a long page would rather read
    # every cell there ever was.
    same = (CellVersion.path == of.path, CellVersion.during.contains(number))
    cell = select(CellVersion.code, CellVersion.name).where(*same).limit(1).lateral("cell")
    return (
        select(
            of.id,
            Building.code.label("building_code"),
            Building.name.label("building_name"),
            DwellingUnit.stairwell,
            DwellingUnit.floor,
            DwellingUnit.number,
            of.occupancy,
            of.persons,
            of.head_name_masked.label("head_name"),
            of.head_phone_masked.label("head_phone"),
            of.head_id_number_masked.label("head_id_number"),
            of.objected_at.is_not(None).label("objected"),
            of.erased_at.is_not(None).label("erased"),
            of.since,
            cell.c.code.label("cell_code"),
            cell.c.name.label("cell_name"),
            of.path,
        )
        .join(DwellingUnit, DwellingUnit.id == of.unit_id)
        .join(Building, Building.id == of.building_id)
        .outerjoin(cell, true())
        .order_by(of.path, of.id)
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
