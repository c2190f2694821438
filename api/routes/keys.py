"""Keys of other systems: made, listed, ended."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import API
from api.deps import AccountsWork
from api.idempotency import Idempotent
from api.params import RowId, Words
from api.reading import Read
from api.schemas.accounts import KeyBody, KeyListBody, KeyMadeBody, KeysQuery, KeyWish
from geo.accounts import keys, store
from geo.accounts.keys import NewKey
from geo.audit.actions import Action

router = APIRouter(prefix=API, tags=["accounts"])

_KIND, _KEY = "keys", (int,)
Login = Annotated[Words, Path()]


@router.get("/accounts/{login}/keys", response_model=KeyListBody)
def list_keys(login: Login, query: Annotated[KeysQuery, Query()], read: Read) -> KeyListBody:
    """List the keys of a system, newest first, by their first characters."""
    account = store.account_by_login(read.session, login)
    found = store.keys_of(read.session, account.id, read.page(query, _KIND, *_KEY))
    read.work.gave(Action.ACCOUNT_READ, "account", [account])
    return KeyListBody(
        items=[KeyBody.of(row) for row in found.rows], next=read.following(_KIND, found.after)
    )


@router.post("/accounts/{login}/keys", response_model=KeyMadeBody, status_code=201)
def add_key(login: Login, wish: KeyWish, once: Idempotent, work: AccountsWork) -> KeyMadeBody:
    """Make a key of a system, for all that its account may or for less.

    The key is shown in this answer and never again; a repeat under the same key has none.
    """
    if once.replayed is not None:
        body = KeyBody.of(store.key_by_id(work.session, int(once.replayed)))
        return KeyMadeBody(**dict(body), secret=None)
    account = store.account_by_login(work.session, login)
    row, secret = keys.add_key(work, account, NewKey(wish.name, wish.permissions, wish.days))
    work.session.refresh(row)
    once.made(201, str(row.id))
    return KeyMadeBody(**dict(KeyBody.of(row)), secret=secret)


@router.post("/keys/{id}/end", response_model=KeyBody)
def end_key(
    key_id: Annotated[RowId, Path(alias="id")], once: Idempotent, work: AccountsWork
) -> KeyBody:
    """End a key; within two seconds it opens nothing any more."""
    row = store.key_by_id(work.session, key_id)
    if once.replayed is None:
        keys.end_key(work, row)
        once.made(200)
    return KeyBody.of(row)
