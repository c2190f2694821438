"""On which side of a chain of edges a point lies, exact in integers: the one test of this package.

A cell's border consists of rings of vertices in grid numbers, each ring closed by its first vertex
again; edge ``i`` leads from vertex ``i`` to ``i + 1``. In a tile only the edges that touch it are
asked, as *runs* of consecutive edges. A run that leaves the tile ends at a vertex outside it.

The parity of a point is the number of edges that cross the ray from the point to the east, modulo
2; an edge counts from its lower latitude (included) to its upper one (excluded), and only when the
point lies strictly west of it. Between the edges of a run and all edges of the ring this number
differs by what happens east of the tile, and that changes only where a run ends there: at the
latitude of the run's end. Each end east of the tile therefore counts as a ray to the north, and
what is left is one constant for the tile, the candidate's *base*.

Overflow: the cross product of a point and an edge is twice the area of a triangle. Grid numbers lie
within ±180·2²³ and ±90·2²³, so its absolute value is at most the area of that rectangle,
360·180·2⁴⁶ < 4.6e18 < 2⁶³, as is that of each of its two products; int64 is exact anywhere on
earth.
"""

from geo.spatial.tiles.compiled import inner
from geo.spatial.tiles.memory import int32_at, int64

ON = 2
# Edges are tested so many at once, which makes them one or two vector instructions; vertices are
# followed by as many more, whatever they are.
STRIDE = 8


@inner
def sides(vertices: int, first: int, count: int, x: int, y: int, east: int) -> int:
    """Return the parity of a point as to a run, in bit 0, and whether it lies on it, in bit 1.

    Parameters
    ----------
    vertices : address of int32 pairs, grid numbers
    first, count : the edges of the run
    x, y : the point, grid numbers
    east : the tile's eastern side
    """
    parity = int64(
        _ends_east(vertices, first, y, east) ^ _ends_east(vertices, first + count, y, east)
    )
    on = int64(0)
    for start in range(0, count, STRIDE):
        rest = count - start
        for step in range(STRIDE):
            place = 2 * (first + start + step)
            x1 = int64(int32_at(vertices, place))
            y1 = int64(int32_at(vertices, place + 1))
            x2 = int64(int32_at(vertices, place + 2))
            y2 = int64(int32_at(vertices, place + 3))
            cross = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            below1, below2, asked = y1 <= y, y2 <= y, step < rest
            edge_is_east = (below1 & (cross > 0)) | (below2 & (cross < 0))
            parity ^= int64((below1 != below2) & edge_is_east & asked)
            within = (
                (min(x1, x2) <= x) & (x <= max(x1, x2)) & (min(y1, y2) <= y) & (y <= max(y1, y2))
            )
            on |= int64((cross == 0) & within & asked)
    return parity | (on * ON)


@inner
def _ends_east(vertices: int, vertex: int, y: int, east: int) -> bool:
    """Return whether the ray to the north of a run's end lies east of the tile and meets a row."""
    return (int32_at(vertices, 2 * vertex) > east) & (y >= int32_at(vertices, 2 * vertex + 1))


@inner
def touches(vertices: int, edge: int, west: int, south: int, size: int) -> bool:
    """Return False only when an edge surely misses a closed square."""
    x1 = int64(int32_at(vertices, 2 * edge)) - west
    y1 = int64(int32_at(vertices, 2 * edge + 1)) - south
    x2 = int64(int32_at(vertices, 2 * edge + 2)) - west
    y2 = int64(int32_at(vertices, 2 * edge + 3)) - south
    if max(x1, x2) < 0 or min(x1, x2) > size or max(y1, y2) < 0 or min(y1, y2) > size:
        return False
    dx, dy = x2 - x1, y2 - y1
    a = -dx * y1 + x1 * dy
    corners = min(min(a, a - size * dy), min(a + size * dx, a + size * dx - size * dy))
    opposite = max(max(a, a - size * dy), max(a + size * dx, a + size * dx - size * dy))
    return corners <= 0 <= opposite
