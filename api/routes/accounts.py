"""Accounts, as administrators see and change them: people and other systems, what each may do."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.access import API
from api.deps import AccountsWork, RuntimeOf
from api.granting import new_grant, worker_codes, worker_id
from api.idempotency import Idempotent
from api.params import RowId, Words
from api.reading import Read
from api.schemas.accounts import (
    AccountBody,
    AccountFileBody,
    AccountListBody,
    AccountMadeBody,
    AccountsQuery,
    AccountWish,
    GrantBody,
    GrantWish,
)
from api.turns import PASSWORD_TURN
from geo.accounts import grants, service, store
from geo.accounts.grants import NewGrant
from geo.accounts.model import Account
from geo.accounts.passwords import made_password
from geo.accounts.service import NewAccount
from geo.accounts.store import AccountFilter
from geo.audit.actions import Action
from geo.work import Work

router = APIRouter(prefix=API, tags=["accounts"])

_KIND, _KEY = "accounts", (str,)
Login = Annotated[Words, Path()]


@router.get("/accounts", response_model=AccountListBody)
def list_accounts(query: Annotated[AccountsQuery, Query()], read: Read) -> AccountListBody:
    """List accounts in the order of their logins, each with the roles it holds now."""
    wanted = AccountFilter(words=query.q, role=query.role, kind=query.kind, state=query.state)
    page = read.page(query, _KIND, *_KEY)
    found = store.accounts(read.session, wanted, page)
    read.work.gave(Action.ACCOUNT_READ, "account", found.rows)
    return AccountListBody(
        items=bodies(read.work, found.rows), next=read.following(_KIND, found.after)
    )


@router.post(
    "/accounts",
    response_model=AccountMadeBody,
    status_code=201,
    dependencies=[PASSWORD_TURN],
)
def add_account(
    wish: AccountWish, once: Idempotent, work: AccountsWork, runtime: RuntimeOf
) -> AccountMadeBody:
    """Add a person, who is given a password to change at once, or another system.

    The password is shown in this answer and never again; a repeat under the same key has none.
    """
    if once.replayed is not None:
        return _made(work, store.account_by_login(work.session, once.replayed), None)
    password = made_password() if wish.kind == "person" else None
    new = NewAccount(
        login=wish.login.lower(),
        name=wish.name,
        kind=wish.kind,
        password_hash=None if password is None else runtime.hasher.hash(password),
        worker_id=worker_id(work, wish.worker),
    )
    account = service.add_account(work, new)
    if wish.grant is not None:
        grants.grant(work, account, _new_grant(work, wish.grant, runtime.settings.time_zone))
    once.made(201, account.login)
    return _made(work, account, password)


@router.get("/accounts/{login}", response_model=AccountFileBody)
def read_account(login: Login, read: Read) -> AccountFileBody:
    """Return an account with its roles, former ones too."""
    account = store.account_by_login(read.session, login)
    read.work.gave(Action.ACCOUNT_READ, "account", [account])
    (body,) = bodies(read.work, [account])
    former = [row for row in store.grants_of(read.session, account.id) if not row.stands]
    return AccountFileBody(**dict(body), former=[GrantBody.of(row) for row in former])


@router.post("/accounts/{login}/lock", response_model=AccountBody)
def lock_account(login: Login, once: Idempotent, work: AccountsWork) -> AccountBody:
    """Lock an account until it is unlocked; its sign-ins end at once."""
    account = store.account_by_login(work.session, login)
    if once.replayed is None:
        service.lock(work, account)
        once.made(200)
    return bodies(work, [account])[0]


@router.post("/accounts/{login}/unlock", response_model=AccountBody)
def unlock_account(login: Login, once: Idempotent, work: AccountsWork) -> AccountBody:
    """Open a locked account again, and let its wrong passwords count no more."""
    account = store.account_by_login(work.session, login)
    if once.replayed is None:
        service.unlock(work, account)
        once.made(200)
    return bodies(work, [account])[0]


@router.post(
    "/accounts/{login}/reset", response_model=AccountMadeBody, dependencies=[PASSWORD_TURN]
)
def reset_password(
    login: Login, once: Idempotent, work: AccountsWork, runtime: RuntimeOf
) -> AccountMadeBody:
    """Give a person a new password to change at once; every sign-in of theirs ends.

    The password is shown in this answer and never again; a repeat under the same key has none.
    """
    account = store.account_by_login(work.session, login)
    if once.replayed is not None:
        return _made(work, account, None)
    password = made_password()
    service.reset_password(work, account, runtime.hasher.hash(password))
    once.made(200)
    return _made(work, account, password)


@router.post("/accounts/{login}/end", response_model=AccountBody)
def end_account(login: Login, once: Idempotent, work: AccountsWork) -> AccountBody:
    """End an account for good; what it did stays, its login is never given again."""
    account = store.account_by_login(work.session, login)
    if once.replayed is None:
        service.end_account(work, account)
        once.made(200)
    return bodies(work, [account])[0]


@router.post("/accounts/{login}/grants", response_model=GrantBody, status_code=201)
def add_grant(
    login: Login, wish: GrantWish, once: Idempotent, work: AccountsWork, runtime: RuntimeOf
) -> GrantBody:
    """Give an account a role: where, about what, until when. Nobody gives one to oneself."""
    account = store.account_by_login(work.session, login)
    made = once.replayed
    if made is None:
        new = _new_grant(work, wish, runtime.settings.time_zone)
        made = str(grants.grant(work, account, new).id)
        once.made(201, made)
    return _grant_body(work.session, account.id, int(made))


@router.post("/grants/{id}/end", response_model=GrantBody)
def end_grant(
    grant_id: Annotated[RowId, Path(alias="id")], once: Idempotent, work: AccountsWork
) -> GrantBody:
    """Take a role back; within two seconds it gives nothing any more."""
    row, account = store.grant_by_id(work.session, grant_id)
    if once.replayed is None:
        area = _area_of(work.session, account.id, grant_id)
        grants.end_grant(work, row, account, area=area)
        once.made(200)
    work.session.flush()
    return _grant_body(work.session, account.id, grant_id)


def bodies(work: Work, accounts: Sequence[Account]) -> list[AccountBody]:
    """Return the bodies of some accounts, with the roles they hold now."""
    ids = [account.id for account in accounts]
    held = [row for row in store.grants_of(work.session, *ids) if row.stands]
    seen = store.last_seen(work.session, ids)
    worked = [account.worker_id for account in accounts if account.worker_id is not None]
    workers = worker_codes(work, worked)
    return [
        AccountBody.of(
            account,
            roles=[row for row in held if row.account_id == account.id],
            seen_at=seen.get(account.id),
            worker=workers.get(account.worker_id or 0),
        )
        for account in accounts
    ]


def _new_grant(work: Work, wish: GrantWish, zone: str) -> NewGrant:
    return new_grant(
        work,
        wish.role,
        cell=wish.cell,
        case_types=wish.case_types,
        valid_to=wish.valid_to,
        zone=zone,
    )


def _made(work: Work, account: Account, password: str | None) -> AccountMadeBody:
    return AccountMadeBody(**dict(bodies(work, [account])[0]), password=password)


def _grant_body(session: Session, account_id: int, grant_id: int) -> GrantBody:
    found = (row for row in store.grants_of(session, account_id) if row.id == grant_id)
    return GrantBody.of(next(found))


def _area_of(session: Session, account_id: int, grant_id: int) -> str:
    found = (row.area for row in store.grants_of(session, account_id) if row.id == grant_id)
    return next(found, "")
