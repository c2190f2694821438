"""How an index lies in one buffer, in memory or in a file that processes share.

A header of int64 numbers is followed by sections, each from a multiple of 64 bytes on and each with
some room at its end, which a file holds as a hole.
"""

import os
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from geo.errors import Unavailable
from geo.spatial.tiles.parts import Preset, Raster
from geo.spatial.tiles.sides import STRIDE

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

_MAGIC, _FORMAT = 0x31454C4954474E57, 2  # "WNGTILE1" as a little-endian number
_HEADER, _LINE = 128, 64
# What a section may grow by without being copied: a share of it, and so many rows at least.
_ROOM, _LEAST_ROOM = 16, 256
_GROWING = ("nodes", "records", "lists", "vertices", "rings", "stretches")


class IndexFileRefused(Unavailable):
    """A file is no index of this format, or is cut short."""

    code = "index_file_refused"


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of an index, two-dimensional; of the first six only ``used`` rows count.

    Parameters
    ----------
    nodes, records, lists, vertices, rings : int32, see ``geo.spatial.tiles.parts``
    stretches : int32, see ``geo.spatial.tiles.stretches``
    root : the top raster
    cells, rank : of each cell its borders, and its place by code, -1 for a cell that is gone
    codes : uint8, the cells' codes in UTF-8, filled with zeros
    ancestors : int32, of each cell what its caller wants to find with it
    members, boxes : the tree of cells, see ``geo.spatial.tiles.tree``
    """

    nodes: Int32s
    records: Int32s
    lists: Int32s
    vertices: Int32s
    rings: Int32s
    stretches: Int32s
    root: Int32s
    cells: Int32s
    rank: Int32s
    codes: Bytes
    ancestors: Int32s
    members: Int32s
    boxes: Int32s


@dataclass(frozen=True, slots=True)
class Used:
    """How many rows of the growing arrays are in use."""

    nodes: int
    records: int
    lists: int
    vertices: int
    rings: int
    stretches: int


@dataclass(frozen=True, slots=True)
class Stored:
    """All that an index consists of.

    Parameters
    ----------
    levels : how often its tiles divide at most
    tail : the one ``Used`` up to which its growing arrays, which it may share with other indexes,
        are written; who has used less than that must copy them before adding
    """

    arrays: Arrays
    used: Used
    raster: Raster
    levels: int
    preset: Preset
    tail: list[Used]


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    offset: int
    used: int
    capacity: int
    width: int
    item: int

    @property
    def end(self) -> int:
        return self.offset + self.capacity * self.width * self.item


def packed(arrays: Arrays, used: Used) -> Arrays:
    """Return the same arrays in one buffer, which large pages of memory may hold."""
    sections = _sections(arrays, used)
    result = _views(_aligned(sections[-1].end), sections)
    for section in sections:
        source = getattr(arrays, section.name)
        getattr(result, section.name)[: section.used] = source[: section.used]
    result.vertices[used.vertices : used.vertices + STRIDE + 1] = 0
    return result


def with_room(array: Int32s, used: int, rows: int, *, free: bool) -> Int32s:
    """Return an array with room for more rows behind the used ones, itself if it may be written."""
    if free and used + rows <= len(array):
        return array
    result = np.empty((_capacity(used + rows), array.shape[1]), dtype=array.dtype)
    result[:used] = array[:used]
    return result


def save(path: Path, stored: Stored) -> None:
    """Write an index to a file that appears under its name only when it is whole."""
    sections = _sections(stored.arrays, stored.used)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_header(sections, stored).tobytes())
            for section in sections:
                file.seek(section.offset)
                file.write(getattr(stored.arrays, section.name)[: section.used].tobytes())
            file.truncate(sections[-1].end)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path, *, resident: bool) -> Stored:
    """Return an index from a file: mapped and shared, or read into memory of its own.

    Raises
    ------
    IndexFileRefused
        When the file is no index of this format, or is cut short.
    """
    try:
        buffer = _read(path) if resident else np.asarray(np.memmap(path, np.uint8, "c"))
    except (OSError, ValueError) as error:
        raise IndexFileRefused(path=str(path)) from error
    if len(buffer) < _HEADER * 8:
        raise IndexFileRefused(path=str(path))
    header = buffer[: _HEADER * 8].view(np.int64)
    if header[0] != _MAGIC or header[1] != _FORMAT or header[-1] != _check(header):
        raise IndexFileRefused(path=str(path))
    numbers = [int(value) for value in header[2:-1]]
    (west, south, shift, columns, rows), preset, levels = numbers[:5], numbers[5:9], numbers[9]
    sections = [
        _Section(field.name, *numbers[10 + 5 * place : 15 + 5 * place])
        for place, field in enumerate(fields(Arrays))
    ]
    if sections[-1].end > len(buffer):
        raise IndexFileRefused(path=str(path))
    used = Used(**{section.name: section.used for section in sections if section.name in _GROWING})
    raster = Raster(west, south, shift, columns, rows)
    return Stored(_views(buffer, sections), used, raster, levels, Preset(*preset), [used])


def _read(path: Path) -> Bytes:
    """Return a file in memory of its own, which large pages may hold."""
    buffer = _aligned(path.stat().st_size)
    with path.open("rb") as file:
        file.readinto(buffer.data)
    return buffer


def _aligned(size: int) -> Bytes:
    """Return so many bytes from the beginning of a cache line on."""
    buffer = np.empty(size + _LINE, dtype=np.uint8)
    start = -buffer.ctypes.data % _LINE
    return buffer[start : start + size]


def _header(sections: list[_Section], stored: Stored) -> npt.NDArray[np.int64]:
    table = [
        number
        for section in sections
        for number in (section.offset, section.used, section.capacity, section.width, section.item)
    ]
    numbers = [_MAGIC, _FORMAT, *stored.raster, *stored.preset, stored.levels, *table]
    header = np.zeros(_HEADER, dtype=np.int64)
    header[: len(numbers)] = numbers
    header[-1] = _check(header)
    return header


def _check(header: npt.NDArray[np.int64]) -> int:
    return crc32(header[:-1].tobytes())


def _sections(arrays: Arrays, used: Used) -> list[_Section]:
    offset, sections = _HEADER * 8, []
    for field in fields(Arrays):
        array = getattr(arrays, field.name)
        rows = getattr(used, field.name, len(array))
        capacity = _capacity(rows) if field.name in _GROWING else rows
        section = _Section(field.name, offset, rows, capacity, array.shape[1], array.itemsize)
        sections.append(section)
        offset = section.end + -section.end % _LINE
    return sections


def _capacity(rows: int) -> int:
    return rows + rows // _ROOM + _LEAST_ROOM


def _views(buffer: Bytes, sections: list[_Section]) -> Arrays:
    views: dict[str, Any] = {}
    for section in sections:
        kind = np.uint8 if section.item == 1 else np.int32
        view = buffer[section.offset : section.end].view(kind)
        views[section.name] = view.reshape(section.capacity, section.width)
    return Arrays(**views)
