"""What a token opens at this moment: an account, its roles that stand now and where.

Read anew for each look-up, so that a lock, a sign-out or a changed role holds as soon as a process
looks again (``api/signin.py`` says how soon that is).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from geo.access.actors import Actor, ActorKind, Grant
from geo.access.roles import ROLES, Permission, Role
from geo.access.scope import Scope
from geo.accounts.model import Account, ApiKey, SignIn
from geo.accounts.rules import KEY_SEEN_EVERY, SEEN_EVERY, SignInRules
from geo.accounts.tokens import TokenKind, digest, kind_of
from geo.db.sql import statement
from geo.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody known by a token that opens something now.

    Parameters
    ----------
    actor : with the roles that stand; its scope is nothing until it acts
    name : as shown
    kind : of the token
    credential_id : id of the sign-in, or of the API key
    must_change : the password must be changed before anything else
    demo : an account of the demo
    """

    actor: Actor
    name: str
    kind: TokenKind
    credential_id: int
    must_change: bool
    demo: bool

    @property
    def account_id(self) -> int:
        """Id of the account."""
        assert self.actor.account_id is not None
        return self.actor.account_id


def standing(work: Work, token: str, rules: SignInRules) -> Standing | None:
    """Return who bears a token; None when it opens nothing now.

    Notes that it was used, a sign-in's use to the minute and a key's to the hour; use prolongs a
    page's sign-in up to its end.
    """
    kind = kind_of(token)
    if kind is None or kind is TokenKind.REFRESH:
        return None
    if kind is TokenKind.KEY:
        return _of_key(work, token, rules)
    return _of_sign_in(work, token, kind, rules)


def person_of(account: Account, grants: tuple[Grant, ...]) -> Actor:
    """Return the actor of an account."""
    kind = ActorKind.PERSON if account.kind == "person" else ActorKind.CLIENT
    return Actor(account.login, Scope.nothing(), kind, account.id, grants)


def standing_grants(session: Session, account_id: int) -> tuple[Grant, ...]:
    """Return the roles an account holds now; a former post and a cell that is gone give none."""
    rows = session.execute(statement("geo.accounts", "grants"), {"account_id": account_id})
    found = (_grant(row.role, row.area, row.case_types) for row in rows)
    return tuple(grant for grant in found if grant is not None)


def _grant(role: str, area: str | None, case_types: list[str] | None) -> Grant | None:
    """Return a role as it is meant: with an area where it has one, without where it has none."""
    if role not in set(Role) or ROLES[Role(role)].has_area != (area is not None):
        return None
    return Grant(Role(role), area, None if case_types is None else frozenset(case_types))


def _of_sign_in(work: Work, token: str, kind: TokenKind, rules: SignInRules) -> Standing | None:
    wanted = "page" if kind is TokenKind.PAGE else "token"
    query = (
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(*_open(rules))
        .where(SignIn.token_hash == digest(token), SignIn.kind == wanted)
        .where(SignIn.ended_at.is_(None), SignIn.token_until > func.now())
        .where(SignIn.expires_at > func.now())
    )
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    sign_in, account = row
    if work.now - sign_in.seen_at >= SEEN_EVERY:
        _see(work.session, sign_in.id, rules.page_idle if kind is TokenKind.PAGE else None)
    grants = standing_grants(work.session, account.id)
    actor = person_of(account, grants)
    return Standing(actor, account.name, kind, sign_in.id, account.must_change, account.demo)


def _of_key(work: Work, token: str, rules: SignInRules) -> Standing | None:
    query = (
        select(ApiKey, Account)
        .join(Account, Account.id == ApiKey.account_id)
        .where(*_open(rules))
        .where(ApiKey.token_hash == digest(token), ApiKey.ended_at.is_(None))
        .where(ApiKey.expires_at > func.now())
    )
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    key, account = row
    _see_key(work.session, key, work.now)
    actor = person_of(account, standing_grants(work.session, account.id))
    allowed = None if key.permissions is None else _permissions(key.permissions)
    actor = Actor(
        actor.name, actor.scope, actor.kind, actor.account_id, actor.grants, allowed=allowed
    )
    return Standing(actor, account.name, TokenKind.KEY, key.id, account.must_change, account.demo)


def _permissions(named: list[str]) -> frozenset[Permission]:
    """Return the permissions of a key; one that is no more, is none."""
    known = set(Permission)
    return frozenset(Permission(name) for name in named if name in known)


def _open(rules: SignInRules) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of accounts that may sign in now."""
    standing = (Account.locked_at.is_(None), Account.ended_at.is_(None))
    return standing if rules.demo else (*standing, ~Account.demo)


def _see(session: Session, sign_in_id: int, prolong: timedelta | None) -> None:
    """Note the last use; of two processes at once only one writes."""
    values: dict[str, Any] = {"seen_at": func.now()}
    if prolong is not None:
        values["token_until"] = func.least(SignIn.expires_at, func.now() + prolong)
    stale = SignIn.seen_at <= func.now() - SEEN_EVERY
    session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, stale).values(values),
        execution_options={"synchronize_session": False},
    )


def _see_key(session: Session, key: ApiKey, now: datetime) -> None:
    if key.last_used_at is None or now - key.last_used_at >= KEY_SEEN_EVERY:
        session.execute(
            update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=func.now()),
            execution_options={"synchronize_session": False},
        )
