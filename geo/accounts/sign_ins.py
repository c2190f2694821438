"""Signing in and out, and what keeps a sign-in going: the use cases of whoever is at the door.

A password is compared between two short works, so no connection waits for argon2. Whatever is
refused, is refused by the same sentence and after the same work, whether the login exists or not,
is locked, has ended or was given a wrong password.

Other ways to prove who one is come in at ``begin``: a single sign-on that has found the account by
its ``subject``, or a second factor once ``proved`` has asked for it.
"""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import update

from geo.access.actors import Actor
from geo.accounts import store
from geo.accounts.idempotency import kept
from geo.accounts.model import Account, RefreshToken, SignIn, SignInFailure
from geo.accounts.passwords import Hasher
from geo.accounts.rules import RETRY, SignInRules, counted, locked_until, origin_of
from geo.accounts.standing import person_of
from geo.accounts.tokens import TokenKind, digest, kind_of, new_token
from geo.audit.actions import Action, Outcome
from geo.audit.notes import Note
from geo.errors import Unauthenticated
from geo.work import Work

Kind = Literal["page", "token"]
_DEVICE_MAX = 200


class Works(Protocol):
    """What signing in needs of a runtime: works, each committed when it ends."""

    def work(self, actor: Actor) -> AbstractContextManager[Work]:
        """Open a work."""


class SignInRefused(Unauthenticated):
    """Login and password do not open anything now."""

    code = "sign_in_refused"


class FactorNeeded(Unauthenticated):
    """The password is right; the account asks for a second factor as well."""

    code = "factor_needed"


