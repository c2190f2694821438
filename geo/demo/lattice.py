"""The street lattice of the demo town: lines that every street and every cell border follows.

Lines stand about 165 m apart on the plan; the ones through Dong street are set by hand. A narrow
row carries the railway, narrow columns carry rivers. What lies between four lines is a *lot*;
arrays over lots are indexed ``[row, column]``, rows from north to south, columns from west to east.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from geo.demo import outline
from geo.demo.streams import stream
from geo.demo.warp import Floats, from_degrees, to_plan

# Dong street on the plan: its western edge and the widths of its lots; the last column is the
# river 闸河, the first row the railway.
_DONG_WEST = -798.0
_DONG_WIDTHS = (150.0, 158.0, 166.0, 164.0, 160.0, 162.0, 168.0, 150.0, 158.0, 172.0, 164.0, 160.0)
_RIVER_WIDTH = 96.0
_DONG_NORTH = 560.0
_RAIL_WIDTH = 64.0
_DONG_HEIGHTS = (158.0, 166.0, 161.0, 163.0, 165.0, 160.0, 158.0)
_SPACING_M = (148.0, 186.0)
_FAR_RIVER_U = -7_750.0
_MARGIN_M = 400.0

# Lines between arterials, counted outwards from Dong street: dense in the middle, wide at the rim.
_ARTERIAL_GAPS = (4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
_DONG_U_ARTERIAL, _DONG_U_SECONDARY = (0, 7, 12), (3, 5, 10, 13)
_DONG_V_ARTERIAL, _DONG_V_SECONDARY = (3, 8), (0, 1, 5)

Ints = npt.NDArray[np.int64]


class Rank(IntEnum):
    """The rank of a street, as the ground frame has it; 0 is no street."""

    NONE = 0
    ARTERIAL = 1
    SECONDARY = 2
    LANE = 3


WIDTH_M = {Rank.NONE: 0.0, Rank.ARTERIAL: 22.0, Rank.SECONDARY: 14.0, Rank.LANE: 8.0}


@dataclass(frozen=True)
class Lattice:
    """The lines of the plan and what they enclose.

    Parameters
    ----------
    u : (nu + 1,) float64, lines from west to east; v : (nv + 1,) float64, from north to south
    rank_u, rank_v : ranks of the lines
    column0, row0 : index of Dong street's first column and of its railway row
    rivers : columns that carry a river
    inside : (nv, nu) float64, share of each lot inside the district
    shape : the district on the plan
    """

    u: Floats
    v: Floats
    rank_u: Ints
    rank_v: Ints
    column0: int
    row0: int
    rivers: tuple[int, ...]
    inside: Floats
    shape: shapely.Polygon

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """The middles of the lots on the plan: two (nv, nu) arrays."""
        u, v = (self.u[1:] + self.u[:-1]) / 2.0, (self.v[1:] + self.v[:-1]) / 2.0
        grid_u, grid_v = np.meshgrid(u, v)
        return grid_u, grid_v


@cache
def lattice(seed: int) -> Lattice:
    """Return the lattice over the whole district.

    Parameters
    ----------
    seed : the town's seed; it moves every line but those of Dong street

    Returns
    -------
    Lattice

    Examples
    --------
    >>> grid = lattice(1)
    >>> float(grid.u[grid.column0]), float(grid.v[grid.row0])
    (-798.0, 560.0)
    """
    shape = shapely.polygons(to_plan(from_degrees(outline.ring())))
    west, south, east, north = shapely.bounds(shape)
    dong_u = _DONG_WEST + np.concatenate([[0.0], np.cumsum([*_DONG_WIDTHS, _RIVER_WIDTH])])
    dong_v = _DONG_NORTH - np.concatenate([[0.0], np.cumsum([_RAIL_WIDTH, *_DONG_HEIGHTS])])
    before_u = dong_u[0] - _steps(seed, "west", dong_u[0] - west)
    before_u, river = _with_river(before_u[::-1])
    after_u = dong_u[-1] + _steps(seed, "east", east - dong_u[-1])
    before_v = (dong_v[0] + _steps(seed, "north", north - dong_v[0]))[::-1]
    after_v = dong_v[-1] - _steps(seed, "south", dong_v[-1] - south)
    u = np.concatenate([before_u, dong_u, after_u])
    v = np.concatenate([before_v, dong_v, after_v])
    return Lattice(
        u,
        v,
        _ranks(len(u), len(before_u), 13, _DONG_U_ARTERIAL, _DONG_U_SECONDARY),
        _ranks(len(v), len(before_v), 8, _DONG_V_ARTERIAL, _DONG_V_SECONDARY),
        len(before_u),
        len(before_v),
        (river, len(before_u) + 12),
        _share_inside(u, v, shape),
        shape,
    )


def pieces(labels: Ints) -> Ints:
    """Return the number of the connected piece of each lot, −1 where labels are negative.

    Parameters
    ----------
    labels : (nv, nu) int64

    Returns
    -------
    (nv, nu) int64, 0 … n − 1 in reading order
    """
    number = np.arange(labels.size).reshape(labels.shape)
    across = labels[:, 1:] == labels[:, :-1]
    down = labels[1:] == labels[:-1]
    while True:
        before = number.copy()
        for near, far, same in (
            (number[:, :-1], number[:, 1:], across),
            (number[:-1], number[1:], down),
        ):
            near[same] = np.minimum(near, far)[same]
            far[same] = np.minimum(near, far)[same]
        if (number == before).all():
            break
    result = np.full(labels.shape, -1)
    seen = labels >= 0
    result[seen] = np.unique(number[seen], return_inverse=True)[1]
    return result


def _steps(seed: int, side: str, reach: float) -> Floats:
    low, high = _SPACING_M
    count = int((reach + _MARGIN_M) // low) + 1
    widths = np.array([stream(seed, "line", side, n).uniform(low, high) for n in range(count)])
    return np.cumsum(widths)


def _with_river(lines: Floats) -> tuple[Floats, int]:
    """Move the lines west of the far river apart, so that a narrow column lies between."""
    at = int(np.argmin(np.abs(lines - _FAR_RIVER_U)))
    return np.concatenate([lines[: at + 1] - 0.8 * _RIVER_WIDTH, lines[at:]]), at


def _ranks(
    count: int, start: int, span: int, arterial: tuple[int, ...], secondary: tuple[int, ...]
) -> Ints:
    ranks = np.full(count, int(Rank.LANE))
    ranks[start + np.asarray(secondary)] = Rank.SECONDARY
    ranks[start + np.asarray(arterial)] = Rank.ARTERIAL
    for sign, edge in ((-1, start), (1, start + span)):
        stops = np.cumsum(_ARTERIAL_GAPS)
        at = edge + sign * stops
        middle = edge + sign * (stops - np.asarray(_ARTERIAL_GAPS) // 2)
        ranks[middle[(middle >= 0) & (middle < count)]] = Rank.SECONDARY
        ranks[at[(at >= 0) & (at < count)]] = Rank.ARTERIAL
    return ranks


def _share_inside(u: Floats, v: Floats, shape: shapely.Polygon) -> Floats:
    west, north = np.meshgrid(u[:-1], v[:-1])
    east, south = np.meshgrid(u[1:], v[1:])
    lots = shapely.box(west, south, east, north)
    shapely.prepare(shape)
    share = np.where(shapely.contains_properly(shape, lots), 1.0, 0.0)
    cut = ~shapely.disjoint(shape, lots) & (share == 0.0)
    share[cut] = shapely.area(shapely.intersection(lots[cut], shape)) / shapely.area(lots[cut])
    return share
