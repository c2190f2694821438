"""A grid for a database that has none: an invented city of leaves, communities and towns."""

import geopandas as gpd
import numpy as np
import shapely

from bench.cities import city
from geo.access.actors import Actor
from geo.grid.service import publish_cells
from geo.grid.store import latest_publication
from geo.runtime import Runtime


def publish(runtime: Runtime, number: int) -> None:
    """Publish a city of so many leaves in communities of a hundred and towns of a thousand."""
    land = city(number)
    # What a lake leaves out is a cell too: a grid has no gap.
    rings = shapely.get_rings(shapely.coverage_union_all(land))[1:]
    cells = [*land, *shapely.polygons(rings)]
    leaves = [f"3406{n // 1000:02}{n // 100 % 10:02}{n % 100:03}" for n in range(len(cells))]
    communities, towns = (dict.fromkeys(code[:cut] for code in leaves) for cut in (8, 6))
    codes = ["3406", *towns, *communities, *leaves]
    parents = [None, *("3406" for _ in towns), *(c[:6] for c in communities)]
    levels = np.repeat([1, 2, 3, 4], [1, len(towns), len(communities), len(leaves)])
    shapes = [None] * (len(codes) - len(cells)) + cells
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [f"bench {code}" for code in codes],
            "level": levels,
            "parent_code": [*parents, *(code[:8] for code in leaves)],
        },
        geometry=shapes,
        crs=4326,
    )
    with runtime.work(Actor.system("bench"), long=True) as work:
        publish_cells(work, frame, note="bench")


def is_empty(runtime: Runtime) -> bool:
    """Return whether nothing was ever published."""
    with runtime.work(Actor.system("bench"), reading=True) as work:
        return latest_publication(work.session) is None
