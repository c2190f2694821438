"""The demo town before it becomes frames: who lives where, in the order of the codes.

Grids are numbered from west to east and from north to south inside their community, level-5 cells
inside their grid, buildings inside their community. Sites, level-5 cells and buildings are kept as
arrays in that order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.demo import names, outline, tally
from geo.demo.areas import areas
from geo.demo.blocks import Drawing, Fabric, Layout, Slots
from geo.demo.grids import Grids, Homes, grids, homes, lead
from geo.demo.land import Land, Site, land
from geo.demo.lattice import Ints
from geo.demo.plan import Zone, in_dong
from geo.demo.streams import stream
from geo.demo.uses import Scale, frame_of, layout

DONG = "340603002"
# community → households and persons that must come out exactly
EXACT = {"340603002001": (2_863, 6_776)}
_AROUND_LOTS = 6  # how far around Dong street other buildings are shown
_DRAWN = (Fabric.SCHOOL, Fabric.WORKS, Fabric.PARK, Fabric.YARD)

Built = tuple[Site, Layout]


@dataclass(frozen=True)
class Census:
    """Sites, level-5 cells and buildings of the communities that have people.

    Parameters
    ----------
    land : Land
    community : (nv, nu) index into ``outline.divisions()`` of each lot, −1 outside
    homes, grids : Homes and Grids
    owner : (s,) community of each site
    grid_code : (s,) object, code of the grid of each site
    leaf_code : (l,) object, code of each level-5 cell
    slots : (b,) structured array, all footprints
    site : (b,) int64, site of each building
    drawings : ground of all sites, peopled or not
    around : (n,) structured array, footprints that are only ground
    """

    land: Land
    community: Ints
    homes: Homes
    grids: Grids
    owner: Ints
    grid_code: np.ndarray
    leaf_code: np.ndarray
    slots: Slots
    site: Ints
    drawings: tuple[Drawing, ...]
    around: Slots

    @property
    def borders(self) -> Ints:
        """Label of each lot that changes where a border of grids or communities runs."""
        site_of_leaf = np.repeat(self.homes.grid, np.diff(self.homes.first))
        adopted = site_of_leaf[np.clip(self.grids.leaf, 0, None)]
        home = self.homes.grid[np.clip(self.grids.home, 0, None)]
        grid = np.where(self.grids.home >= 0, home, adopted)
        whole = (self.grids.home < 0) & (self.grids.leaf < 0)
        corridor = np.isin(self.land.plan.zone, (Zone.RAIL, Zone.RIVER))
        label = np.where(whole, -1 - self.community, grid)
        return np.where(corridor, -len(outline.divisions()) - 2, label)


def census(seed: int, scale: Scale) -> Census:
    """Return the peopled part of the town, coded.

    Parameters
    ----------
    seed : the town's seed
    scale : Scale

    Returns
    -------
    Census
    """
    ground, community = land(seed, scale), areas(seed)
    full = _full(scale)
    peopled, other = _laid_out(seed, ground, community, scale)
    peopled.sort(key=lambda built: _order(built[0], ground, community))
    owner = np.array([_owner(community, site) for site, _ in peopled])
    layouts = _exact(seed, owner, [built[1] for built in peopled])
    found = homes([built[0] for built in peopled], layouts, ground.plan.lattice)
    grid_code = _grid_codes(owner, found.grid)
    return Census(
        land=ground,
        community=community,
        homes=found,
        grids=grids(ground, np.where(np.isin(community, full), community, -1), found),
        owner=owner,
        grid_code=grid_code,
        leaf_code=_leaf_codes(found, grid_code),
        slots=np.concatenate([part.slots for part in layouts]),
        site=np.repeat(np.arange(len(layouts)), [len(part.slots) for part in layouts]),
        drawings=tuple(d for part in [*layouts, *(p[1] for p in other)] for d in part.drawings),
        around=_around(seed, ground, other),
    )


def _full(scale: Scale) -> list[int]:
    """Return the communities that have people at a scale."""
    return [
        number
        for number, division in enumerate(outline.divisions())
        if len(division.code) == 12 and (scale is not Scale.STREET or division.parent_code == DONG)
    ]


def _laid_out(
    seed: int, ground: Land, community: Ints, scale: Scale
) -> tuple[list[Built], list[Built]]:
    """Return the sites with people, and the others that show something."""
    full = set(_full(scale))
    peopled: list[Built] = []
    other: list[Built] = []
    for site in ground.sites:
        owner = _owner(community, site)
        lived_in = site.peopled and owner in full
        if lived_in or site.fabric in _DRAWN or (site.peopled and _distance(ground, site) > 0):
            near = outline.divisions()[owner].name
            name = names.place(seed, site.fabric, near, *site.corner)
            frame = frame_of(ground.plan.lattice, site.window)
            built = (site, layout(site.use, frame, stream(seed, "block", *site.corner), name))
            (peopled if lived_in else other).append(built)
    return peopled, other


def _owner(community: Ints, site: Site) -> int:
    return int(community[site.corner])


def _order(
    site: Site, ground: Land, community: Ints
) -> tuple[int, tuple[int, int], tuple[int, ...]]:
    return _owner(community, site), lead(site, ground.plan.lattice), site.window


def _distance(ground: Land, site: Site) -> int:
    """Return how many lots a site lies inside the rim of what is shown around Dong street."""
    rows, columns = in_dong(ground.plan.lattice)
    north, south, west, east = site.window
    off = max(rows.start - south, north - rows.stop, columns.start - east, west - columns.stop)
    return _AROUND_LOTS - max(off, 0) if off < _AROUND_LOTS else 0


def _around(seed: int, ground: Land, other: Sequence[Built]) -> Slots:
    """Return footprints near Dong street that belong to nobody, fewer with the distance."""
    parts = []
    for site, built in other:
        share = min(1.0, _distance(ground, site) / 3.0)
        draw = stream(seed, "around", *site.corner)
        parts.append(built.slots[draw.random(len(built.slots)) < share])
    return np.concatenate(parts) if parts else Layout().slots


def _exact(seed: int, owner: Ints, layouts: list[Layout]) -> list[Layout]:
    """Return layouts whose households add up where they must."""
    for code, (wanted, _) in EXACT.items():
        members = [n for n in np.flatnonzero(owner == _number(code))]
        slots = np.concatenate([layouts[n].slots for n in members])
        slots = tally.balanced(slots, wanted, stream(seed, "exact", code))
        cuts = np.cumsum([len(layouts[n].slots) for n in members])[:-1]
        for n, part in zip(members, np.split(slots, cuts), strict=True):
            layouts[n].slots = part
    return layouts


def _number(code: str) -> int:
    return next(n for n, division in enumerate(outline.divisions()) if division.code == code)


def _grid_codes(owner: Ints, grid: Ints) -> np.ndarray:
    """Return community code and three digits, in the order of the sites."""
    first = grid == np.arange(len(grid))
    number = np.cumsum(first)
    before = np.array([number[owner == community][0] - 1 for community in owner])
    codes = [
        f"{outline.divisions()[community].code}{count:03d}"
        for community, count in zip(owner, (number - before), strict=True)
    ]
    return np.array(codes, dtype=object)[grid]


def _leaf_codes(homes: Homes, grid_code: np.ndarray) -> np.ndarray:
    """Return grid code and two digits, in the order of sites and their cells."""
    codes = np.repeat(grid_code, np.diff(homes.first))
    _, start, inverse = np.unique(codes, return_index=True, return_inverse=True)
    number = np.arange(len(codes)) - start[inverse] + 1
    return np.array([f"{code}{n:02d}" for code, n in zip(codes, number, strict=True)], dtype=object)
