"""How far the borders of their cells are from many points, to the bit what one point is told.

Of each cell the stretch whose box is nearest is measured first; then those are that may be nearer,
one or two in most cells. A block of points goes through in stages, as in ``find``: what one stage
asks for is fetched side by side, and hardly a branch has to be guessed.
"""

import math

import numpy as np

from geo.spatial.tiles.compiled import compiled, inner
from geo.spatial.tiles.find import VERTICES, grid_number
from geo.spatial.tiles.lanes import FAR, eight_boxes, eight_edges
from geo.spatial.tiles.memory import (
    bits_of,
    float64_at,
    float_of,
    int32_at,
    int64,
    int64_at,
    prefetch,
)
from geo.spatial.tiles.metres import STEP, steps_m
from geo.spatial.tiles.near import CELLS, RINGS, STRETCHES, to_border
from geo.spatial.tiles.parts import END_RING, END_VERTEX, FIRST_RING, FIRST_VERTEX
from geo.spatial.tiles.stretches import STRETCH

_BLOCK = 128
# A cell with more stretches is measured by itself.
_WIDE = 32
# Columns of a point under way: its numbers, its cell, and of that the first vertex, edges, rings,
# the row of the first stretch and how many stretches there are.
_X, _Y, _CELL, _VERTEX, _EDGES, _RINGS, _ROW, _COUNT = range(8)
_WORDS = 8
# The low bits of a square of metres make room for the number of a stretch.
_NUMBER = (1 << 20) - 1
# Rounding moves a measured edge by less than 0.1 µm anywhere on earth. So far, in shares and in
# square metres, a box may seem beyond an edge that is in it.
_SHARE, _ROOM = 1.0 + 1e-8, 2e-5
# A point so near, in square metres, may lie on the border: then integers decide.
_MAYBE_ON = 1e-6
_LINE = 16


@compiled
def border_distances(
    frame: int, points: int, number: int, chosen: np.ndarray, out: np.ndarray
) -> None:
    """Write how far each point is from the border of its cell, NaN where it has none.

    Parameters
    ----------
    points : address of pairs of float64 degrees
    chosen : (number,) int32, a cell or -1
    out : (number,) float64, metres
    """
    places = np.empty(_BLOCK, np.int64)
    under_way = np.empty(_BLOCK * _WORDS, np.int64)
    east_m, north_m = np.empty(_BLOCK, np.float64), np.empty(_BLOCK, np.float64)
    boxes = np.empty(_BLOCK * _WIDE, np.int64)
    first, least = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    asked = np.empty(_BLOCK * _WIDE, np.int64)
    for begin in range(0, number, _BLOCK):
        count = _chosen(frame, begin, min(begin + _BLOCK, number), chosen, out, places)
        _look_up(frame, points, count, chosen, places, under_way)
        for index in range(count):
            east_m[index], north_m[index] = steps_m(under_way[_WORDS * index + _Y] * STEP)
        _seek(frame, count, under_way, east_m, north_m, boxes.ctypes.data, first)
        for index in range(count):
            least[index] = _measured(frame, under_way, east_m, north_m, index, first[index])
        more = _ask(frame, count, under_way, boxes, first, least, asked)
        for place in range(more):
            index, stretch = asked[place] // _WIDE, asked[place] % _WIDE
            apart = _measured(frame, under_way, east_m, north_m, index, stretch)
            least[index] = min(least[index], apart)
        for index in range(count):
            out[places[index]] = _metres(frame, under_way, east_m, north_m, index, least[index])


@inner
def _chosen(
    frame: int, begin: int, end: int, chosen: np.ndarray, out: np.ndarray, places: np.ndarray
) -> int:
    """Write the places of points with a cell; return how many they are."""
    cells, count = int64_at(frame, CELLS), 0
    for place in range(begin, end):
        out[place] = np.nan
        prefetch(cells, 4 * int64(chosen[place]))
        places[count] = place
        count += chosen[place] >= 0
    return count


