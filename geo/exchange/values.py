"""Single values of a file, read as what a field means: one text in, one value or flaw out. Pure.

Everything arrives as text (``geo.exchange.table.as_text``), so that a code never was a number. A
text that cannot be right gives a ``Flaw``, whose sentence stands in ``geo/texts/exchange.json``.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool | None

# A spreadsheet keeps 15 digits of a number; from here on the last ones are gone.
EXACT_BELOW = 10**15
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d*))?[eE]\+(\d{2,3})")
# What a spreadsheet makes of 3-1, an entrance and a door.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T00:00:00)?")
_FLOATED = re.compile(r"(\d+)\.0+")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff]")
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_YES = frozenset(("是", "对", "主", "主责", "√", "✓", "1", "y", "yes", "t", "true", "primary"))
_NO = frozenset(("", "否", "不", "副", "协助", "×", "✗", "0", "n", "no", "f", "false"))


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a text cannot be read: the sentence ``exchange.<key>`` and its facts."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Parser = Callable[[str], Value | Flaw]


def folded(text: str) -> str:
    """Return a word for comparing: half-width, lower case, without any blank or underscore."""
    return re.sub(r"[\s_\-*＊:：]+", "", unicodedata.normalize("NFKC", text)).casefold()


def plain(text: str, *, longest: int = 200) -> str | Flaw:
    """Return a text on one line without blanks around it; a database's mark of null is empty."""
    line = " ".join(_INVISIBLE.sub("", text).split())
    if _UNUSABLE.search(line):
        return Flaw("control_character")
    if len(line) > longest:
        return Flaw("too_long", {"longest": longest})
    return "" if line == "\\N" else line


def code(text: str) -> str | Flaw:
    """Return a code as text, mended where a spreadsheet made a number of it and lost nothing.

    Returns
    -------
    the code, or a flaw when its last digits are lost (``3.40603E+11``) or it became a date
    """
    line = plain(unicodedata.normalize("NFKC", text), longest=64)
    if isinstance(line, Flaw):
        return line
    line = line.removeprefix("'").strip()  # how a spreadsheet marks a number kept as text
    if _DATE.fullmatch(line):
        return Flaw("made_a_date")
    if whole := _FLOATED.fullmatch(line):
        line = whole[1]
    elif short := _SCIENTIFIC.fullmatch(line):
        digits, exponent = short[1] + (short[2] or ""), int(short[3])
        if len(digits) <= exponent or digits[exponent + 1 :].strip("0"):
            return Flaw("digits_lost")
        line = digits[: exponent + 1]
    return line


def door(text: str) -> str | Flaw:
    """Return the number of a flat without the word for it: ``301室`` is ``301``."""
    line = code(text)
    return line if isinstance(line, Flaw) else re.sub(r"(?<=\d)(?:室|号|户)$", "", line)


def number(text: str, *, low: float, high: float, units: str = "") -> float | Flaw:
    """Return a finite number between two bounds, included; ``units`` may follow it.

    Parameters
    ----------
    units : words that may follow, separated by blanks
    """
    value = _number(text, units)
    if value is None:
        return Flaw("not_a_number")
    return value if low <= value <= high else Flaw("out_of_range", {"low": low, "high": high})


def integer(text: str, *, low: int, high: int, units: str = "") -> int | Flaw:
    """Return a whole number between two bounds, included; small Chinese numerals are read too."""
    found = number(text, low=low, high=high, units=units)
    if isinstance(found, Flaw):
        return found
    return int(found) if found == int(found) else Flaw("not_whole")


def floor(text: str) -> int | Flaw:
    """Return a floor; ``B1``, ``地下1层`` and ``负一楼`` are below ground."""
    line = re.sub(r"^(?:b|地下|负)", "-", unicodedata.normalize("NFKC", text).strip().casefold())
    return integer(line.replace("--", "-"), low=-10, high=200, units="层 楼 f")


def yes_no(text: str) -> bool | Flaw:
    """Return what 是/否, yes/no, 1/0 mean."""
    word = folded(text)
    if word in _YES:
        return True
    return False if word in _NO else Flaw("not_yes_no")


def word(text: str, *, words: Mapping[str, Value]) -> Value | Flaw:
    """Return what a word means by a table of folded words."""
    found = words.get(folded(text), ...)
    return Flaw("unknown_word", {"words": _one_each(words)}) if found is ... else found


def _one_each(words: Mapping[str, Value]) -> str:
    """Return one word for each meaning, with the code it stands for."""
    first = {value: key for key, value in reversed(list(words.items()))}
    shown = {value: first[value] for value in words.values()}
    codes = [f"{key}/{value}" if isinstance(value, str) else key for value, key in shown.items()]
    return ", ".join(codes)


def _number(text: str, units: str) -> float | None:
    line = unicodedata.normalize("NFKC", text).strip().casefold()
    for unit in units.split():
        line = line.removesuffix(unit).strip()
    if _THOUSANDS.fullmatch(line):
        line = line.replace(",", "")
    if _NUMBER.fullmatch(line):
        value = float(line)
        return value if math.isfinite(value) else None
    return _chinese(line)


def _chinese(line: str) -> float | None:
    """Return 0 to 99 written in Chinese, with or without a sign."""
    sign, body = (-1, line[1:]) if line.startswith("-") else (1, line)
    tens, ten, ones = body.partition("十")
    if not ten:
        tens, ones = "", body
    values = [_DIGITS.get(part) for part in (tens or ("一" if ten else "零"), ones or "零")]
    if not body or None in values:
        return None
    return float(sign * (10 * (values[0] or 0) + (values[1] or 0)))
