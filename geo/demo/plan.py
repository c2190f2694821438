"""Zones and blocks of the demo town: where it is built up, and which lots streets separate.

A *block* is the land between streets: one lot in town, up to a kilometre of fields outside. Streets
run wherever two blocks meet; so borders that follow blocks follow streets.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import pairwise

import numpy as np

from geo.demo.lattice import Ints, Lattice, Rank, lattice, pieces
from geo.demo.streams import stream
from geo.demo.warp import Floats


class Zone(IntEnum):
    """What a lot is, in the large."""

    RURAL = 0
    FRINGE = 1
    URBAN = 2
    HILL = 3
    LAKE = 4
    RIVER = 5
    RAIL = 6


# (u km, v km, reach km, weight) of the places where the town is dense.
_CENTRES = (
    (-1.0, -0.3, 2.9, 1.15),
    (-3.3, -1.0, 1.9, 0.7),
    (1.3, -2.2, 1.4, 0.65),
    (-6.6, 2.6, 1.0, 0.8),
    (-12.4, 3.2, 0.95, 0.75),
    (-7.2, -0.4, 0.9, 0.7),
)
HILLS = ((-3.3, 3.3, 1.75, 0.85), (-2.0, 2.9, 0.95, 0.65))
LAKES = ((0.9, -3.7, 0.8, 0.42), (2.55, -1.1, 0.36, 0.5))
_URBAN_AT, _FRINGE_AT = 0.44, 0.27
_GRAIN = {Zone.URBAN: 1, Zone.FRINGE: 2, Zone.RURAL: 4}
_WIDE_LOT_SHARE = 0.16


@dataclass(frozen=True)
class Plan:
    """The lattice with its zones and blocks; all arrays are (nv, nu) over lots.

    Parameters
    ----------
    lattice : Lattice
    intensity : float64, how densely built, about 0 to 1.2
    zone : Zone values
    block : label of the block of each lot, −1 outside the district
    """

    lattice: Lattice
    intensity: Floats
    zone: Ints
    block: Ints


@cache
def plan(seed: int) -> Plan:
    """Return zones and blocks of the whole district.

    Parameters
    ----------
    seed : the town's seed

    Returns
    -------
    Plan
    """
    grid = lattice(seed)
    intensity = _intensity(grid)
    zone = _zones(grid, intensity)
    return Plan(grid, intensity, zone, _blocks(seed, grid, zone))


def in_dong(grid: Lattice) -> tuple[slice, slice]:
    """Return rows and columns of the window that holds Dong street: 8 rows by 13 columns."""
    return slice(grid.row0, grid.row0 + 8), slice(grid.column0, grid.column0 + 13)


def _intensity(grid: Lattice) -> Floats:
    u, v = (axis / 1000.0 for axis in grid.centres)
    total = np.zeros_like(u)
    for east, north, reach, weight in _CENTRES:
        total = np.maximum(total, weight * np.exp(-((u - east) ** 2 + (v - north) ** 2) / reach**2))
    ripple = np.sin(2.1 * u + 1.3 * v) * np.sin(1.7 * v - 0.8 * u + 0.7)
    return total + 0.06 * ripple


def _zones(grid: Lattice, intensity: Floats) -> Ints:
    u, v = (axis / 1000.0 for axis in grid.centres)
    zone = np.select([intensity > _URBAN_AT, intensity > _FRINGE_AT], [Zone.URBAN, Zone.FRINGE], 0)
    for label, ellipses in ((Zone.HILL, HILLS), (Zone.LAKE, LAKES)):
        for east, north, wide, high in ellipses:
            zone[((u - east) / wide) ** 2 + ((v - north) / high) ** 2 < 1.0] = label
    zone[in_dong(grid)] = Zone.URBAN
    zone[grid.row0, :] = np.where(zone[grid.row0] == Zone.LAKE, Zone.LAKE, Zone.RAIL)
    for column in grid.rivers:
        zone[:, column] = Zone.RIVER
    return zone


def _blocks(seed: int, grid: Lattice, zone: Ints) -> Ints:
    block = np.full(zone.shape, -1)
    stack = _between_arterials(grid, zone.shape)
    count = 0
    while stack:
        window = stack.pop()
        halves = _halves(seed, grid, zone, window)
        if halves:
            stack += halves
            continue
        north, south, west, east = window
        block[north:south, west:east] = count
        count += 1
    for label in (Zone.HILL, Zone.LAKE):
        piece = pieces(np.where(zone == label, label, -1))
        block = np.where(piece >= 0, count + piece, block)
        count += int(piece.max()) + 1
    return np.where(grid.inside > 0.0, block, -1)


Window = tuple[int, int, int, int]  # rows from, to; columns from, to


def _between_arterials(grid: Lattice, shape: tuple[int, ...]) -> list[Window]:
    rows = {0, shape[0], grid.row0, grid.row0 + 1, *np.flatnonzero(grid.rank_v == Rank.ARTERIAL)}
    columns = {0, shape[1], *np.flatnonzero(grid.rank_u == Rank.ARTERIAL)}
    for river in grid.rivers:
        columns |= {river, river + 1}
    down, across = sorted(map(int, rows)), sorted(map(int, columns))
    return [
        (north, south, west, east)
        for north, south in pairwise(down)
        for west, east in pairwise(across)
    ]


def _halves(seed: int, grid: Lattice, zone: Ints, window: Window) -> list[Window]:
    """Return the two halves of a window that is too coarse for its zone, or none."""
    north, south, west, east = window
    if not (grid.inside[north:south, west:east] > 0.0).any():
        return []
    inner = zone[north:south, west:east]
    grain = min((_GRAIN[Zone(z)] for z in np.unique(inner) if Zone(z) in _GRAIN), default=99)
    high, wide = south - north, east - west
    if max(high, wide) <= grain:
        return []
    draw = stream(seed, "halve", *window)
    dong = in_dong(grid)
    loose = north >= dong[0].stop or south <= dong[0].start
    loose = loose or west >= dong[1].stop or east <= dong[1].start
    if loose and grain == 1 and high * wide == 2 and draw.random() < _WIDE_LOT_SHARE:
        return []
    if high >= wide:
        cut = _cut(grid.rank_v, north, south, draw)
        return [(north, cut, west, east), (cut, south, west, east)]
    cut = _cut(grid.rank_u, west, east, draw)
    return [(north, south, west, cut), (north, south, cut, east)]


def _cut(ranks: Ints, start: int, stop: int, draw: np.random.Generator) -> int:
    """Choose a line between: near the middle, a street of higher rank before a lane."""
    lines = np.arange(start + 1, stop)
    off = np.abs(lines - (start + stop) / 2.0) + draw.uniform(0.0, 0.9, len(lines))
    return int(lines[np.argmin(off + 0.8 * (ranks[lines] - 1))])
