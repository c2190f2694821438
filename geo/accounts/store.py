"""SELECTs on accounts, sign-ins and keys; each runs in the transaction of its caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, text, union_all
from sqlalchemy.orm import Session

from geo.access.roles import Role
from geo.accounts.model import Account, ApiKey, RefreshToken, RoleGrant, SignIn, SignInFailure
from geo.accounts.rules import FAMILIAR, LOCKED, WINDOW, Failure, origin_of
from geo.db.paging import Page, Slice, cut
from geo.db.sql import statement
from geo.errors import NotFound

# Those who change who may do what take turns, so that the last of them cannot end the last but one.
_ADMIN_LOCK = 0x41434354
_TAKE = text("SELECT pg_advisory_xact_lock(:key)")


class AccountUnknown(NotFound):
    """No account has this login."""

    code = "account_unknown"


class SignInUnknown(NotFound):
    """No sign-in of the asker has this id."""

    code = "sign_in_unknown"
    scoped = "sign_in"


class GrantUnknown(NotFound):
    """No role that was given has this id."""

    code = "grant_unknown"


class GrantNotHeld(NotFound):
    """An account holds no such role now."""

    code = "grant_not_held"


class KeyUnknown(NotFound):
    """No key has this id."""

    code = "key_unknown"


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role of an account, as it is shown.

    Parameters
    ----------
    area : path of its cell; empty for the whole deployment
    stands : whether it holds now; a cell that is gone ends it
    """

    id: int
    account_id: int
    role: str
    cell_id: int | None
    cell_code: str | None
    cell_name: str | None
    area: str
    case_types: list[str] | None
    valid_from: datetime
    valid_to: datetime | None
    granted_by: str
    stands: bool


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts.

    Parameters
    ----------
    words : in the login or the name
    role : held now
    state : active, must_change, locked or ended
    """

    words: str | None = None
    role: str | None = None
    kind: str | None = None
    state: str | None = None


def take_turn(session: Session) -> None:
    """Wait until nobody else changes accounts, then keep them out until the commit."""
    session.execute(_TAKE, {"key": _ADMIN_LOCK})


def account_by_login(session: Session, login: str) -> Account:
    """Return the account with a login.

    Raises
    ------
    AccountUnknown
        When there is none.
    """
    found = find_account(session, login)
    if found is None:
        raise AccountUnknown(value=login)
    return found


def find_account(session: Session, login: str) -> Account | None:
    """Return the account with a login; None when there is none."""
    return session.scalar(select(Account).where(Account.login == login))


def lock_account(session: Session, account_id: int) -> Account:
    """Return an account as it is now, and keep others from changing it until the commit."""
    query = select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def failures(session: Session, login_hash: bytes, now: datetime) -> list[Failure]:
    """Return the wrong passwords for a login, as far back as a lock may reach, in order."""
    query = (
        select(SignInFailure.at, SignInFailure.address)
        .where(SignInFailure.login_hash == login_hash, ~SignInFailure.cleared)
        .where(SignInFailure.at > now - WINDOW - LOCKED)
        .order_by(SignInFailure.at)
    )
    return [Failure(at, origin) for at, origin in session.execute(query)]


def familiar(session: Session, login: str, now: datetime) -> set[str]:
    """Return from where a login was opened lately; of one that does not exist, from nowhere."""
    query = (
        select(SignIn.address)
        .join(Account, Account.id == SignIn.account_id)
        .where(Account.login == login, SignIn.created_at > now - FAMILIAR)
        .distinct()
    )
    return {origin_of(address) for address in session.scalars(query)}


def accounts(session: Session, wanted: AccountFilter, page: Page) -> Slice[Account]:
    """Return a page of accounts in the order of their logins."""
    query = select(Account).where(*_conditions(wanted)).order_by(Account.login)
    if page.after is not None:
        query = query.where(Account.login > page.after[0])
    rows = session.scalars(query.limit(page.limit + 1)).all()
    return cut(rows, page.limit, lambda row: (row.login,))


def grants_of(session: Session, *accounts: int) -> list[GrantRow]:
    """Return the roles of some accounts, ended ones too, oldest first."""
    rows = session.execute(statement("geo.accounts", "account_grants"), {"accounts": [*accounts]})
    return [GrantRow(**row._mapping) for row in rows]


def grant_by_id(session: Session, grant_id: int) -> tuple[RoleGrant, Account]:
    """Return a role that was given, and whose it is.

    Raises
    ------
    GrantUnknown
        When there is none with this id.
    """
    query = select(RoleGrant, Account).join(Account, Account.id == RoleGrant.account_id)
    row = session.execute(query.where(RoleGrant.id == grant_id)).one_or_none()
    if row is None:
        raise GrantUnknown(value=str(grant_id))
    return row[0], row[1]


def keys_of(session: Session, account_id: int, page: Page) -> Slice[ApiKey]:
    """Return a page of an account's keys, newest first, ended ones too."""
    query = select(ApiKey).where(ApiKey.account_id == account_id).order_by(ApiKey.id.desc())
    if page.after is not None:
        query = query.where(ApiKey.id < page.after[0])
    rows = session.scalars(query.limit(page.limit + 1)).all()
    return cut(rows, page.limit, lambda row: (row.id,))


