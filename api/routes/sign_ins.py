"""Signing in, going on with a refresh token, and ending sign-ins: for who is at the door."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.access import API, is_local
from api.deps import AccountsWork, RuntimeOf
from api.idempotency import HEADER, Idempotent
from api.params import RowId
from api.reading import Read
from api.schemas.sign_ins import (
    EndedBody,
    OpenedBody,
    RefreshWish,
    SignInBody,
    SignInListBody,
    SignInsQuery,
    SignInWish,
)
from api.signin import (
    AskerOf,
    CsrfRefused,
    Known,
    clear_cookie,
    is_own_site,
    page_token,
    set_cookie,
)
from api.turns import PASSWORD_TURN, TURN
from geo.accounts import sign_ins, store
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import Attempt
from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import Forbidden

router = APIRouter(prefix=API, tags=["accounts"])

_KIND, _KEY = "sign_ins", (int,)


class InsecureTransport(Forbidden):
    """A password or token would travel unencrypted beyond this machine."""

    code = "insecure_transport"


@router.post(
    "/sign-ins",
    response_model=OpenedBody,
    status_code=201,
    dependencies=[PASSWORD_TURN, TURN],
)
def sign_in(
    wish: SignInWish, request: Request, response: Response, runtime: RuntimeOf, asker: AskerOf
) -> OpenedBody:
    """Sign in with login and password: a page gets a cookie, a client a pair of tokens.

    Five wrong passwords in fifteen minutes pause the login for fifteen minutes; the answer is the
    same whether the login exists, is paused, was locked, or the password is wrong.
    """
    _check_way(request)
    if not is_own_site(request):
        raise CsrfRefused()
    attempt = Attempt(
        asker.actor,
        wish.login,
        wish.password,
        device=request.headers.get("user-agent", ""),
        replaces=page_token(request) if wish.kind == "page" else "",
    )
    rules = SignInRules.of(runtime.settings)
    opened = sign_ins.sign_in(runtime, runtime.hasher, rules, attempt, wish.kind)
    if wish.kind == "page":
        request.app.state.standings.forget()
        set_cookie(request, response, opened.token)
    return OpenedBody.of(opened)


@router.post(
    "/sign-ins/refresh",
    response_model=OpenedBody,
    dependencies=[TURN],
)
def refresh(wish: RefreshWish, request: Request, runtime: RuntimeOf, asker: AskerOf) -> OpenedBody:
    """Give a client its next pair of tokens for its refresh token, which is good for one use.

    A second use ends the whole sign-in. A client that got no answer asks again within a minute
    under the same `Idempotency-Key`.
    """
    _check_way(request)
    rules = SignInRules.of(runtime.settings)
    key = request.headers.get(HEADER, "")
    try:
        opened = sign_ins.renew(runtime, rules, asker.actor, wish.refresh_token, key=key)
    finally:
        # The last access token is good no more, nor is any other when the sign-in was ended.
        request.app.state.standings.forget()
    return OpenedBody.of(opened)


@router.get("/sign-ins", response_model=SignInListBody)
def list_sign_ins(
    query: Annotated[SignInsQuery, Query()], read: Read, known: Known
) -> SignInListBody:
    """List where one is signed in."""
    page = read.page(query, _KIND, *_KEY)
    found = store.sign_ins_of(read.session, known.account_id, page)
    return SignInListBody(
        items=[SignInBody.of(row, known.credential_id) for row in found.rows],
        next=read.following(_KIND, found.after),
    )


@router.post("/sign-ins/{id}/end", response_model=EndedBody)
def end_sign_in(
    sign_in_id: Annotated[RowId, Path(alias="id")],
    once: Idempotent,
    work: AccountsWork,
    known: Known,
) -> EndedBody:
    """End one of the own sign-ins, on a device left behind for instance."""
    row = store.own_sign_in(work.session, known.account_id, sign_in_id)
    if once.replayed is None:
        sign_ins.end(work, row, "other_device")
        once.made(200, "1")
    return EndedBody(ended=1)


@router.post("/sign-ins/end-others", response_model=EndedBody)
def end_other_sign_ins(once: Idempotent, work: AccountsWork, known: Known) -> EndedBody:
    """End every own sign-in but the one that asks."""
    if once.replayed is not None:
        return EndedBody(ended=int(once.replayed))
    ended = sign_ins.end_all(work, known.account_id, "other_device", keep=known.credential_id)
    mine = (known.account_id,)
    after = {"sign_ins_ended": ended}
    work.note(Note(Action.SIGN_OUT, subject_kind="account", subjects=mine, after=after))
    once.made(200, str(ended))
    return EndedBody(ended=ended)


@router.post("/sign-out", status_code=204)
def sign_out(request: Request, once: Idempotent, work: AccountsWork, known: Known) -> Response:
    """End the sign-in that asks; a page's cookie is taken away."""
    if once.replayed is None:
        row = store.own_sign_in(work.session, known.account_id, known.credential_id)
        sign_ins.end(work, row, "signed_out")
        once.made(204)
    response = Response(status_code=204)
    clear_cookie(request, response)
    return response


def _check_way(request: Request) -> None:
    if request.scope["scheme"] != "https" and not is_local(request.scope):
        raise InsecureTransport()
