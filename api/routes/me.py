"""The own account: who one is here, what one may do, a new password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.access import API
from api.deps import ActorOf, RuntimeOf
from api.idempotency import Once, key_of, request_hash
from api.reading import Read
from api.schemas.accounts import GrantBody
from api.schemas.sign_ins import EndedBody, MeBody, PasswordWish, ResetBody
from api.signin import AskerOf, Known
from api.turns import PASSWORD_TURN, TURN
from geo.access.roles import Permission
from geo.accounts import service, store
from geo.accounts.idempotency import claim
from geo.accounts.model import Account
from geo.accounts.passwords import check_password
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import Attempt, SignInRefused, confirmed, proved
from geo.errors import Forbidden
from geo.runtime import Runtime

router = APIRouter(prefix=f"{API}/me", tags=["accounts"])


class PasswordWrong(Forbidden):
    """The old password is not the right one."""

    code = "password_wrong"


@router.get("", response_model=MeBody)
def read_me(read: Read, asker: AskerOf, known: Known) -> MeBody:
    """Return who asks: the account, its roles, all they allow, and who reset its password."""
    roles = [row for row in store.grants_of(read.session, known.account_id) if row.stands]
    account = store.account_by_login(read.session, asker.actor.name)
    return MeBody(
        login=asker.actor.name,
        name=known.name,
        kind="person",
        must_change=known.must_change,
        demo=known.demo,
        roles=[GrantBody.of(row) for row in roles],
        permissions=[one.value for one in Permission if asker.actor.may(one)],
        resets=[ResetBody(**reset) for reset in account.resets],
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
    check_password(wish.new, actor.name, old=wish.old)
    rules = SignInRules.of(runtime.settings)
    attempt = Attempt(actor, actor.name, wish.old)
    proven = _proven(runtime, rules, attempt)
    fresh = runtime.hasher.hash(wish.new)
    with runtime.work(actor) as work:
        once = Once(work, key, claim(work, key, digest))
        if once.replayed is not None:
            return EndedBody(ended=int(once.replayed))
        if proven is None:
            raise PasswordWrong()
        account = confirmed(work, rules, attempt, proven)
        ended = service.set_password(work, account, fresh, keep=known.credential_id)
        once.made(200, str(ended))
        request.app.state.standings.forget_after(work)
    return EndedBody(ended=ended)


def _proven(runtime: Runtime, rules: SignInRules, attempt: Attempt) -> Account | None:
    """Return the own account when it is its password; wrong ones count as at the door."""
    try:
        return proved(runtime, runtime.hasher, rules, attempt)
    except SignInRefused:
        return None
