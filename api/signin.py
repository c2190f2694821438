"""From a request to who asks: a page's cookie, a client's bearer token or a system's key.

What a token opens is looked up once in ``KEPT_S`` and kept in this process, so that a hot route
costs no query and a lock, a sign-out or a changed role holds everywhere within two seconds; in the
process that makes the change it holds at once. What cannot be a token is refused without a look-up.
"""

import asyncio
import hmac
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request, Response
from sqlalchemy import event
from sqlalchemy.orm import Session
from starlette.datastructures import State
from starlette.types import Scope

from api.access import NOBODY_ASKED, route_key
from api.turns import taken
from geo.access.actors import Actor
from geo.accounts.rules import SignInRules
from geo.accounts.sign_ins import TokenRefused
from geo.accounts.standing import Standing, standing
from geo.accounts.tokens import TokenKind, csrf_of, digest, kind_of, masked, unmasked
from geo.errors import Forbidden, Unauthenticated
from geo.runtime import Runtime
from geo.work import Work

KEPT_S = 1.5
CSRF_HEADER = "X-CSRF-Token"
_MOST = 10_000
_COOKIES: Mapping[str, str] = {"http": "wangge", "https": "__Host-wangge"}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


class SignInNeeded(Unauthenticated):
    """The route is not for anybody, and nobody has signed in."""

    code = "sign_in_needed"


class CsrfRefused(Forbidden):
    """A change was asked for with a page's cookie, and not by our page."""

    code = "csrf_refused"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks.

    Parameters
    ----------
    actor : with the request's id and address; its scope is nothing until it acts
    nobody : the same request's actor had nobody signed in
    standing : what its token opens; None for somebody who has not signed in
    token : as given; empty without
    """

    actor: Actor
    nobody: Actor
    standing: Standing | None = None
    token: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is known by a page's cookie."""
        return self.standing is not None and self.standing.kind is TokenKind.PAGE

    @property
    def csrf(self) -> str:
        """What its page sends along with a change, masked anew each time; empty for others."""
        return masked(csrf_of(self.token)) if self.is_page else ""


LookUp = asyncio.Task[Standing | None]


