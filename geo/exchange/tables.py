"""Tables of text: CSV in UTF-8, UTF-16 or GBK, whatever its delimiter. No meaning yet."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from geo.exchange.report import FileRefused
from geo.exchange.table import Table, from_records

MOST_ROWS = 2_000_000
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_DELIMITERS = ",\t;"


def decoded(raw: bytes, encoding: str | None, *, file: str) -> str:
    """Return text in the named encoding, else by its mark, else UTF-8, else GB 18030.

    Raises
    ------
    FileRefused
        When it is in none of them.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if raw.startswith(mark)), None)
    choices = [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]
    for choice in choices:
        try:
            return raw.decode(choice)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise FileRefused("encoding_unknown", file=file, encoding=choice) from error
    raise FileRefused("encoding_wrong", file=file, encoding=" / ".join(choices))


def read_csv(path: Path, encoding: str | None) -> Table:
    """Return a text table; its rows count as a spreadsheet counts them.

    Raises
    ------
    FileRefused
        When a quote is never closed, the encoding is unknown or there are too many rows.
    """
    text = decoded(path.read_bytes(), encoding, file=path.name)
    csv.field_size_limit(2**31 - 1)  # a polygon of a million vertices is one field
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return from_records("", list(_counted(reader, path)))
    except csv.Error as error:
        line = reader.line_num
        raise FileRefused("csv_broken", file=path.name, line=line, detail=str(error)) from error


def _delimiter(text: str) -> str:
    head = text[:10_000].splitlines()[:10]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))


def _counted(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise FileRefused("too_many_rows", file=path.name, most=MOST_ROWS)
        yield row
