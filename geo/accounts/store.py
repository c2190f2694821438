"""SELECTs on accounts, sign-ins and keys; each runs in the transaction of its caller."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.accounts.model import Account, RefreshToken, SignIn, SignInFailure
from geo.accounts.rules import LOCKED, WINDOW
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


def failures(session: Session, login_hash: bytes, now: datetime) -> list[datetime]:
    """Return when wrong passwords came for a login, as far back as a lock may reach, in order."""
    query = (
        select(SignInFailure.at)
        .where(SignInFailure.login_hash == login_hash, ~SignInFailure.cleared)
        .where(SignInFailure.at > now - WINDOW - LOCKED)
        .order_by(SignInFailure.at)
    )
    return list(session.scalars(query))


def own_sign_ins(session: Session, account_id: int) -> list[SignIn]:
    """Return the sign-ins of an account that stand, newest first."""
    query = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .where(SignIn.expires_at > text("now()"))
        .order_by(SignIn.id.desc())
    )
    return list(session.scalars(query))


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
    """Return a refresh token with its sign-in and account, the sign-in locked against others."""
    query = (
        select(RefreshToken, SignIn, Account)
        .join(SignIn, SignIn.id == RefreshToken.sign_in_id)
        .join(Account, Account.id == SignIn.account_id)
        .where(RefreshToken.token_hash == token_hash)
        .with_for_update(of=SignIn)
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])
