"""The streets of the demo town: where they run, their ranks and names.

A street runs wherever two blocks meet, along one line of the lattice; stretches of one line with
the same rank and name are one row of the ground.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.demo.dong import ROADS_EAST, ROADS_NORTH
from geo.demo.land import Land
from geo.demo.lattice import WIDTH_M, Ints, Lattice, Rank
from geo.demo.names import lanes, roads
from geo.demo.plan import Window

_NOTHING = -1


@dataclass(frozen=True)
class Names:
    """Names of the lattice lines by stretch; ``north[row, line]``, ``east[line, column]``."""

    north: np.ndarray
    east: np.ndarray


@dataclass(frozen=True, slots=True)
class Street:
    """A stretch of street on the plan."""

    line: shapely.LineString
    rank: Rank
    name: str

    @property
    def width_m(self) -> float:
        """Width of its carriageway."""
        return WIDTH_M[self.rank]


def named(seed: int, grid: Lattice) -> Names:
    """Return the names of all lines: main streets keep theirs, lanes change it at arterials.

    Parameters
    ----------
    seed : the town's seed
    grid : Lattice

    Returns
    -------
    Names
    """
    middle = grid.column0 + 5, grid.row0 + 5
    north = _lines(seed, "north", grid.rank_u, grid.rank_v, middle).T
    east = _lines(seed, "east", grid.rank_v, grid.rank_u, middle[::-1])
    by_hand = (
        (north, np.s_[:, grid.column0 : grid.column0 + 14], ROADS_NORTH),
        (east.T, np.s_[:, grid.row0 : grid.row0 + 9], ROADS_EAST),
    )
    for table, window, hand in by_hand:
        table[window] = np.where(np.array(hand, dtype=object) == "", table[window], hand)
    return Names(north, east)


def streets(land: Land, names: Names, border: Ints) -> list[Street]:
    """Return all streets of the district on the plan, not yet clipped to its outline.

    Parameters
    ----------
    land : Land
    names : Names
    border : (nv, nu) label of each lot; where it changes inside a block runs a lane

    Returns
    -------
    list of Street
    """
    grid = land.plan.lattice
    found = []
    for line in range(1, len(grid.u) - 1):
        rank = _ranks(
            land.block[:, line - 1 : line + 1].T,
            border[:, line - 1 : line + 1].T,
            grid.rank_u[line],
        )
        for start, stop in _runs(rank, names.north[:, line]):
            points = np.column_stack(
                [np.full(stop - start + 1, grid.u[line]), grid.v[start : stop + 1]]
            )
            found.append(
                Street(
                    shapely.linestrings(points), Rank(int(rank[start])), names.north[start, line]
                )
            )
    for line in range(1, len(grid.v) - 1):
        rank = _ranks(
            land.block[line - 1 : line + 1], border[line - 1 : line + 1], grid.rank_v[line]
        )
        for start, stop in _runs(rank, names.east[line]):
            points = np.column_stack(
                [grid.u[start : stop + 1], np.full(stop - start + 1, grid.v[line])]
            )
            found.append(
                Street(shapely.linestrings(points), Rank(int(rank[start])), names.east[line, start])
            )
    return found


def address(grid: Lattice, names: Names, window: Window) -> tuple[str, str]:
    """Return the street and number of a block: its highest street, counted from north or west.

    Parameters
    ----------
    grid : Lattice
    names : Names
    window : lots of the block

    Returns
    -------
    name of the street, number such as ``18号``
    """
    north, south, west, east = window
    sides = (
        (int(grid.rank_v[south]), names.east[south, west], 2 * west + 1),
        (int(grid.rank_u[west]), names.north[north, west], 2 * north + 2),
        (int(grid.rank_u[east]), names.north[north, east], 2 * north + 1),
        (int(grid.rank_v[north]), names.east[north, west], 2 * west + 2),
    )
    _, name, number = min(sides, key=_rank_of)
    return name, f"{number}号"


def _rank_of(side: tuple[int, str, int]) -> int:
    return side[0]


def _lines(seed: int, side: str, own: Ints, crossing: Ints, start: tuple[int, int]) -> np.ndarray:
    """Return names as (lines, stretches); the plainest near the start."""
    table = np.full((len(own), len(crossing) - 1), "", dtype=object)
    main = np.flatnonzero(own != Rank.LANE)
    table[main] = np.array(roads(seed, side, len(main)), dtype=object)[:, None]
    lane = np.flatnonzero(own == Rank.LANE)
    section = np.cumsum(crossing[:-1] == Rank.ARTERIAL)
    far = np.abs(lane - start[0])[:, None] + 5 * np.abs(
        np.arange(section[-1] + 1) - section[start[1]]
    )
    order = np.argsort(np.argsort(far.ravel(), kind="stable"), kind="stable").reshape(far.shape)
    pool = np.array(lanes(seed, 2 * far.size), dtype=object)
    table[lane] = pool[(2 * order + (side == "east"))[:, section]]
    return table


def _ranks(block: Ints, border: Ints, rank: int) -> Ints:
    """Return the rank of each stretch of a line between the two rows of labels beside it."""
    inside = (block >= 0).any(axis=0)
    street = inside & (block[0] != block[1])
    lane = inside & (border[0] != border[1]) & ~street
    return np.where(street, rank, np.where(lane, int(Rank.LANE), int(Rank.NONE)))


def _runs(rank: Ints, name: np.ndarray) -> list[tuple[int, int]]:
    """Return from and to of the stretches with the same rank and name, those without left out."""
    change = (np.diff(rank) != 0) | (name[1:] != name[:-1])
    starts = np.concatenate([[0], np.flatnonzero(change) + 1])
    stops = np.concatenate([starts[1:], [len(rank)]])
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True) if rank[a] > 0]
