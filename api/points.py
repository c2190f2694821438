"""Points located from memory: what ``GET /api/v1/locate`` answers without a thread or a query.

Stands before the routes and lets everything through that is not plain: a question about a building,
a value that may be wrong, a token that must be looked up, somebody who asks too often, a moment
whose team is recorded, a grid that is not held at present. The ordinary route answers all of that,
so validation, refusals and records are its alone; where both answer, they answer the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import API
from api.conditional import cache_control, weak_tag
from api.limits import Limit, Limits, holder_of, neighbourhood
from api.middleware import SECURITY_HEADERS
from api.params import instant, moment
from api.point_answers import Answers, Telling, Wish
from api.schemas.locate import number
from api.signin import Asker, Standings, cookie_name, nobody_of, page_token
from geo.access.actors import Actor
from geo.access.roles import Permission
from geo.accounts.tokens import TokenKind, kind_of
from geo.crs.systems import Datum, system
from geo.crs.transform import to_storage
from geo.errors import GeoError
from geo.locate.answer import Point
from geo.locate.live import Live, Sight
from geo.locate.service import ACCURACY_LIMIT_M
from geo.runtime import Runtime
from geo.spatial.storage import snapped

PATH = f"{API}/locate"

_MEDIA = "application/json"
_PARAMETERS = frozenset({"lon", "lat", "crs", "as_of", "accuracy_m"})
_STORED = (Datum.WGS84, Datum.CGCS2000)
_JSON = (b"*/*", b"application/json")
_TOKENS = (TokenKind.ACCESS, TokenKind.KEY)
# A body, a condition: these are for others.
_NOT_HERE = frozenset({b"content-length", b"transfer-encoding", b"if-none-match", b"content-type"})
_READ = _NOT_HERE | {b"host", b"accept", b"authorization", b"x-api-key", b"cookie"}
# What is longer is looked at by the intake.
_FIELDS_MAX, _FIELD_MAX, _QUERY_MAX = 40, 512, 512

Head = list[tuple[bytes, bytes]]


class Route(NamedTuple):
    """What the line of the log and the counts name."""

    path: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The header fields by which somebody is known, each empty when it is missing."""

    authorization: bytes
    key: bytes
    cookie: bytes


