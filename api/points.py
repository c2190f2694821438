"""Points located from memory: what ``GET /api/v1/locate`` answers without a thread or a query.

Stands before the application and lets everything through that is not plain: a question about a
building, a value that may be wrong, a token that must be looked up, somebody who asks too often, a
moment whose team is recorded, a grid that is not held at present. The ordinary route answers all of
that, so validation, refusals and records are its alone; where both answer, they answer the same.
What surrounds every request is done here too: its id, its line, its count, its header fields.

Nothing here waits, so our server answers at once (``api/protocol.py``), without a task for it.
"""

import asyncio
import logging
import time
from collections.abc import Hashable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import orjson
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State
from starlette.types import Scope, Send

from api.access import API
from api.conditional import cache_control, weak_tag
from api.limits import Limit, Limits, holder_of
from api.logs import RequestLines, second_of
from api.metrics import Metrics
from api.middleware import HSTS, SECURITY_HEADERS, request_id_of
from api.point_answers import Answers, Telling, Wish
from api.point_wishes import Fields, fields_of, token_of, wish_of
from api.proxies import seen
from api.signin import Standings, look_up
from geo.access.actors import Actor
from geo.access.roles import Permission
from geo.accounts.rules import origin_of
from geo.accounts.standing import Standing
from geo.errors import GeoError
from geo.locate.live import Live
from geo.runtime import Runtime
from geo.spatial.tiles.point_index import PointIndex

PATH = f"{API}/locate"

_MEDIA = "application/json"
# A token is looked up again before what is known of it ends, so that nobody has to wait for that.
_EARLY_S = 0.75
_KNOWN_MAX = 10_000
_LAST_LATITUDE, _SHIFT_M = 90.0, 2_000.0
_log = logging.getLogger("api.requests")

_END = b"\r\n\r\n"


class Known(NamedTuple):
    """Who asks, as long as that need not be looked up.

    Parameters
    ----------
    limit, holder : what the request counts as; no holder: its address
    until : seconds by the clock of the standings
    turn : of the standings
    """

    actor: Actor
    limit: Limit
    holder: Hashable
    account: int | None
    until: float
    turn: int


_NOBODY = Known(Actor.anonymous(), Limit.ANONYMOUS, None, None, 0.0, 0)


class Origin(NamedTuple):
    """Where requests come from.

    Parameters
    ----------
    counted : what they count for
    spelt : the address as JSON
    """

    counted: str
    spelt: str


