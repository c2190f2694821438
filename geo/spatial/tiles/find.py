"""Which cell owns each point: many at once in blocks, or one.

A block of points goes through in stages, so that the memory one stage asks for is fetched side by
side and no branch has to guess: grid numbers, entries of the top raster, records, borders.
"""

import numpy as np

from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.memory import (
    bits_of,
    float64_at,
    int32,
    int32_at,
    int64,
    int64_at,
    prefetch,
    uint32,
)
from geo.spatial.tiles.parts import BORDER, COLUMNS, FAN, NOTHING, RECORD, ROWS
from geo.spatial.tiles.sides import sides

# Where an index lies: addresses of its arrays, its raster, how often its tiles divide.
ROOT, NODES, RECORDS, LISTS, VERTICES, WEST, SOUTH, WIDE, HIGH, SHIFT, DEPTH = range(11)

REFUSED = -2
_BLOCK = 1024
# So many borders are fetched before they are asked; more would push each other out of the cache.
_BATCH = 64
_PER_DEGREE = 2.0**23
# A float64 of this size has a step of 1: adding it rounds to the nearest, half to even, and leaves
# the integer in the low bits.
_ROUNDING = 1.5 * 2.0**52
_LOW = 0xFFFFFFFF


@compiled
def find_points(frame: int, xs: int, ys: int, number: int, out: np.ndarray) -> bool:
    """Write the cell of each point, or -1; return whether all points were in range.

    Parameters
    ----------
    frame : address of the int64 numbers named above
    xs, ys : addresses of float64 degrees; ys 0 when xs holds pairs
    out : (number,) int32
    """
    x, y = np.empty(_BLOCK, np.int32), np.empty(_BLOCK, np.int32)
    entries, waiting = np.empty(_BLOCK, np.int32), np.empty(_BLOCK, np.int32)
    asking = np.empty(_BLOCK, np.int32)
    good = True
    for begin in range(0, number, _BLOCK):
        count = min(_BLOCK, number - begin)
        if ys == 0:
            good &= _snap_pairs(xs, begin, count, x, y)
        else:
            good &= _snap_columns(xs, ys, begin, count, x, y)
        _look_up(frame, count, x, y, entries)
        left = _answered(count, entries, waiting, out[begin : begin + count])
        for level in range(int64_at(frame, DEPTH) + 1):
            shift = int64_at(frame, SHIFT) - 2 * level
            nodes = _nodes_last(left, entries, waiting, asking) if int64_at(frame, DEPTH) else 0
            _ask_records(
                frame,
                shift,
                left - nodes,
                x,
                y,
                entries,
                waiting,
                asking,
                out[begin : begin + count],
            )
            left = _descend(
                frame, shift, left - nodes, left, x, y, entries, waiting, out[begin : begin + count]
            )
    return good


@inner
def _snap_pairs(points: int, begin: int, count: int, x: np.ndarray, y: np.ndarray) -> bool:
    bad = int64(0)
    for index in range(count):
        lon = float64_at(points, 2 * (begin + index))
        lat = float64_at(points, 2 * (begin + index) + 1)
        bad |= int64(not ((abs(lon) <= 180.0) & (abs(lat) <= 90.0)))
        x[index], y[index] = grid_number(lon), grid_number(lat)
    return bad == 0


@inner
def _snap_columns(xs: int, ys: int, begin: int, count: int, x: np.ndarray, y: np.ndarray) -> bool:
    bad = int64(0)
    for index in range(count):
        lon, lat = float64_at(xs, begin + index), float64_at(ys, begin + index)
        bad |= int64(not ((abs(lon) <= 180.0) & (abs(lat) <= 90.0)))
        x[index], y[index] = grid_number(lon), grid_number(lat)
    return bad == 0


@inner
def grid_number(degrees: float) -> int:
    """Return the grid number of degrees, the same as ``geo.spatial.storage.to_grid``."""
    return int32(bits_of(degrees * _PER_DEGREE + _ROUNDING))


@inner
def _offset(number: int, origin: int) -> int:
    """Return how far a grid number lies east or north of an origin, modulo 2³².

    What lies west or south of it comes out larger than any raster is wide, because the earth is
    360·2²³ < 2³² wide.
    """
    return uint32(uint32(number) - uint32(origin & _LOW))


