"""SELECTs on posts, workers and assignments. Personal but for the posts: each takes a scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from geo.access.scope import Scope
from geo.crypto.fields import DUTY_PHONE, HasKeyring, unprotect
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
from geo.errors import Invalid, NotFound
from geo.grid.model import CellVersion
from geo.places.model import Building, DwellingUnit, Estate
from geo.workforce.model import Assignment, Post, Worker
from geo.workforce.search import found_by


class WorkerUnknown(NotFound):
    """No worker bears this code, or none the asker may see."""

    code = "worker_unknown"
    scoped = "worker"


class PostUnknown(Invalid):
    """No post bears this code."""

    code = "post_unknown"


class AssignmentUnknown(NotFound):
    """No assignment that stands has this id, or none the asker may see."""

    code = "assignment_unknown"
    scoped = "assignment"


@dataclass(frozen=True, slots=True)
class WorkerFilter:
    """Which workers are asked for; ``employed_on`` None asks for former ones too.

    Parameters
    ----------
    words : a part of the name, or how the code begins
    """

    area: str | None = None
    employed_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker as shown to who may see people.

    Parameters
    ----------
    duty_phone : masked; in clear from ``with_phone``
    sealed_phone : as stored
    """

    id: int
    code: str
    name: str
    duty_phone: str
    sealed_phone: bytes | None
    cell_code: str | None
    employed_from: date | None
    employed_to: date | None
    path: str


@dataclass(frozen=True, slots=True)
class AssignmentFilter:
    """Which assignments are asked for; None asks for all.

    Parameters
    ----------
    active_at : valid at this moment
    area : path of a cell: targets in it and below it
    """

    active_at: datetime
    area: str | None = None
    worker_id: int | None = None
    building_id: int | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Who answers for what; exactly one of the five targets is set.

    Parameters
    ----------
    worker_id, worker_code, worker_name : None when the worker is employed outside the asker's
        areas
    building_code : of the building, or of the dwelling unit's building
    """

    id: int
    worker_id: int | None
    worker_code: str | None
    worker_name: str | None
    post: str
    is_primary: bool
    cell_code: str | None
    estate_code: str | None
    building_code: str | None
    stairwell: int | None
    unit_id: int | None
    unit_number: str | None
    household_id: int | None
    valid_from: datetime
    valid_to: datetime | None
    path: str


def posts(session: Session) -> list[Post]:
    """Return every post in the order of a team."""
    return list(session.scalars(select(Post).order_by(Post.rank, Post.code)))


def post_code(session: Session, code: str) -> str:
    """Return a code of the list of posts.

    Raises
    ------
    PostUnknown
        When the list has no such code; names those it has.
    """
    known = [post.code for post in posts(session)]
    if code not in known:
        raise PostUnknown(value=code, known=", ".join(known))
    return code


def workers(
    session: Session, scope: Scope, number: int, wanted: WorkerFilter, page: Page
) -> Slice[WorkerRow]:
    """Return one page of workers in the order of the cells they are employed in."""
    conditions: list[ColumnElement[bool]] = []
    if (day := wanted.employed_on) is not None:
        conditions.append(or_(Worker.employed_from.is_(None), Worker.employed_from <= day))
        conditions.append(or_(Worker.employed_to.is_(None), Worker.employed_to > day))
    ranges = ranges_within(scope, wanted.area)
    read = partial(_read_workers, session, number, conditions, words=wanted.words)
    return read_by_area(ranges, page, read, by_place)


def worker_by_code(session: Session, scope: Scope, code: str, number: int) -> WorkerRow:
    """Return the worker that bears a code, employed or not.

    Raises
    ------
    WorkerUnknown
        When there is none within the scope.
    """
    read = partial(_read_workers, session, number, [Worker.code == code])
    if (found := first_by_area(scope, read)) is None:
        raise WorkerUnknown(value=code)
    return found


def codes_by_id(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, str]:
    """Return the codes of some workers within the scope, by id."""
    query = select(Worker.id, Worker.code).where(Worker.id.in_(ids), is_within(Worker.path, scope))
    return {row.id: row.code for row in session.execute(query)}


def with_phone(work: HasKeyring, row: WorkerRow) -> WorkerRow:
    """Return a worker with the duty phone in clear, for somebody who may see workers."""
    return replace(row, duty_phone=unprotect(work, DUTY_PHONE, row.id, row.sealed_phone))


def assignments(
    session: Session, scope: Scope, number: int, wanted: AssignmentFilter, page: Page
) -> Slice[AssignmentRow]:
    """Return one page of assignments in the order of their targets' cells."""
    ranges = ranges_within(scope, wanted.area)
    read = partial(_read_assignments, session, scope, number, _conditions(wanted))
    return read_by_area(ranges, page, read, by_place)


