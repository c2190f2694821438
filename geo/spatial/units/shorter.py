"""Borders of a coverage made shorter: vertices moved where neither building nor line minds.

Where borders meet in a block, the vertex moves to where they are shortest together; where one ends
on a street, its end slides along the street. The ground a move sweeps is clear of other vertices,
of borders and of footprints, so nothing crosses afterwards, and no building changes sides.

Source: E. Weiszfeld, Sur le point pour lequel la somme des distances de n points donnés est
minimum, Tohoku Mathematical Journal 43 (1937).
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.spatial.storage import Geometries, Points
from geo.spatial.units.footprints import Ints
from geo.spatial.units.straight import CLEAR_M, ON_LINE_M, Bools, polygons_of

_APART_M = 0.05  # of a move from what it must not meet, more than writing coordinates shifts them
_STRAIGHT_M = 0.01  # a street that bends no more goes straight on; an outline is not bent at all
_EXACT_M = 1e-5
_LEAST_M = 0.1  # a move that gains less is none
_ROUNDS = 16
_STEPS = 20  # towards the point that is nearest to all neighbours
# Shares of the way to the best place, the second across: turned where the way itself is blocked.
_WAYS = ((1.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.5, -0.5), (0.25, 0.0), (0.1, 0.0))


@dataclass(frozen=True, slots=True)
class _Net:
    """Vertices of a coverage and their neighbours: those of v stand at starts[v] to starts[v + 1].

    ``line`` says of each neighbour whether the way there runs along a line; ``pairs`` are the
    segments; ``sliding`` and ``loose`` vertices may move along their line, or anywhere.
    """

    points: Points
    starts: Ints
    ends: Ints
    line: Bools
    pairs: Ints
    sliding: Bools
    loose: Bools

    def rows(self, some: Ints) -> tuple[Ints, Ints]:
        """Return which of some vertices each row belongs to, and its place in ``ends``."""
        count = self.starts[some + 1] - self.starts[some]
        mover = np.repeat(np.arange(len(some)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        return mover, np.arange(len(mover)) - first + self.starts[some][mover]


def shortened(polygons: Geometries, footprints: Geometries, lines: Geometries) -> Geometries:
    """Return a coverage whose borders off lines are shorter.

    Parameters
    ----------
    polygons : (n,) polygons of a valid coverage, metres
    footprints : (m,) what no border may come near, metres
    lines : (k,) borders along these stay there, and so does the outline, metres

    Returns
    -------
    (n,) polygons, a valid coverage with as many vertices as before

    Examples
    --------
    >>> west = shapely.Polygon([(0, 0), (8, 0), (12, 10), (0, 10)])
    >>> east = shapely.Polygon([(8, 0), (20, 0), (20, 10), (12, 10)])
    >>> none = np.empty(0, dtype=object)
    >>> made = shortened(np.array([west, east]), none, none)
    >>> round(float(shapely.length(shapely.intersection(*made))), 3)
    10.0
    """
    rings, owner = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(corners):
        return polygons
    points, vertex = np.unique(corners, axis=0, return_inverse=True)
    vertex = vertex.reshape(-1).astype(np.int64)
    net = _net_of(points, vertex, ring, lines)
    _move_all(net, shapely.STRtree(footprints), shapely.STRtree(lines))
    return polygons_of(shapely.linearrings(net.points[vertex], indices=ring), owner)


def _net_of(points: Points, vertex: Ints, ring: Ints, lines: Geometries) -> _Net:
    count, same = len(points), ring[1:] == ring[:-1]
    ends = np.sort(np.column_stack([vertex[:-1][same], vertex[1:][same]]), axis=1)
    pairs, times = np.unique(ends, axis=0, return_counts=True)
    tree, outer = shapely.STRtree(lines), np.zeros(count, dtype=np.bool_)
    outer[pairs[times == 1]] = True
    there = outer | _near(tree, points)
    along = there[pairs].all(axis=1) & _near(tree, points[pairs].mean(axis=1))
    along |= times == 1
    tail = np.concatenate([pairs[:, 0], pairs[:, 1]])
    end = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((end, tail))
    starts = np.searchsorted(tail[order], np.arange(count + 1))
    line = np.tile(along, 2)[order]
    degree, on = np.diff(starts), np.bincount(tail[order], line, minlength=count)
    sliding = (on == 2) & (degree > 2)
    net = _Net(points, starts, end[order], line, pairs, sliding, ~there & (degree > 1))
    some = np.flatnonzero(sliding)
    sliding[some] = _off_chord(net, some) < np.where(outer[some], _EXACT_M, _STRAIGHT_M)
    return net


def _near(tree: shapely.STRtree, points: Points) -> Bools:
    result = np.zeros(len(points), dtype=np.bool_)
    found = tree.query(shapely.points(points), predicate="dwithin", distance=ON_LINE_M)
    result[found[0]] = True
    return result


def _chords(net: _Net, some: Ints) -> tuple[Points, Points]:
    """Return where the line goes from and to that each of some vertices slides along."""
    _, row = net.rows(some)
    ends = net.ends[row[net.line[row]]].reshape(-1, 2)
    return net.points[ends[:, 0]], net.points[ends[:, 1]]


def _off_chord(net: _Net, some: Ints) -> np.ndarray:
    a, b = _chords(net, some)
    u, w = b - a, net.points[some] - a
    return np.abs(u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / np.hypot(*u.T)


def _move_all(net: _Net, solids: shapely.STRtree, lines: shapely.STRtree) -> None:
    """Move vertices, in place, until none gains by it, or often enough."""
    way = np.where(net.sliding | net.loose, 0, len(_WAYS))
    for _ in range(_ROUNDS):
        some = np.flatnonzero(way < len(_WAYS))
        if not len(some):
            break
        wished = _best(net, some)
        goal = _partly(net, some, wished, way[some])
        before = _off(net, some, net.points[some])
        way[some[before - _off(net, some, wished) < _LEAST_M]] = len(_WAYS)
        way[some] += 1  # unless it moves
        gain = before - _off(net, some, goal)
        good = np.flatnonzero((gain >= _LEAST_M) & (way[some] <= len(_WAYS)))
        good = good[_clear(net, some[good], goal[good], solids, lines)]
        good = good[_apart(net, some[good], goal[good], gain[good])]
        net.points[some[good]] = goal[good]
        _, row = net.rows(some[good])
        near = np.concatenate([some[good], net.ends[row]])
        way[near[net.sliding[near] | net.loose[near]]] = 0


def _off(net: _Net, some: Ints, places: Points) -> np.ndarray:
    """Return the length of the borders off lines when vertices stand at places."""
    mover, row = net.rows(some)
    length = np.hypot(*(net.points[net.ends[row]] - places[mover]).T)
    return np.bincount(mover, length * ~net.line[row], minlength=len(some))


def _best(net: _Net, some: Ints) -> Points:
    """Return where borders off lines would be shortest; along the line where a vertex slides."""
    mover, row = net.rows(some)
    ends, off, result = net.points[net.ends[row]], ~net.line[row], net.points[some].copy()
    for _ in range(_STEPS):
        pull = off / np.maximum(np.hypot(*(ends - result[mover]).T), _APART_M)
        total = np.bincount(mover, pull)
        result = np.column_stack([np.bincount(mover, pull * xy) / total for xy in ends.T])
    sliding = np.flatnonzero(net.sliding[some])
    count = np.bincount(mover, off)
    middle = np.column_stack([np.bincount(mover, off * xy) / count for xy in ends.T])[sliding]
    a, b = _chords(net, some[sliding])
    length = np.hypot(*(b - a).T)
    foot = ((middle - a) * (b - a)).sum(axis=1) / length**2
    rest = np.minimum(2.0 * _APART_M / length, 0.5)  # to the next vertex of the line
    result[sliding] = a + np.clip(foot, rest, 1.0 - rest)[:, None] * (b - a)
    return result


def _partly(net: _Net, some: Ints, wished: Points, way: Ints) -> Points:
    """Return places on the way to where vertices are wished, or beside it."""
    ahead, aside = np.array(_WAYS)[way].T
    aside = np.where(net.sliding[some], 0.0, aside)
    step = wished - net.points[some]
    across = np.column_stack([-step[:, 1], step[:, 0]])
    return net.points[some] + ahead[:, None] * step + aside[:, None] * across


def _clear(
    net: _Net, some: Ints, goal: Points, solids: shapely.STRtree, lines: shapely.STRtree
) -> Bools:
    """Return which moves sweep no footprint, vertex or border, and meet no line on their way."""
    mover, row = net.rows(some)
    here, end = net.points[some], net.ends[row]
    corners = (net.points[end], here[mover], goal[mover], net.points[end])
    swept = shapely.polygons(np.stack(corners, axis=1))
    good = np.ones(len(some), dtype=np.bool_)
    off = np.flatnonzero(~net.line[row])
    met = solids.query(swept[off], predicate="dwithin", distance=CLEAR_M)[0]
    good[mover[off[met]]] = False
    others = shapely.STRtree(shapely.points(net.points))
    at, other = others.query(swept, predicate="dwithin", distance=_APART_M)
    good[mover[at[(other != end[at]) & (other != some[mover[at]])]]] = False
    path = shapely.linestrings(np.stack([here, goal], axis=1))
    borders = shapely.STRtree(shapely.linestrings(net.points[net.pairs]))
    at, pair = borders.query(path, predicate="dwithin", distance=_APART_M)
    good[at[(net.pairs[pair] != some[at][:, None]).all(axis=1)]] = False
    at = lines.query(path, predicate="dwithin", distance=_APART_M)[0]
    good[at[net.loose[some[at]]]] = False
    return good


def _apart(net: _Net, some: Ints, goal: Points, gain: np.ndarray) -> Bools:
    """Return which moves gain more than any other near them, so that they may be made at once."""
    mover, row = net.rows(some)
    index = np.concatenate([mover, np.arange(len(some)), np.arange(len(some))])
    corners = np.concatenate([net.points[net.ends[row]], net.points[some], goal])
    order = np.argsort(index, kind="stable")
    around = shapely.convex_hull(shapely.multipoints(corners[order], indices=index[order]))
    one, other = shapely.STRtree(around).query(around, predicate="dwithin", distance=_APART_M)
    result = np.ones(len(some), dtype=np.bool_)
    less = (gain[other] > gain[one]) | ((gain[other] == gain[one]) & (other < one))
    result[one[less]] = False
    return result