@inner
def _look_up(frame: int, count: int, x: np.ndarray, y: np.ndarray, entries: np.ndarray) -> None:
    """Write each point's entry in the top raster."""
    root, shift = int64_at(frame, ROOT), uint32(int64_at(frame, SHIFT))
    west, south = int64_at(frame, WEST), int64_at(frame, SOUTH)
    wide, high = uint32(int64_at(frame, WIDE)), uint32(int64_at(frame, HIGH))
    line = uint32(wide + 1)
    for index in range(count):
        column = min(uint32(_offset(x[index], west) >> shift), wide)
        row = min(uint32(_offset(y[index], south) >> shift), high)
        entries[index] = int32(uint32(uint32(row * line) + column))
    for index in range(count):
        entries[index] = int32_at(root, int64(entries[index]))


@inner
def _answered(count: int, entries: np.ndarray, waiting: np.ndarray, out: np.ndarray) -> int:
    """Write the points whose entry is an answer; return how many wait, their places in waiting."""
    for index in range(count):
        out[index] = entries[index]
    left = 0
    for index in range(count):
        waiting[left] = index
        left += entries[index] < NOTHING
    return left


@inner
def _nodes_last(left: int, entries: np.ndarray, waiting: np.ndarray, spare: np.ndarray) -> int:
    """Put the points that wait for a node behind those that wait for a record; return how many."""
    records, nodes = 0, 0
    for place in range(left):
        index = waiting[place]
        is_node = entries[index] & 1
        waiting[records] = index
        spare[nodes] = index
        records += 1 - is_node
        nodes += is_node
    for place in range(nodes):
        waiting[records + place] = spare[place]
    return nodes


@inner
def _ask_records(
    frame: int,
    shift: int,
    number: int,
    x: np.ndarray,
    y: np.ndarray,
    entries: np.ndarray,
    waiting: np.ndarray,
    asking: np.ndarray,
    out: np.ndarray,
) -> None:
    """Write the answers of the records: by sub-tile, and by edges where that is not enough."""
    records = int64_at(frame, RECORDS)
    west, south = int64_at(frame, WEST), int64_at(frame, SOUTH)
    for place in range(number):
        prefetch(records, _record(entries[waiting[place]]))
    unclear = 0
    for place in range(number):
        index = waiting[place]
        record = _record(entries[index])
        code = _code(
            records, record, _offset(x[index], west), _offset(y[index], south), uint32(shift)
        )
        out[index] = int32_at(records, record + code)
        asking[unclear] = index
        unclear += code == BORDER
    for begin in range(0, unclear, _BATCH):
        end = min(begin + _BATCH, unclear)
        for place in range(begin, end):
            _fetch_border(frame, records, _record(entries[asking[place]]))
        for place in range(begin, end):
            _fetch_first_run(frame, records, _record(entries[asking[place]]))
        for place in range(begin, end):
            index = asking[place]
            out[index] = _ask_border(
                frame, _record(entries[index]), int64(x[index]), int64(y[index]), shift
            )


@inner
def _record(entry: int) -> int:
    """Return where a record begins, in numbers of its array."""
    return int64((-2 - entry) >> 1) * RECORD


@inner
def _code(records: int, record: int, east: int, north: int, shift: int) -> int:
    """Return what a record says of the sub-tile of a point, so far east and north of the raster."""
    mask = uint32((uint32(1) << shift) - 1)
    column = uint32(uint32(uint32(east & mask) * COLUMNS) >> shift)
    row = uint32(uint32(uint32(north & mask) * ROWS) >> shift)
    word = uint32(int32_at(records, record + (RECORD - ROWS) + int64(row)))
    return int64(uint32(word >> uint32(2 * column)) & 3)


@inner
def _fetch_border(frame: int, records: int, record: int) -> None:
    first = int64(int32_at(records, record + 3))
    if first >= 0:
        prefetch(int64_at(frame, VERTICES), 2 * first)
        prefetch(int64_at(frame, VERTICES), 2 * first + 8)
    else:
        prefetch(int64_at(frame, LISTS), -1 - first)


