"""Query values from text: each parsed whole or refused with the reason. Pure; knows no request.

Parsers raise ``PydanticCustomError`` whose type is the name of a sentence ``api.parameter.<type>``,
so that every wrong value of a request is told at once, in the asker's language.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from geo.db.paging import Key
from geo.db.shapes import Window
from geo.grid.tree import DEEPEST

LIMIT_MAX = 10_000
ID_MAX = 2**63 - 1
_WORDS_MAX = 100
_CURSOR_MAX = 600
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9:]{5})?")

Moment = datetime | date


@dataclass(frozen=True, slots=True)
class Box:
    """A window in degrees of the storage CRS."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: which list, and the key of the last row that was given."""

    kind: str
    key: Key


def refused(kind: str, **facts: Any) -> PydanticCustomError:
    """Return the refusal whose sentence is ``api.parameter.<kind>``."""
    return PydanticCustomError(kind, kind, facts or None)


def whole_number(value: object) -> int:
    """Return a plain decimal integer; what Python or JSON would also take is refused.

    Examples
    --------
    >>> whole_number("42")
    42
    """
    text = str(value)
    if not re.fullmatch(r"-?[0-9]{1,19}", text, re.ASCII):
        raise refused("whole_number")
    return int(text)


def page_limit(value: object) -> int:
    """Return how many rows a page has; more than the most is cut to it (OGC Features, /req/core).

    Examples
    --------
    >>> page_limit("99999")
    10000
    """
    number = whole_number(value)
    if number < 1:
        raise refused("limit_low")
    return min(number, LIMIT_MAX)


def level(value: object) -> int:
    """Return a level of the cell tree, 1 to 5."""
    number = whole_number(value)
    if not 1 <= number <= DEEPEST:
        raise refused("level", deepest=DEEPEST)
    return number


def flag(value: object) -> bool:
    """Return ``true`` or ``false``, the only two spellings.

    Examples
    --------
    >>> flag("true")
    True
    """
    if value not in ("true", "false"):
        raise refused("flag")
    return value == "true"


def words(value: object) -> str:
    """Return a short text without control characters; the database takes no NUL."""
    text = str(value)
    if not text or len(text) > _WORDS_MAX:
        raise refused("words_length", most=_WORDS_MAX)
    if any(not character.isprintable() for character in text):
        raise refused("words_unprintable")
    return text


def row_id(value: object) -> int:
    """Return a row's id from its decimal text."""
    number = whole_number(value)
    if not 1 <= number <= ID_MAX:
        raise refused("row_id")
    return number


def moment(value: object) -> Moment:
    """Return an instant with its zone (RFC 3339), or a local day.

    Examples
    --------
    >>> moment("2026-11-21")
    datetime.date(2026, 11, 21)
    >>> moment("2026-11-21T08:00:00+08:00").isoformat()
    '2026-11-21T08:00:00+08:00'
    """
    # In a query an unescaped plus sign arrives as a space; nothing else can stand there.
    text = str(value).upper().replace(" ", "+")
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise refused("moment")
    if found.tzinfo is None:
        raise refused("moment_zone")
    return found


def instant(asked: Moment, zone: str, now: datetime) -> datetime:
    """Return the instant of a moment: of a local day its end, or now while it still runs.

    "As of the 21st" means all of that day: what was published at noon belongs to it.

    Examples
    --------
    >>> noon = datetime.fromisoformat("2026-11-21T12:00:00+08:00")
    >>> instant(date(2026, 11, 20), "Asia/Shanghai", noon).isoformat()
    '2026-11-20T23:59:59.999999+08:00'
    >>> instant(date(2026, 11, 21), "Asia/Shanghai", noon) == noon
    True
    """
    if isinstance(asked, datetime):
        return asked
    local = ZoneInfo(zone)
    if asked == now.astimezone(local).date():
        return now
    return datetime.combine(asked, time.max, local)


def box(value: object) -> Box:
    """Return a window from ``west,south,east,north`` in degrees.

    Examples
    --------
    >>> box("116.7,33.9,116.8,34")
    Box(west=116.7, south=33.9, east=116.8, north=34.0)
    """
    parts = str(value).split(",")
    if len(parts) != 4:
        raise refused("box_four", count=len(parts))
    if not all(re.fullmatch(r"\s?-?\d{1,3}(\.\d{1,20})?", part, re.ASCII) for part in parts):
        raise refused("box_numbers")
    west, south, east, north = (float(part) for part in parts)
    if max(abs(south), abs(north)) > 90 and max(abs(west), abs(east)) <= 90:
        raise refused("box_swapped")
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise refused("box_range")
    if west > east or south > north:
        raise refused("box_order")
    return Box(west, south, east, north)


def window_of(asked: Box | None) -> Window | None:
    """Return the four numbers of a window as stores take them; None for no window."""
    return None if asked is None else (asked.west, asked.south, asked.east, asked.north)


def cursor(value: object) -> Cursor:
    """Return what a page's ``next`` named: the list it belongs to and the key to go on from.

    Not signed: a made-up cursor can only ask to start elsewhere in rows one may see anyway.

    Examples
    --------
    >>> cursor(cursor_text("cells", (3, "340603")))
    Cursor(kind='cells', key=(3, '340603'))
    """
    text = str(value)
    if len(text) > _CURSOR_MAX or not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
        raise refused("cursor")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = orjson.loads(raw)
    except (binascii.Error, orjson.JSONDecodeError):
        raise refused("cursor") from None
    if not (isinstance(found, list) and len(found) > 1 and isinstance(found[0], str)):
        raise refused("cursor")
    if not all(_is_key_part(part) for part in found[1:]):
        raise refused("cursor")
    return Cursor(found[0], tuple(found[1:]))


def cursor_text(kind: str, key: Key) -> str:
    """Return a cursor as text that needs no escaping in a URL."""
    raw = orjson.dumps([kind, *key])
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _is_key_part(part: object) -> bool:
    if isinstance(part, str):
        return part.isprintable()
    return isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= ID_MAX


Limit = Annotated[
    int,
    PlainValidator(page_limit),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LIMIT_MAX}),
]
Flag = Annotated[bool, PlainValidator(flag), WithJsonSchema({"type": "boolean"})]
Words = Annotated[
    str,
    PlainValidator(words),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": _WORDS_MAX}),
]
Level = Annotated[
    int,
    PlainValidator(level),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": DEEPEST}),
]
RowId = Annotated[
    int, PlainValidator(row_id), WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,18}$"})
]
AsOf = Annotated[
    Moment,
    PlainValidator(moment),
    WithJsonSchema({"type": "string", "examples": ["2026-11-21", "2026-11-21T08:00:00+08:00"]}),
]
BBox = Annotated[
    Box,
    PlainValidator(box),
    WithJsonSchema({"type": "string", "examples": ["116.78,33.94,116.81,33.97"]}),
]
After = Annotated[
    Cursor,
    PlainValidator(cursor),
    WithJsonSchema({"type": "string", "maxLength": _CURSOR_MAX}),
]
