"""Shapefiles: whether all parts of one are there and whole, and how its attributes are encoded."""

import codecs
import struct
from pathlib import Path

from geo.exchange.report import FileRefused

_HEAD_BYTES = 32
_CANDIDATES = ("utf-8", "gb18030")
# GDAL does not know the larger set by name; GBK covers what offices write.
_GDAL_NAMES = {"utf-8": "UTF-8", "gb18030": "GBK"}


def part(path: Path, suffix: str) -> Path | None:
    """Return the file beside a .shp with another suffix, in any case; None when there is none."""
    for other in path.parent.iterdir():
        if other.stem == path.stem and other.suffix.lower() == suffix:
            return other
    return None


def check_parts(path: Path) -> None:
    """Pass when index and attributes lie beside a .shp and all three are as long as they say.

    GDAL reads a Shapefile that was cut off without a word, so its lengths are checked here.

    Raises
    ------
    FileRefused
        Names the missing part, or the one that was cut off.
    """
    index, attributes = part(path, ".shx"), part(path, ".dbf")
    if index is None or attributes is None:
        missing = ".shx" if index is None else ".dbf"
        raise FileRefused("shapefile_part_missing", file=path.name, part=path.stem + missing)
    for file, length in ((path, _shape_bytes), (index, _shape_bytes), (attributes, _table_bytes)):
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        if len(head) < _HEAD_BYTES or file.stat().st_size < length(head):
            raise FileRefused("file_truncated", file=file.name, detail="")


def known_encoding(name: str, *, file: str) -> str:
    """Return the name of an encoding when there is such a one.

    Raises
    ------
    FileRefused
        When there is none.
    """
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise FileRefused("encoding_unknown", file=file, encoding=name) from error
    return name


def attribute_encoding(path: Path, asked: str | None) -> str | None:
    """Return the encoding of the attributes: as asked, None for what the .cpg says, else likely.

    Likely is UTF-8 or GBK, whichever leaves fewer unreadable bytes: fixed widths may cut a
    character, so neither needs to be perfect.
    """
    if asked:
        return known_encoding(asked, file=path.name)
    if part(path, ".cpg"):
        return None
    attributes = part(path, ".dbf")
    raw = attributes.read_bytes()[_HEAD_BYTES:] if attributes else b""
    errors = {name: raw.decode(name, errors="replace").count("�") for name in _CANDIDATES}
    return _GDAL_NAMES[min(errors, key=errors.__getitem__)]


def _shape_bytes(head: bytes) -> int:
    """Return the length a .shp or .shx states, in words of two bytes from byte 24."""
    return 2 * int(struct.unpack(">i", head[24:28])[0])


def _table_bytes(head: bytes) -> int:
    """Return the length that the counts of a .dbf add up to; its end mark may be missing."""
    rows, header, row = struct.unpack("<iHH", head[4:12])
    return int(header) + int(rows) * int(row)