@inner
def _fetch_first_run(frame: int, records: int, record: int) -> None:
    """Fetch the border of the first cell in a list, which has come meanwhile."""
    place = -1 - int64(int32_at(records, record + 3))
    if place >= 0:
        first = int64(int32_at(int64_at(frame, LISTS), place + 4))
        prefetch(int64_at(frame, VERTICES), 2 * first)
        prefetch(int64_at(frame, VERTICES), 2 * first + 8)


@inner
def _ask_border(frame: int, record: int, x: int, y: int, shift: int) -> int:
    """Return the cell of a point by the edges in its tile: covers, the lower code first."""
    records, vertices = int64_at(frame, RECORDS), int64_at(frame, VERTICES)
    west = int64_at(frame, WEST)
    east = west + ((((x - west) >> shift) + 1) << shift)
    first = int64(int32_at(records, record + 3))
    if first >= 0:
        head = int64(int32_at(records, record + 2))
        outside = (sides(vertices, first, head >> 1, x, y, east) ^ (head & 1)) == 0
        return int32_at(records, record + int64(outside))
    return _ask_list(int64_at(frame, LISTS), -1 - first, vertices, x, y, east)


@inner
def _ask_list(lists: int, place: int, vertices: int, x: int, y: int, east: int) -> int:
    number, otherwise = int32_at(lists, place), int32_at(lists, place + 1)
    place += 2
    for _ in range(number):
        cell, head = int32_at(lists, place), int64(int32_at(lists, place + 1))
        place += 2
        covered = head & 1
        for _ in range(head >> 1):
            first, count = int64(int32_at(lists, place)), int64(int32_at(lists, place + 1))
            side = sides(vertices, first, count, x, y, east)
            covered = (covered ^ (side & 1)) | (side & 2)
            place += 2
        if covered:
            return cell
    return otherwise


@inner
def _descend(
    frame: int,
    shift: int,
    begin: int,
    end: int,
    x: np.ndarray,
    y: np.ndarray,
    entries: np.ndarray,
    waiting: np.ndarray,
    out: np.ndarray,
) -> int:
    """Go from nodes to the entries of their parts; return how many points still wait."""
    left = 0
    for place in range(begin, end):
        index = waiting[place]
        entries[index] = _part(frame, entries[index], shift, x[index], y[index])
        out[index] = entries[index]
        waiting[left] = index
        left += entries[index] < NOTHING
    return left


@inner
def _part(frame: int, entry: int, shift: int, x: int, y: int) -> int:
    """Return the entry of a node's part in which a point lies."""
    east, north = _offset(x, int64_at(frame, WEST)), _offset(y, int64_at(frame, SOUTH))
    column = int64(east >> uint32(shift - 2)) & (FAN - 1)
    row = int64(north >> uint32(shift - 2)) & (FAN - 1)
    node = int64((-3 - entry) >> 1)
    return int32_at(int64_at(frame, NODES), node * FAN * FAN + row * FAN + column)


@compiled
def find_point(frame: int, lon: float, lat: float) -> int:
    """Return the cell of one point, -1 outside every cell, -2 for a point out of range."""
    if not ((abs(lon) <= 180.0) & (abs(lat) <= 90.0)):
        return REFUSED
    return find_number(frame, int64(grid_number(lon)), int64(grid_number(lat)))


@inner
def find_number(frame: int, x: int, y: int) -> int:
    """Return the cell of one point given in grid numbers, -1 outside every cell."""
    shift = int64_at(frame, SHIFT)
    column, row = (x - int64_at(frame, WEST)) >> shift, (y - int64_at(frame, SOUTH)) >> shift
    wide, high = int64_at(frame, WIDE), int64_at(frame, HIGH)
    if column < 0 or column >= wide or row < 0 or row >= high:
        return NOTHING
    entry = int64(int32_at(int64_at(frame, ROOT), row * (wide + 1) + column))
    while entry < NOTHING and entry & 1:
        entry = int64(_part(frame, entry, shift, x, y))
        shift -= 2
    if entry >= NOTHING:
        return entry
    records, record = int64_at(frame, RECORDS), _record(entry)
    east, north = _offset(x, int64_at(frame, WEST)), _offset(y, int64_at(frame, SOUTH))
    code = _code(records, record, east, north, uint32(shift))
    if code == BORDER:
        return int64(_ask_border(frame, record, x, y, shift))
    return int64(int32_at(records, record + code))