@inner
def _look_up(
    frame: int,
    points: int,
    count: int,
    chosen: np.ndarray,
    places: np.ndarray,
    under_way: np.ndarray,
) -> None:
    """Write where points are, and where their cells' stretches stand."""
    stretches, rings = int64_at(frame, STRETCHES), int64_at(frame, RINGS)
    for index in range(count):
        place, at = places[index], _WORDS * index
        under_way[at + _X] = int64(grid_number(float64_at(points, 2 * place)))
        under_way[at + _Y] = int64(grid_number(float64_at(points, 2 * place + 1)))
        under_way[at + _CELL] = int64(chosen[place])
        row = int64_at(frame, CELLS) + 16 * under_way[at + _CELL]
        vertex, end = int64(int32_at(row, FIRST_VERTEX)), int64(int32_at(row, END_VERTEX))
        ring, end_ring = int64(int32_at(row, FIRST_RING)), int64(int32_at(row, END_RING))
        last = vertex
        if end_ring - ring > 1:
            last = int64(int32_at(rings, end_ring - 2))
        under_way[at + _VERTEX], under_way[at + _EDGES], under_way[at + _RINGS] = (
            vertex,
            end - vertex - 1,
            end_ring - ring,
        )
        under_way[at + _ROW] = vertex // STRETCH + ring
        until = last // STRETCH + end_ring - 1 + (end - last + STRETCH - 2) // STRETCH
        under_way[at + _COUNT] = until - under_way[at + _ROW]
        for line in range(0, min(under_way[at + _COUNT], _WIDE), _LINE // 4):
            prefetch(stretches, 4 * (under_way[at + _ROW] + line))


@inner
def _seek(
    frame: int,
    count: int,
    under_way: np.ndarray,
    east_m: np.ndarray,
    north_m: np.ndarray,
    keys: int,
    first: np.ndarray,
) -> None:
    """Write how far the boxes of each cell's stretches are, and which is nearest."""
    stretches, vertices = int64_at(frame, STRETCHES), int64_at(frame, VERTICES)
    for index in range(count):
        x, y, vertex = (
            under_way[_WORDS * index + _X],
            under_way[_WORDS * index + _Y],
            under_way[_WORDS * index + _VERTEX],
        )
        stretch, number = (
            under_way[_WORDS * index + _ROW],
            min(under_way[_WORDS * index + _COUNT], _WIDE),
        )
        east, north = east_m[index], north_m[index]
        nearest = int64(FAR)
        for begin in range(0, number, STRETCH):
            out = keys + 8 * (index * _WIDE + begin)
            address = stretches + 16 * (stretch + begin)
            apart = eight_boxes(address, begin, number - begin, x, y, east, north, ~_NUMBER, out)
            nearest = min(nearest, apart)
        first[index] = nearest & _NUMBER
        prefetch(vertices, 2 * (vertex + STRETCH * (nearest & _NUMBER)))
        prefetch(vertices, 2 * (vertex + STRETCH * (nearest & _NUMBER)) + _LINE)


@inner
def _to_box(stretches: int, row: int, x: int, y: int, east_m: float, north_m: float) -> float:
    """Return the square of a distance that nothing in a box is nearer than."""
    west, south = int64(int32_at(stretches, 4 * row)), int64(int32_at(stretches, 4 * row + 1))
    east, north = int64(int32_at(stretches, 4 * row + 2)), int64(int32_at(stretches, 4 * row + 3))
    dx = max(west - x, x - east, 0) * east_m
    dy = max(south - y, y - north, 0) * north_m
    return dx * dx + dy * dy


@inner
def _ask(
    frame: int,
    count: int,
    under_way: np.ndarray,
    boxes: np.ndarray,
    first: np.ndarray,
    least: np.ndarray,
    asked: np.ndarray,
) -> int:
    """Write which other stretches may be nearer than the one measured; return how many."""
    vertices, more = int64_at(frame, VERTICES), 0
    for index in range(count):
        limit = bits_of(float_of(least[index]) * _SHARE + _ROOM) | _NUMBER
        for stretch in range(min(under_way[_WORDS * index + _COUNT], _WIDE)):
            asked[more] = index * _WIDE + stretch
            more += (boxes[index * _WIDE + stretch] <= limit) & (stretch != first[index])
    for place in range(more):
        index, stretch = asked[place] // _WIDE, asked[place] % _WIDE
        vertex = under_way[_WORDS * index + _VERTEX] + STRETCH * stretch
        prefetch(vertices, 2 * vertex)
        prefetch(vertices, 2 * vertex + _LINE)
    return more


@inner
def _measured(
    frame: int,
    under_way: np.ndarray,
    east_m: np.ndarray,
    north_m: np.ndarray,
    index: int,
    stretch: int,
) -> int:
    """Return the bits of the square of a point's distance to a stretch."""
    first, edges = under_way[_WORDS * index + _VERTEX], under_way[_WORDS * index + _EDGES]
    first, edges = first + STRETCH * stretch, edges - STRETCH * stretch
    if under_way[_WORDS * index + _RINGS] > 1:
        first, edges = _of_rings(
            frame, under_way, index, under_way[_WORDS * index + _ROW] + stretch
        )
    return eight_edges(
        int64_at(frame, VERTICES) + 8 * first,
        edges,
        under_way[_WORDS * index + _X],
        under_way[_WORDS * index + _Y],
        east_m[index],
        north_m[index],
    )


@inner
def _of_rings(frame: int, under_way: np.ndarray, index: int, wanted: int) -> tuple[int, int]:
    """Return the first vertex and the edges of a stretch of a cell with several rings."""
    rings, vertex = int64_at(frame, RINGS), under_way[_WORDS * index + _VERTEX]
    first = under_way[_WORDS * index + _ROW] - vertex // STRETCH
    for ring in range(first, first + under_way[_WORDS * index + _RINGS]):
        end = int64(int32_at(rings, ring))
        begin = STRETCH * (wanted - vertex // STRETCH - ring)
        if 0 <= begin < end - vertex - 1:
            return vertex + begin, end - vertex - 1 - begin
        vertex = end
    return int64(0), int64(0)


@inner
def _metres(
    frame: int,
    under_way: np.ndarray,
    east_m: np.ndarray,
    north_m: np.ndarray,
    index: int,
    least: int,
) -> float:
    """Return the distance by the least square so far, the last doubts settled."""
    x, y = under_way[_WORDS * index + _X], under_way[_WORDS * index + _Y]
    east, north = east_m[index], north_m[index]
    if under_way[_WORDS * index + _COUNT] > _WIDE:
        stretches, row = int64_at(frame, STRETCHES), under_way[_WORDS * index + _ROW]
        for stretch in range(under_way[_WORDS * index + _COUNT]):
            apart = _to_box(stretches, row + stretch, x, y, east, north)
            if apart <= float_of(least) * _SHARE + _ROOM:
                least = min(least, _measured(frame, under_way, east_m, north_m, index, stretch))
    if float_of(least) < _MAYBE_ON:
        return to_border(frame, under_way[_WORDS * index + _CELL], x, y, east, north)[0]
    return math.sqrt(float_of(least))
