"""Cells of a worksheet that is written: texts stay texts, no digit is lost, headers stand out."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill

from geo.exchange.located.chunks import Answered, Column, Kind, Result, padded
from geo.exchange.report import FileRefused
from geo.exchange.table import as_text
from geo.exchange.values import EXACT_BELOW

_MOST_LETTERS = 32_767
_DATED = (datetime, date, time, timedelta)
# A worksheet counts its days from here.
_FIRST_YEAR = 1900
_BOLD, _RED = Font(bold=True), Font(color="C00000")
_OURS = PatternFill("solid", fgColor="DDEBF7")
_NARROWEST, _WIDEST, _MEASURED = 8, 48, 200


def own(sheet: Any, value: Any, shown_as: str | None, out: Path) -> Any:
    """Return a cell of the file that was read.

    Parameters
    ----------
    shown_as : number format of the cell; None for the usual one

    Raises
    ------
    FileRefused
        When a text is longer than a cell may be.
    """
    if value is None or isinstance(value, int | float):
        return _number(sheet, value, shown_as)
    if isinstance(value, _DATED) and not (isinstance(value, date) and value.year < _FIRST_YEAR):
        return _dated(sheet, value, shown_as)
    line = value if isinstance(value, str) else as_text(value)
    if len(line) > _MOST_LETTERS:
        raise FileRefused("cell_too_long", file=out.name, most=_MOST_LETTERS, value=line[:40])
    made = _text(sheet, line)
    if shown_as is None:
        return made
    made = made if isinstance(made, WriteOnlyCell) else WriteOnlyCell(sheet, made)
    made.number_format = shown_as
    return made


def _number(sheet: Any, value: float | None, shown_as: str | None) -> Any:
    """Return a number as a worksheet can hold it; digits that it would lose are kept as text."""
    if value is None or value != value:
        return None
    if abs(value) >= EXACT_BELOW:
        return as_text(value)
    if shown_as is None:
        return value
    made = WriteOnlyCell(sheet, value)
    made.number_format = shown_as
    return made


def _dated(sheet: Any, value: Any, shown_as: str | None) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)  # a worksheet knows no zones
    made = WriteOnlyCell(sheet, value)
    if shown_as is not None:
        made.number_format = shown_as
    return made


def _text(sheet: Any, line: str) -> Any:
    """Return a text that is shown as it is: never a formula, never a character that breaks XML."""
    line = ILLEGAL_CHARACTERS_RE.sub("�", line)
    if not line.startswith("="):
        return line
    made = WriteOnlyCell(sheet, line)
    made.data_type = "s"
    made.quotePrefix = True
    return made


def shown(sheet: Any, column: Column, values: list[Any], result: Result) -> list[Any]:
    """Return an added column as cells."""
    if column.kind is Kind.FLAG:
        words = {True: result.yes, False: result.no, None: None}
        return [words[value] for value in values]
    if column.kind is Kind.NUMBER:
        return [None if value is None else round(value, column.digits) for value in values]
    return [
        _warning(sheet, v) if column.warns and v else _text(sheet, v) if v else None for v in values
    ]


def _warning(sheet: Any, line: str) -> Any:
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", line))
    made.data_type = "s"
    made.font = _RED
    return made


def head(sheet: Any, value: Any, *, ours: bool) -> Any:
    """Return a header; those that are added have a colour of their own."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", as_text(value)))
    made.data_type = "s"
    made.font = _BOLD
    if ours:
        made.fill = _OURS
    return made


def widths(result: Result, first: Answered | None) -> list[float]:
    """Return how wide each column is, by its header and its first rows."""
    rows: list[list[Any]] = [result.header()]
    if first is not None:
        own = [padded(row, result.width) for row in first[0].records()[:_MEASURED]]
        ours = zip(*(values[:_MEASURED] for values in first[1]), strict=True)
        rows += [[*row, *more] for row, more in zip(own, ours, strict=True)]
    columns = zip(*rows, strict=True)
    room = [_NARROWEST] * result.width + [max(_NARROWEST, one.room) for one in result.added]
    pairs = zip(columns, room, strict=True)
    return [min(max(least, *map(_letters, column)) + 2, _WIDEST) for column, least in pairs]


def _letters(value: Any) -> int:
    """Return how much room a value takes; a Chinese character takes two letters'."""
    if isinstance(value, float):
        return min(len(as_text(value)), 12)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    line = as_text(value).split("\n")[0]
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line[:100])


def title(name: str) -> str:
    """Return a name that a sheet may bear."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' ") or "Sheet1"