class TokenRefused(Unauthenticated):
    """A token opens nothing: unknown, ended, expired or used before."""

    code = "token_refused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door.

    Parameters
    ----------
    asker : the actor of the request, not known yet
    login, password : as typed
    device : what the browser or client calls itself
    replaces : token of the page's last sign-in, which ends with this one
    """

    asker: Actor
    login: str
    password: str
    device: str = ""
    replaces: str = ""

    @property
    def name(self) -> str:
        """The login as it is stored."""
        return self.login.strip().lower()

    @property
    def origin(self) -> str:
        """From where, as tries are counted."""
        return origin_of(self.asker.address)

    @property
    def login_hash(self) -> bytes:
        """What is kept of a login that failed: it may be somebody's password typed too early."""
        return hashlib.sha256(self.name.encode()).digest()


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in with the tokens that were made for it; they are shown now and never again.

    Parameters
    ----------
    token : for the cookie, or the access token; good until ``until``
    refresh : of a client; None for a page
    ends : when the sign-in ends whatever happens
    """

    sign_in_id: int
    account: Account
    token: str
    until: datetime
    ends: datetime
    refresh: str | None = None


def sign_in(
    works: Works, hasher: Hasher, rules: SignInRules, attempt: Attempt, kind: Kind
) -> Opened:
    """Sign somebody in with a password.

    Raises
    ------
    SignInRefused
        When login and password do not open anything now; recorded.
    FactorNeeded
        When they do, and the account has a second factor.
    """
    account = proved(works, hasher, rules, attempt)
    try:
        with works.work(_as(attempt.asker, account)) as work:
            account = confirmed(work, rules, attempt, account)
            forgive(work, attempt.login_hash, attempt.origin)
            if account.password_hash and hasher.is_outdated(account.password_hash):
                account.password_hash = hasher.hash(attempt.password)
            _end_replaced(work, attempt.replaces)
            return begin(work, account, rules, kind, device=attempt.device)
    except SignInRefused:
        _fail(works, attempt, account, counts=False)
        raise


def proved(works: Works, hasher: Hasher, rules: SignInRules, attempt: Attempt) -> Account:
    """Return the account that a password opens now.

    Raises
    ------
    SignInRefused, FactorNeeded
        As in ``sign_in``.
    """
    with works.work(attempt.asker) as work:
        account = store.find_account(work.session, attempt.name)
        is_locked = _is_paused(work, attempt)
    may = account is not None and _is_open(account, rules) and not is_locked
    right = hasher.matches(attempt.password, account.password_hash if account and may else None)
    if account is None or not right:
        _fail(works, attempt, account, counts=not is_locked)
        raise SignInRefused()
    if account.factor_cipher is not None:
        raise FactorNeeded()
    return account


def confirmed(work: Work, rules: SignInRules, attempt: Attempt, proven: Account) -> Account:
    """Return an account whose password was compared a moment ago, kept from changes by others.

    Comparing takes a while, in which the password may have been set anew, the account locked, or
    the login paused by other tries.

    Parameters
    ----------
    proven : the account as ``proved`` returned it

    Raises
    ------
    SignInRefused
        When what was proved holds no more.
    """
    account = store.lock_account(work.session, proven.id)
    is_same = account.password_set_at == proven.password_set_at
    if not is_same or not _is_open(account, rules) or _is_paused(work, attempt):
        raise SignInRefused()
    return account


def begin(
    work: Work, account: Account, rules: SignInRules, kind: Kind, *, device: str = ""
) -> Opened:
    """Begin a sign-in of an account that has proved who it is, by whatever means."""
    is_page = kind == "page"
    token = new_token(TokenKind.PAGE if is_page else TokenKind.ACCESS)
    row = SignIn(
        account_id=account.id,
        kind=kind,
        token_hash=digest(token),
        token_until=work.now + (rules.page_idle if is_page else rules.access),
        expires_at=work.now + (rules.page_most if is_page else rules.refresh),
        address=work.actor.address,
        device=_shown_device(device),
    )
    work.session.add(row)
    work.session.flush()
    refresh = None if is_page else _next_refresh(work, row)
    after = {"sign_in": str(row.id), "kind": kind}
    work.note(Note(Action.SIGN_IN, subject_kind="account", subjects=(account.id,), after=after))
    return Opened(row.id, account, token, row.token_until, row.expires_at, refresh)


def renew(works: Works, rules: SignInRules, asker: Actor, token: str, *, key: str = "") -> Opened:
    """Give a client its next pair of tokens for a refresh token, which is good for one use.

    A second use ends the whole sign-in, because somebody has a copy; unless it is the same client
    asking again within a minute, with the same key, because it never got the answer.

    Raises
    ------
    TokenRefused
        When it opens nothing, or was used before; the latter is recorded.
    """
    if kind_of(token) is not TokenKind.REFRESH:
        raise TokenRefused()
    with works.work(asker) as work:
        opened = _renewed(work, rules, token, key)
    if opened is None:
        raise TokenRefused()
    return opened


def end(work: Work, sign_in: SignIn, why: str) -> None:
    """End one sign-in; its tokens open nothing from the commit on. One that has ended stays so."""
    if sign_in.ended_at is not None:
        return
    sign_in.ended_at, sign_in.ended_why = work.now, why
    work.note(
        Note(
            Action.SIGN_OUT,
            subject_kind="account",
            subjects=(sign_in.account_id,),
            reason=why,
            after={"sign_in": str(sign_in.id)},
        )
    )


def end_all(work: Work, account_id: int, why: str, *, keep: int | None = None) -> int:
    """End every sign-in of an account, one aside; return how many. The caller notes why."""
    query = (
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=work.now, ended_why=why)
        .returning(SignIn.id)
    )
    return len(work.session.execute(query).all())


def forgive(work: Work, login_hash: bytes, origin: str | None = None) -> None:
    """Let the wrong passwords of a login count no more.

    Parameters
    ----------
    origin : only those from there; a sign-in of the owner gives nobody elsewhere more tries
    """
    wrong = [SignInFailure.login_hash == login_hash, ~SignInFailure.cleared]
    if origin is not None:
        wrong.append(SignInFailure.address == origin)
    work.session.execute(update(SignInFailure).where(*wrong).values(cleared=True))


def _is_paused(work: Work, attempt: Attempt) -> bool:
    """Return whether wrong passwords keep a login from being tried from there now."""
    wrong = store.failures(work.session, attempt.login_hash, work.now)
    known = store.familiar(work.session, attempt.name, work.now)
    until = locked_until(counted(wrong, attempt.origin, known))
    return until is not None and until > work.now


def _end_replaced(work: Work, token: str) -> None:
    """End the sign-in that a page had before: a cookie is for one of them."""
    if token:
        earlier = (SignIn.token_hash == digest(token), SignIn.ended_at.is_(None))
        ended = {"ended_at": work.now, "ended_why": "signed_out"}
        work.session.execute(update(SignIn).where(*earlier).values(ended))


def login_hash_of(login: str) -> bytes:
    """Return what is kept of a login that failed."""
    return Attempt(Actor.anonymous(), login, "").login_hash


def _fail(works: Works, attempt: Attempt, account: Account | None, *, counts: bool) -> None:
    """Record a refusal; while the login is locked it does not count, so that the lock ends."""
    subjects = () if account is None else (account.id,)
    with works.work(attempt.asker) as work:
        work.session.add(
            SignInFailure(login_hash=attempt.login_hash, cleared=not counts, address=attempt.origin)
        )
        work.note(Note(Action.SIGN_IN, Outcome.FAILED, subject_kind="account", subjects=subjects))


def _renewed(work: Work, rules: SignInRules, token: str, key: str) -> Opened | None:
    found = store.family_of(work.session, digest(token))
    if found is None:
        return None
    used, family, account = found
    standing = family.ended_at is None and family.expires_at > work.now
    if not standing or not _is_open(account, rules) or used.expires_at <= work.now:
        return None
    if used.used_at is not None and not _is_retry(used, key, work.now):
        family.ended_at, family.ended_why = work.now, "reused"
        after = {"sign_in": str(family.id)}
        subjects = (account.id,)
        work.note(
            Note(
                Action.SIGN_IN_REUSED,
                Outcome.DENIED,
                subject_kind="account",
                subjects=subjects,
                after=after,
            )
        )
        return None
    return _rotated(work, rules, used, family, account, key)


def _rotated(
    work: Work,
    rules: SignInRules,
    used: RefreshToken,
    family: SignIn,
    account: Account,
    key: str,
) -> Opened:
    # What a first try had made and nobody got must not be good beside what is made now.
    waiting = (RefreshToken.sign_in_id == family.id, RefreshToken.used_at.is_(None))
    others = update(RefreshToken).where(*waiting, RefreshToken.id != used.id)
    work.session.execute(others.values(used_at=work.now))
    if used.used_at is None:
        used.used_at, used.used_key = work.now, kept(key)
    token = new_token(TokenKind.ACCESS)
    family.token_hash, family.seen_at = digest(token), work.now
    family.token_until = min(work.now + rules.access, family.expires_at)
    refresh = _next_refresh(work, family)
    return Opened(family.id, account, token, family.token_until, family.expires_at, refresh)


def _next_refresh(work: Work, family: SignIn) -> str:
    token = new_token(TokenKind.REFRESH)
    row = RefreshToken(sign_in_id=family.id, token_hash=digest(token), expires_at=family.expires_at)
    work.session.add(row)
    work.session.flush()
    return token


def _is_retry(used: RefreshToken, key: str, now: datetime) -> bool:
    assert used.used_at is not None
    return bool(key) and used.used_key == kept(key) and now - used.used_at < RETRY


def _is_open(account: Account, rules: SignInRules) -> bool:
    """Return whether an account may sign in at all."""
    standing = account.locked_at is None and account.ended_at is None
    return standing and (rules.demo or not account.demo)


def _as(asker: Actor, account: Account) -> Actor:
    known = person_of(account, ())
    return replace(known, request_id=asker.request_id, address=asker.address)


def _shown_device(device: str) -> str:
    return "".join(c for c in device if c.isprintable())[:_DEVICE_MAX]
