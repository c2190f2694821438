"""The words of the tile index: entries, records, lists, and the columns of its working tables.

An *entry* is one int32: -1 for nothing, a cell's number, or -2 - 2·i for record i and -3 - 2·i for
node i. A *node* is sixteen entries, of tiles a quarter as wide, west to east, then south to north.
A *record* is one cache line of sixteen int32:

===== ==========================================================================================
0-2   the cells (or -1) that its sub-tiles name as 0, 1, 2; a simple record has no third
2     simple: 2·edges + base of the first cell's only run
3     simple: the run's first vertex; else -1 - its place in the lists
4-15  twelve rows, south first, of sixteen sub-tiles, west first, two bits each; 3: see the border
===== ==========================================================================================

A *list* holds the number of cells to ask, the cell when none of them covers the point, and for each
of them, lower codes first: its number, 2·runs + base, and the first vertex and count of each run.
"""

from typing import NamedTuple

import numpy as np

from geo.spatial.tiles.compiled import inner
from geo.spatial.tiles.memory import int32_at, int64

COLUMNS, ROWS = 16, 12
RECORD, FAN = 16, 4
NOTHING, BORDER = -1, 3
LEAST_SHIFT, MOST_SHIFT = 4, 24

# Columns of a cell: its vertices, its rings; a ring is the number after its last vertex.
FIRST_VERTEX, END_VERTEX, FIRST_RING, END_RING = range(4)
# Columns of a candidate, a cell whose border touches a tile: tile, cell, base, runs.
TILE, CELL, BASE, FIRST_RUN, END_RUN = range(5)
# Columns of a job, a tile to settle: its slot (in the top raster or in the nodes), its corner, its
# candidates, and the cell of lowest code that lies over all of it, or -1.
SLOT, WEST, SOUTH, BEGIN, END, OVER = range(6)


class Raster(NamedTuple):
    """The top raster: origin in grid numbers, a multiple of the tile size 2^shift; its extent.

    Its array has one column and one row more, of nothing, for what lies outside.
    """

    west: int
    south: int
    shift: int
    columns: int
    rows: int


class Preset(NamedTuple):
    """How much memory an index may take for its tiles, and when a tile is divided.

    Parameters
    ----------
    bytes_per_vertex, bytes_per_cell : of all borders together; more memory makes smaller tiles
    most_edges : a tile with more edges to ask is divided
    least_bytes : given to every index
    """

    bytes_per_vertex: int
    bytes_per_cell: int
    most_edges: int
    least_bytes: int = 65_536


class Window(NamedTuple):
    """The part of the raster that a cell is drawn on."""

    column: int
    row: int
    columns: int
    rows: int


class Drawing(NamedTuple):
    """Candidates and runs, int32, (n, 5) and (m, 2); ``used`` counts them."""

    candidates: np.ndarray
    runs: np.ndarray
    used: np.ndarray


class Parts(NamedTuple):
    """What grows while tiles are settled, int32 rows; ``used`` counts records, nodes, lists."""

    records: np.ndarray
    nodes: np.ndarray
    lists: np.ndarray
    used: np.ndarray


class Below(NamedTuple):
    """Jobs (int64), candidates and runs of the next smaller tiles; ``used`` counts them."""

    jobs: np.ndarray
    candidates: np.ndarray
    runs: np.ndarray
    used: np.ndarray


@inner
def grown(array: np.ndarray, rows: int) -> np.ndarray:
    """Return an array of at least so many rows that begins with the given one."""
    if rows <= array.shape[0]:
        return array
    larger = np.empty((max(rows, 2 * array.shape[0]), array.shape[1]), array.dtype)
    # Element by element: a slice takes the compiler ten times as long.
    for row in range(array.shape[0]):
        for column in range(array.shape[1]):
            larger[row, column] = array[row, column]
    return larger


@inner
def candidate_at(candidates: int, index: int, column: int) -> int:
    """Return a number of a candidate, from the address of a finished table."""
    return int64(int32_at(candidates, 5 * int64(index) + column))


@inner
def run_at(runs: int, index: int) -> tuple[int, int]:
    """Return the first edge of a run and how many they are, from the address of a table."""
    return int64(int32_at(runs, 2 * int64(index))), int64(int32_at(runs, 2 * int64(index) + 1))
