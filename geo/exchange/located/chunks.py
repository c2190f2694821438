"""Rows of a file on their way from a reader to a writer: some at a time, all columns kept.

A row keeps the place it had: blank rows and what stands above the header go through as well, so a
row has the same number in both files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import shapely

from geo.exchange.table import as_text
from geo.spatial.storage import Geometries

CHUNK_ROWS = 20_000
# The system of what is located.
STORAGE = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of a text or a worksheet.

    Parameters
    ----------
    first : number of the first row as a spreadsheet counts
    rows : values as read, ragged
    formats : how a worksheet shows some of them: by row, position → format
    """

    first: int
    rows: list[list[Any]]
    formats: list[Mapping[int, str]] | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def values(self, place: int) -> list[Any]:
        """Return a column; None where a row is too short."""
        return [row[place] if place < len(row) else None for row in self.rows]

    def shapes(self) -> Geometries | None:
        """Return no geometries: there are none."""
        return None

    def records(self) -> list[list[Any]]:
        """Return the rows."""
        return self.rows

    def parts(self, most: int) -> "Iterator[Records]":
        """Give the rows again, so many at a time."""
        for at in range(0, len(self), most):
            formats = None if self.formats is None else self.formats[at : at + most]
            yield Records(self.first + at, self.rows[at : at + most], formats)

    def blank(self) -> list[bool]:
        """Return which rows hold nothing."""
        return [_is_blank(row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Features:
    """Rows of a layer or a table with types.

    Parameters
    ----------
    first : number of the first row, counted from 1
    batch : attributes and, when there is one, the geometry in WKB
    attributes : places of the attributes in the batch
    geometry : place of the geometry; None for a table without
    """

    first: int
    batch: pa.RecordBatch
    attributes: tuple[int, ...]
    geometry: int | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(self.batch.num_rows)

    def values(self, place: int) -> list[Any]:
        """Return an attribute; what only a table with types can hold as text."""
        column = self.batch.column(self.attributes[place])
        values: list[Any] = column.to_pylist()
        if pa.types.is_primitive(column.type) or pa.types.is_string(column.type):
            return values
        return [value if isinstance(value, str | None) else told_value(value) for value in values]

    def shapes(self) -> Geometries | None:
        """Return the geometries, flat, None where missing or unreadable."""
        if self.geometry is None:
            return None
        wkb = np.array(self.batch.column(self.geometry).to_pylist(), dtype=object)
        return np.asarray(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore")))

    def records(self) -> list[list[Any]]:
        """Return the attributes row by row."""
        columns = [self.values(place) for place in range(len(self.attributes))]
        return [list(row) for row in zip(*columns, strict=True)] or [[] for _ in range(len(self))]

    def parts(self, most: int) -> "Iterator[Features]":
        """Give the rows again, so many at a time."""
        for at in range(0, len(self), most):
            batch = self.batch.slice(at, most)
            yield Features(self.first + at, batch, self.attributes, self.geometry)

    def blank(self) -> list[bool]:
        """Return that no row is blank: a feature always is something."""
        return [False] * len(self)


Chunk = Records | Features


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of itself.

    Parameters
    ----------
    headers : one a column
    above : rows up to the header, as they are; the last one is the header
    has_geometry : rows have a geometry of their own
    system : coordinate system that the file names, ``EPSG:n``, WKT or PROJJSON; None for none
    assumed : the system is the format's default, not a statement of the file
    about : what its own writer needs to write the same kind of file again
    """

    headers: tuple[str, ...]
    above: tuple[list[Any], ...] = ()
    has_geometry: bool = False
    system: str | None = None
    assumed: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """A file that can be gone through more than once."""

    @property
    def stated(self) -> Stated:
        """What the file says of itself."""

    @property
    def name(self) -> str:
        """Name of the sheet or layer; empty for a format that holds only one."""

    def chunks(self) -> Iterator[Chunk]:
        """Give all rows below the header, in their order."""


class Kind(StrEnum):
    """What a column that is added holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is added.

    Parameters
    ----------
    header : as written
    digits : after the point of a number
    warns : what stands in it needs somebody's attention
    room : letters it needs at least
    """

    header: str
    kind: Kind = Kind.TEXT
    digits: int = 2
    warns: bool = False
    room: int = 0


# A chunk, what is added to it column by column, and where its rows lie: degrees, NaN for nowhere.
Answered = tuple[Chunk, Sequence[list[Any]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Result:
    """What a writer writes.

    Parameters
    ----------
    stated : of the file that was read
    width : of its longest row
    added : the columns that are added
    chunks : the rows with what is added, once
    yes, no : words for flags where a format has none
    name : of the layer or sheet
    """

    stated: Stated
    width: int
    added: tuple[Column, ...]
    chunks: Iterable[Answered]
    yes: str
    no: str
    name: str

    def header(self) -> list[Any]:
        """Return the header as it stands in the file, as wide as its longest row, and ours."""
        own = list(self.stated.above[-1] if self.stated.above else self.stated.headers)
        return [*padded(own, self.width), *(column.header for column in self.added)]


def padded(row: list[Any], width: int) -> list[Any]:
    """Return a row filled up to a width."""
    return row + [None] * (width - len(row)) if len(row) < width else row


def told_value(value: Any) -> str:
    """Return a value that only a table with types can hold as text; a list or a record as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return as_text(value) or str(value)


def _is_blank(row: list[Any]) -> bool:
    for value in row:
        if value is not None and not (isinstance(value, str) and (not value or value.isspace())):
            return False
    return True
