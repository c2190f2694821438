"""Accounts and their passwords, as administrators keep them: added, locked, reset, ended.

Who changes who may do what takes a turn, so that two at once cannot leave the deployment without
a system administrator. What an account may is in ``geo.accounts.grants``; keys of other systems are
in ``geo.accounts.keys``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from geo.access.roles import Role
from geo.accounts import store
from geo.accounts.model import Account
from geo.accounts.sign_ins import end_all, forgive, login_hash_of
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import Forbidden, Invalid, Refused
from geo.work import Work

Kind = Literal["person", "client"]

# Who looks after the deployment is there tomorrow too: a role that ends sooner counts for nobody.
GUARDED = (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
LASTING = timedelta(days=7)
RESETS_KEPT = 5
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}", re.ASCII)
_NAME_MAX = 50
# Names of actors that are no accounts: the audit must not be made to name them.
_RESERVED = frozenset({"anonymous", "local", "system", "nobody"})


class LoginRefused(Invalid):
    """A login that cannot be one."""

    code = "login_refused"


class NameRefused(Invalid):
    """A name that cannot be shown."""

    code = "name_refused"


class AccountTaken(Refused):
    """Another account has the login; logins of ended accounts are never given again."""

    code = "account_taken"


class AccountEnded(Refused):
    """The account has ended for good."""

    code = "account_ended"


class NoPassword(Refused):
    """The account of another system has no password: it has keys."""

    code = "no_password"


class OwnAccount(Forbidden):
    """Nobody changes what the own account may do, nor locks, ends or resets it."""

    code = "own_account"


class LastAdmin(Refused):
    """Nobody could administer the accounts, or read the audit, any more."""

    code = "last_admin"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be added.

    Parameters
    ----------
    login : small letters, digits, ``. _ -``, 2 to 32 characters
    name : as shown
    kind : a person, or a client: another system
    password_hash : None for a client, and for who signs in by other means
    worker_id : the worker this person is
    demo : its password is public
    """

    login: str
    name: str
    kind: Kind = "person"
    password_hash: str | None = None
    must_change: bool = True
    worker_id: int | None = None
    demo: bool = False


def add_account(work: Work, new: NewAccount) -> Account:
    """Add an account that may do nothing yet.

    Raises
    ------
    LoginRefused, NameRefused
        When one cannot be taken.
    AccountTaken
        When there is or was an account with the login.
    """
    if not LOGIN.fullmatch(new.login) or new.login in _RESERVED:
        raise LoginRefused(value=new.login)
    if not new.name.strip() or not new.name.isprintable() or len(new.name) > _NAME_MAX:
        raise NameRefused(most=_NAME_MAX)
    store.take_turn(work.session)
    if store.find_account(work.session, new.login) is not None:
        raise AccountTaken(value=new.login)
    account = Account(
        kind=new.kind,
        login=new.login,
        name=new.name.strip(),
        password_hash=new.password_hash,
        password_set_at=None if new.password_hash is None else work.now,
        must_change=new.must_change and new.password_hash is not None,
        demo=new.demo,
        worker_id=new.worker_id,
        created_by=work.actor.name,
    )
    work.session.add(account)
    work.session.flush()
    _note(work, Action.ACCOUNT_ADD, account, after={"login": account.login, "kind": account.kind})
    return account


def set_password(
    work: Work, account: Account, password_hash: str, *, keep: int | None = None
) -> int:
    """Set the password that somebody chose for the own account; return how many sign-ins ended.

    Parameters
    ----------
    keep : the sign-in that goes on; every other ends at once
    """
    account.password_hash, account.password_set_at = password_hash, work.now
    account.must_change = False
    ended = end_all(work, account.id, "password", keep=keep)
    _note(work, Action.PASSWORD_SET, account, after={"sign_ins_ended": ended})
    return ended


def reset_password(work: Work, account: Account, password_hash: str) -> None:
    """Set a password that must be changed at the next sign-in; every sign-in ends at once.

    Whose account it is sees when and by whom that was done: the last times, so that a reset asked
    for does not cover one that nobody asked for.

    Raises
    ------
    OwnAccount, AccountEnded, NoPassword
        When it is not to be set.
    """
    check_other(work, account)
    _check_standing(account)
    if account.kind != "person":
        raise NoPassword(value=account.login)
    account.password_hash, account.password_set_at = password_hash, work.now
    account.must_change = True
    reset = {"at": work.now.isoformat(timespec="seconds"), "by": work.actor.name}
    account.resets = [*account.resets, reset][-RESETS_KEPT:]
    forgive(work, login_hash_of(account.login))
    ended = end_all(work, account.id, "password")
    _note(work, Action.PASSWORD_SET, account, after={"must_change": True, "sign_ins_ended": ended})


def lock(work: Work, account: Account) -> None:
    """Lock an account until it is unlocked; every sign-in ends at once, keys open nothing.

    Raises
    ------
    OwnAccount, AccountEnded, LastAdmin
        When it is not to be locked.
    """
    _check_leaves_admin(work, account)
    if account.locked_at is None:
        account.locked_at = work.now
    ended = end_all(work, account.id, "locked")
    _note(work, Action.ACCOUNT_CHANGE, account, after={"locked": True, "sign_ins_ended": ended})


def unlock(work: Work, account: Account) -> None:
    """Open a locked account again, and let its wrong passwords count no more.

    Raises
    ------
    OwnAccount, AccountEnded
        When it is not to be unlocked.
    """
    check_other(work, account)
    _check_standing(account)
    account.locked_at = None
    forgive(work, login_hash_of(account.login))
    _note(work, Action.ACCOUNT_CHANGE, account, after={"locked": False})


def end_account(work: Work, account: Account) -> None:
    """End an account for good; its row and its login stay.

    Raises
    ------
    OwnAccount, AccountEnded, LastAdmin
        When it is not to be ended.
    """
    _check_leaves_admin(work, account)
    account.ended_at = work.now
    ended = end_all(work, account.id, "locked")
    _note(work, Action.ACCOUNT_CHANGE, account, after={"ended": True, "sign_ins_ended": ended})


def check_other(work: Work, account: Account) -> None:
    """Refuse whoever would change the own account.

    Raises
    ------
    OwnAccount
        When it is.
    """
    if work.actor.account_id == account.id:
        raise OwnAccount()


def check_another(work: Work, account: Account, roles: Iterable[Role] = GUARDED) -> None:
    """Refuse to take away the last who guards the deployment; the caller has taken a turn.

    The audit of a demo, whose passwords are public, is nobody's to guard.

    Raises
    ------
    LastAdmin
        When nobody else holds a role that the account holds, or only for some days more.
    """
    for role in roles:
        if account.demo and role is Role.AUDIT_ADMIN:
            continue
        if account.id not in store.holders(work.session, role):
            continue
        if not store.holders(work.session, role, ahead=LASTING) - {account.id}:
            raise LastAdmin(value=account.login, role=role.value, days=LASTING.days)


def _check_leaves_admin(work: Work, account: Account) -> None:
    check_other(work, account)
    _check_standing(account)
    store.take_turn(work.session)
    check_another(work, account)


def _check_standing(account: Account) -> None:
    if account.ended_at is not None:
        raise AccountEnded(value=account.login)


def _note(work: Work, action: Action, account: Account, after: dict[str, object]) -> None:
    work.note(Note(action, subject_kind="account", subjects=(account.id,), after=after))
