"""Arrow IPC streams as batches take them: columns of plain numbers, not compressed, whole."""

import struct
from collections.abc import Mapping

import pyarrow as pa
from pyarrow import ipc

from api.batches.flat import messages
from api.batches.refusals import BatchRefused
from api.batches.rows import CHUNK_ROWS, ROWS_MAX, Rows, Stream, numbers_of, rows_of
from geo.locate.columns import Guessed, chosen

# How a stream ends that its writer closed; one without it may have been cut between two messages.
_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_FILE = b"ARROW1"
_FIELDS = ("lon", "lat", "accuracy_m", "id")


def read(body: memoryview, named: Mapping[str, str | None]) -> Stream:
    """Yield the rows of a stream.

    Parameters
    ----------
    named : field → name of its column; None to guess

    Raises
    ------
    BatchRefused, ColumnMissing, ColumnsEqual
        When it is no such stream.
    """
    if bytes(body[: len(_FILE)]) == _FILE:
        raise BatchRefused("arrow_file")
    schema = _schema(body)
    known = chosen(schema.names, named=named, needed=("lon", "lat"))
    places = {
        field: schema.get_field_index(name)
        for field in _FIELDS
        if (name := getattr(known, field)) is not None
    }
    _check_types(schema, known, places)
    if bytes(body[-len(_END) :]) != _END:
        raise BatchRefused("truncated")
    _check_messages(body)
    yield from _rows(body, known, places)


def _check_messages(body: memoryview) -> None:
    """Refuse what is cut short, too long or compressed, before a row of it is read."""
    rows = 0
    try:
        for message in messages(body):
            if message.compressed:
                raise BatchRefused("compressed")
            rows += message.rows
    except (pa.ArrowException, OSError, struct.error):
        raise BatchRefused("arrow_broken", row=rows + 1) from None
    if rows > ROWS_MAX:
        raise BatchRefused("too_many", most=ROWS_MAX)


def _schema(body: memoryview) -> pa.Schema:
    try:
        with ipc.open_stream(pa.py_buffer(body)) as reader:
            return reader.schema
    except (pa.ArrowException, OSError):
        raise BatchRefused("not_arrow") from None


def _check_types(schema: pa.Schema, known: Guessed, places: Mapping[str, int]) -> None:
    for field, place in places.items():
        kind = schema.field(place).type
        number = pa.types.is_floating(kind) or pa.types.is_integer(kind)
        word = (
            pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
        )
        if not (word if field == "id" else number):
            raise BatchRefused("type", column=getattr(known, field), type=str(kind)[:40])


def _rows(body: memoryview, known: Guessed, places: Mapping[str, int]) -> Stream:
    options = ipc.IpcReadOptions(included_fields=sorted(places.values()), use_threads=False)
    first = 1
    try:
        with ipc.open_stream(pa.py_buffer(body), options=options) as reader:
            for batch in reader:
                batch.validate(full=True)
                for begin in range(0, len(batch), CHUNK_ROWS):
                    part = batch.slice(begin, CHUNK_ROWS)
                    yield _part(part, known, first)
                    first += len(part)
    except (pa.ArrowException, OSError):
        raise BatchRefused("arrow_broken", row=first) from None


def _part(part: pa.RecordBatch, known: Guessed, first: int) -> Rows:
    return rows_of(
        first,
        numbers_of(part.column(known.lon)),
        numbers_of(part.column(known.lat)),
        None if known.accuracy_m is None else numbers_of(part.column(known.accuracy_m)),
        None if known.id is None else part.column(known.id),
    )
