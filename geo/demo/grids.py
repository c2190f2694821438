"""Grids and level-5 cells of the demo town: which lot belongs to which.

A peopled site is a grid of its own (in Dong street some are joined by hand) and is cut into its
level-5 cells. Land where nobody lives (parks, fields, works, the railway, the river) is never left
out: it joins the level-5 cell next to it with the longest common border, inside its community.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.demo import dong
from geo.demo.blocks import Layout
from geo.demo.land import Land, Site
from geo.demo.lattice import Ints, Lattice
from geo.demo.plan import Zone, in_dong

_NOBODY = -1
_BORDERS = ((0, 1), (1, 0), (0, -1), (-1, 0))  # steps to the lot in the east, south, west, north


@dataclass(frozen=True)
class Homes:
    """The peopled sites with their layouts, in the order of their cells.

    Parameters
    ----------
    sites, layouts : of equal length
    first : (n + 1,) number of the first level-5 cell of each site, and of all of them
    grid : (n,) index of the first site of each site's grid
    """

    sites: tuple[Site, ...]
    layouts: tuple[Layout, ...]
    first: Ints
    grid: Ints


@dataclass(frozen=True)
class Grids:
    """Which lot belongs to which; arrays are (nv, nu) over lots.

    Parameters
    ----------
    home : index of the peopled site of each lot, −1 without
    leaf : level-5 cell of each lot without people; −1 in a peopled lot and where there is none
    """

    home: Ints
    leaf: Ints


def homes(sites: Sequence[Site], layouts: Sequence[Layout], lattice: Lattice) -> Homes:
    """Return the peopled sites with their cells numbered through.

    Parameters
    ----------
    sites, layouts : of equal length, sorted by ``lead``
    lattice : Lattice

    Returns
    -------
    Homes
    """
    first = np.concatenate([[0], np.cumsum([layout.leaves for layout in layouts])])
    leads = {site.corner: number for number, site in enumerate(sites)}
    grid = np.array([leads[lead(site, lattice)] for site in sites])
    return Homes(tuple(sites), tuple(layouts), first.astype(np.int64), grid)


def lead(site: Site, lattice: Lattice) -> tuple[int, int]:
    """Return the first lot of the first site of a site's grid: its own, but where joined by hand.

    Parameters
    ----------
    site : Site
    lattice : Lattice

    Returns
    -------
    row, column
    """
    row, column = site.corner[0] - lattice.row0, site.corner[1] - lattice.column0
    row, column = dong.JOINED.get((row, column), (row, column))
    return lattice.row0 + row, lattice.column0 + column


def grids(land: Land, community: Ints, homes: Homes) -> Grids:
    """Return the level-5 cells of every lot of the communities that have homes.

    Parameters
    ----------
    land : Land
    community : (nv, nu) label of the community of each lot, −1 outside
    homes : Homes

    Returns
    -------
    Grids
    """
    home = np.full(community.shape, _NOBODY)
    for number, site in enumerate(homes.sites):
        home[site.lots] = number
    hand = _by_hand(land.plan.lattice, home)
    unit = _units(land, community, home)
    return Grids(home, _adopted(land.plan.lattice, unit, community, home, hand, homes))


def _by_hand(lattice: Lattice, home: Ints) -> Ints:
    """Return the site to whose grid a lot of Dong street is bound, −1 where it is free."""
    hand = np.full(home.shape, _NOBODY)
    rows, columns = in_dong(lattice)
    window = home[rows, columns]
    hand[rows, columns] = window
    for lot, to in dong.JOINED.items():
        hand[rows.start + lot[0], columns.start + lot[1]] = window[to]
    return hand


def _units(land: Land, community: Ints, home: Ints) -> Ints:
    """Return what is adopted as one piece: a block without people, or else a single lot."""
    peopled = np.unique(land.block[home != _NOBODY])
    zone = land.plan.zone
    single = np.isin(land.block, peopled) | (zone == Zone.RAIL) | (zone == Zone.RIVER)
    lots = np.arange(home.size).reshape(home.shape)
    unit = np.where(single, lots, home.size + land.block)
    unit = np.where(home != _NOBODY, 2 * home.size + unit.max() + home, unit)
    pair = np.stack([community, unit], axis=-1).reshape(-1, 2)
    unit = np.unique(pair, axis=0, return_inverse=True)[1].reshape(home.shape)
    return np.where(community >= 0, unit, _NOBODY)


def _adopted(
    lattice: Lattice, unit: Ints, community: Ints, home: Ints, hand: Ints, homes: Homes
) -> Ints:
    """Return the level-5 cell of each lot without people, layer by layer from the homes."""
    count = int(unit.max()) + 1
    edge_leaf = _edge_leaves(lattice, home.shape, homes)
    near, far, side, length = _contacts(lattice, unit, community)
    keeper = np.full(count, _NOBODY)  # the level-5 cell of a unit without people
    peopled = np.zeros(count, dtype=bool)
    peopled[unit[home != _NOBODY]] = True
    unit_of = unit.ravel()
    region = _regions(unit, hand, homes)
    while True:
        a, b = unit_of[near], unit_of[far]
        offer = np.where(peopled[a], edge_leaf[side, near], keeper[a])
        open_to = (offer != _NOBODY) & ~peopled[b] & (keeper[b] == _NOBODY)
        bound = region[b] != _NOBODY
        site = np.searchsorted(homes.first, offer, side="right") - 1
        open_to &= ~bound | (homes.grid[np.clip(site, 0, None)] == region[b])
        if not open_to.any():
            break
        pairs, inverse = np.unique(
            np.column_stack([b, offer])[open_to], axis=0, return_inverse=True
        )
        total = np.bincount(inverse, length[open_to])
        order = np.lexsort((pairs[:, 1], -total, pairs[:, 0]))
        taken, best = np.unique(pairs[order, 0], return_index=True)
        keeper[taken] = pairs[order[best], 1]
    return np.where((unit >= 0) & (home == _NOBODY), keeper[np.clip(unit, 0, None)], _NOBODY)


def _regions(unit: Ints, hand: Ints, homes: Homes) -> Ints:
    """Return the grid to which a unit is bound by hand, −1 where it is free."""
    region = np.full(int(unit.max()) + 1, _NOBODY)
    bound = (hand != _NOBODY) & (unit >= 0)
    region[unit[bound]] = homes.grid[hand[bound]]
    return region


def _contacts(lattice: Lattice, unit: Ints, community: Ints) -> tuple[Ints, Ints, Ints, np.ndarray]:
    """Return borders between lots of different units of one community, both ways."""
    high, wide = -np.diff(lattice.v), np.diff(lattice.u)
    lots = np.arange(unit.size).reshape(unit.shape)
    found = []
    for side, (down, right) in enumerate(_BORDERS):
        near = lots[max(-down, 0) : unit.shape[0] - max(down, 0)]
        near = near[:, max(-right, 0) : unit.shape[1] - max(right, 0)].ravel()
        far = near + down * unit.shape[1] + right
        length = wide[near % unit.shape[1]] if down else high[near // unit.shape[1]]
        share = np.minimum(lattice.inside.ravel()[near], lattice.inside.ravel()[far])
        meet = (unit.ravel()[near] >= 0) & (unit.ravel()[far] >= 0) & (share > 0.0)
        meet &= community.ravel()[near] == community.ravel()[far]
        found.append((near[meet], far[meet], np.full(meet.sum(), side), (length * share)[meet]))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]  # four columns


def _edge_leaves(lattice: Lattice, shape: tuple[int, ...], homes: Homes) -> Ints:
    """Return the level-5 cell that takes most of each side of each peopled lot."""
    leaves = np.full((4, shape[0] * shape[1]), _NOBODY)
    for site, layout, first in zip(homes.sites, homes.layouts, homes.first, strict=False):
        north, south, west, east = site.window
        rects = np.array(layout.rects)
        for row in range(north, south):
            span = (lattice.v[row + 1], lattice.v[row])
            for side, column, at, edge in ((0, east - 1, 3, east), (2, west, 1, west)):
                leaf = _most(rects, rects[:, at] == lattice.u[edge], (2, 4), span)
                leaves[side, row * shape[1] + column] = first + leaf
        for column in range(west, east):
            span = (lattice.u[column], lattice.u[column + 1])
            for side, row, at, edge in ((1, south - 1, 2, south), (3, north, 4, north)):
                leaf = _most(rects, rects[:, at] == lattice.v[edge], (1, 3), span)
                leaves[side, row * shape[1] + column] = first + leaf
    return leaves


def _most(
    rects: np.ndarray, on: np.ndarray, ends: tuple[int, int], span: tuple[float, float]
) -> int:
    low, high = np.maximum(rects[:, ends[0]], span[0]), np.minimum(rects[:, ends[1]], span[1])
    return int(rects[np.argmax(np.where(on, high - low, -1.0)), 0])
