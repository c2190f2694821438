"""From the borders of cells to the arrays of an index: how large tiles are, and every step."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.spatial.tiles.parts import (
    BEGIN,
    END,
    FAN,
    LEAST_SHIFT,
    MOST_SHIFT,
    NOTHING,
    OVER,
    RECORD,
    SLOT,
    SOUTH,
    TILE,
    WEST,
    Parts,
    Preset,
    Raster,
)
from geo.spatial.tiles.scan import draw
from geo.spatial.tiles.settle import settle
from geo.spatial.tiles.sides import STRIDE

Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_ENTRY_BYTES, _RECORD_BYTES = 4, 64
# What a list takes for one cell that a border runs along in a tile.
_LISTED_BYTES = 16
# Dividing may take so many times what the tiles were given: slivers side by side stay crowded
# however small a tile gets.
_DIVIDED = 4


FAST = Preset(bytes_per_vertex=16, bytes_per_cell=1200, most_edges=24)
COMPACT = Preset(bytes_per_vertex=7, bytes_per_cell=600, most_edges=20)


class Borders(NamedTuple):
    """The borders of cells, in grid numbers.

    Parameters
    ----------
    vertices : (n, 2) int32, rings one after the other, each closed by its first vertex
    rings : (k,) int32, the number after the last vertex of each ring
    cells : (m, 4) int32, first vertex, end of vertices, first ring, end of rings of each cell
    """

    vertices: Int32s
    rings: Int32s
    cells: Int32s


def raster_for(borders: Borders, preset: Preset) -> Raster:
    """Return the top raster with the smallest tiles that the preset's memory allows.

    The number of records is estimated by the borders' length: a line crosses |dx| + |dy| tiles,
    and of two neighbours' lines one is counted. Where more lines cross than there are tiles, each
    further one is an entry in a list.
    """
    vertices = borders.vertices.astype(np.int64)
    if not len(vertices):
        return Raster(0, 0, LEAST_SHIFT, 0, 0)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    steps = np.abs(np.diff(vertices, axis=0))
    steps[borders.rings[:-1] - 1] = 0
    length = int(steps.sum()) / 2
    budget = _budget(borders, preset)
    for shift in range(LEAST_SHIFT, MOST_SHIFT + 1):
        raster = _raster(low, high, shift)
        tiles = raster.columns * raster.rows
        crossings = length / 2**shift
        records = min(crossings, tiles)
        listed = 2 * (crossings - records) * _LISTED_BYTES
        if tiles * _ENTRY_BYTES + records * _RECORD_BYTES + listed <= budget:
            break
    return raster


def _budget(borders: Borders, preset: Preset) -> int:
    """Return the bytes that tiles may take."""
    vertices = preset.bytes_per_vertex * len(borders.vertices)
    return preset.least_bytes + vertices + preset.bytes_per_cell * len(borders.cells)


def _raster(low: npt.NDArray[np.int64], high: npt.NDArray[np.int64], shift: int) -> Raster:
    first, last = low >> shift, high >> shift
    west, south = (int(value) << shift for value in first)
    columns, rows = (int(value) + 1 for value in last - first)
    return Raster(west, south, shift, columns, rows)


def empty_root(raster: Raster) -> Int32s:
    """Return the top raster's array with nothing in it, one line and column wider."""
    return np.full((raster.rows + 1, raster.columns + 1), NOTHING, dtype=np.int32)


def address(array: np.ndarray) -> int:
    """Return where an array lies, for kernels; it must be kept alive as long as they run."""
    return int(array.ctypes.data)


def padded(vertices: Int32s) -> Int32s:
    """Return vertices followed by as many as kernels may read beyond the last."""
    return np.concatenate([vertices, np.zeros((STRIDE + 1, 2), dtype=np.int32)])


def settle_cells(
    vertices: Int32s,
    borders: Borders,
    chosen: Int32s,
    rank: Int32s,
    raster: Raster,
    root: Int32s,
    *,
    wanted: Bools | None = None,
    preset: Preset,
    parts: Parts,
) -> tuple[Parts, int]:
    """Write the entries of the top raster, and return the grown parts and the levels of nodes.

    Parameters
    ----------
    vertices : padded
    chosen : the cells to draw, lower codes first
    rank : (m,) int32, order of all cells by code
    root : written
    wanted : the tiles to write, None for all; they must hold nothing yet
    """
    standing = RECORD * int(parts.used[0]) + int(parts.used[2])
    most_numbers = standing + _DIVIDED * _budget(borders, preset) // parts.lists.itemsize
    everywhere = np.empty((0, 0), dtype=np.bool_)
    drawing = draw(
        address(vertices),
        borders.rings,
        borders.cells,
        chosen,
        raster,
        everywhere if wanted is None else wanted,
        root,
    )
    used_candidates, runs = int(drawing.used[0]), drawing.runs
    jobs, candidates = _top_jobs(drawing.candidates[:used_candidates], raster, root)
    slots, shift, level = root.reshape(-1), raster.shift, 0
    nowhere = np.empty(0, dtype=np.int32)
    while True:
        parts, below = settle(
            address(vertices),
            shift,
            jobs,
            address(candidates),
            address(runs),
            rank,
            preset.most_edges,
            most_numbers,
            slots,
            parts,
        )
        used_jobs = int(below.used[0])
        if not used_jobs:
            return parts, level
        jobs, candidates, runs = below.jobs[:used_jobs], below.candidates, below.runs
        slots, shift, level = nowhere, shift - 2, level + 1


def _top_jobs(
    candidates: Int32s, raster: Raster, root: Int32s
) -> tuple[npt.NDArray[np.int64], Int32s]:
    """Return one job for each tile that has candidates, and the candidates sorted by tile."""
    order = np.argsort(candidates[:, TILE], kind="stable")
    candidates = candidates[order]
    tiles, begin = np.unique(candidates[:, TILE], return_index=True)
    row, column = np.divmod(tiles.astype(np.int64), raster.columns + 1)
    jobs = np.empty((len(tiles), 6), dtype=np.int64)
    jobs[:, SLOT] = tiles
    jobs[:, WEST] = raster.west + (column << raster.shift)
    jobs[:, SOUTH] = raster.south + (row << raster.shift)
    jobs[:, BEGIN] = begin
    jobs[:, END] = np.append(begin[1:], len(candidates))
    jobs[:, OVER] = root.reshape(-1)[tiles]
    return jobs, candidates


def no_parts() -> Parts:
    """Return parts with nothing in them yet."""
    return Parts(
        np.empty((64, RECORD), dtype=np.int32),
        np.empty((4, FAN * FAN), dtype=np.int32),
        np.empty((256, 1), dtype=np.int32),
        np.zeros(3, dtype=np.int64),
    )
