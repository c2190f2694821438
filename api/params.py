"""Query values from text: each parsed whole or refused with the reason. Pure; knows no request.

Parsers raise ``PydanticCustomError`` whose type is the name of a sentence ``api.parameter.<type>``,
so that every wrong value of a request is told at once, in the asker's language.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from geo.db.shapes import Window
from geo.grid.tree import DEEPEST

LIMIT_MAX = 10_000
ID_MAX = 2**63 - 1
REASON_MIN, REASON_MAX = 4, 200
_WORDS_MAX = 100
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


def reason(value: object) -> str:
    """Return why something is done, without space around it."""
    text = value.strip() if isinstance(value, str) else ""
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise refused("reason", least=REASON_MIN, most=REASON_MAX)
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
    spelt = value.isoformat() if isinstance(value, date) else str(value)
    text = spelt.upper().replace(" ", "+")
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


def zoned(value: object) -> datetime:
    """Return an instant with its zone (RFC 3339); a day alone is none.

    Examples
    --------
    >>> zoned("2026-11-21T08:00:00+08:00").isoformat()
    '2026-11-21T08:00:00+08:00'
    """
    try:
        found = moment(value)
    except PydanticCustomError:
        raise refused("zoned") from None
    if not isinstance(found, datetime):
        raise refused("zoned")
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
Reason = Annotated[
    str,
    PlainValidator(reason),
    WithJsonSchema({"type": "string", "minLength": REASON_MIN, "maxLength": REASON_MAX}),
]
AsOf = Annotated[
    Moment,
    PlainValidator(moment),
    WithJsonSchema({"type": "string", "examples": ["2026-11-21", "2026-11-21T08:00:00+08:00"]}),
]
Zoned = Annotated[
    datetime,
    PlainValidator(zoned),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-23T08:00:00+08:00"]}
    ),
]
BBox = Annotated[
    Box,
    PlainValidator(box),
    WithJsonSchema({"type": "string", "examples": ["116.78,33.94,116.81,33.97"]}),
]
