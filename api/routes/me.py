"""The own account: who one is here, what one may do, a new password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.access import API
from api.deps import ActorOf, RuntimeOf
from api.idempotency import Once, key_of, request_hash
from api.reading import Read
from api.schemas.accounts import GrantBody
from api.schemas.sign_ins import EndedBody, MeBody, PasswordWish
from api.signin import AskerOf, Known
from api.turns import PASSWORD_TURN, TURN
from geo.access.actors import Actor
from geo.access.roles import Permission
from geo.accounts import service, store
from geo.accounts.idempotency import claim
from geo.accounts.passwords import check_password
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import Attempt, SignInRefused, proved
from geo.errors import Forbidden
from geo.runtime import Runtime

router = APIRouter(prefix=f"{API}/me", tags=["accounts"])


class PasswordWrong(Forbidden):
    """The old password is not the right one."""

    code = "password_wrong"


@router.get("", response_model=MeBody)
def read_me(read: Read, asker: AskerOf, known: Known) -> MeBody:
    """Return who asks: the account, its roles that stand and all they allow."""
    roles = [row for row in store.grants_of(read.session, known.account_id) if row.stands]
    return MeBody(
        login=asker.actor.name,
        name=known.name,
        kind="person",
        must_change=known.must_change,
        demo=known.demo,
        roles=[GrantBody.of(row) for row in roles],
        permissions=[one.value for one in Permission if asker.actor.may(one)],
        csrf=asker.csrf or None,
    )


@router.post("/password", response_model=EndedBody, dependencies=[PASSWORD_TURN, TURN])
def change_password(
    wish: PasswordWish,
    request: Request,
    runtime: RuntimeOf,
    actor: ActorOf,
    known: Known,
    digest: Annotated[bytes, Depends(request_hash)],
) -> EndedBody:
    """Change the own password; every other sign-in ends at once."""
    key = key_of(request)
    check_password(wish.new, actor.name)
    is_right = _is_right(runtime, actor, wish.old)
    fresh = runtime.hasher.hash(wish.new)
    with runtime.work(actor) as work:
        once = Once(work, key, claim(work, key, digest))
        if once.replayed is not None:
            return EndedBody(ended=int(once.replayed))
        if not is_right:
            raise PasswordWrong()
        account = store.account_by_login(work.session, actor.name)
        ended = service.set_password(work, account, fresh, keep=known.credential_id)
        once.made(200, str(ended))
        request.app.state.standings.forget_after(work)
    return EndedBody(ended=ended)


def _is_right(runtime: Runtime, actor: Actor, password: str) -> bool:
    """Return whether it is the own password; wrong ones count as at the door."""
    rules = SignInRules.of(runtime.settings)
    try:
        proved(runtime, runtime.hasher, rules, Attempt(actor, actor.name, password))
    except SignInRefused:
        return False
    return True