def assignment_row(session: Session, scope: Scope, number: int, id: int) -> AssignmentRow:
    """Return one assignment, standing or ended.

    Raises
    ------
    AssignmentUnknown
        When there is none within the scope.
    """
    read = partial(_read_assignments, session, scope, number, [Assignment.id == id])
    if (found := first_by_area(scope, read)) is None:
        raise AssignmentUnknown(value=str(id))
    return found


def assignment_by_id(session: Session, scope: Scope, id: int, now: datetime) -> Assignment:
    """Return an assignment that stands within a scope, and lock it.

    Raises
    ------
    AssignmentUnknown
        When there is none.
    """
    query = select(Assignment).where(
        Assignment.id == id,
        is_within(Assignment.path, scope),
        or_(Assignment.valid_to.is_(None), Assignment.valid_to > now),
    )
    found = session.scalar(query.with_for_update())
    if found is None:
        raise AssignmentUnknown(value=str(id))
    return found


def standing_assignment(
    session: Session, worker_id: int, post: str, target: Mapping[str, object]
) -> int:
    """Return the id of a worker's open assignment in a post.

    Parameters
    ----------
    target : by column; None for what it does not name
    """
    wanted = [getattr(Assignment, name).is_not_distinct_from(v) for name, v in target.items()]
    query = select(Assignment.id).where(
        Assignment.worker_id == worker_id,
        Assignment.post == post,
        Assignment.valid_to.is_(None),
        *wanted,
    )
    return session.scalars(query).one()


def _read_workers(
    session: Session,
    number: int,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
    *,
    words: str = "",
) -> list[WorkerRow]:
    asked = select(Worker).where(*conditions)
    if words:
        asked = asked.where(Worker.id.in_(found_by(words, conditions, bounds, page)))
    cut = in_path_order(asked, (Worker.path, Worker.id), bounds, page)
    shown = aliased(Worker, cut.subquery("page"))
    query = (
        select(
            shown.id,
            shown.code,
            shown.name,
            shown.duty_phone_masked.label("duty_phone"),
            shown.duty_phone_cipher.label("sealed_phone"),
            CellVersion.code.label("cell_code"),
            shown.employed_from,
            shown.employed_to,
            shown.path,
        )
        .outerjoin(
            CellVersion, (CellVersion.path == shown.path) & CellVersion.during.contains(number)
        )
        .order_by(shown.path, shown.id)
    )
    return [WorkerRow(**row._mapping) for row in session.execute(query)]


def _conditions(wanted: AssignmentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Assignment.valid_from <= wanted.active_at,
        or_(Assignment.valid_to.is_(None), Assignment.valid_to > wanted.active_at),
    ]
    if wanted.worker_id is not None:
        conditions.append(Assignment.worker_id == wanted.worker_id)
    if wanted.building_id is not None:
        conditions.append(Assignment.building_id == wanted.building_id)
    if wanted.post is not None:
        conditions.append(Assignment.post == wanted.post)
    return conditions


def _read_assignments(
    session: Session,
    scope: Scope,
    number: int,
    conditions: Sequence[ColumnElement[bool]],
    bounds: PathRange | None,
    page: Page,
) -> list[AssignmentRow]:
    cut = in_path_order(
        select(Assignment).where(*conditions), (Assignment.path, Assignment.id), bounds, page
    )
    query = _shown(aliased(Assignment, cut.subquery("page")), scope, number)
    return [AssignmentRow(**row._mapping) for row in session.execute(query)]


def _shown(page: type[Assignment], scope: Scope, number: int) -> AnySelect:
    building_id = func.coalesce(page.building_id, DwellingUnit.building_id)
    return (
        select(
            page.id,
            Worker.id.label("worker_id"),
            Worker.code.label("worker_code"),
            Worker.name.label("worker_name"),
            page.post,
            page.is_primary,
            CellVersion.code.label("cell_code"),
            Estate.code.label("estate_code"),
            Building.code.label("building_code"),
            page.stairwell,
            page.unit_id,
            DwellingUnit.number.label("unit_number"),
            page.household_id,
            page.valid_from,
            page.valid_to,
            page.path,
        )
        .outerjoin(Worker, (Worker.id == page.worker_id) & is_within(Worker.path, scope))
        .outerjoin(
            CellVersion,
            page.cell_id.is_not(None)
            & (CellVersion.path == page.path)
            & CellVersion.during.contains(number),
        )
        .outerjoin(Estate, Estate.id == page.estate_id)
        .outerjoin(DwellingUnit, DwellingUnit.id == page.unit_id)
        .outerjoin(Building, Building.id == building_id)
        .order_by(page.path, page.id)
    )
