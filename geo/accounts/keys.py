"""Keys of other systems: each opens what its account may, or less, until its day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from geo.access.roles import ROLES, Permission, Role
from geo.accounts.model import Account, ApiKey
from geo.accounts.service import AccountEnded, check_other
from geo.accounts.tokens import TokenKind, digest, new_token, shown_of
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import Invalid, Refused
from geo.work import Work

LONGEST_DAYS = 730
_NAME_MAX = 50


class KeyForPerson(Refused):
    """A person signs in with a password; keys are for other systems."""

    code = "key_for_person"


class KeyRefused(Invalid):
    """A name, a permission or a life that a key cannot have."""

    code = "key_refused"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made.

    Parameters
    ----------
    name : what it is for
    permissions : the only ones; None for all that the account's roles have
    days : for how many days it is good
    """

    name: str
    permissions: Collection[Permission] | None = None
    days: int = 365


def add_key(work: Work, account: Account, new: NewKey, *, token: str = "") -> tuple[ApiKey, str]:
    """Make a key of a system; return its row and the key itself, which is never shown again.

    Parameters
    ----------
    token : a known one, for the demo alone

    Raises
    ------
    OwnAccount, AccountEnded, KeyForPerson, KeyRefused
        When it cannot be made.
    """
    check_other(work, account)
    if account.ended_at is not None:
        raise AccountEnded(value=account.login)
    if account.kind != "client":
        raise KeyForPerson(value=account.login)
    _check(new)
    key = token or new_token(TokenKind.KEY)
    permissions = None if new.permissions is None else sorted(set(new.permissions))
    row = ApiKey(
        account_id=account.id,
        name=new.name.strip(),
        shown=shown_of(key),
        token_hash=digest(key),
        permissions=permissions,
        created_by=work.actor.name,
        expires_at=work.now + timedelta(days=new.days),
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Action.KEY_ADD, row)
    return row, key


def end_key(work: Work, row: ApiKey) -> None:
    """End a key; what has ended already stays as it is."""
    if row.ended_at is None:
        row.ended_at = work.now
        _note(work, Action.KEY_END, row)


def _check(new: NewKey) -> None:
    name = new.name.strip()
    if not name or not name.isprintable() or len(name) > _NAME_MAX:
        raise KeyRefused(value=new.name[:_NAME_MAX])
    if not 1 <= new.days <= LONGEST_DAYS:
        raise KeyRefused(value=str(new.days))
    beyond = set(new.permissions or ()) - ROLES[Role.SYSTEM_CLIENT].permissions
    if beyond or (new.permissions is not None and not new.permissions):
        raise KeyRefused(value=", ".join(sorted(beyond)) or "-")


def _note(work: Work, action: Action, row: ApiKey) -> None:
    after = {
        "key": str(row.id),
        "shown": row.shown,
        "permissions": row.permissions,
        "expires_at": row.expires_at.isoformat(timespec="seconds"),
    }
    work.note(Note(action, subject_kind="account", subjects=(row.account_id,), after=after))