class Standings:
    """What tokens open, kept for a moment.

    Parameters
    ----------
    kept_s : for how long
    clock : seconds that never go back
    """

    def __init__(self, kept_s: float = KEPT_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept_s, self._clock = kept_s, clock
        self._known: dict[bytes, tuple[float, Standing | None]] = {}
        # Used in the event loop alone.
        self._under_way: dict[bytes, tuple[int, LookUp]] = {}
        self._turn = 0
        # Kept in the event loop, forgotten in the thread that committed a change.
        self._lock = threading.Lock()

    def known(self, token: str) -> tuple[Standing | None] | None:
        """Return what a token opens, in a tuple of one; None when that must be looked up."""
        found = self._known.get(digest(token))
        if found is None or self._clock() - found[0] >= self._kept_s:
            return None
        return (found[1],)

    def good_until(self, token: str) -> float:
        """Return until when what a token opens need not be looked up; 0 when it must be."""
        found = self._known.get(digest(token))
        return 0.0 if found is None else found[0] + self._kept_s

    def under_way(self, token: str) -> LookUp | None:
        """Return the look-up of a token that runs already, if nothing has changed since it began.

        Whoever waits for it shields it: others wait for it too.
        """
        running = self._under_way.get(digest(token))
        return running[1] if running is not None and running[0] == self._turn else None

    def begin(self, token: str, run: LookUp) -> None:
        """Let others join a look-up that begins now, until it is done."""
        key, begun = digest(token), (self._turn, run)
        self._under_way[key] = begun

        def done(ended: LookUp) -> None:
            if self._under_way.get(key) is begun:
                del self._under_way[key]
            if not ended.cancelled():
                ended.exception()  # nobody may be waiting for it any more

        run.add_done_callback(done)

    @property
    def turn(self) -> int:
        """Counts the changes; a look-up names the turn it began in."""
        return self._turn

    def keep(self, token: str, opened: Standing | None, *, begun: float, turn: int) -> None:
        """Keep what a look-up found, unless something has changed since it began."""
        with self._lock:
            if turn != self._turn:
                return
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[digest(token)] = (begun, opened)

    def now(self) -> float:
        """Return the moment at which a look-up begins."""
        return self._clock()

    def forget(self) -> None:
        """Look up again what opens something; what opened nothing does so still."""
        with self._lock:
            self._turn += 1
            nothing = {token: kept for token, kept in self._known.items() if kept[1] is None}
            self._known = nothing

    def forget_after(self, work: Work) -> None:
        """Look everything up again once a work has committed."""
        event.listen(work.session, "after_commit", self._forget, once=True)

    def _forget(self, _session: Session) -> None:
        self.forget()


async def asker_of(request: Request) -> Asker:
    """Return who asks; every route has this below its guard.

    Raises
    ------
    TokenRefused
        When a bearer token or key opens nothing. A cookie that opens nothing is passed over: a
        browser sends it whatever the page.
    CsrfRefused
        When a page's cookie comes with a change that our page did not ask for.
    """
    nobody = _nobody(request.scope)
    if route_key(request.scope) in NOBODY_ASKED:
        return nobody
    token, is_cookie = _given(request)
    if not token:
        return nobody
    opened = await _opened(request, token)
    if opened is None:
        if is_cookie:
            return nobody
        raise TokenRefused()
    if is_cookie and request.method not in _SAFE:
        check_csrf(request, token)
    actor = replace(opened.actor, request_id=nobody.actor.request_id, address=nobody.actor.address)
    asker = Asker(actor, nobody.actor, opened, token)
    request.scope.setdefault("state", {})["asker"] = asker
    return asker


async def known_asker(asker: Annotated[Asker, Depends(asker_of)]) -> Standing:
    """Return what the asker's token opens, on a route that is not for anybody.

    Raises
    ------
    SignInNeeded
        When nobody has signed in.
    """
    if asker.standing is None:
        raise SignInNeeded()
    return asker.standing


def check_csrf(request: Request, token: str) -> None:
    """Refuse a change that our own page did not ask for.

    Raises
    ------
    CsrfRefused
        When the page's token is missing or wrong, or the browser names another site.
    """
    given, wanted = request.headers.get(CSRF_HEADER, ""), csrf_of(token)
    # As bytes: a header may hold what no comparison of text takes.
    bare = hmac.compare_digest(given.encode(), wanted.encode())
    right = hmac.compare_digest(unmasked(given), wanted) or bare
    if not right or not is_own_site(request):
        raise CsrfRefused()


def is_own_site(request: Request) -> bool:
    """Return whether a browser says that a request comes from a page of ours, or says nothing."""
    headers = request.headers
    own = f"{request.scope['scheme']}://{headers.get('host', '')}"
    site = headers.get("sec-fetch-site")
    return headers.get("origin", own) == own and (site is None or site in _OWN_SITES)


def cookie_name(scope: Scope) -> str:
    """Return the name of a page's cookie; over TLS no other host of the domain can set it."""
    return _COOKIES[scope["scheme"]]


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give a page its cookie, which ends with the browser; the server ends it earlier."""
    response.set_cookie(
        cookie_name(request.scope),
        token,
        path="/",
        secure=request.scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )


def clear_cookie(request: Request, response: Response) -> None:
    """Take a page's cookie away."""
    response.delete_cookie(
        cookie_name(request.scope),
        path="/",
        secure=request.scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )


def page_token(request: Request) -> str:
    """Return the token in a page's cookie; empty when there is none, or what cannot be one."""
    token = request.cookies.get(cookie_name(request.scope), "")
    return token if kind_of(token) is TokenKind.PAGE else ""


def _given(request: Request) -> tuple[str, bool]:
    """Return the token of a request and whether it is a page's; what is said aloud goes first."""
    bearer, key = (request.headers.getlist(name) for name in ("authorization", "x-api-key"))
    said = [value.partition(" ") for value in bearer]
    tokens = [token.strip() for scheme, _, token in said if scheme.lower() == "bearer"]
    if len(tokens) + len(key) > 1:
        raise TokenRefused()
    if tokens:
        return _of_kind(tokens[0], TokenKind.ACCESS, TokenKind.KEY), False
    if key:
        return _of_kind(key[0], TokenKind.KEY), False
    return page_token(request), True


def _of_kind(token: str, *kinds: TokenKind) -> str:
    if kind_of(token) not in kinds:
        raise TokenRefused()
    return token


async def _opened(request: Request, token: str) -> Standing | None:
    kept: Standings = request.app.state.standings
    known = kept.known(token)
    return known[0] if known is not None else await look_up(request.app.state, token)


async def look_up(state: State, token: str) -> Standing | None:
    """Return what a token opens now, and keep it for a moment.

    Requests with the same token that come together share one look-up.

    Parameters
    ----------
    state : of the application
    """
    kept: Standings = state.standings
    running = kept.under_way(token)
    if running is None:
        running = asyncio.create_task(_look_up(state, token))
        kept.begin(token, running)
    return await asyncio.shield(running)


async def _look_up(state: State, token: str) -> Standing | None:
    kept: Standings = state.standings
    turn, begun = kept.turn, kept.now()
    async with taken(state.turns):
        opened = await to_thread.run_sync(_looked_up, state.runtime, token)
    kept.keep(token, opened, begun=begun, turn=turn)
    return opened


def _looked_up(runtime: Runtime, token: str) -> Standing | None:
    with runtime.work(Actor.system("sign_in")) as work:
        return standing(work, token, SignInRules.of(runtime.settings))


def _nobody(scope: Scope) -> Asker:
    client = scope.get("client")
    actor = replace(
        Actor.anonymous(),
        request_id=scope.get("state", {}).get("request_id", ""),
        address=client[0] if client else "",
    )
    return Asker(actor, actor)


AskerOf = Annotated[Asker, Depends(asker_of)]
Known = Annotated[Standing, Depends(known_asker)]
