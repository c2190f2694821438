"""One catalogue of sentences in Chinese and English, for Python and pages.

The lines stand in ``*.json`` beside this file, ``{"key": {"zh": "…", "en": "…"}}``, keys in full
(``errors.unknown_datum``); ``{name}`` is filled from facts, ``{name:@family}`` with the line
``family.<fact>``: a state or step is told in words. A test finds missing lines.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

Lang = Literal["zh", "en"]

_FOLDER = Path(__file__).parent


@cache
def catalogue() -> Mapping[str, Mapping[Lang, str]]:
    """Return every line of the catalogue by key.

    Raises
    ------
    ValueError
        When two files hold the same key.
    """
    lines: dict[str, Mapping[Lang, str]] = {}
    for path in sorted(_FOLDER.glob("*.json")):
        part: dict[str, Mapping[Lang, str]] = json.loads(path.read_text(encoding="utf-8"))
        if twice := lines.keys() & part.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        lines.update(part)
    return lines


def text(key: str, lang: Lang, **facts: Any) -> str:
    """Return the line of ``key`` in ``lang`` with its facts filled in.

    Raises
    ------
    KeyError
        When the catalogue has no such line, or a fact that the line names is missing.

    Examples
    --------
    >>> text("levels.3", "zh")
    '社区'
    """
    line = catalogue()[key][lang]
    return _Worded(lang).vformat(line, (), facts) if ":@" in line else line.format(**facts)


class _Worded(Formatter):
    """Fills a line in which facts stand for lines of their own."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("@"):
            return text(f"{format_spec[1:]}.{value}", self._lang)
        return str(super().format_field(value, format_spec))


def part(prefix: str, lang: Lang) -> dict[str, str]:
    """Return the raw lines whose key begins with ``prefix``, for a page to fill itself."""
    return {key: line[lang] for key, line in catalogue().items() if key.startswith(prefix)}
