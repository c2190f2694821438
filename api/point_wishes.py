"""Plain questions about points, read from a request; what is not plain is None, for the route."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.types import Scope

from api.params import instant, moment
from api.point_answers import Wish
from api.schemas.locate import number
from api.signin import cookie_name, page_token
from geo.accounts.tokens import TokenKind, kind_of
from geo.crs.systems import Datum, system
from geo.crs.transform import to_storage
from geo.locate.answer import ACCURACY_LIMIT_M
from geo.spatial.storage import snapped

# What nearly every client sends.
_USUAL = re.compile(rb"lon=(-?[0-9]{1,3}(?:[.][0-9]{1,20})?)&lat=(-?[0-9]{1,2}(?:[.][0-9]{1,20})?)")
_PARAMETERS = frozenset({"lon", "lat", "crs", "as_of", "accuracy_m"})
_WGS84 = system("wgs84")
_STORED = (Datum.WGS84, Datum.CGCS2000)
_JSON = (b"*/*", b"application/json")
# A body, a condition: these are for others.
_NOT_HERE = frozenset({b"content-length", b"transfer-encoding", b"if-none-match", b"content-type"})
_READ = _NOT_HERE | {b"host", b"accept", b"authorization", b"x-api-key", b"cookie", b"x-request-id"}
# What is longer is looked at by the intake.
_FIELDS_MAX, _FIELD_MAX, _QUERY_MAX = 40, 512, 512

Fields = dict[bytes, bytes]


def fields_of(headers: Iterable[tuple[bytes, bytes]]) -> Fields | None:
    """Return the fields of a plain request that matter.

    Examples
    --------
    >>> fields_of([(b"host", b"a"), (b"user-agent", b"b"), (b"cookie", b"wangge=1")])
    {b'host': b'a', b'cookie': b'wangge=1'}
    >>> fields_of([(b"host", b"a"), (b"accept", b"text/html")]) is None
    True
    """
    found: Fields = {}
    count = 0
    for name, value in headers:
        count += 1
        if len(value) > _FIELD_MAX:
            return None
        if name in _READ:
            if name in found or name in _NOT_HERE:
                return None
            found[name] = value
    if count > _FIELDS_MAX or b"host" not in found or found.get(b"accept", b"*/*") not in _JSON:
        return None
    return found


def token_of(scope: Scope, fields: Fields) -> str | None:
    """Return the token of a request, empty without any; None when it is for others to judge."""
    said, key = fields.get(b"authorization"), fields.get(b"x-api-key")
    if said is not None and key is not None:
        return None
    if said is not None:
        scheme, _, value = said.partition(b" ")
        return _of_kind(value, TokenKind.ACCESS, TokenKind.KEY) if scheme in _BEARER else None
    if key is not None:
        return _of_kind(key, TokenKind.KEY)
    cookie = fields.get(b"cookie", b"")
    return page_token(Request(scope)) if cookie_name(scope).encode() in cookie else ""


_BEARER = (b"Bearer", b"bearer")


def _of_kind(value: bytes, *kinds: TokenKind) -> str | None:
    token = value.strip().decode("latin-1")
    return token if kind_of(token) in kinds else None


def wish_of(query: bytes, now: Callable[[], datetime], zone: str) -> Wish | None:
    """Return the question of a query.

    Parameters
    ----------
    now, zone : gives the present instant, and where days begin

    Raises
    ------
    GeoError, PydanticCustomError
        When a value cannot be right.
    """
    usual = _USUAL.fullmatch(query)
    if usual is not None:
        lon, lat = float(usual[1]), float(usual[2])
        on_earth = -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0
        return Wish(snapped(lon), snapped(lat)) if on_earth else None
    given = values_of(query)
    if given is None or not {"lon", "lat"} <= given.keys() <= _PARAMETERS:
        return None
    return _wish(given, now, zone)


def _wish(given: dict[str, str], now: Callable[[], datetime], zone: str) -> Wish | None:
    known = system(given["crs"]) if "crs" in given else _WGS84
    lon, lat = number(given["lon"]), number(given["lat"])
    accuracy_m = number(given["accuracy_m"]) if "accuracy_m" in given else 0.0
    if not 0.0 <= accuracy_m <= ACCURACY_LIMIT_M:
        return None
    if known.datum not in _STORED:
        lon, lat = to_storage([[lon, lat]], known.name)[0].tolist()
    elif not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        return None
    as_of = _as_of(given["as_of"], now(), zone) if "as_of" in given else None
    return Wish(snapped(lon), snapped(lat), known.name, accuracy_m, as_of)


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


def _as_of(given: str, now: datetime, zone: str) -> datetime | None:
    """Return the instant asked about; None for now, which of today is its end so far."""
    asked = moment(given)
    if not isinstance(asked, datetime) and asked == now.astimezone(ZoneInfo(zone)).date():
        return None
    return instant(asked, zone, now)
