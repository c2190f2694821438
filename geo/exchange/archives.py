"""Guards a workbook before it is opened: what it unpacks to, and how many cells it spans.

A spreadsheet of 2 kB may unpack to gigabytes, and one cell in the last corner makes the reader
hold every cell before it. Both are seen here from the packed file, in one pass, with checksums.
"""

import re
import zipfile
import zlib
from pathlib import Path

from geo.exchange.report import FileRefused

_MOST_MEMBERS = 5_000
_MOST_BYTES = 512 * 2**20
_SMALL_BYTES = 32 * 2**20
_MOST_RATIO = 150
_MOST_CELLS = 8_000_000
_CHUNK = 2**20
_CELL_LENGTH = 120
# A cell with a value; one that is only formatted closes itself and takes no room.
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_workbook(path: Path) -> None:
    """Pass when a packed workbook is small enough to open.

    Raises
    ------
    FileRefused
        When it is damaged, has a password, unpacks to too much or spans too many cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive.infolist())
            for member in archive.infolist():
                _check_span(path, archive, member)
    except _BROKEN as error:
        raise FileRefused("file_damaged", file=path.name, detail=str(error)) from error


def has_password(path: Path) -> bool:
    """Return whether an OLE file is a workbook under a password."""
    return _ENCRYPTED in path.read_bytes()


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    bomb = unpacked > _SMALL_BYTES and unpacked > _MOST_RATIO * packed
    if len(members) > _MOST_MEMBERS or unpacked > _MOST_BYTES or bomb:
        most = _MOST_BYTES // 2**20
        raise FileRefused("unpacks_to_too_much", file=path.name, mib=unpacked // 2**20, most=most)
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused("has_password", file=path.name)


def _check_span(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its checksum and find the farthest cell with a value."""
    rows = columns = 0
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            for letters, digits in _CELL.findall(tail + chunk):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            tail = chunk[-_CELL_LENGTH:]
    if rows * columns > _MOST_CELLS:
        raise FileRefused("too_many_cells", file=path.name, rows=rows, columns=columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
