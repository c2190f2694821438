"""Roles given to accounts and taken back: where, about what, until when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geo.access.roles import APART, ROLES, Role
from geo.accounts import store
from geo.accounts.model import Account, RoleGrant
from geo.accounts.service import GUARDED, AccountEnded, check_another, check_other
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import Invalid, Refused
from geo.work import Work

_CASE_TYPE = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)


class RoleUnknown(Invalid):
    """No role is called so."""

    code = "role_unknown"


class RoleUnfit(Refused):
    """A role for persons was to be given to a system, or the other way round."""

    code = "role_unfit"


class RoleArea(Invalid):
    """The role needs a cell and none was named, or has none and one was."""

    code = "role_area"


class RolesApart(Refused):
    """Two roles that nobody may hold together."""

    code = "roles_apart"


class CaseTypeRefused(Invalid):
    """A kind of incidents that cannot be one."""

    code = "case_type_refused"


class ValidityRefused(Invalid):
    """An end that has passed already."""

    code = "validity_refused"


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be given.

    Parameters
    ----------
    cell_id, area : of the cell it is for; None for roles of the whole deployment
    case_types : kinds of incidents it is for; None for all
    valid_to : until when, excluded; None for open
    """

    role: Role
    cell_id: int | None = None
    area: str = ""
    case_types: Sequence[str] | None = None
    valid_to: datetime | None = None


def role_named(value: str) -> Role:
    """Return a role by its name; nobody is given the one of who has not signed in.

    Raises
    ------
    RoleUnknown
        When there is none.
    """
    if value not in set(Role) - {Role.ANONYMOUS}:
        known = ", ".join(role for role in Role if role is not Role.ANONYMOUS)
        raise RoleUnknown(value=value, known=known)
    return Role(value)


def grant(work: Work, account: Account, new: NewGrant) -> RoleGrant:
    """Give an account a role from now on.

    Raises
    ------
    OwnAccount
        Nobody gives a role to the own account.
    AccountEnded, RoleUnfit, RoleArea, RolesApart, CaseTypeRefused, ValidityRefused
        When it cannot be given.
    """
    check_other(work, account)
    if account.ended_at is not None:
        raise AccountEnded(value=account.login)
    store.take_turn(work.session)
    _check_fit(account, new)
    _check_apart(work, account, new.role)
    if any(not _CASE_TYPE.fullmatch(name) for name in new.case_types or ()):
        raise CaseTypeRefused(value=", ".join(new.case_types or ()))
    if new.valid_to is not None and new.valid_to <= work.now:
        raise ValidityRefused(value=new.valid_to.isoformat(timespec="seconds"))
    row = RoleGrant(
        account_id=account.id,
        role=new.role.value,
        cell_id=new.cell_id,
        case_types=None if new.case_types is None else sorted(set(new.case_types)),
        valid_from=work.now,
        valid_to=new.valid_to,
        granted_by=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    note_grant(work, Action.GRANT_ADD, row, area=new.area)
    return row


def end_grant(work: Work, row: RoleGrant, account: Account, *, area: str = "") -> None:
    """Take a role back; what has ended already stays as it is.

    Raises
    ------
    LastAdmin
        When it is the role of the last system or audit administrator.
    """
    store.take_turn(work.session)
    if row.valid_to is not None and row.valid_to <= work.now:
        return
    check_another(work, account, [role for role in GUARDED if role == row.role])
    # A role given and taken back within one transaction has held for no time at all.
    row.valid_to = max(work.now, row.valid_from)
    note_grant(work, Action.GRANT_END, row, area=area)


def _check_fit(account: Account, new: NewGrant) -> None:
    if (account.kind == "client") != (new.role is Role.SYSTEM_CLIENT):
        raise RoleUnfit(role=new.role.value, value=account.login)
    if ROLES[new.role].has_area != (new.cell_id is not None):
        raise RoleArea(role=new.role.value)


def _check_apart(work: Work, account: Account, role: Role) -> None:
    held = {row.role for row in store.grants_of(work.session, account.id) if row.stands}
    others = held - {role.value}
    if others and (role in APART or others & {apart.value for apart in APART}):
        raise RolesApart(role=role.value, held=", ".join(sorted(others)))


def note_grant(work: Work, action: Action, row: RoleGrant, *, area: str) -> None:
    """Record that a role was given or taken back.

    Parameters
    ----------
    area : path of its cell; empty for the whole deployment
    """
    values = {
        "grant": str(row.id),
        "role": row.role,
        "cell": None if row.cell_id is None else str(row.cell_id),
        "case_types": row.case_types,
        "valid_to": None if row.valid_to is None else row.valid_to.isoformat(timespec="seconds"),
    }
    work.note(
        Note(action, subject_kind="account", subjects=(row.account_id,), area=area, after=values)
    )
