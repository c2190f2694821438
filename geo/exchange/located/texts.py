"""Text tables in and out, row by row: any encoding in, UTF-8 with a mark for spreadsheets out."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from geo.audit.export import safe_cell
from geo.exchange.columns import HEADER_ROWS, Field, header_row, with_header
from geo.exchange.located.chunks import (
    CHUNK_ROWS,
    Chunk,
    Column,
    Kind,
    Records,
    Result,
    Stated,
    padded,
)
from geo.exchange.report import FileRefused
from geo.exchange.table import as_text, from_records
from geo.exchange.tables import delimiter_of, encoding_of

# A quote that is never closed makes one value of the rest of the file.
_LONGEST = 2**24
_HEAD = 10_000
# Only what begins so can begin a formula.
_SUSPECT = frozenset("=+-@＝＋－＠\0")


@dataclass(frozen=True)
class TextSource:
    """A text table.

    Parameters
    ----------
    fields : by which the header is known
    encoding : of the user; found out when None
    """

    path: Path
    fields: Sequence[Field]
    encoding: str | None = None

    @cached_property
    def stated(self) -> Stated:
        """The header, wherever it stands in the first rows, and what stands above it."""
        with _opened(self.path, self._encoding) as stream:
            head = stream.read(_HEAD)
        rows = list(islice(self._rows(delimiter_of(head)), HEADER_ROWS))
        found = stated_of(rows, self.fields)
        return replace(found, about={"delimiter": delimiter_of(head)})

    @property
    def name(self) -> str:
        """No name: a text holds one table."""
        return ""

    def chunks(self) -> Iterator[Chunk]:
        """Give the rows below the header."""
        begin = len(self.stated.above)
        rows = islice(self._rows(self.stated.about["delimiter"]), begin, None)
        first = begin + 1
        while part := list(islice(rows, CHUNK_ROWS)):
            yield Records(first, part)
            first += len(part)

    @cached_property
    def _encoding(self) -> str:
        return encoding_of(self.path, self.encoding)

    def _rows(self, delimiter: str) -> Iterator[list[str]]:
        csv.field_size_limit(_LONGEST)
        with _opened(self.path, self._encoding) as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            try:
                yield from reader
            except csv.Error as error:
                facts = {"line": reader.line_num, "detail": str(error)}
                raise FileRefused("csv_broken", file=self.path.name, **facts) from error


def stated_of(rows: list[list[Any]], fields: Sequence[Field]) -> Stated:
    """Return the header among the first rows of a sheet, and what stands above it."""
    table = from_records("", rows)
    place = header_row(table, fields)
    if place is None:
        return Stated((), tuple(rows))
    headers = with_header(table, fields).headers or ()
    width = max((at + 1 for at, header in enumerate(headers) if header), default=0)
    return Stated(headers[:width], tuple(rows[: place + 1]))


def write_text(out: Path, result: Result) -> None:
    """Write a text table; no value of it begins a formula."""
    delimiter = "\t" if out.suffix == ".tsv" else result.stated.about.get("delimiter", ",")
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerows(map(_cell, row) for row in result.stated.above[:-1])
        writer.writerow([_cell(value) for value in result.header()])
        for chunk, added, _ in result.chunks:
            pairs = zip(result.added, added, strict=True)
            shown = [told(column, values, result) for column, values in pairs]
            own = (padded(row, result.width) for row in chunk.records())
            for row, more in zip(own, zip(*shown, strict=True), strict=True):
                writer.writerow([*map(_cell, row), *more])


def told(column: Column, values: list[Any], result: Result) -> list[str]:
    """Return an added column as text."""
    if column.kind is Kind.NUMBER:
        form = f"%.{column.digits}f"
        return ["" if value is None else form % value for value in values]
    if column.kind is Kind.FLAG:
        words = {True: result.yes, False: result.no, None: ""}
        return [words[value] for value in values]
    known = {value: safe_cell(value) if value else "" for value in set(values)}
    return [known[value] for value in values]


def _opened(path: Path, encoding: str) -> TextIO:
    # A mark at the beginning is none of the first header.
    chosen = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    return path.open(encoding=chosen, newline="")


def _cell(value: Any) -> str:
    """Return a value as text that a spreadsheet shows and never computes; a number is a number."""
    line = value if type(value) is str else as_text(value)
    first = line[:1]
    if first not in _SUSPECT and not first.isspace():  # nearly all: a file has millions
        return line
    safe = safe_cell(line)
    return line if safe is line or len(line) == 1 or is_number(line) else safe


def is_number(line: str) -> bool:
    """Return whether a text is a number as Python reads one, with a sign or without."""
    try:
        float(line)
    except ValueError:
        return False
    return True
