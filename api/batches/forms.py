"""The formats of a batch: how each is read and written; the one table of media types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import orjson
import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import ipc

from api.batches import arrow, csv, objects
from api.batches.rows import Stream
from api.batches.shown import shown
from geo.locate.labels import STEP
from geo.locate.sheets import BETWEEN


class Form(StrEnum):
    """A format."""

    JSON = "json"
    CSV = "csv"
    ARROW = "arrow"


MEDIA: Mapping[Form, str] = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.ARROW: "application/vnd.apache.arrow.stream",
}
FORMS: Mapping[str, Form] = {media: form for form, media in MEDIA.items()}
READ: Mapping[Form, Callable[[memoryview, Mapping[str, str | None]], Stream]] = {
    Form.JSON: objects.read,
    Form.CSV: csv.read,
    Form.ARROW: arrow.read,
}
# Members that are lists in JSON, and what stands between them elsewhere.
_LISTS = {"codes": STEP, "names": STEP, "candidates": BETWEEN}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a whole answer."""

    version: int
    as_of: str
    source_crs: str


class Writer(Protocol):
    """Makes the bytes of an answer, part by part."""

    def part(self, rows: pa.RecordBatch) -> bytes:
        """Return the bytes of some rows."""

    def end(self) -> bytes:
        """Return what makes the answer whole."""

    def broken(self, code: str, sentence: str, row: int) -> bytes:
        """Return what says that it ends here, and is not whole."""


class CsvWriter:
    """Writes CSV: a header, then a line a row."""

    def __init__(self, _facts: Facts) -> None:
        self._columns: list[str] = []

    def part(self, rows: pa.RecordBatch) -> bytes:
        """Return lines."""
        sink = pa.BufferOutputStream()
        first = not self._columns
        self._columns = rows.schema.names
        plain = pa.RecordBatch.from_arrays([_plain(column) for column in rows], self._columns)
        arrow_csv.write_csv(plain, sink, arrow_csv.WriteOptions(include_header=first))
        return memoryview(sink.getvalue())  # type: ignore[return-value]  # bytes-like is enough

    def end(self) -> bytes:
        """Return nothing: the last line was whole."""
        return b""

    def broken(self, code: str, sentence: str, row: int) -> bytes:
        """Return a line whose row has neither cell nor neighbour, but an error."""
        quoted = sentence.replace('"', "'")
        told = {"row": str(row), "error": f'"{code}"', "detail": f'"{quoted}"'}
        return (",".join(told.get(name, "") for name in self._columns) + "\n").encode()


class ArrowWriter:
    """Writes an Arrow stream; of a broken one the end mark is missing."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sink = pa.BufferOutputStream()
        self._writer: ipc.RecordBatchStreamWriter | None = None
        self._sent = 0
        self._out = _Pieces()

    def part(self, rows: pa.RecordBatch) -> bytes:
        """Return a message, before the first one the schema."""
        if self._writer is None:
            told = {
                "version": str(self._facts.version),
                "as_of": self._facts.as_of,
                "source_crs": self._facts.source_crs,
            }
            self._writer = ipc.new_stream(self._out, rows.schema.with_metadata(told))
        self._writer.write_batch(rows)
        return self._out.taken()

    def end(self) -> bytes:
        """Return the end mark."""
        assert self._writer is not None
        self._writer.close()
        return self._out.taken()

    def broken(self, code: str, sentence: str, row: int) -> bytes:
        """Return nothing: a stream without its end mark is not whole."""
        return b""


class JsonWriter:
    """Writes one JSON object; of a broken one ``results`` is followed by ``error``."""

    def __init__(self, facts: Facts) -> None:
        self._facts, self._begun = facts, False

    def part(self, rows: pa.RecordBatch) -> bytes:
        """Return members of ``results``."""
        columns = [_listed(name, rows.column(name)) for name in rows.schema.names]
        names = rows.schema.names
        told = orjson.dumps(
            [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        )[1:-1]
        begun, self._begun = self._begun, True
        return (b"," if begun else self._head()) + told

    def end(self) -> bytes:
        """Return the end of the object."""
        return b"]}"

    def broken(self, code: str, sentence: str, row: int) -> bytes:
        """Return an error in place of the end; what follows it never comes."""
        return b'],"error":' + orjson.dumps({"code": code, "detail": sentence, "row": row})

    def _head(self) -> bytes:
        facts = self._facts
        told = {"version": facts.version, "as_of": facts.as_of, "source_crs": facts.source_crs}
        return orjson.dumps(told)[:-1] + b',"results":['


WRITERS: Mapping[Form, Callable[[Facts], Writer]] = {
    Form.JSON: JsonWriter,
    Form.CSV: CsvWriter,
    Form.ARROW: ArrowWriter,
}


class _Pieces:
    """A file that Arrow writes to and whose bytes are taken away piece by piece."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _plain(column: pa.Array) -> pa.Array:
    """Return a column as it is written: nothing at all, or texts that begin no formula."""
    if column.null_count == len(column):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_dictionary(column.type):
        words = pa.DictionaryArray.from_arrays(column.indices, shown(column.dictionary))
        return words.dictionary_decode()
    return shown(column) if pa.types.is_string(column.type) else column


def _listed(name: str, column: pa.Array) -> list[Any]:
    """Return the values of a column; texts that name several things as lists."""
    between = _LISTS.get(name)
    if not pa.types.is_dictionary(column.type):
        found = column.to_pylist()
        return found if between is None else [_parted(text, between) for text in found]
    words = column.dictionary.to_pylist()
    known = words if between is None else [_parted(word, between) for word in words]
    nothing: Any = None if between is None else []
    places = column.indices.fill_null(len(words)).to_numpy(zero_copy_only=False).tolist()
    return [*map([*known, nothing].__getitem__, places)]


def _parted(text: str | None, between: str) -> list[str]:
    return text.split(between) if text else []