def key_by_id(session: Session, key_id: int) -> ApiKey:
    """Return a key.

    Raises
    ------
    KeyUnknown
        When there is none with this id.
    """
    found = session.get(ApiKey, key_id)
    if found is None:
        raise KeyUnknown(value=str(key_id))
    return found


def holders(session: Session, role: Role, *, ahead: timedelta = timedelta()) -> set[int]:
    """Return the accounts that hold a role now and, with what was granted, so far ahead too."""
    until = RoleGrant.valid_to
    query = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == role.value, *_holds())
        .where(or_(until.is_(None), until > func.now() + ahead))
        .where(Account.locked_at.is_(None), Account.ended_at.is_(None))
    )
    return set(session.scalars(query))


def sign_ins_of(session: Session, account_id: int, page: Page) -> Slice[SignIn]:
    """Return a page of the sign-ins of an account that stand, newest first."""
    query = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .where(SignIn.expires_at > func.now())
        .order_by(SignIn.id.desc())
    )
    if page.after is not None:
        query = query.where(SignIn.id < page.after[0])
    rows = session.scalars(query.limit(page.limit + 1)).all()
    return cut(rows, page.limit, lambda row: (row.id,))


def own_sign_in(session: Session, account_id: int, sign_in_id: int) -> SignIn:
    """Return a sign-in of an account.

    Raises
    ------
    SignInUnknown
        When the account has no sign-in with this id.
    """
    found = session.get(SignIn, sign_in_id)
    if found is None or found.account_id != account_id:
        raise SignInUnknown(value=str(sign_in_id))
    return found


def family_of(session: Session, token_hash: bytes) -> tuple[RefreshToken, SignIn, Account] | None:
    """Return a refresh token with its sign-in and account, locked against others."""
    query = (
        select(RefreshToken, SignIn, Account)
        .join(SignIn, SignIn.id == RefreshToken.sign_in_id)
        .join(Account, Account.id == SignIn.account_id)
        .where(RefreshToken.token_hash == token_hash)
        # Both: of two uses at once the second must see what the first has written in the token.
        .with_for_update(of=(SignIn, RefreshToken))
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def last_seen(session: Session, accounts: Sequence[int]) -> dict[int, datetime]:
    """Return when each of some accounts was used last, by a sign-in or a key."""
    used = union_all(
        select(SignIn.account_id, SignIn.seen_at.label("at")),
        select(ApiKey.account_id, ApiKey.last_used_at.label("at")),
    ).subquery()
    query = select(used.c.account_id, func.max(used.c.at)).group_by(used.c.account_id)
    rows = session.execute(query.where(used.c.account_id.in_(accounts), used.c.at.is_not(None)))
    return {account: at for account, at in rows}


def _holds() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of roles that hold at this moment."""
    until = RoleGrant.valid_to
    return RoleGrant.valid_from <= func.now(), or_(until.is_(None), until > func.now())


def _conditions(wanted: AccountFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        words = wanted.words.lower()
        parts = (func.lower(Account.name), Account.login)
        found.append(or_(*(part.contains(words, autoescape=True) for part in parts)))
    if wanted.kind:
        found.append(Account.kind == wanted.kind)
    if wanted.role:
        holders = select(RoleGrant.account_id).where(RoleGrant.role == wanted.role, *_holds())
        found.append(Account.id.in_(holders))
    if wanted.state:
        found += _STATES[wanted.state]
    return found


_STATES: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "active": (Account.locked_at.is_(None), Account.ended_at.is_(None), ~Account.must_change),
    "must_change": (
        Account.locked_at.is_(None),
        Account.ended_at.is_(None),
        Account.must_change.is_(True),
    ),
    "locked": (Account.locked_at.is_not(None), Account.ended_at.is_(None)),
    "ended": (Account.ended_at.is_not(None),),
}
