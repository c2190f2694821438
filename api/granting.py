"""Roles as somebody asks for them, by codes and days, found in the grid and the roster of now."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo import clock
from geo.access.actors import Reason
from geo.accounts.grants import NewGrant, role_named
from geo.grid import store as grid
from geo.work import Work
from geo.workforce import store as workforce


def new_grant(
    work: Work,
    role: str,
    *,
    cell: str | None = None,
    case_types: Sequence[str] | None = None,
    valid_to: datetime | date | None = None,
    zone: str,
) -> NewGrant:
    """Return a role as it was asked for.

    Parameters
    ----------
    cell : code of its cell; None for roles of the whole deployment
    valid_to : until when; a local day of the zone is still part of it

    Raises
    ------
    RoleUnknown, CellUnknown, NothingPublished
        When there is no such role or cell.
    """
    wanted = role_named(role)
    where = None
    if cell is not None:
        number = grid.publication_at(work.session, work.now).number
        where = grid.version_by_code(work.session, cell, number)
    return NewGrant(
        role=wanted,
        cell_id=where.cell_id if where else None,
        area=where.path if where else "",
        case_types=case_types,
        valid_to=until(valid_to, zone),
    )


def until(asked: datetime | date | None, zone: str) -> datetime | None:
    """Return the instant at which something ends; a local day is still part of it.

    Examples
    --------
    >>> until(date(2027, 6, 30), "Asia/Shanghai").isoformat()
    '2027-07-01T00:00:00+08:00'
    """
    if asked is None or isinstance(asked, datetime):
        return asked
    if asked == date.max:  # no day follows it
        return datetime.combine(asked, time.max, ZoneInfo(zone))
    return clock.start_of(asked + timedelta(days=1), zone)


def worker_id(work: Work, code: str | None) -> int | None:
    """Return the worker with a code: who works where is public duty information.

    Raises
    ------
    WorkerUnknown
        When there is none.
    """
    if code is None:
        return None
    number = grid.publication_at(work.session, work.now).number
    with work.elevated(Reason.DUTY_LOOKUP):
        return workforce.worker_by_code(work.session, work.scope, code, number).id


def worker_codes(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Return the codes of some workers by id."""
    if not ids:
        return {}
    with work.elevated(Reason.DUTY_LOOKUP):
        return workforce.codes_by_id(work.session, work.scope, ids)
