"""Points located from memory: what ``GET /api/v1/locate`` answers without a thread or a query.

Stands before the application and lets everything through that is not plain: a question about a
building, a value that may be wrong, a token that must be looked up, somebody who asks too often, a
moment whose team is recorded, a grid that is not held at present. The ordinary route answers all of
that, so validation, refusals and records are its alone; where both answer, they answer the same.
What surrounds every request is done here too: its id, its line, its count, its header fields.
"""

import asyncio
import logging
import time
from collections.abc import Hashable
from typing import Any, NamedTuple

import orjson
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State
from starlette.types import Scope, Send

from api.access import API
from api.conditional import cache_control, weak_tag
from api.limits import Limit, Limits, holder_of, neighbourhood
from api.logs import RequestLines, second_of
from api.metrics import Metrics
from api.middleware import HSTS, SECURITY_HEADERS, request_id_of
from api.point_answers import Answers, Telling, Wish
from api.point_wishes import Fields, fields_of, token_of, wish_of
from api.protocol import WHOLE
from api.proxies import seen
from api.signin import Standings, look_up
from geo.access.actors import Actor
from geo.access.roles import Permission
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

_NO_EXTENSIONS: dict[str, Any] = {}

# As ``api.logs.JsonLines`` would write it; nothing in it comes from the client but a plain token.
_LINE = (
    '{"at":"%s","level":"info","logger":"api.requests","message":"request","request_id":"%s",'
    f'"method":"GET","route":"{PATH}","path":"{PATH}",'
    '"status":200,"ms":%.1f,"client":%s,"account":%s}'
)

Head = list[tuple[bytes, bytes]]


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
        heads = {
            (known, encrypted): _head(known=known, encrypted=encrypted)
            for known in (False, True)
            for encrypted in (False, True)
        }
        self._heads = {which: (head, _lines_of(head)) for which, head in heads.items()}
        phones = self._settings.show_duty_phone
        self._tellings = {told: Telling(told, phones) for told in (False, True)}

    async def __call__(self, scope: Scope, send: Send) -> bool:
        """Answer a request and return True, or leave it untouched and return False."""
        live: Live | None = self._state.live
        if live is None or scope.get("method") != "GET":
            return False
        begun = time.perf_counter()
        scope = seen(scope, self._networks) if self._networks else scope
        fields = fields_of(scope["headers"])
        asker = None if fields is None else self._asker(scope, fields)
        if fields is None or asker is None:
            return False
        body = self._body(scope["query_string"], live, asker)
        if body is None or not self._counted(scope, asker):
            return False
        request_id = request_id_of(fields.get(b"x-request-id", b""))
        await self._send(scope, send, body, asker, request_id)
        self._note(scope, asker, request_id, time.perf_counter() - begun)
        return True

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
        if (
            known is not None
            and known.turn == standings.turn
            and known.until - standings.now() > _EARLY_S
        ):
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
        try:
            await look_up(self._state, token)
        except (GeoError, SQLAlchemyError):
            return  # whoever asks next looks it up, and learns what is wrong

    def _body(self, query: bytes, live: Live, asker: Known) -> bytes | None:
        """Return the answer; None when the ordinary route has to give it."""
        try:
            wish = wish_of(query, live.now, self._settings.time_zone)
            if wish is None:
                return None
            return (
                self._now(wish, live, asker)
                if wish.as_of is None
                else self._then(wish, live, asker)
            )
        except (GeoError, PydanticCustomError):
            return None
        except Exception:  # noqa: BLE001 - a short way: whatever it is, the long way is there
            _log.exception("a point cannot be answered from memory")
            return None

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

    def _counted(self, scope: Scope, asker: Known) -> bool:
        address = neighbourhood(scope)
        holder = address if asker.holder is None else asker.holder
        return self._limits.lets(address, asker.limit, holder)

    async def _send(
        self, scope: Scope, send: Send, body: bytes, asker: Known, request_id: str
    ) -> None:
        known = asker is not _NOBODY
        always, lines = self._heads[known, scope["scheme"] == "https"]
        tag = b"" if known else weak_tag(body, _MEDIA).encode()
        whole = scope.get("extensions", _NO_EXTENSIONS).get(WHOLE)
        if whole is not None:
            last = b"etag: %b\r\n" % tag if tag else b""
            own_lines = (len(body), request_id.encode(), last)
            await whole(lines + b"content-length: %d\r\nx-request-id: %b\r\n%b" % own_lines, body)
            return
        own = [(b"content-length", b"%d" % len(body)), (b"x-request-id", request_id.encode())]
        own += [(b"etag", tag)] if tag else []
        await send({"type": "http.response.start", "status": 200, "headers": [*always, *own]})
        await send({"type": "http.response.body", "body": body})

    def _note(self, scope: Scope, asker: Known, request_id: str, seconds: float) -> None:
        self._metrics.count(PATH, "GET", 200, seconds)
        if self._lines.wanted:
            client, account = scope.get("client"), asker.account
            self._lines.add(
                _LINE
                % (
                    second_of(time.time()),
                    request_id,
                    seconds * 1000,
                    "null" if client is None else orjson.dumps(client[0]).decode(),
                    "null" if account is None else account,
                )
            )


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


def _head(*, known: bool, encrypted: bool) -> Head:
    """Return the header fields of every answer, to who has signed in or to anybody."""
    fields = {
        "content-type": _MEDIA,
        "cache-control": cache_control(f"GET {PATH}", known=known),
        "vary": "Accept",
        **SECURITY_HEADERS,
        **({"strict-transport-security": HSTS} if encrypted else {}),
    }
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]


def _lines_of(head: Head) -> bytes:
    return b"".join([b"%b: %b\r\n" % field for field in head])
