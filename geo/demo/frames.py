"""The frames of the demo town: cells, estates, buildings, households."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demo import households as dwellings_of
from geo.demo import names, outline, tally
from geo.demo.blocks import Fabric
from geo.demo.cells import Pattern, leaf_shapes
from geo.demo.census import EXACT, Census
from geo.demo.contacts import contacts
from geo.demo.footprints import footprints
from geo.demo.lattice import Ints
from geo.demo.streams import stream
from geo.demo.streets import Names, address

_KINDS = {
    Fabric.TOWER: "tower",
    Fabric.COTTAGE: "house",
    Fabric.VILLAGE: "house",
    Fabric.MIXED: "mixed",
}
_ESTATE_KINDS = {
    Fabric.VILLAGE: "village",
    Fabric.OLD: "open",
    Fabric.COTTAGE: "open",
    Fabric.LONG: "open",
    Fabric.WORKS: "open",
}
_HOUSES = (Fabric.COTTAGE, Fabric.VILLAGE)


def cells(census: Census) -> gpd.GeoDataFrame:
    """Return the cells frame, sorted by code.

    Parameters
    ----------
    census : Census

    Returns
    -------
    GeoDataFrame: code, name, level, parent_code, geometry (None above the leaf cells)
    """
    rows = [(d.code, d.name, d.parent_code) for d in outline.divisions()]
    name_of = {d.code: d.name for d in outline.divisions()}
    for code in np.unique(census.grid_code):
        rows.append((code, f"{name_of[code[:12]]}第{int(code[12:])}网格", code[:12]))
    for code in census.leaf_code:
        rows.append((code, f"第{int(code[12:15])}网格{code[15:]}组", code[:15]))
    table = pd.DataFrame(rows, columns=["code", "name", "parent_code"], dtype=object)
    level = {6: 1, 9: 2, 12: 3, 15: 4, 17: 5}
    table.insert(2, "level", table["code"].map(len).map(level))
    label, shapes = leaf_shapes(_pattern(census))
    leaves = len(census.leaf_code)
    codes = [
        census.leaf_code[n] if n < leaves else outline.divisions()[n - leaves].code for n in label
    ]
    table = table.sort_values("code", ignore_index=True)
    shape_of = dict(zip(codes, shapes, strict=True))
    geometry = gpd.GeoSeries([shape_of.get(code) for code in table["code"]], crs=4326)
    return gpd.GeoDataFrame(table, geometry=geometry)


def _pattern(census: Census) -> Pattern:
    """Return the borders of the leaf cells; whole communities are numbered after them."""
    home, leaves = census.grids.home, len(census.leaf_code)
    whole = np.where(census.community >= 0, leaves + census.community, -1)
    mark = np.where(census.grids.leaf >= 0, census.grids.leaf, whole)
    rects = [
        (first + rect[0], *rect[1:])
        for layout, first in zip(census.homes.layouts, census.homes.first, strict=False)
        for rect in layout.rects
    ]
    mark = np.where(home >= 0, -2 - home, mark)
    return Pattern(census.land.plan.lattice, mark, np.array(rects, dtype=np.float64))


def buildings(seed: int, census: Census, lines: Names) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the estates and buildings frames: one estate a site.

    Parameters
    ----------
    seed : the town's seed
    census : Census
    lines : names of the streets

    Returns
    -------
    DataFrame: code, name, kind
    GeoDataFrame: code, name, kind, estate_code, road, door_no, building_no, floors, stairwells,
        footprint, geometry
    """
    estates = _estates(seed, census)
    slots, site = census.slots, census.site
    shapes, points = footprints(slots)
    house = np.isin(slots["fabric"], _HOUSES)
    in_estate = _counted(site)
    number = np.array([f"{n}号" for n in range(in_estate.max() + 1)], dtype=object)[in_estate]
    roads = np.array(
        [address(census.land.plan.lattice, lines, s.window) for s in census.homes.sites],
        dtype=object,
    )[site]
    community = np.array([code[:12] for code in census.grid_code], dtype=object)[site]
    in_community = _counted(census.owner[site])
    codes = [f"{code}B{n:05d}" for code, n in zip(community, in_community, strict=True)]
    kinds = np.array([_KINDS.get(fabric, "slab") for fabric in Fabric], dtype=object)
    village = slots["fabric"] == Fabric.VILLAGE
    name = estates["name"].to_numpy(dtype=object)[site]
    table = pd.DataFrame(
        {
            "code": codes,
            "name": name + number + np.where(house, "", "楼").astype(object),
            "kind": kinds[slots["fabric"]],
            "estate_code": estates["code"].to_numpy(dtype=object)[site],
            "road": np.where(village, "", roads[:, 0]),
            "door_no": np.where(house, number, roads[:, 1]),
            "building_no": np.where(house, "", number + "楼"),
            "floors": slots["floors"],
            "stairwells": slots["stairwells"],
        }
    )
    table["footprint"] = gpd.GeoSeries(shapes, crs=4326)
    return estates, gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, crs=4326))


def households(seed: int, census: Census, codes: np.ndarray) -> pd.DataFrame:
    """Return the households frame.

    Parameters
    ----------
    seed : the town's seed
    census : Census
    codes : (b,) object, codes of the buildings

    Returns
    -------
    DataFrame: building_code, stairwell, floor, number, occupancy, persons, head_name, head_phone,
        head_id_number
    """
    parts = []
    for number, site in enumerate(census.homes.sites):
        draw = stream(seed, "households", *site.corner)
        parts.append(dwellings_of.dwellings(census.homes.layouts[number].slots, draw))
    start = np.searchsorted(census.site, np.arange(len(parts)))
    everyone = dwellings_of.joined(parts, start)
    owner = census.owner[census.site[everyone.building]]
    for code, (_, persons) in EXACT.items():
        own = np.array([d.code for d in outline.divisions()])[owner] == code
        draw = stream(seed, "persons", code)
        everyone.persons[own] = tally.shared_out(everyone.persons[own], persons, draw)
    phones, id_numbers = contacts(seed, everyone.head)
    made = dwellings_of.frame(everyone, codes)
    return made.assign(head_phone=phones, head_id_number=id_numbers)


def _estates(seed: int, census: Census) -> pd.DataFrame:
    found = []
    for owner in np.unique(census.owner):
        division = outline.divisions()[owner]
        sisters = [d.code for d in outline.divisions() if d.parent_code == division.parent_code]
        sites = [census.homes.sites[n] for n in np.flatnonzero(census.owner == owner)]
        given = names.estates(
            seed,
            division.name,
            [site.fabric for site in sites],
            [names.place(seed, site.fabric, division.name, *site.corner) for site in sites],
            street=division.code[:9],
            share=(sisters.index(division.code), len(sisters)),
        )
        found += [
            (f"{division.code}E{n:03d}", name, _ESTATE_KINDS.get(site.fabric, "closed"))
            for n, (name, site) in enumerate(zip(given, sites, strict=True), start=1)
        ]
    return pd.DataFrame(found, columns=["code", "name", "kind"], dtype=object)


def _counted(groups: Ints) -> Ints:
    """Return 1, 2, 3 … within each run of equal, sorted groups."""
    _, start, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return np.arange(len(groups)) - start[inverse] + 1