class PointsFromMemory:
    """Answers plain questions about points; hands on all others.

    Parameters
    ----------
    runtime : its settings say what is told to whom, its keyring opens duty phones
    limits, standings : of the application, which keeps what is held in ``state.live``
    """

    def __init__(
        self, app: ASGIApp, *, runtime: Runtime, limits: Limits, standings: Standings
    ) -> None:
        self.app = app
        self._settings = runtime.settings
        self._limits, self._standings = limits, standings
        self._answers = Answers(runtime)
        self._heads = {known: _head(known=known) for known in (False, True)}
        phones = self._settings.show_duty_phone
        self._tellings = {told: Telling(told, phones) for told in (False, True)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET":
            live: Live | None = scope["app"].state.live
            answer = None if live is None else self._answer(scope, live)
            if answer is not None:
                head, body = answer
                await send({"type": "http.response.start", "status": 200, "headers": head})
                await send({"type": "http.response.body", "body": body})
                return
        await self.app(scope, receive, send)

    def _answer(self, scope: Scope, live: Live) -> tuple[Head, bytes] | None:
        """Return the answer; None when the ordinary route has to give it."""
        fields = fields_of(scope["headers"])
        asker = None if fields is None else self._asker(scope, fields)
        try:
            wish = wish_of(scope["query_string"], live.now(), self._settings.time_zone)
            sight = None if wish is None else live.sight(wish.as_of)
            if asker is None or wish is None or sight is None:
                return None
            body = self._body(wish, sight, asker)
        except (GeoError, PydanticCustomError):
            return None
        if body is None or not self._counted(scope, asker):
            return None
        return self._sent(scope, body, asker)

    def _asker(self, scope: Scope, fields: Fields) -> Asker | None:
        """Return who asks; None when that has to be looked up or refused."""
        token = token_of(scope, fields)
        if not token:
            return None if token is None else nobody_of(scope)
        known = self._standings.known(token)
        if known is None or known[0] is None:
            return None
        return Asker(known[0].actor, Actor.anonymous(), known[0], token)

    def _body(self, wish: Wish, sight: Sight, asker: Asker) -> bytes | None:
        must_change = asker.standing is not None and asker.standing.must_change
        actor = asker.nobody if must_change else asker.actor
        cell = sight.snapshot.index.locate(wish.point.lon, wish.point.lat)
        if sight.roster is None and cell >= 0:
            path = sight.snapshot.cells.path(sight.snapshot.chain(cell))
            if actor.areas(Permission.TEAM_READ).covers(path):
                return None  # the team of then is told, and that is recorded
        told = self._settings.public_team or actor.may(Permission.TEAM_READ)
        return self._answers.body(wish, sight, cell, self._tellings[told])

    def _counted(self, scope: Scope, asker: Asker) -> bool:
        address = neighbourhood(scope)
        if asker.standing is None:
            return self._limits.lets(address, Limit.ANONYMOUS, address)
        return self._limits.lets(address, Limit.SIGNED_IN, holder_of(asker))

    def _sent(self, scope: Scope, body: bytes, asker: Asker) -> tuple[Head, bytes]:
        known = asker.standing is not None
        head = [*self._heads[known], (b"content-length", b"%d" % len(body))]
        if known:
            scope["state"]["asker"] = asker
        else:
            head.append((b"etag", weak_tag(body, _MEDIA).encode()))
        scope["route"] = _ROUTE
        return head, body


_ROUTE = Route(PATH)


def fields_of(headers: Iterable[tuple[bytes, bytes]]) -> Fields | None:
    """Return the fields of a plain request; None for one that others have to look at.

    Examples
    --------
    >>> fields_of([(b"host", b"a"), (b"cookie", b"wangge=1")]).cookie
    b'wangge=1'
    >>> fields_of([(b"host", b"a"), (b"accept", b"text/html")]) is None
    True
    """
    found: dict[bytes, bytes] = {}
    count = 0
    for name, value in headers:
        count += 1
        if len(value) > _FIELD_MAX:
            return None
        if name in _READ:
            if name in found or name in _NOT_HERE:
                return None
            found[name] = value
    wanted = found.get(b"accept", b"*/*")
    if count > _FIELDS_MAX or b"host" not in found or wanted not in _JSON:
        return None
    given = found.get
    return Fields(given(b"authorization", b""), given(b"x-api-key", b""), given(b"cookie", b""))


def token_of(scope: Scope, fields: Fields) -> str | None:
    """Return the token of a request, empty without any; None when it is for others to judge."""
    said, key = fields.authorization, fields.key
    if said or key:
        if said and key:
            return None
        scheme, _, value = said.partition(b" ") if said else (b"bearer", b"", key)
        token = value.strip().decode("latin-1")
        kinds = _TOKENS if said else _TOKENS[1:]
        return token if scheme.lower() == b"bearer" and kind_of(token) in kinds else None
    if fields.cookie and cookie_name(scope).encode() in fields.cookie:
        return page_token(Request(scope))
    return ""


def wish_of(query: bytes, now: datetime, zone: str) -> Wish | None:
    """Return the question of a query; None when it is not a plain one about a point.

    Parameters
    ----------
    now, zone : the present instant and where days begin

    Raises
    ------
    GeoError, PydanticCustomError
        When a value cannot be right.
    """
    given = values_of(query)
    if given is None or not {"lon", "lat"} <= given.keys() <= _PARAMETERS:
        return None
    known = system(given.get("crs", "wgs84"))
    lon, lat = number(given["lon"]), number(given["lat"])
    accuracy_m = number(given.get("accuracy_m", "0"))
    if not 0.0 <= accuracy_m <= ACCURACY_LIMIT_M:
        return None
    if known.datum not in _STORED:
        lon, lat = to_storage([[lon, lat]], known.name)[0].tolist()
    elif not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        return None
    point = Point(snapped(lon), snapped(lat), known.name)
    return Wish(point, _as_of(given.get("as_of"), now, zone), accuracy_m)


def values_of(query: bytes) -> dict[str, str] | None:
    """Return the values of a query by their names; None when one is given twice, or all are long.

    Examples
    --------
    >>> values_of(b"lon=1&lat=2"), values_of(b"lon=1&lon=2")
    ({'lon': '1', 'lat': '2'}, None)
    """
    if len(query) > _QUERY_MAX:
        return None
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


def _as_of(given: str | None, now: datetime, zone: str) -> datetime | None:
    """Return the instant asked about; None for now, which of today is its end so far."""
    if given is None:
        return None
    asked = moment(given)
    if not isinstance(asked, datetime) and asked == now.astimezone(ZoneInfo(zone)).date():
        return None
    return instant(asked, zone, now)


def _head(*, known: bool) -> Head:
    """Return the header fields of every answer, to who has signed in or to anybody."""
    fields = {
        "content-type": _MEDIA,
        "cache-control": cache_control(f"GET {PATH}", known=known),
        "vary": "Accept",
        **SECURITY_HEADERS,
    }
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]
