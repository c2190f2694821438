"""The sites of the demo town: what each block is used for, at the scale asked for.

Dong street is drawn by hand, the rest is drawn by chance by zone: slabs, towers, old rows and
schools in town, works, fields and villages outside. A *site* is a window of lots with one use.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely

from geo.demo import dong
from geo.demo.areas import areas
from geo.demo.blocks import Fabric
from geo.demo.lattice import Ints, Lattice
from geo.demo.plan import Plan, Window, Zone, in_dong, plan
from geo.demo.streams import stream
from geo.demo.uses import PEOPLED, USES, Scale

_DEPTH_M = 45.0  # how far from the outline of the district anything is built

Chance = tuple[str, tuple[int, ...]]  # letters and their weights
_CHANCE: dict[Zone, Chance] = {
    Zone.URBAN: ("SsMLlTtOoHKWP", (14, 16, 9, 8, 6, 13, 7, 5, 5, 3, 5, 3, 6)),
    Zone.FRINGE: ("sltTVwFPK", (10, 4, 7, 4, 18, 15, 33, 6, 3)),
    Zone.RURAL: ("FV", (66, 34)),
}
_WIDE: Chance = ("slMtKWPw", (18, 10, 8, 14, 12, 8, 16, 14))
_CITY: Chance = ("CSsTLMKP", (74, 7, 6, 6, 3, 2, 1, 1))


@dataclass(frozen=True, slots=True)
class Site:
    """A window of lots with one use.

    Parameters
    ----------
    window : rows from, to; columns from, to
    use : letter of ``USES``
    block : label of its block
    """

    window: Window
    use: str
    block: int

    @property
    def peopled(self) -> bool:
        """Whether anybody lives here."""
        return self.use in PEOPLED

    @property
    def fabric(self) -> Fabric:
        """How the site is built."""
        return USES[self.use][0]

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of its first lot."""
        return self.window[0], self.window[2]

    @property
    def lots(self) -> tuple[slice, slice]:
        """Its rows and columns, to index arrays over lots."""
        return slice(*self.window[:2]), slice(*self.window[2:])


@dataclass(frozen=True)
class Land:
    """The plan at a scale: blocks as fine as the scale needs them, and the sites in them.

    Parameters
    ----------
    plan : Plan
    block : (nv, nu) int64, label of the block of each lot, −1 outside the district
    sites : in the order of their blocks; windows do not overlap
    """

    plan: Plan
    block: Ints
    sites: tuple[Site, ...]


@cache
def land(seed: int, scale: Scale) -> Land:
    """Return the blocks and sites of the whole district.

    Parameters
    ----------
    seed : the town's seed
    scale : Scale; ``city`` fills every lot

    Returns
    -------
    Land
    """
    drawn = plan(seed)
    deep = _deep(drawn.lattice)
    block = drawn.block.copy()
    sites: list[Site] = []
    fresh = int(block.max()) + 1
    for label, window in _windows(drawn.block):
        zone = Zone(int(drawn.zone[window[0], window[2]]))
        if zone not in _CHANCE:
            continue
        parts = _parts(seed, drawn.lattice, zone, window, deep, scale)
        alone = len(parts) == 1
        for number, (part, use) in enumerate(parts):
            site = Site(part, use, label if alone else fresh + number)
            sites.append(site)
            if not alone:
                block[site.lots] = site.block
        fresh += 0 if alone else len(parts)
    block[drawn.block < 0] = -1
    return Land(drawn, block, tuple(_nobody_left_out(sites, areas(seed), deep)))


def _parts(
    seed: int, grid: Lattice, zone: Zone, window: Window, deep: Ints, scale: Scale
) -> list[tuple[Window, str]]:
    """Return the parts of a block with their uses."""
    rows, columns = in_dong(grid)
    row, column = window[0] - rows.start, window[2] - columns.start
    if 0 <= row < len(dong.USE_MAP) and 0 <= column < len(dong.USE_MAP[0]):
        return [(window, dong.USE_MAP[row][column])]
    draw = stream(seed, "use", window[0], window[2])
    if scale is Scale.CITY:
        return [
            (lot, _drawn(draw, _CITY) if deep[lot[0], lot[2]] else "F") for lot in _lots(window)
        ]
    if zone is Zone.RURAL:
        return [_country(window, draw, deep)]
    if not deep[window[0] : window[1], window[2] : window[3]].all():
        return [(window, "F")]
    lots = _lots(window)
    use = _drawn(draw, _WIDE if zone is Zone.URBAN and len(lots) == 2 else _CHANCE[zone])
    if len(lots) > 2 and USES[use][0] < Fabric.OLD:
        return [(lot, _drawn(draw, _CHANCE[Zone.URBAN])) for lot in lots]
    return [(window, use)]


def _country(window: Window, draw: np.random.Generator, deep: Ints) -> tuple[Window, str]:
    """Return fields, or the village that stands in them."""
    north, south, west, east = window
    high = min(int(draw.integers(1, 3)), south - north)
    wide = min(int(draw.integers(1, 4)), east - west)
    row = int(draw.integers(north, south - high + 1))
    column = int(draw.integers(west, east - wide + 1))
    fits = deep[row : row + high, column : column + wide].all()
    if _drawn(draw, _CHANCE[Zone.RURAL]) == "V" and fits:
        return (row, row + high, column, column + wide), "V"
    return window, "F"


def _nobody_left_out(sites: list[Site], community: Ints, deep: Ints) -> list[Site]:
    """Return sites with a village in the widest fields of each community without people."""
    result = list(sites)
    owner = np.array([community[site.corner] for site in sites])
    peopled = np.array([site.peopled for site in sites])
    for number in np.setdiff1d(owner, owner[peopled]):
        fields = [n for n in np.flatnonzero(owner == number) if deep[sites[n].lots].all()]
        widest = max(fields, key=lambda n: deep[sites[n].lots].size)
        north, south, west, east = sites[widest].window
        village = (north, min(north + 2, south), west, min(west + 2, east))
        result[widest] = Site(village, "V", sites[widest].block)
    return result


def _drawn(draw: np.random.Generator, chance: Chance) -> str:
    letters, weights = chance
    edges = np.cumsum(weights)
    return letters[int(np.searchsorted(edges, draw.random() * edges[-1], side="right"))]


def _lots(window: Window) -> list[Window]:
    north, south, west, east = window
    return [
        (row, row + 1, column, column + 1)
        for row in range(north, south)
        for column in range(west, east)
    ]


def _windows(block: Ints) -> list[tuple[int, Window]]:
    """Return each rectangular block with the window of its lots, by label."""
    rows, columns = np.nonzero(block >= 0)
    names, inverse, size = np.unique(block[rows, columns], return_inverse=True, return_counts=True)
    low = np.full((2, len(names)), block.size)
    high = np.zeros((2, len(names)), dtype=np.int64)
    for axis, place in enumerate((rows, columns)):
        np.minimum.at(low[axis], inverse, place)
        np.maximum.at(high[axis], inverse, place + 1)
    whole = np.prod(high - low, axis=0) == size
    edges = np.column_stack([low[0], high[0], low[1], high[1]]).tolist()
    return [(int(names[n]), tuple(edges[n])) for n in np.flatnonzero(whole)]


def _deep(grid: Lattice) -> Ints:
    """Return which lots lie well inside the district."""
    west, north = np.meshgrid(grid.u[:-1], grid.v[:-1])
    east, south = np.meshgrid(grid.u[1:], grid.v[1:])
    shape = shapely.buffer(grid.shape, -_DEPTH_M)
    shapely.prepare(shape)
    return shapely.contains_properly(shape, shapely.box(west, south, east, north))
