"""Tables of text: CSV in UTF-8, UTF-16 or GBK, whatever its delimiter. No meaning yet."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from geo.exchange.report import FileRefused
from geo.exchange.table import Table, from_records

MOST_ROWS = 2_000_000
_FEW_BYTES = 2**20
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_DELIMITERS = ",\t;"
# Bytes beyond one a character, of eight Chinese ones: so much of another encoding is never UTF-8.
_SURELY_UTF8 = 16


def decoded(raw: bytes, encoding: str | None, *, file: str) -> str:
    """Return text in the named encoding, else by its mark, else UTF-8, else GB 18030.

    Raises
    ------
    FileRefused
        When it is in none of them, or begins as UTF-8 and goes on as something else.
    """
    return raw.decode(_first_fitting([raw], _choices(raw, encoding), file))


def encoding_of(path: Path, encoding: str | None) -> str:
    """Return the encoding of a text of any length, by the same rule; it is read in small pieces.

    Raises
    ------
    FileRefused
        As for ``decoded``.
    """
    with path.open("rb") as stream:
        choices = _choices(stream.read(4), encoding)
    return _first_fitting(_Pieces(path), choices, path.name)


class _Pieces:
    """A file in pieces, from its beginning each time it is gone through."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while piece := stream.read(_FEW_BYTES):
                yield piece


def _choices(begins: bytes, encoding: str | None) -> list[str]:
    """Return the encodings to try."""
    marks = _BYTE_ORDER_MARKS.items()
    marked = next((name for mark, name in marks if begins.startswith(mark)), None)
    return [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]


def _first_fitting(pieces: Iterable[bytes], choices: list[str], file: str) -> str:
    for choice in choices:
        try:
            decoder = codecs.getincrementaldecoder(choice)()
            for piece in pieces:
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if choice != choices[-1]:
                _check_one_encoding(pieces, file)
            continue
        except LookupError as error:
            raise FileRefused("encoding_unknown", file=file, encoding=choice) from error
        return choice
    raise FileRefused("encoding_wrong", file=file, encoding=" / ".join(choices))


def _check_one_encoding(pieces: Iterable[bytes], file: str) -> None:
    """Refuse a text that is UTF-8 for a while and then is not: GBK would make nonsense of it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, wide = 1, 0
    for piece in pieces:
        try:
            part, broken = decoder.decode(piece), False
        except UnicodeDecodeError as error:
            part, broken = bytes(error.object[: error.start]).decode(), True
        line += part.count("\n")
        wide += len(part.encode()) - len(part)
        if broken:
            break
    if wide >= _SURELY_UTF8:
        raise FileRefused("encoding_mixed", file=file, line=line)


def read_csv(path: Path, encoding: str | None) -> Table:
    """Return a text table; its rows count as a spreadsheet counts them.

    Raises
    ------
    FileRefused
        When a quote is never closed, the encoding is unknown or there are too many rows.
    """
    text = decoded(path.read_bytes(), encoding, file=path.name)
    csv.field_size_limit(2**31 - 1)  # a polygon of a million vertices is one field
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        return from_records("", list(_counted(reader, path)))
    except csv.Error as error:
        line = reader.line_num
        raise FileRefused("csv_broken", file=path.name, line=line, detail=str(error)) from error


def delimiter_of(text: str) -> str:
    """Return what stands between the values of a text table, by its first lines."""
    head = text[:10_000].splitlines()[:10]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))


def _counted(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise FileRefused("too_many_rows", file=path.name, most=MOST_ROWS)
        yield row
