"""From cells to the tiles of the top raster: which lie inside a cell, which its border touches.

Each cell is drawn on a small raster of its own. An edge marks the tiles it touches (a few more do
no harm, one less would) and turns the parity of the tile corners west of it; marked tiles become
candidates, the others inside belong to the cell.
"""

import numpy as np

from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.memory import int32_at, int64
from geo.spatial.tiles.parts import (
    BASE,
    CELL,
    END_RING,
    END_RUN,
    END_VERTEX,
    FIRST_RING,
    FIRST_RUN,
    FIRST_VERTEX,
    TILE,
    Drawing,
    Raster,
    Window,
    candidate_at,
    grown,
    run_at,
)
from geo.spatial.tiles.sides import sides


@compiled
def draw(
    vertices: int,
    rings: np.ndarray,
    cells: np.ndarray,
    chosen: np.ndarray,
    raster: Raster,
    wanted: np.ndarray,
    root: np.ndarray,
) -> Drawing:
    """Fill the raster with the tiles inside cells, and return the candidates of the others.

    Parameters
    ----------
    vertices : address of int32 pairs
    rings, cells : int32, see the columns above
    chosen : int32, the cells to draw, lower codes first
    raster : where
    wanted : (rows, columns) bool, the tiles to draw; no rows for all
    root : (rows + 1, columns + 1) int32; a tile filled by a lower code stays

    Returns
    -------
    Drawing, its candidates in the order of ``chosen``
    """
    candidates = np.empty((1024, 5), np.int32)
    runs = np.empty((1024, 2), np.int32)
    touched = np.empty((1024, 2), np.int32)
    edges = np.empty((1024, 1), np.int32)
    turns = np.empty((64, 1), np.uint8)
    ends = np.empty((64, 1), np.int32)
    used = np.zeros(2, np.int64)
    for cell in chosen:
        if cells[cell, FIRST_VERTEX] == cells[cell, END_VERTEX]:
            continue
        window = _window(vertices, cells[cell, FIRST_VERTEX], cells[cell, END_VERTEX], raster)
        tiles = window.columns * window.rows
        turns, ends = grown(turns, tiles), grown(ends, tiles + 1)
        for tile in range(tiles):
            turns[tile, 0] = 0
        first, number = int64(cells[cell, FIRST_VERTEX]), 0
        for ring in range(cells[cell, FIRST_RING], cells[cell, END_RING]):
            for edge in range(first, rings[ring] - 1):
                touched = grown(touched, number + _most_tiles(vertices, edge, raster.shift))
                number = _draw_edge(vertices, edge, raster, window, turns, touched, number)
            first = int64(rings[ring])
        edges = grown(edges, number)
        _sort_by_tile(number, tiles, touched, ends, edges)
        candidates, runs = grown(candidates, used[0] + tiles), grown(runs, used[1] + number)
        _settle_window(
            vertices, cell, raster, window, wanted, root,
            turns, ends, edges, candidates, runs, used,
        )  # fmt: skip
    return Drawing(candidates, runs, used)


@inner
def _window(vertices: int, first: int, end: int, raster: Raster) -> Window:
    west = east = int32_at(vertices, 2 * int64(first))
    south = north = int32_at(vertices, 2 * int64(first) + 1)
    for vertex in range(int64(first), int64(end)):
        x, y = int32_at(vertices, 2 * vertex), int32_at(vertices, 2 * vertex + 1)
        west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
    column, last_column = _span(west, east, raster.west, raster.shift, raster.columns)
    row, last_row = _span(south, north, raster.south, raster.shift, raster.rows)
    return Window(column, row, last_column - column + 1, last_row - row + 1)


@inner
def _span(low: int, high: int, origin: int, shift: int, number: int) -> tuple[int, int]:
    """Return the first and last tile whose closed interval meets a closed interval."""
    first = (int64(low) - 1 - origin) >> shift
    last = (int64(high) - origin) >> shift
    return max(first, 0), min(last, number - 1)


@inner
def _most_tiles(vertices: int, edge: int, shift: int) -> int:
    """Return at least as many as the tiles that an edge touches, found row by row."""
    dx = int64(int32_at(vertices, 2 * edge + 2)) - int64(int32_at(vertices, 2 * edge))
    dy = int64(int32_at(vertices, 2 * edge + 3)) - int64(int32_at(vertices, 2 * edge + 1))
    return (abs(dx) >> shift) + 4 * (abs(dy) >> shift) + 16


@inner
def _draw_edge(
    vertices: int,
    edge: int,
    raster: Raster,
    window: Window,
    turns: np.ndarray,
    touched: np.ndarray,
    number: int,
) -> int:
    """Write the tiles that an edge touches, turn the corners west of it; return how many so far."""
    x1, y1 = int64(int32_at(vertices, 2 * edge)), int64(int32_at(vertices, 2 * edge + 1))
    x2, y2 = int64(int32_at(vertices, 2 * edge + 2)), int64(int32_at(vertices, 2 * edge + 3))
    if y1 > y2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    row, last_row = _span(y1, y2, raster.south, raster.shift, raster.rows)
    slope = (x2 - x1) / (y2 - y1) if y2 > y1 else 0.0
    for r in range(row, last_row + 1):
        south = raster.south + (int64(r) << raster.shift)
        west, east = crossed(x1, y1, x2, y2, slope, south, south + (int64(1) << raster.shift))
        column, last_column = _span(west, east, raster.west, raster.shift, raster.columns)
        line = (r - window.row) * window.columns - window.column
        for c in range(column, last_column + 1):
            touched[number, 0], touched[number, 1] = line + c, edge
            number += 1
        if y1 <= south < y2:
            corner = _last_corner_west(x1, y1, x2, y2, slope, south, raster, window)
            if corner >= window.column:
                turns[line + corner, 0] ^= 1
    return number


