"""Public maps: each drawn once for all who wait for it, few at a time, and kept for a minute.

Drawing one takes half a second of a processor, and anybody may ask for the map of any cell. Whoever
asks for one that is not kept waits here, before taking a thread or a connection from others, and
pays for it beyond the request (``api.limits``).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter, Event, fail_after
from fastapi import Depends, Request

from api.access import route_key
from api.deps import RuntimeOf
from api.errors import TooBusy
from api.kept import Kept
from api.limits import charge
from api.page_views import spoken
from api.signin import Asker, AskerOf
from api.turns import taken
from geo.access.roles import Permission
from geo.runtime import Runtime
from geo.texts import Lang
from maps.render import Drawn

# Its counts in fives do not change from one minute to the next.
KEPT_S = 60.0
# Requests that drawing one is counted as, besides itself.
DRAWING_COST = 20.0
_MOST = 64
_AT_ONCE = 2
_WAIT_S = 5.0
_HOME, _NAMED, _PUBLIC = "GET /", "GET /maps/{name}", "/maps/public"


@dataclass(frozen=True, slots=True)
class Wish:
    """A public map as it is asked for.

    Parameters
    ----------
    cell : code; empty for where the map opens
    lang : of its texts
    address : of its page, for the ways to other cells
    asks : whether the page asks who answers
    """

    cell: str
    lang: Lang
    address: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a map shows: a cell of a publication."""

    number: int
    code: str


class PublicMaps:
    """The maps kept by this process, and who draws one now.

    Parameters
    ----------
    seconds : for how long one is given again
    most : how many are kept
    at_once : how many are drawn at a time
    wait_s : how long somebody waits for one that another draws
    """

    def __init__(
        self,
        seconds: float = KEPT_S,
        *,
        most: int = _MOST,
        at_once: int = _AT_ONCE,
        wait_s: float = _WAIT_S,
    ) -> None:
        self._kept: Kept[Wish, tuple[Shown, Drawn]] = Kept(seconds, most=most)
        self._slots = CapacityLimiter(at_once)
        self._wait_s = wait_s
        self._drawn_now: dict[Wish, Event] = {}

    def get(self, wish: Wish, shown: Shown) -> Drawn | None:
        """Return the map kept for a wish when it is the one to show now."""
        found = self._kept.get(wish)
        if found is None:
            return None
        if found[0].number != shown.number:
            # All are of an older publication; whoever asks from now on waits for a turn.
            self._kept.clear()
        return found[1] if found[0] == shown else None

    def keep(self, wish: Wish, shown: Shown, town: Drawn) -> Drawn:
        """Keep a map that was drawn just now, and return it."""
        return self._kept.keep(wish, (shown, town))[1]

    @asynccontextmanager
    async def turn(self, wish: Wish, pay: Callable[[], None]) -> AsyncIterator[None]:
        """Let somebody through once a map is there, or it is theirs to draw.

        Parameters
        ----------
        pay : called by who is to draw it; a refusal leaves the turn to the next

        Raises
        ------
        TooBusy
            When neither came in time.
        """
        if await self._is_there(wish):
            yield
            return
        done = self._drawn_now[wish] = Event()
        try:
            pay()
            async with taken(self._slots):
                yield
        finally:
            del self._drawn_now[wish]
            done.set()

    async def _is_there(self, wish: Wish) -> bool:
        """Wait for whoever draws a map now; return whether it is kept then."""
        try:
            with fail_after(self._wait_s):
                while wish in self._drawn_now:
                    await self._drawn_now[wish].wait()
        except TimeoutError:
            raise TooBusy() from None
        return self._kept.get(wish) is not None


def wish_of(request: Request, runtime: Runtime, asker: Asker, *, cell: str, address: str) -> Wish:
    """Return the public map that a request asks for."""
    # Whether the team is told to somebody signed out is a setting; a page does not ask for them.
    asks = asker.actor.may(Permission.TEAM_READ)
    return Wish(cell, spoken(request, runtime), address, asks)


async def drawing_turn(request: Request, runtime: RuntimeOf, asker: AskerOf) -> AsyncIterator[None]:
    """Give a request for a public map its turn at drawing, if it has to be drawn."""
    address = _address(request, asker)
    if address is None:
        yield
        return
    cell = request.query_params.get("cell", "")
    wish = wish_of(request, runtime, asker, cell=cell, address=address)
    maps: PublicMaps = request.app.state.public_maps
    async with maps.turn(wish, partial(charge, request, asker, DRAWING_COST)):
        yield


def _address(request: Request, asker: Asker) -> str | None:
    """Return the address of the public map that is asked for; None for any other page."""
    key = route_key(request.scope)
    if key == _NAMED:
        return _PUBLIC if request.scope["path"] == _PUBLIC else None
    has_own = asker.actor.may(Permission.MAP_READ)
    must_change = asker.standing is not None and asker.standing.must_change
    return "/" if key == _HOME and not has_own and not must_change else None


# Before the turn at the database: whoever waits here holds nothing that others need.
DRAWING_TURN = Depends(drawing_turn, scope="function")
