"""SELECTs on data requests. Personal: every one takes a scope and carries its path ranges."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from geo.access.scope import Scope
from geo.db.paging import (
    AnySelect,
    Key,
    Page,
    PathRange,
    Slice,
    by_place,
    cut,
    first_by_area,
    in_path_order,
    is_within,
    ranges_within,
    read_by_area,
)
from geo.db.sql import statement
from geo.errors import NotFound
from geo.grid.model import CellVersion
from geo.people.model import DataRequest, Household
from geo.people.rights.lifecycle import RequestKind, RequestState
from geo.people.store import HouseholdUnknown, household_sealed

_IS_OPEN = DataRequest.state == RequestState.OPEN.value


class DataRequestUnknown(NotFound):
    """No data request has this id, or it is not the asker's to see."""

    code = "data_request_unknown"
    scoped = "data_request"


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are asked for; None asks for all.

    Parameters
    ----------
    area : path of a cell: requests of households in it and below it
    late_on : the open ones whose last day was before this day
    """

    area: str | None = None
    state: RequestState | None = None
    kind: RequestKind | None = None
    household_id: int | None = None
    late_on: date | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as it is shown to who may see it.

    Parameters
    ----------
    corrections : the values to correct by field, masked; None where the reader sees no mask
    recorded_name, decided_name : of the accounts; None for tasks of the system
    """

    id: int
    kind: RequestKind
    household_id: int
    received_at: datetime
    due_on: date
    recorded_by: str
    corrections: dict[str, str | None]
    state: RequestState
    outcome: str
    decided_by: str | None
    decided_at: datetime | None
    cell_code: str | None
    cell_name: str | None
    path: str
    recorded_name: str | None = None
    decided_name: str | None = None


def requests(
    session: Session, scope: Scope, number: int, wanted: RequestFilter, page: Page
) -> Slice[RequestRow]:
    """Return one page of requests: the open ones in the order of their cells, then the answered.

    Its key is ``(0 or 1 when answered, path, id)``.

    Parameters
    ----------
    number : publication whose codes name the cells
    """
    ranges = ranges_within(scope, wanted.area)
    rows: list[RequestRow] = []
    for answered, condition in enumerate((_IS_OPEN, ~_IS_OPEN)):
        missing = page.limit + 1 - len(rows)
        if missing and _is_asked(wanted, answered, page):
            going_on = page.after is not None and page.after[0] == answered
            after = page.after[1:] if page.after and going_on else None
            read = partial(_read, session, number, [condition, *_conditions(wanted)])
            rows += read_by_area(ranges, Page(missing, after), read, by_place).rows
    return cut(rows, page.limit, _key)


def request_by_id(session: Session, scope: Scope, request: int, number: int) -> RequestRow:
    """Return a request.

    Raises
    ------
    DataRequestUnknown
        When there is none with this id within the scope.
    """
    read = partial(_read, session, number, [DataRequest.id == request])
    if (found := first_by_area(scope, read)) is None:
        raise DataRequestUnknown(value=str(request))
    return found


def request_sealed(session: Session, scope: Scope, request: int) -> DataRequest:
    """Return a request with its sealed wish.

    Raises
    ------
    DataRequestUnknown
        When there is none with this id within the scope.
    """
    mine = (DataRequest.id == request, is_within(DataRequest.path, scope))
    found = session.scalar(select(DataRequest).where(*mine))
    if found is None:
        raise DataRequestUnknown(value=str(request))
    return found


def requests_of(session: Session, household: int) -> list[DataRequest]:
    """Return every request of a household that the session may see, oldest first."""
    query = select(DataRequest).where(DataRequest.household_id == household)
    return list(session.scalars(query.order_by(DataRequest.id)))


def names_of(session: Session, logins: Collection[str]) -> dict[str, str]:
    """Return the names of accounts by their logins; tasks of the system have none."""
    values = {"logins": sorted(logins)}
    rows = session.execute(statement("geo.people", "names_of_accounts"), values)
    return {row.login: row.name for row in rows}


def check_household(session: Session, scope: Scope, household: int) -> None:
    """Refuse to look for the requests of a household that is not there to be seen.

    Raises
    ------
    HouseholdUnknown
        When there is none with this id within the scope.
    """
    mine = (Household.id == household, is_within(Household.path, scope))
    if session.scalar(select(Household.id).where(*mine)) is None:
        raise HouseholdUnknown(value=str(household))


def lock_request(session: Session, scope: Scope, request: int) -> DataRequest:
    """Return a request for changing it; its household is always locked before it.

    Raises
    ------
    DataRequestUnknown
        When there is none with this id within the scope.
    """
    mine = (DataRequest.id == request, is_within(DataRequest.path, scope))
    household = session.scalar(select(DataRequest.household_id).where(*mine))
    if household is None:
        raise DataRequestUnknown(value=str(request))
    household_sealed(session, scope, household, locked=True)
    return session.scalars(select(DataRequest).where(*mine).with_for_update()).one()


def _is_asked(wanted: RequestFilter, answered: int, page: Page) -> bool:
    """Return whether a page may hold open (0) or answered (1) requests."""
    if page.after is not None and int(page.after[0]) > answered:
        return False
    state = RequestState.OPEN if wanted.late_on else wanted.state
    return state is None or (state is not RequestState.OPEN) == bool(answered)


def _read(
    session: Session,
    number: int,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[RequestRow]:
    # The page is cut from the scoped table alone, by its index; only its rows are then joined.
    cut_out = in_path_order(
        select(DataRequest).where(*conditions), (DataRequest.path, DataRequest.id), bounds, page
    )
    query = _shown(aliased(DataRequest, cut_out.subquery("page")), number)
    return [_row(*found) for found in session.execute(query)]


def _shown(page: type[DataRequest], number: int) -> AnySelect:
    same_path = CellVersion.path == page.path
    return (
        select(page, CellVersion.code, CellVersion.name)
        .outerjoin(CellVersion, same_path & CellVersion.during.contains(number))
        .order_by(page.path, page.id)
    )


def _row(request: DataRequest, cell_code: str | None, cell_name: str | None) -> RequestRow:
    return RequestRow(
        id=request.id,
        kind=RequestKind(request.kind),
        household_id=request.household_id,
        received_at=request.received_at,
        due_on=request.due_on,
        recorded_by=request.recorded_by,
        corrections=dict(request.wish_masked),
        state=RequestState(request.state),
        outcome=request.outcome,
        decided_by=request.decided_by,
        decided_at=request.decided_at,
        cell_code=cell_code,
        cell_name=cell_name,
        path=request.path,
    )


def _conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(DataRequest.state == wanted.state.value)
    if wanted.kind is not None:
        conditions.append(DataRequest.kind == wanted.kind.value)
    if wanted.household_id is not None:
        conditions.append(DataRequest.household_id == wanted.household_id)
    if wanted.late_on is not None:
        conditions.append(DataRequest.due_on < wanted.late_on)
    return conditions


def _key(row: RequestRow) -> Key:
    return int(row.state is not RequestState.OPEN), row.path, row.id
