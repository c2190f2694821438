"""Bodies as JSON that every parser reads alike: what is ambiguous or hostile is refused here.

Python's own reader takes NaN and 1e400, takes the last of two equal names, takes text that is no
text (half a surrogate pair, U+0000, which break at the database) and dies of deep nesting.
"""

import json
import math
import re
from typing import Any

import orjson

from geo.errors import Invalid
from geo.texts import Lang, text

NESTING_MAX = 32
_DIGITS_MAX = 40
_INTEGERS = range(-(2**63), 2**64)
# Texts, and whatever else stands between the signs of JSON.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,:\[\]{}"]+')
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class BodyBroken(Invalid):
    """A body is no JSON, or JSON that two readers would not read alike."""

    code = "body_broken"

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what was wrong in it."""
        where = {name: value for name, value in self.facts.items() if name != "reason"}
        reason = text(f"api.body.{self.facts['reason']}", lang, most=NESTING_MAX, **where)
        return text(f"errors.{self.code}", lang, reason=reason)


def strict_json(body: bytes) -> Any:
    """Return what a body says.

    Raises
    ------
    BodyBroken
        When it is no UTF-8, no JSON, nested deeper than ``NESTING_MAX``, or holds a name twice in
        one object, a number that is not finite or fits no 64 bits, U+0000 or half a surrogate pair.

    Examples
    --------
    >>> strict_json(b'{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    """
    return _kept(body)[0]


def canonical(body: bytes) -> bytes:
    """Return the one spelling of a JSON body: names sorted, no space; an empty one stays empty.

    Raises
    ------
    BodyBroken
        As ``strict_json``.

    Examples
    --------
    >>> canonical(b'{ "b": 1, "a": 2 }')
    b'{"a":2,"b":1}'
    """
    return _kept(body)[1] if body.strip() else b""


class _Strange(Exception):
    """A number that is not finite, or fits no 64 bits."""


def _kept(body: bytes) -> tuple[Any, bytes]:
    try:
        said = _read(body)
        return said, _spelt(said)
    except _Strange:
        raise BodyBroken(reason="number", **_place_of_strange(body.decode("utf-8"))) from None


def _place_of_strange(body: str) -> dict[str, int]:
    """Return the line and character, from 1, at which the first strange number stands."""
    tokens = (token for token in _TOKEN.finditer(body) if _is_strange(token[0]))
    at = next((token.start() for token in tokens), 0)
    return {"line": body.count("\n", 0, at) + 1, "column": at - body.rfind("\n", 0, at)}


def _is_strange(token: str) -> bool:
    if token[0] == '"' or token in ("true", "false", "null"):
        return False
    if token.lstrip("-").isdigit():
        return len(token) > _DIGITS_MAX or int(token) not in _INTEGERS
    return not math.isfinite(float(token))


def _read(body: bytes) -> Any:
    try:
        said = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_finite,
            parse_float=_finite,
            parse_int=_short,
        )
    except UnicodeDecodeError:
        raise BodyBroken(reason="characters") from None
    except RecursionError:
        raise BodyBroken(reason="nesting") from None
    except json.JSONDecodeError as error:
        raise BodyBroken(reason="syntax", line=error.lineno, column=error.colno) from None
    if _deeper_than(said, NESTING_MAX):
        raise BodyBroken(reason="nesting")
    return said


def _deeper_than(said: Any, most: int) -> bool:
    """Return whether lists and objects are nested deeper, one level looked at after another."""
    level = [said] if isinstance(said, dict | list) else []
    for _ in range(most):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return bool(level)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise BodyBroken(reason="twice")
    return named


def _finite(spelt: str) -> float:
    value = float(spelt)
    if not math.isfinite(value):
        raise _Strange
    return value


def _short(spelt: str) -> int:
    if len(spelt) > _DIGITS_MAX:
        raise _Strange
    return int(spelt)


def _spelt(said: Any) -> bytes:
    try:
        spelt = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        # An integer beyond 64 bits, or text with half a surrogate pair.
        if "Integer" in str(error):
            raise _Strange from None
        raise BodyBroken(reason="characters") from None
    if _NUL.search(spelt):
        raise BodyBroken(reason="characters")
    return spelt
