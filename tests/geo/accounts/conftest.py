"""Accounts in a database of their own, with a password that costs nothing to compare."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from geo.access.actors import Actor
from geo.accounts.model import Account, SignInFailure
from geo.accounts.passwords import Cost, Hasher
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import Attempt, Opened, sign_in
from geo.audit.model import AuditRecord
from geo.db.session import open_log
from geo.runtime import Runtime

PASSWORD = "Ludao-xiaoqu-3"
ASKER = Actor("anonymous", request_id="r-1", address="192.0.2.7")
RULES = SignInRules(
    page_idle=timedelta(minutes=30),
    page_most=timedelta(hours=12),
    access=timedelta(minutes=15),
    refresh=timedelta(days=30),
    demo=False,
)
CHEAP = Cost(memory_kib=8, passes=1)


class Meanwhile(Hasher):
    """A hasher that lets something else happen while a password is compared, the first time."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__(CHEAP, slots=4)
        self._then: Callable[[], object] | None = then

    def matches(self, password: str, phc: str | None) -> bool:
        found = super().matches(password, phc)
        then, self._then = self._then, None
        if then is not None:
            then()
        return found


Add = Callable[..., Account]
SignIn = Callable[..., Opened]


@pytest.fixture(scope="session")
def hasher() -> Hasher:
    return Hasher(CHEAP, slots=4)


@pytest.fixture
def add(runtime: Runtime, hasher: Hasher) -> Add:
    """Adds an account; ``zhao`` with the password unless told otherwise."""

    def added(login: str = "zhao", **fields: Any) -> Account:
        values = {
            "kind": "person",
            "name": "赵敏",
            "created_by": "test",
            "password_hash": hasher.hash(PASSWORD),
            **fields,
        }
        account = Account(login=login, **values)
        with runtime.work(Actor.system("test")) as work:
            work.session.add(account)
        return account

    return added


@pytest.fixture
def enter(runtime: Runtime, hasher: Hasher) -> SignIn:
    """Signs somebody in with login and password."""

    def entered(
        login: str = "zhao",
        password: str = PASSWORD,
        kind: Any = "token",
        *,
        address: str = ASKER.address,
        **more: Any,
    ) -> Opened:
        asker = replace(ASKER, address=address)
        return sign_in(runtime, hasher, RULES, Attempt(asker, login, password, **more), kind)

    return entered


def records(runtime: Runtime, action: str) -> list[AuditRecord]:
    with runtime.work(Actor.system("test")) as work:
        open_log(work.session)
        query = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)
        return list(work.session.scalars(query))


def failures(runtime: Runtime) -> list[SignInFailure]:
    with runtime.work(Actor.system("test")) as work:
        return list(work.session.scalars(select(SignInFailure).order_by(SignInFailure.id)))


def shift(runtime: Runtime, table: str, column: str, minutes: float) -> None:
    """Move the instants of a table into the past: the clock of the database stands still."""
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {table} SET {column} = {column} - make_interval(secs => {minutes * 60})"
        )
