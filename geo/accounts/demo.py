"""Accounts of a demo: one a role, with a password everybody knows. They sign in in a demo only.

A start outside a demo is refused while one of them stands, so that nobody takes a demo into service
with its doors open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from geo.access.roles import Role
from geo.accounts.grants import NewGrant, grant
from geo.accounts.keys import NewKey, add_key
from geo.accounts.model import Account
from geo.accounts.passwords import Hasher
from geo.accounts.service import NewAccount, add_account, end_account
from geo.accounts.tokens import TokenKind
from geo.db.sql import statement
from geo.errors import Refused
from geo.work import Work

DEMO_PASSWORD = "wangge-demo"
DEMO_KEY = TokenKind.KEY.value + "wangge-demo".ljust(43, "-")
_KEY_DAYS = 730


class DemoAccountsStand(Refused):
    """Accounts whose passwords are public stand, and this is no demo."""

    code = "demo_accounts_stand"


@dataclass(frozen=True, slots=True)
class _Demo:
    """One account of the demo: its invented name, and how far below the root its area is."""

    name: str
    depth: int | None = None


# Each login is the name of its role; None: for the whole deployment.
_ACCOUNTS: Mapping[Role, _Demo] = {
    Role.GRID_WORKER: _Demo("林小满", 3),
    Role.VOLUNTEER: _Demo("苏晚晴", 3),
    Role.COMMUNITY_ADMIN: _Demo("周若谷", 2),
    Role.INTAKE_CLERK: _Demo("许知言", 1),
    Role.STREET_DISPATCHER: _Demo("何静秋", 1),
    Role.DUTY_LEADER: _Demo("方明远", 1),
    Role.DEPARTMENT_OFFICER: _Demo("梁思齐", 1),
    Role.DISTRICT_ADMIN: _Demo("陈望舒", 0),
    Role.SYSTEM_ADMIN: _Demo("高以安"),
    Role.AUDIT_ADMIN: _Demo("秦正言"),
    Role.SYSTEM_CLIENT: _Demo("示意业务系统", 1),
}


def add_demo_accounts(work: Work, hasher: Hasher) -> int:
    """Add the accounts of a demo to a town that has none at all; return how many.

    Areas are those of the leaf cell with the most buildings, and of the cells above it; the grid
    worker is who answers first in that grid, if somebody does.
    """
    if _count(work.session, only_demo=False):
        return 0
    leaf = work.session.scalar(statement("geo.accounts", "demo_areas"))
    if leaf is None:
        return 0
    steps = [step for step in str(leaf).split(".") if step]
    for role, demo in _ACCOUNTS.items():
        _add(work, hasher, role, demo, steps)
    return len(_ACCOUNTS)


def check_no_demo(session: Session) -> None:
    """Refuse a start outside a demo while an account of a demo stands.

    Raises
    ------
    DemoAccountsStand
        Says how many.
    """
    count = _count(session, only_demo=True)
    if count:
        raise DemoAccountsStand(count=count)


def end_demo_accounts(work: Work) -> int:
    """End every account of a demo that stands; return how many.

    Raises
    ------
    LastAdmin
        When nobody could administer the accounts any more.
    """
    query = select(Account).where(Account.demo, Account.ended_at.is_(None)).order_by(Account.id)
    standing = list(work.session.scalars(query))
    for account in standing:
        end_account(work, account)
        work.session.flush()
    return len(standing)


def has_accounts(session: Session) -> bool:
    """Return whether anybody could sign in: an account that has not ended."""
    return bool(session.scalar(select(func.count()).where(Account.ended_at.is_(None))))


def _add(work: Work, hasher: Hasher, role: Role, demo: _Demo, steps: list[str]) -> None:
    is_client = role is Role.SYSTEM_CLIENT
    above = [] if demo.depth is None else steps[: demo.depth + 1]
    worker = _first(work.session, above) if role is Role.GRID_WORKER else None
    account = add_account(
        work,
        NewAccount(
            login=role.value,
            name=demo.name if worker is None else worker.name,
            worker_id=None if worker is None else worker.id,
            kind="client" if is_client else "person",
            password_hash=None if is_client else hasher.hash(DEMO_PASSWORD),
            must_change=False,
            demo=True,
        ),
    )
    area = "".join(f"{step}." for step in above)
    grant(work, account, NewGrant(role, int(above[-1]) if above else None, area))
    if is_client:
        add_key(work, account, NewKey("demo", days=_KEY_DAYS), token=DEMO_KEY)


def _first(session: Session, steps: list[str]) -> Row[Any] | None:
    """Return id and name of who answers first in the last of the cells; None for nobody."""
    query = statement("geo.accounts", "demo_worker")
    return session.execute(query, {"cell_id": int(steps[-1])}).one_or_none()


def _count(session: Session, *, only_demo: bool) -> int:
    query = select(func.count()).select_from(Account)
    if only_demo:
        query = query.where(Account.demo, Account.ended_at.is_(None))
    return session.scalar(query) or 0
