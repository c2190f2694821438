"""Workbooks in and out, row by row, so that a full sheet never is in memory.

Values, dates and how numbers are shown are kept; a formula gives the value it was saved with.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException, WorkbookAlreadySaved
from openpyxl.writer.excel import ExcelWriter

from geo.exchange.archives import check_workbook
from geo.exchange.columns import HEADER_ROWS, Field
from geo.exchange.located.bookcells import head, own, shown, title, widths
from geo.exchange.located.chunks import (
    CHUNK_ROWS,
    Answered,
    Chunk,
    Records,
    Result,
    Stated,
    padded,
)
from geo.exchange.located.texts import stated_of
from geo.exchange.report import FileRefused

# What a worksheet holds at most.
MOST_ROWS = 1_048_576
_BROKEN = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    ParseError,
    TypeError,
    ValueError,
)
Row = tuple[list[Any], Mapping[int, str]]


@dataclass(frozen=True)
class BookSource:
    """A worksheet.

    Parameters
    ----------
    sheet : its name; the only visible one when None
    fields : by which the header is known

    Raises
    ------
    FileRefused
        When the workbook is damaged or hostile, or it is not clear which sheet is meant.
    """

    path: Path
    sheet: str | None
    fields: Sequence[Field]

    @cached_property
    def stated(self) -> Stated:
        """The header, wherever it stands in the first rows, and what stands above it."""
        rows = [row for row, _ in islice(self._rows(), HEADER_ROWS)]
        return stated_of(rows, self.fields)

    @cached_property
    def name(self) -> str:
        """Name of the sheet that is read."""
        check_workbook(self.path)
        with _book(self.path) as book:
            return str(_sheet(self.path, book, self.sheet).title)

    @cached_property
    def part(self) -> str:
        """Name of the sheet's part in the packed workbook."""
        with _book(self.path) as book:
            return str(book[self.name]._worksheet_path)  # it is told nowhere else

    def chunks(self) -> Iterator[Chunk]:
        """Give the rows below the header."""
        begin = len(self.stated.above)
        rows = islice(self._rows(), begin, None)
        first = begin + 1
        while part := list(islice(rows, CHUNK_ROWS)):
            yield Records(first, [row for row, _ in part], [formats for _, formats in part])
            first += len(part)

    def _rows(self) -> Iterator[Row]:
        name = self.name
        with _book(self.path) as book:
            sheet = book[name]
            sheet.reset_dimensions()  # what it says of itself may be millions of empty cells
            yield from _without_end(self._counted(map(_row, sheet.rows)))

    def _counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Give the rows of a sheet that has no more of them than a sheet may have."""
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                detail = f"> {MOST_ROWS:,}"
                raise FileRefused("file_damaged", file=self.path.name, detail=detail)
            yield row


def write_book(out: Path, result: Result) -> None:
    """Write a workbook: its header stays in sight, texts stay texts.

    Raises
    ------
    FileRefused
        When a text is longer than a cell may be.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title(result.name))
    try:
        _fill(sheet, result, out)
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:  # closed on a full disk, too
            ExcelWriter(book, archive).save()
    finally:
        with suppress(WorkbookAlreadySaved):
            sheet.close()  # of one that is left half written, too


def _fill(sheet: Any, result: Result, out: Path) -> None:
    chunks = iter(result.chunks)
    first = next(chunks, None)
    above = len(result.stated.above) or 1
    for place, width in enumerate(widths(result, first), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{above + 1}"
    for row in result.stated.above[:-1]:
        sheet.append([own(sheet, value, None, out) for value in row])
    sheet.append(
        [head(sheet, value, ours=at >= result.width) for at, value in enumerate(result.header())]
    )
    rows = above
    for answered in _again(first, chunks):
        rows += len(answered[0])
        _append(sheet, answered, result, out)
    last = get_column_letter(result.width + len(result.added))
    sheet.auto_filter.ref = f"A{above}:{last}{rows}"


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever its reader stumbles over, the file is damaged."""
    with warnings.catch_warnings():
        # What a workbook has besides values is of no interest here.
        warnings.simplefilter("ignore")
        try:
            with path.open("rb") as stream:  # closed here, should the reader fail
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
                with closing(book):
                    yield book
        except _BROKEN as error:
            detail = str(error) or type(error).__name__
            raise FileRefused("file_damaged", file=path.name, detail=detail) from error


def _sheet(path: Path, book: Any, name: str | None) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"}
    if name is not None and name not in book.sheetnames:
        listed = ", ".join(sheets) or "–"
        raise FileRefused("layer_unknown", file=path.name, layer=name, layers=listed)
    if name is None and len(sheets) != 1:
        raise FileRefused("layer_unclear", file=path.name, layers=", ".join(sheets) or "–")
    return book[name] if name is not None else next(iter(sheets.values()))


def _without_end(rows: Iterable[Row]) -> Iterator[Row]:
    """Give rows without the empty ones at the end: a sheet may be coloured down to its last row."""
    empty = 0
    for row in rows:
        if not row[0]:
            empty += 1
            continue
        yield from (([], {}) for _ in range(empty))
        empty = 0
        yield row


def _row(cells: Sequence[Any]) -> Row:
    """Return the values of a row without empty cells at its end, and their formats."""
    values = [cell.value for cell in cells]
    while values and values[-1] is None:
        values.pop()
    formats = {
        place: cell.number_format
        for place, cell in enumerate(cells[: len(values)])
        if cell.value is not None and cell.number_format != "General"
    }
    return values, formats


def _append(sheet: Any, answered: Answered, result: Result, out: Path) -> None:
    chunk, added, _ = answered
    formats = (chunk.formats if isinstance(chunk, Records) else None) or [{}] * len(chunk)
    ours = [
        shown(sheet, column, values, result)
        for column, values in zip(result.added, added, strict=True)
    ]
    for row, styles, more in zip(chunk.records(), formats, zip(*ours, strict=True), strict=True):
        cells = [own(sheet, value, styles.get(at), out) for at, value in enumerate(row)]
        sheet.append([*padded(cells, result.width), *more])


def _again(first: Answered | None, rest: Iterator[Answered]) -> Iterator[Answered]:
    if first is not None:
        yield first
        yield from rest
