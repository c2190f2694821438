"""Where a list goes on: the key of the last row given, as text that needs no escaping in a URL."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Annotated

import orjson
from pydantic import PlainValidator, WithJsonSchema

from api.params import ID_MAX, refused
from geo.db.paging import Key

_CURSOR_MAX = 600


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: which list, and the key of the last row that was given."""

    kind: str
    key: Key


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


After = Annotated[
    Cursor,
    PlainValidator(cursor),
    WithJsonSchema({"type": "string", "maxLength": _CURSOR_MAX}),
]