@inner
def crossed(
    x1: int, y1: int, x2: int, y2: int, slope: float, south: int, north: int
) -> tuple[int, int]:
    """Return from where to where an edge goes within a closed band, at most two steps too wide.

    The edge runs north, y1 <= y2, and meets the band.
    """
    low, high = min(x1, x2), max(x1, x2)
    if y1 == y2:
        return low, high
    a = x1 + slope * (max(y1, south) - y1)
    b = x1 + slope * (min(y2, north) - y1)
    return max(low, int64(np.floor(min(a, b))) - 1), min(high, int64(np.ceil(max(a, b))) + 1)


@inner
def _last_corner_west(
    x1: int, y1: int, x2: int, y2: int, slope: float, y: int, raster: Raster, window: Window
) -> int:
    """Return the last column whose south-western corner lies strictly west of an edge, exactly."""
    size = int64(1) << raster.shift
    column = int64(np.floor((x1 + slope * (y - y1) - raster.west) / size))
    along = (x2 - x1) * (y - y1)
    while column >= window.column and along <= (raster.west + column * size - x1) * (y2 - y1):
        column -= 1
    end = window.column + window.columns - 1
    while column < end and along > (raster.west + (column + 1) * size - x1) * (y2 - y1):
        column += 1
    return min(column, end)


@inner
def _sort_by_tile(
    number: int, tiles: int, touched: np.ndarray, ends: np.ndarray, edges: np.ndarray
) -> None:
    """Write edges tile by tile, each tile's in their order, and where each tile's end."""
    for tile in range(tiles + 1):
        ends[tile, 0] = 0
    for index in range(number):
        ends[touched[index, 0] + 1, 0] += 1
    for tile in range(tiles):
        ends[tile + 1, 0] += ends[tile, 0]
    for index in range(number):
        tile = touched[index, 0]
        edges[ends[tile, 0], 0] = touched[index, 1]
        ends[tile, 0] += 1


@inner
def _settle_window(
    vertices: int,
    cell: int,
    raster: Raster,
    window: Window,
    wanted: np.ndarray,
    root: np.ndarray,
    turns: np.ndarray,
    ends: np.ndarray,
    edges: np.ndarray,
    candidates: np.ndarray,
    runs: np.ndarray,
    used: np.ndarray,
) -> None:
    """Give tiles inside to the cell, write the candidates of the touched ones."""
    size = int64(1) << raster.shift
    for r in range(window.row, window.row + window.rows):
        parity = 0
        for c in range(window.column + window.columns - 1, window.column - 1, -1):
            tile = (r - window.row) * window.columns + c - window.column
            parity ^= turns[tile, 0]
            if wanted.shape[0] > 0 and not wanted[r, c]:
                continue
            begin, end = (ends[tile - 1, 0] if tile else 0), ends[tile, 0]
            if begin < end:
                west, south = raster.west + c * size, raster.south + r * size
                new = used[0]
                candidates[new, TILE], candidates[new, CELL] = r * (raster.columns + 1) + c, cell
                candidates[new, FIRST_RUN] = used[1]
                candidates[new, BASE] = parity ^ _write_runs(
                    vertices, edges, begin, end, runs, used, west, south, west + size
                )
                candidates[new, END_RUN] = used[1]
                used[0] += 1
            elif parity and root[r, c] < 0:
                root[r, c] = cell


@inner
def _write_runs(
    vertices: int,
    edges: np.ndarray,
    begin: int,
    end: int,
    runs: np.ndarray,
    used: np.ndarray,
    x: int,
    y: int,
    east: int,
) -> int:
    """Write sorted edges as runs of consecutive ones; return the parity of a point as to them."""
    parity = int64(0)
    while begin < end:
        first, count = int64(edges[begin, 0]), 1
        while begin + count < end and edges[begin + count, 0] == first + count:
            count += 1
        runs[used[1], 0], runs[used[1], 1] = first, count
        used[1] += 1
        parity ^= sides(vertices, first, count, x, y, east) & 1
        begin += count
    return parity


@inner
def parity_of(
    vertices: int, candidates: int, runs: int, index: int, x: int, y: int, east: int
) -> int:
    """Return whether a point that lies on no border is inside a candidate, 0 or 1.

    Parameters
    ----------
    candidates, runs : addresses of the finished tables
    index : the candidate
    """
    parity = candidate_at(candidates, index, BASE)
    for run in range(
        candidate_at(candidates, index, FIRST_RUN), candidate_at(candidates, index, END_RUN)
    ):
        first, count = run_at(runs, run)
        parity ^= sides(vertices, first, count, x, y, east) & 1
    return parity
