"""How far the border of a cell is, and which other cells lie near.

Distances are metres in the plane of the point's own latitude, the same as in SQL: one degree east
and one degree north have the lengths they have there on the ellipsoid, and borders are straight
between their vertices as cells are. A point on a border is at 0 exactly.
"""

import math

import numpy as np

from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.find import VERTICES, grid_number
from geo.spatial.tiles.memory import bits_of, float64_at, float_of, int32_at, int64, int64_at
from geo.spatial.tiles.metres import STEP, steps_m, to_edge
from geo.spatial.tiles.parts import END_RING, FIRST_RING, FIRST_VERTEX
from geo.spatial.tiles.tree import FANOUT

# Where an index lies, continued from ``geo.spatial.tiles.find``.
CELLS, RINGS, RANK, MEMBERS, BOXES, MEMBER_COUNT, STRETCHES = range(11, 18)

_STACK = 256
# Rounding may put a box a hair farther than the edge in it.
_LESS = 1.0 - 1e-12


@compiled
def border_distance(frame: int, cell: int, lon: float, lat: float) -> float:
    """Return how far one point in range is from the border of a cell."""
    x, y = int64(grid_number(lon)), int64(grid_number(lat))
    east_m, north_m = steps_m(y * STEP)
    return to_border(frame, int64(cell), x, y, east_m, north_m)[0]


@inner
def to_border(
    frame: int, cell: int, x: int, y: int, east_m: float, north_m: float
) -> tuple[float, bool]:
    """Return how far a cell's border is from a point, and whether the cell covers the point.

    Squares of distances are compared as integers, which for numbers that are not negative is the
    same and lets the compiler take several edges at once.
    """
    vertices, rings = int64_at(frame, VERTICES), int64_at(frame, RINGS)
    row = int64_at(frame, CELLS) + 16 * cell
    least, inside = bits_of(np.inf), int64(0)
    first = int64(int32_at(row, FIRST_VERTEX))
    for ring in range(int32_at(row, FIRST_RING), int32_at(row, END_RING)):
        end = int64(int32_at(rings, int64(ring)))
        for edge in range(first, end - 1):
            x1 = int64(int32_at(vertices, 2 * edge)) - x
            y1 = int64(int32_at(vertices, 2 * edge + 1)) - y
            x2 = int64(int32_at(vertices, 2 * edge + 2)) - x
            y2 = int64(int32_at(vertices, 2 * edge + 3)) - y
            cross = x1 * (y2 - y1) - (x2 - x1) * y1
            below1, below2 = y1 <= 0, y2 <= 0
            edge_is_east = (below1 & (cross > 0)) | (below2 & (cross < 0))
            inside ^= int64((below1 != below2) & edge_is_east)
            within = (
                (min(x1, x2) <= 0) & (max(x1, x2) >= 0) & (min(y1, y2) <= 0) & (max(y1, y2) >= 0)
            )
            apart = to_edge(x1 * east_m, y1 * north_m, x2 * east_m, y2 * north_m)
            least = min(least, 0 if (cross == 0) & within else bits_of(apart))
        first = end
    return math.sqrt(float_of(least)), (inside == 1) | (least == 0)


@compiled
def cells_near(
    frame: int,
    points: int,
    number: int,
    own: np.ndarray,
    radius_m: np.ndarray,
    out_cells: np.ndarray,
    out_m: np.ndarray,
) -> None:
    """Write the cells within a radius of each point, nearest first, the lower code first.

    Parameters
    ----------
    points : address of pairs of float64 degrees
    own : (number,) int32, a cell to leave out, or -1
    radius_m : (number,) float64; nothing is sought where it is negative
    out_cells : (number, k) int32, filled up with -1
    out_m : (number, k) float64, metres, filled up with NaN
    """
    stack = np.empty((_STACK, 2), np.int64)
    stack_m = np.empty(_STACK, np.float64)
    for index in range(number):
        for place in range(out_cells.shape[1]):
            out_cells[index, place], out_m[index, place] = -1, np.nan
        if radius_m[index] >= 0.0 and int64_at(frame, MEMBER_COUNT) > 0:
            lon, lat = float64_at(points, 2 * index), float64_at(points, 2 * index + 1)
            x, y = int64(grid_number(lon)), int64(grid_number(lat))
            _search(
                frame, x, y, int64(own[index]), radius_m[index],
                out_cells[index], out_m[index], stack, stack_m,
            )  # fmt: skip


