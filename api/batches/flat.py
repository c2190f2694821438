"""What the messages of an Arrow stream say of themselves before anything of them is unpacked.

A compressed message of a few bytes may say that it unpacks to terabytes, and the reader would set
them aside; so messages are looked at first, by the layout of their flatbuffers.

Source: ``format/Message.fbs`` of Apache Arrow, tables Message, RecordBatch and DictionaryBatch.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
from pyarrow import ipc

_HEADER_TYPE, _HEADER = 1, 2
_DICTIONARY, _RECORDS = 2, 3
_LENGTH, _COMPRESSION = 0, 3
_DATA_OF_DICTIONARY = 1


class Message(NamedTuple):
    """A message with rows."""

    rows: int
    compressed: bool


def messages(body: memoryview) -> Iterator[Message]:
    """Yield what each message with rows or with a dictionary says; a dictionary has no rows.

    Raises
    ------
    pyarrow.ArrowException, OSError, struct.error
        When the stream is cut or broken.
    """
    reader = ipc.MessageReader.open_stream(pa.py_buffer(body))
    while True:
        try:
            flat = memoryview(reader.read_next_message().metadata)
        except StopIteration:
            return
        root = _u32(flat, 0)
        kind = _field(flat, root, _HEADER_TYPE)
        header = _field(flat, root, _HEADER)
        if kind is None or header is None or flat[kind] not in (_DICTIONARY, _RECORDS):
            continue
        table = header + _u32(flat, header)
        is_dictionary = flat[kind] == _DICTIONARY
        if is_dictionary:
            data = _field(flat, table, _DATA_OF_DICTIONARY)
            if data is None:
                continue
            table = data + _u32(flat, data)
        length = _field(flat, table, _LENGTH)
        rows = 0 if length is None else struct.unpack_from("<q", flat, length)[0]
        compressed = _field(flat, table, _COMPRESSION) is not None
        yield Message(0 if is_dictionary else rows, compressed)


def _field(flat: memoryview, table: int, number: int) -> int | None:
    """Return where a field of a table stands; None when it has its default."""
    outline = table - struct.unpack_from("<i", flat, table)[0]
    slot = 4 + 2 * number
    if slot >= _u16(flat, outline):
        return None
    offset = _u16(flat, outline + slot)
    return table + offset if offset else None


def _u16(flat: memoryview, at: int) -> int:
    found: int = struct.unpack_from("<H", flat, at)[0]
    return found


def _u32(flat: memoryview, at: int) -> int:
    found: int = struct.unpack_from("<I", flat, at)[0]
    return found
