"""SELECTs on leaves. Personal: each takes a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnClause, ColumnElement, and_, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from geo.access.scope import Scope
from geo.db.paging import (
    AnySelect,
    Page,
    PathRange,
    Slice,
    by_place,
    first_by_area,
    in_path_order,
    is_within,
    ranges_within,
    read_by_area,
)
from geo.errors import NotFound
from geo.workforce.model import Leave, Worker

_NEVER: ColumnClause[datetime] = literal_column("'infinity'::timestamptz")


class LeaveUnknown(NotFound):
    """No leave has this id, or none the asker may see."""

    code = "leave_unknown"
    scoped = "worker_leave"


@dataclass(frozen=True, slots=True)
class LeaveFilter:
    """Which leaves are asked for; None asks for all.

    Parameters
    ----------
    now : leaves that are over by then are left out
    area : path of a cell: of workers employed in it and below it
    """

    now: datetime
    area: str | None = None
    worker_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave as shown to who may see workers.

    Parameters
    ----------
    substitute_code, substitute_name : None without one, or when the substitute is employed outside
        the asker's areas
    ends_at : as entered, or when it was ended
    """

    id: int
    worker_id: int
    worker_code: str
    worker_name: str
    substitute_id: int | None
    substitute_code: str | None
    substitute_name: str | None
    begins_at: datetime
    ends_at: datetime | None
    ended: bool
    path: str

    def holds(self, moment: datetime) -> bool:
        """Return whether the worker is away at a moment."""
        return self.begins_at <= moment and (self.ends_at is None or moment < self.ends_at)


def leaves(session: Session, scope: Scope, wanted: LeaveFilter, page: Page) -> Slice[LeaveRow]:
    """Return one page of leaves in the order of the cells the workers are employed in."""
    read = partial(_read_leaves, session, scope, _conditions(wanted))
    return read_by_area(ranges_within(scope, wanted.area), page, read, by_place)


def leave_row(session: Session, scope: Scope, id: int) -> LeaveRow:
    """Return one leave, over or not.

    Raises
    ------
    LeaveUnknown
        When there is none within the scope.
    """
    read = partial(_read_leaves, session, scope, [Leave.id == id])
    if (found := first_by_area(scope, read)) is None:
        raise LeaveUnknown(value=str(id))
    return found


def standing_leave(session: Session, scope: Scope, id: int, now: datetime) -> Leave:
    """Return a leave that is not over, and lock it.

    Raises
    ------
    LeaveUnknown
        When there is none within the scope.
    """
    query = select(Leave).where(Leave.id == id, is_within(Leave.path, scope), _not_over(now))
    found = session.scalar(query.with_for_update())
    if found is None:
        raise LeaveUnknown(value=str(id))
    return found


def _conditions(wanted: LeaveFilter) -> list[ColumnElement[bool]]:
    conditions = [_not_over(wanted.now)]
    if wanted.worker_id is not None:
        conditions.append(Leave.worker_id == wanted.worker_id)
    return conditions


def _not_over(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that a leave has not ended at a moment; ended unbegun, it never held."""
    # As the index has it, so that lists do not read what is long over.
    over_at = func.least(Leave.ends_at, Leave.ended_at, _NEVER)
    return and_(over_at > moment, over_at > Leave.begins_at)


def _read_leaves(
    session: Session,
    scope: Scope,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[LeaveRow]:
    cut = in_path_order(select(Leave).where(*conditions), (Leave.path, Leave.id), bounds, page)
    query = _shown(aliased(Leave, cut.subquery("page")), scope)
    return [LeaveRow(**row._mapping) for row in session.execute(query)]


def _shown(page: type[Leave], scope: Scope) -> AnySelect:
    worker, substitute = aliased(Worker), aliased(Worker)
    return (
        select(
            page.id,
            page.worker_id,
            worker.code.label("worker_code"),
            worker.name.label("worker_name"),
            substitute.id.label("substitute_id"),
            substitute.code.label("substitute_code"),
            substitute.name.label("substitute_name"),
            page.begins_at,
            func.least(page.ends_at, page.ended_at).label("ends_at"),
            page.ended_at.is_not(None).label("ended"),
            page.path,
        )
        .join(worker, (worker.id == page.worker_id) & is_within(worker.path, scope))
        .outerjoin(
            substitute, (substitute.id == page.substitute_id) & is_within(substitute.path, scope)
        )
        .order_by(page.path, page.id)
    )