@inner
def _search(
    frame: int,
    x: int,
    y: int,
    own: int,
    radius_m: float,
    cells: np.ndarray,
    metres: np.ndarray,
    stack: np.ndarray,
    stack_m: np.ndarray,
) -> None:
    east_m, north_m = steps_m(y * STEP)
    members = int64_at(frame, MEMBERS)
    found, bound, top = 0, radius_m, 1
    stack[0, 0], stack[0, 1], stack_m[0] = _root_level(int64_at(frame, MEMBER_COUNT)), 0, 0.0
    while top > 0:
        top -= 1
        level, box = stack[top, 0], stack[top, 1]
        if stack_m[top] > bound:
            continue
        if level > 0:
            top = _push(frame, level - 1, box, x, y, east_m, north_m, bound, top, stack, stack_m)
            continue
        cell = int64(int32_at(members, box))
        if cell == own:
            continue
        apart, inside = to_border(frame, cell, x, y, east_m, north_m)
        apart = 0.0 if inside else apart
        if apart <= bound:
            found = _insert(frame, cell, apart, found, cells, metres)
            if found == cells.shape[0]:
                bound = metres[found - 1]


@inner
def _root_level(members: int) -> int:
    level = 0
    while members > 1:
        members = (members + FANOUT - 1) // FANOUT
        level += 1
    return level


@inner
def _push(
    frame: int,
    level: int,
    parent: int,
    x: int,
    y: int,
    east_m: float,
    north_m: float,
    bound: float,
    top: int,
    stack: np.ndarray,
    stack_m: np.ndarray,
) -> int:
    """Put the boxes below a box on the stack, the nearest on top."""
    offset, count = 0, int64_at(frame, MEMBER_COUNT)
    for _ in range(level):
        offset += count
        count = (count + FANOUT - 1) // FANOUT
    first = top
    for box in range(parent * FANOUT, min(parent * FANOUT + FANOUT, count)):
        apart = _to_box(int64_at(frame, BOXES), offset + box, x, y, east_m, north_m)
        if apart > bound:
            continue
        place = top
        while place > first and stack_m[place - 1] < apart:
            stack[place, 0], stack[place, 1] = stack[place - 1, 0], stack[place - 1, 1]
            stack_m[place] = stack_m[place - 1]
            place -= 1
        stack[place, 0], stack[place, 1], stack_m[place] = level, box, apart
        top += 1
    return top


@inner
def _to_box(boxes: int, box: int, x: int, y: int, east_m: float, north_m: float) -> float:
    """Return a distance that nothing in a box is nearer than."""
    west, south = int64(int32_at(boxes, 4 * box)), int64(int32_at(boxes, 4 * box + 1))
    east, north = int64(int32_at(boxes, 4 * box + 2)), int64(int32_at(boxes, 4 * box + 3))
    dx, dy = max(west - x, x - east, 0) * east_m, max(south - y, y - north, 0) * north_m
    return math.sqrt(dx * dx + dy * dy) * _LESS


@inner
def _insert(
    frame: int, cell: int, apart: float, found: int, cells: np.ndarray, metres: np.ndarray
) -> int:
    """Put a cell where it belongs among those found; the last falls off; return how many."""
    rank = int64_at(frame, RANK)
    place = found if found < cells.shape[0] else found - 1
    if found == cells.shape[0] and not _before(rank, cell, apart, cells[place], metres[place]):
        return found
    while place > 0 and _before(rank, cell, apart, cells[place - 1], metres[place - 1]):
        cells[place], metres[place] = cells[place - 1], metres[place - 1]
        place -= 1
    cells[place], metres[place] = cell, apart
    return min(found + 1, cells.shape[0])


@inner
def _before(rank: int, cell: int, apart: float, other: int, other_m: float) -> bool:
    if apart != other_m:
        return apart < other_m
    return int32_at(rank, int64(cell)) < int32_at(rank, int64(other))
