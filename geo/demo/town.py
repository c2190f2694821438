"""The demo town: Xiangshan district 相山区 with invented streets, buildings and people.

Outline, names and codes of the district, its 10 streets and 88 communities are real; everything
inside is made up from a seed, the same to the byte each time. ``build`` is the whole interface.
"""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.demo import absences, frames, ground
from geo.demo.census import Census, census
from geo.demo.footprints import footprints
from geo.demo.streets import Names, named, streets
from geo.demo.uses import Scale
from geo.demo.workforce import Posts, workforce

__all__ = ["SEED", "Scale", "Town", "build"]

SEED = 340_603_002


@dataclass(frozen=True)
class Town:
    """The frames of a demo town; codes are text, geometry is on the storage grid (EPSG:4326).

    Parameters
    ----------
    cells : code, name, level (1 to 5), parent_code, geometry (leaf cells only)
    ground : kind, rank, name, width_m, geometry
    estates : code, name, kind
    buildings : code, name, kind, estate_code, road, door_no, building_no, floors, stairwells,
        footprint, geometry (a point)
    households : building_code, stairwell, floor, number, occupancy, persons, head_name, head_phone,
        head_id_number
    workers : code, name, duty_phone, cell_code
    assignments : worker_code, post, target_kind, target_code, stairwell, is_primary
    leaves : worker_code, substitute_code, begins_in (days from today), days
    """

    cells: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame
    estates: pd.DataFrame
    buildings: gpd.GeoDataFrame
    households: pd.DataFrame
    workers: pd.DataFrame
    assignments: pd.DataFrame
    leaves: pd.DataFrame


def build(scale: Scale, seed: int = SEED) -> Town:
    """Return the demo town.

    Parameters
    ----------
    scale : ``street`` fills Dong street (the default demo), ``district`` all ten streets,
        ``city`` every corner of the district, for benchmarks
    seed : what everything invented follows from

    Returns
    -------
    Town
    """
    count = census(seed, scale)
    lines = named(seed, count.land.plan.lattice)
    estates, buildings = frames.buildings(seed, count, lines)
    codes = buildings["code"].to_numpy(dtype=object)
    slots = count.slots
    posts = Posts(codes, count.grid_code[count.site], slots["households"], slots["stairwells"])
    teams = workforce(seed, posts)
    community = pd.Series(posts.building_grid, index=buildings["estate_code"]).str[:12]
    # An estate is of the community in which its first building stands.
    homes = community[community.index.notna()].groupby(level=0).first()
    estates_in = {code: sorted(homes.index[homes == code]) for code in community.unique()}
    workers, assignments = absences.beside(seed, *teams, estates_in)
    return Town(
        cells=frames.cells(count),
        ground=_ground(seed, count, lines),
        estates=estates,
        buildings=buildings,
        households=frames.households(seed, count, codes),
        workers=workers,
        assignments=assignments,
        leaves=absences.leaves(*teams),
    )


def _ground(seed: int, census: Census, lines: Names) -> gpd.GeoDataFrame:
    around, _ = footprints(census.around)
    drawings = [*ground.blocks(seed, census.land), *ground.waters(census.land), *census.drawings]
    made = ground.frame(drawings, streets(census.land, lines, census.borders))
    other = gpd.GeoDataFrame(
        {"kind": "other_building", "rank": 0, "name": "", "width_m": 0.0},
        geometry=list(around),
        crs=4326,
        index=range(len(around)),
    )
    return gpd.GeoDataFrame(pd.concat([made, other], ignore_index=True), crs=4326)