class Points:
    """Answers plain questions about points.

    Parameters
    ----------
    runtime : its settings say what is told to whom, its keyring opens duty phones
    state : of the application: its limits, standings and metrics, and what holds the grid
    """

    def __init__(self, runtime: Runtime, state: State) -> None:
        self._settings, self._state = runtime.settings, state
        self._networks = runtime.settings.proxies
        self._standings: Standings = state.standings
        self._limits: Limits = state.limits
        self._metrics: Metrics = state.metrics
        self._answers = Answers(runtime, runtime.settings.time_zone)
        self._lines = RequestLines(_log)
        self._known: dict[bytes, Known] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._heads = {
            (known, encrypted): _head(known=known, encrypted=encrypted)
            for known in (False, True)
            for encrypted in (False, True)
        }
        phones = self._settings.show_duty_phone
        self._tellings = {told: Telling(told, phones) for told in (False, True)}

    async def __call__(self, scope: Scope, send: Send) -> bool:
        """Answer a request and return True, or leave it untouched and return False."""
        if scope.get("method") != "GET":
            return False
        await self._joined(scope)
        found = self.at_once(scope["query_string"], scope)
        if found is None:
            return False
        head, _, body = found.partition(_END)
        fields = [tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": body})
        return True

    async def _joined(self, scope: Scope) -> None:
        """Wait until who asks is known, if that is being looked up for another request already.

        The first of a crowd takes the ordinary route, where it is counted before it costs a query.
        """
        fields = fields_of(scope["headers"])
        token = token_of(scope, fields) if fields else None
        running = self._standings.under_way(token) if token else None
        if running is not None:
            with suppress(GeoError, SQLAlchemyError):
                await asyncio.shield(running)

    def at_once(self, query: bytes, scope: Scope) -> bytes | None:
        """Answer a GET: return its fields, an empty line and its body; None leaves it untouched.

        Called in the event loop.
        """
        live: Live | None = self._state.live
        if live is None:
            return None
        begun = time.perf_counter()
        try:
            return self._answer(query, scope, live, begun)
        except (GeoError, PydanticCustomError):
            return None
        except Exception:  # noqa: BLE001 - a short way: whatever it is, the long way is there
            _log.exception("a point cannot be answered from memory")
            return None

    def _answer(self, query: bytes, scope: Scope, live: Live, begun: float) -> bytes | None:
        scope = seen(scope, self._networks) if self._networks else scope
        fields = fields_of(scope["headers"])
        asker = None if fields is None else self._asker(scope, fields)
        if fields is None or asker is None:
            return None
        body = self._body(query, live, asker)
        client = scope.get("client")
        origin = _origin(client[0] if client else None)
        if body is None or not self._counted(origin, asker):
            return None
        request_id = request_id_of(fields.get(b"x-request-id", b""))
        known = asker is not _NOBODY
        head = self._heads[known, scope["scheme"] == "https"]
        own = f"content-length: {len(body)}\r\nx-request-id: {request_id}"
        tag = "" if known else f"\r\netag: {weak_tag(body, _MEDIA)}"
        self._note(origin, asker, request_id, time.perf_counter() - begun)
        return b"".join((head, own.encode(), tag.encode(), _END, body))

    def flush(self) -> None:
        """Give on the lines that wait."""
        self._lines.flush()

    def _asker(self, scope: Scope, fields: Fields) -> Known | None:
        """Return who asks; None when that has to be looked up or refused."""
        said = fields.get(b"authorization")
        if said is None and b"x-api-key" not in fields and b"cookie" not in fields:
            return _NOBODY
        standings = self._standings
        # What was said aloud alone says who asks; beside a key it is for others to judge.
        known = self._known.get(said) if said and b"x-api-key" not in fields else None
        if known is not None and known.turn == standings.turn:
            left_s = known.until - standings.now()
            if left_s > _EARLY_S or (self._looking and left_s > 0.0):
                return known
        token = token_of(scope, fields)
        if not token:
            return None if token is None else _NOBODY
        return self._looked_at(standings, token, said)

    def _looked_at(self, standings: Standings, token: str, said: bytes | None) -> Known | None:
        turn, until = standings.turn, standings.good_until(token)
        opened = standings.known(token)
        if opened is None or opened[0] is None:
            return None
        if until - standings.now() <= _EARLY_S:
            self._look_early(token)
        found = _known_as(opened[0], token, until, turn)
        if said is not None:
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            self._known[said] = found
        return found

    def _look_early(self, token: str) -> None:
        """Look up a token while what is known of it still holds, one at a time."""
        if not self._looking:
            task = asyncio.get_running_loop().create_task(self._look_up(token))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def _look_up(self, token: str) -> None:
        # Of what goes wrong here whoever asks next learns.
        with suppress(GeoError, SQLAlchemyError):
            await look_up(self._state, token)

    def _body(self, query: bytes, live: Live, asker: Known) -> bytes | None:
        """Return the body of the answer; None when the ordinary route has to give it.

        Raises
        ------
        GeoError, PydanticCustomError
            When a value cannot be right.
        """
        wish = wish_of(query, live.now, self._settings.time_zone)
        if wish is None:
            return None
        return self._now(wish, live, asker) if wish.as_of is None else self._then(wish, live, asker)

    def _now(self, wish: Wish, live: Live, asker: Known) -> bytes | None:
        present = live.present()
        if present is None:
            return None
        held, instant = present
        cell = held.snapshot.index.locate(wish.lon, wish.lat)
        if cell < 0 and _maybe_swapped(held.snapshot.index, wish):
            return None
        return self._answers.present(wish, cell, held, instant, self._telling(asker))

    def _then(self, wish: Wish, live: Live, asker: Known) -> bytes | None:
        """Return an answer about the past; who may be told the team of then is not answered here.

        What they are told is recorded.
        """
        sight = live.sight(wish.as_of)
        if sight is None:
            return None
        grid = sight.snapshot
        cell = grid.index.locate(wish.lon, wish.lat)
        if cell < 0 and _maybe_swapped(grid.index, wish):
            return None
        path = grid.cells.path(grid.chain(cell)) if cell >= 0 else ""
        if asker.actor.areas(Permission.TEAM_READ).covers(path):
            return None
        return self._answers.body(wish, sight, self._telling(asker))

    def _telling(self, asker: Known) -> Telling:
        told = self._settings.public_team or asker.actor.may(Permission.TEAM_READ)
        return self._tellings[told]

    def _counted(self, origin: Origin, asker: Known) -> bool:
        holder = origin.counted if asker.holder is None else asker.holder
        return self._limits.lets(origin.counted, asker.limit, holder)

    def _note(self, origin: Origin, asker: Known, request_id: str, seconds: float) -> None:
        self._metrics.count(PATH, "GET", 200, seconds)
        if self._lines.wanted:
            # As ``api.logs.JsonLines`` would write it; of the client's, a plain token alone.
            self._lines.add(
                f'{{"at":"{second_of(time.time())}","level":"info","logger":"api.requests",'
                f'"message":"request","request_id":"{request_id}","method":"GET","route":"{PATH}",'
                f'"path":"{PATH}","status":200,"ms":{seconds * 1000:.1f},"client":{origin.spelt},'
                f'"account":{"null" if asker.account is None else asker.account}}}'
            )


@lru_cache(maxsize=4096)
def _origin(address: str | None) -> Origin:
    return Origin(origin_of(address or ""), orjson.dumps(address).decode())


def _maybe_swapped(index: PointIndex, wish: Wish) -> bool:
    """Return whether the two numbers of a point outside every cell may be swapped; the route says.

    A shifted datum moves a point by less than a kilometre.
    """
    if abs(wish.lon) > _LAST_LATITUDE:
        return False
    _, metres = index.nearest([[wish.lat, wish.lon]])
    return bool(metres[0] < _SHIFT_M)


def _known_as(opened: Standing, token: str, until: float, turn: int) -> Known:
    # Whose password must be changed first is told what anybody is, and counts as who it is.
    actor = _NOBODY.actor if opened.must_change else opened.actor
    holder = holder_of(opened, token)
    return Known(actor, Limit.SIGNED_IN, holder, opened.actor.account_id, until, turn)


def _head(*, known: bool, encrypted: bool) -> bytes:
    """Return the lines of the fields of every answer, to who has signed in or to anybody."""
    fields = {
        "content-type": _MEDIA,
        "cache-control": cache_control(f"GET {PATH}", known=known),
        "vary": "Accept",
        **SECURITY_HEADERS,
        **({"strict-transport-security": HSTS} if encrypted else {}),
    }
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in fields.items()).encode()
