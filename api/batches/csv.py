"""CSV as batches take it: UTF-8, a header, comma, semicolon or tab; some rows at a time."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import csv as arrow_csv

from api.batches.refusals import BatchRefused
from api.batches.rows import ROWS_MAX, Numbers, Stream, numbers_of, rows_of
from geo.locate.columns import Guessed, chosen, numbers

# Bytes at a time, some tens of thousands of rows; no line may be longer.
BLOCK = 1 << 20
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"\s*[+-]?[0-9]+([.][0-9]*)?\s*")
_SHOWN = 60


@dataclass(frozen=True)
class _Layout:
    """Where the columns of a text stand."""

    delimiter: str
    width: int
    columns: Mapping[str, int]

    @property
    def names(self) -> list[str]:
        """Names for all columns that no two share."""
        return [str(place) for place in range(self.width)]


def read(body: memoryview, named: Mapping[str, str | None]) -> Stream:
    """Yield the rows of a text.

    Parameters
    ----------
    named : field → header of its column; None to guess

    Raises
    ------
    BatchRefused, ColumnMissing, ColumnsEqual
        When it is no such text; of rows that are too short or too long the first is named.
    """
    _check_wide(body)
    begin = len(_MARK) if bytes(body[:3]) == _MARK else 0
    end = _line_end(body, begin)
    layout = _layout(_decoded(bytes(body[begin:end]), 0), named)
    first = 1
    for block in _blocks(body, end):
        table = _table(_checked(block, first), layout, first)
        if first + len(table) - 1 > ROWS_MAX:
            raise BatchRefused("too_many", most=ROWS_MAX)
        if len(table):
            yield rows_of(
                first,
                _numbers(table, layout, "lon"),
                _numbers(table, layout, "lat"),
                _numbers(table, layout, "accuracy_m") if "accuracy_m" in layout.columns else None,
                table.column(str(layout.columns["id"])).chunk(0)
                if "id" in layout.columns
                else None,
            )
            first += len(table)
    if first == 1:
        raise BatchRefused("empty_csv")


def _check_wide(body: memoryview) -> None:
    if bytes(body[:2]) in _WIDE or b"\x00" in bytes(body[:200]):
        raise BatchRefused("utf16")


def _layout(head: str, named: Mapping[str, str | None]) -> _Layout:
    """Return where the columns stand by the line that names them."""
    delimiter = max(_DELIMITERS, key=head.count)
    headers = next(csv.reader([head], delimiter=delimiter), [])
    if headers and all(_NUMBER.fullmatch(header) for header in headers):
        raise BatchRefused("header", found=head[:_SHOWN])
    known: Guessed = chosen(headers, named=named, needed=("lon", "lat"))
    fields = {field: getattr(known, field) for field in ("lon", "lat", "accuracy_m", "id")}
    places = {f: headers.index(header) for f, header in fields.items() if header is not None}
    return _Layout(delimiter, len(headers), places)


def _blocks(body: memoryview, begin: int) -> Iterator[bytes]:
    """Yield the lines below the header, about ``BLOCK`` bytes of whole ones at a time."""
    while begin < len(body):
        block = bytes(body[begin : begin + BLOCK])
        if begin + len(block) < len(body):
            block = block[: _last_line_end(block)]
        yield block
        begin += len(block)


def _last_line_end(block: bytes) -> int:
    """Return where the last whole line ends; a line break between quotes ends none."""
    end = block.rfind(b"\n") + 1
    if b'"' in block:
        quotes = block.count(b'"', 0, end)
        while end and quotes % 2:
            before = block.rfind(b"\n", 0, end - 1) + 1
            quotes -= block.count(b'"', before, end)
            end = before
    if not end:
        raise BatchRefused("line_too_long", most=BLOCK)
    return end


def _line_end(body: memoryview, begin: int) -> int:
    head = bytes(body[begin : begin + BLOCK])
    end = head.find(b"\n")
    if end < 0 and len(head) == BLOCK:
        raise BatchRefused("line_too_long", most=BLOCK)
    return len(body) if end < 0 else begin + end + 1


def _checked(block: bytes, first: int) -> bytes:
    if not block.isascii():
        _decoded(block, first)
    return block


def _decoded(block: bytes, first: int) -> str:
    """Return a text; say what else it looks like when it is no UTF-8, and in which row.

    Parameters
    ----------
    first : number of its first row; 0 for the header
    """
    try:
        return block.decode()
    except UnicodeDecodeError as error:
        row = first + block.count(b"\n", 0, error.start)
        reason = "gbk" if _is_gbk(block[error.start : error.start + 200]) else "characters"
        raise BatchRefused(reason if first else f"{reason}_header", row=row) from None


def _is_gbk(sample: bytes) -> bool:
    # The last character may be cut in two.
    for end in (len(sample), len(sample) - 1):
        try:
            sample[:end].decode("gbk")
        except UnicodeDecodeError:
            continue
        return True
    return False


def _table(block: bytes, layout: _Layout, first: int) -> pa.Table:
    """Return the columns that are wanted: numbers where every text is one, else texts."""
    numeric = [str(layout.columns[f]) for f in ("lon", "lat", "accuracy_m") if f in layout.columns]
    try:
        return _parsed(block, layout, first, dict.fromkeys(numeric, pa.float64()))
    except pa.ArrowInvalid as error:
        if "conversion error" not in str(error):
            raise BatchRefused("csv", row=first, found=str(error)[:_SHOWN]) from None
    return _parsed(block, layout, first, dict.fromkeys(numeric, pa.string()))


def _parsed(
    block: bytes, layout: _Layout, first: int, types: Mapping[str, pa.DataType]
) -> pa.Table:
    ragged: list[arrow_csv.InvalidRow] = []

    def refuse(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    ident = {str(layout.columns["id"]): pa.string()} if "id" in layout.columns else {}
    wanted = [str(place) for place in layout.columns.values()]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=BLOCK + 1, column_names=layout.names
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=b'"' in block,
                invalid_row_handler=refuse,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted,
                column_types={**types, **ident},
                null_values=[""],
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        if ragged:
            raise _ragged(ragged[0], first) from None
        raise
    return table.combine_chunks()


def _ragged(row: arrow_csv.InvalidRow, first: int) -> BatchRefused:
    # A row of which the reader tells no number is the first it met.
    return BatchRefused(
        "ragged",
        row=first + (row.number or 1) - 1,
        expected=row.expected_columns,
        got=row.actual_columns,
    )


def _numbers(table: pa.Table, layout: _Layout, field: str) -> Numbers:
    column = table.column(str(layout.columns[field])).chunk(0)
    return numbers_of(column) if column.type == pa.float64() else numbers(column.to_pylist())
