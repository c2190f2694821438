"""SELECTs of those who watch: findings, and the names behind the ids that the audit holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, any_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from geo.accounts.model import Account
from geo.audit.model import AuditFinding
from geo.audit.store import Record
from geo.db.paging import AnySelect, Key, Page, Slice, cut
from geo.errors import NotFound
from geo.grid.model import CellVersion


class FindingUnknown(NotFound):
    """No finding has this id, or it is about the asker."""

    code = "finding_unknown"
    scoped = "finding"


@dataclass(frozen=True, slots=True)
class Area:
    """A cell by code and name, as it was called last."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names and logins of accounts by id, and cells by path."""

    accounts: Mapping[int, str]
    logins: Mapping[int, str]
    areas: Mapping[str, Area]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as it is shown.

    Parameters
    ----------
    login, name : of the account whose reads they were, or to which access was given
    count : how many records; ``examples`` are ids of some
    given_by : of powerful access given: by whom, a login or a task of the system
    reviewer : login of the second person, once there is one
    """

    id: int
    week: date
    rule: str
    account_id: int
    login: str
    name: str
    count: int
    examples: list[int]
    given_by: list[str]
    found_at: datetime
    reviewer: str | None
    reviewed_at: datetime | None
    remark: str


def names_in(session: Session, records: Sequence[Record]) -> Names:
    """Return the names of the accounts and areas that some records hold."""
    actors = {record.account_id for record in records if record.account_id is not None}
    about = {id for record in records if record.subject_kind == "account" for id in record.subjects}
    named = _accounts(session, actors | about)
    return Names(
        {row_id: name for row_id, (_, name) in named.items()},
        {row_id: login for row_id, (login, _) in named.items()},
        _areas(session, {record.area for record in records if record.area}),
    )


def account_by_login(session: Session, login: str) -> int | None:
    """Return the id of the account that bears a login; None when none does."""
    return session.scalar(select(Account.id).where(Account.login == login))


def findings(
    session: Session, asker: int | None, page: Page, *, open_only: bool
) -> Slice[FindingRow]:
    """Return one page of findings, newest first, without those about the asker."""
    query = _shown().where(_not_about(asker))
    if open_only:
        query = query.where(AuditFinding.reviewed_at.is_(None))
    if page.after is not None:
        query = query.where(AuditFinding.id < page.after[0])
    rows = session.execute(query.order_by(AuditFinding.id.desc()).limit(page.limit + 1))
    return cut([FindingRow(**row._mapping) for row in rows], page.limit, _key)


def finding_by_id(session: Session, finding: int) -> FindingRow:
    """Return a finding that is known to be there."""
    return FindingRow(**session.execute(_shown().where(AuditFinding.id == finding)).one()._mapping)


def finding_for_review(session: Session, asker: int | None, finding: int) -> AuditFinding:
    """Return a finding and keep others from reviewing it until the transaction ends.

    Raises
    ------
    FindingUnknown
        When there is none with this id, or it is about the asker.
    """
    query = select(AuditFinding).where(AuditFinding.id == finding, _not_about(asker))
    found = session.scalar(query.with_for_update())
    if found is None:
        raise FindingUnknown(value=str(finding))
    return found


def _not_about(asker: int | None) -> ColumnElement[bool]:
    return or_(literal(asker is None), AuditFinding.account_id != (asker or 0))


def _shown() -> AnySelect:
    reader, reviewer = aliased(Account), aliased(Account)
    return (
        select(
            AuditFinding.id,
            AuditFinding.week,
            AuditFinding.rule,
            AuditFinding.account_id,
            reader.login,
            reader.name,
            AuditFinding.count,
            AuditFinding.examples,
            AuditFinding.given_by,
            AuditFinding.found_at,
            reviewer.login.label("reviewer"),
            AuditFinding.reviewed_at,
            AuditFinding.remark,
        )
        .join(reader, reader.id == AuditFinding.account_id)
        .outerjoin(reviewer, reviewer.id == AuditFinding.reviewed_by)
    )


def _accounts(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return login and name of accounts by their ids."""
    wanted = literal(sorted(ids), ARRAY(BigInteger))
    query = select(Account.id, Account.login, Account.name).where(Account.id == any_(wanted))
    return {account: (login, name) for account, login, name in session.execute(query)}


def _areas(session: Session, paths: Iterable[str]) -> dict[str, Area]:
    wanted = literal(sorted(paths), ARRAY(Text))
    query = (
        select(CellVersion.path, CellVersion.code, CellVersion.name)
        .where(CellVersion.path == any_(wanted))
        .order_by(func.lower(CellVersion.during))
    )
    # Of several versions the last one stays.
    return {path: Area(code, name) for path, code, name in session.execute(query)}


def _key(row: FindingRow) -> Key:
    return (row.id,)
