"""Records of the audit as lines of a file: CSV for spreadsheets, JSON lines for programs. Pure."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from geo.audit.store import Record

COLUMNS = tuple(name for name in Record.__dataclass_fields__)
# What a spreadsheet takes for a formula; its full-width forms too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")


def safe_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and never computes.

    Source: OWASP ASVS 5.0.0, 1.2.10: a cell that could begin a formula is led by an apostrophe.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell("a=b")
    ("'=1+1", "' @SUM(A1)", 'a=b')
    """
    begins = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if begins else text


def csv_lines(records: Iterable[Record]) -> Iterator[str]:
    """Give the lines of a CSV file, heading first; RFC 4180, with a mark for spreadsheets."""
    yield "\ufeff" + _csv_line(COLUMNS)
    for record in records:
        yield _csv_line([_cell(getattr(record, name)) for name in COLUMNS])


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    """Give one JSON object a record."""
    for record in records:
        values = {name: getattr(record, name) for name in COLUMNS}
        yield json.dumps(values, ensure_ascii=False, default=_time) + "\n"


def csv_closing(said: str) -> str:
    """Return a last line of a CSV file that says something to whoever reads it.

    Examples
    --------
    >>> csv_closing("cut").count(",") == len(COLUMNS) - 1
    True
    """
    return _csv_line([safe_cell(said), *("" for _ in COLUMNS[1:])])


def json_closing(said: str) -> str:
    """Return a last line that is no record, but says something."""
    return json.dumps({"cut": said}, ensure_ascii=False) + "\n"


LINES: Mapping[str, Callable[[Iterable[Record]], Iterator[str]]] = {
    "csv": csv_lines,
    "jsonl": json_lines,
}


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return safe_cell(json.dumps(value, ensure_ascii=False))
    return safe_cell(value) if isinstance(value, str) else str(value)


def _time(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
