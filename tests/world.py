"""A town small enough to check by hand: one district, two towns, four communities, six leaves.

Its unit is 0.01 degree, so that every number below can be worked out on paper. ::

    lat   0.02 ┌──────┬──────┐
               │ A101 │ B1   │      A = town A (left), B = town B (right)
          0.01 ├──┬───┼──────┤      A1 is divided into A101 (top) and the grids A1021, A1022
               │1 │ 2 │ B2   │      below; B1 and B2 are communities without grids
          0.00 └──┴───┴──────┘
             0.00   0.01   0.02  lon, from (116.8, 33.9)

All coordinates lie on the storage grid, because 116.8 and 33.9 are snapped first.
"""

import geopandas as gpd
import pandas as pd
import shapely

from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.crypto.fields import HEAD_NAME, blind
from geo.grid.service import publish_cells
from geo.grid.store import latest_publication, versions_in
from geo.people.service import add_households
from geo.places import service as places
from geo.runtime import Runtime
from geo.spatial.storage import snap
from geo.work import Work
from geo.workforce import service as workforce

WEST, SOUTH = (float(value) for value in snap([[116.8, 33.9]])[0])
# 0.01 degree is not on the grid; this is, and divides by two.
STEP = 2**-7


def box(
    west: float, low: float, east: float, high: float, *, south: list[float] | None = None
) -> shapely.Polygon:
    """Return a rectangle in steps from the south-west corner, with vertices on its south side."""
    corners = [
        (west, low),
        *((x, low) for x in south or []),
        (east, low),
        (east, high),
        (west, high),
    ]
    return shapely.Polygon([(WEST + x * STEP, SOUTH + y * STEP) for x, y in corners])


def at(east: float, north: float) -> shapely.Point:
    """Return a point given in steps from the south-west corner of the town."""
    return shapely.Point(WEST + east * STEP, SOUTH + north * STEP)


def cells() -> gpd.GeoDataFrame:
    """Return the cells of the town: leaves with shapes, upper cells without."""
    rows = [
        ("100", "测试区", 1, None, None),
        ("100A", "甲街道", 2, "100", None),
        ("100B", "乙街道", 2, "100", None),
        ("100A1", "上社区", 3, "100A", box(0, 1, 1, 2, south=[0.5])),
        ("100A2", "下社区", 3, "100A", None),
        ("100A2001", "第 1 网格", 4, "100A2", box(0, 0, 0.5, 1)),
        ("100A2002", "第 2 网格", 4, "100A2", box(0.5, 0, 1, 1)),
        ("100B1", "北社区", 3, "100B", box(1, 1, 2, 2)),
        ("100B2", "南社区", 3, "100B", box(1, 0, 2, 1)),
    ]
    frame = pd.DataFrame(rows, columns=["code", "name", "level", "parent_code", "geometry"])
    return gpd.GeoDataFrame(frame, crs=4326)


def buildings() -> gpd.GeoDataFrame:
    """Return four buildings: two in grid 1, one in the north, one outside every cell."""
    points = [at(0.1, 0.1), at(0.3, 0.5), at(1.5, 1.5), at(3.0, 3.0)]
    return gpd.GeoDataFrame(
        {
            "code": ["b1", "b2", "b3", "b4"],
            "name": ["1号楼", "2号楼", "3号楼", "4号楼"],
            "kind": "slab",
            "estate_code": ["e1", "e1", None, None],
            "road": "人民路",
            "door_no": "1号",
            "building_no": ["1号楼", "2号楼", "3号楼", "4号楼"],
            "floors": 6,
            "stairwells": 2,
            "footprint": [shapely.box(p.x, p.y, p.x + STEP / 64, p.y + STEP / 128) for p in points],
        },
        geometry=points,
        crs=4326,
    )


def estates() -> pd.DataFrame:
    """Return the one estate."""
    return pd.DataFrame({"code": ["e1"], "name": ["幸福小区"], "kind": ["closed"]})


def households() -> pd.DataFrame:
    """Return seven households: b1 2 owner-occupied, 1 rented, 1 vacant; b2 1 rented; b3 2."""
    rows = [
        ("b1", 1, 1, "101", "owner_occupied", 3, "甲一"),
        ("b1", 1, 1, "102", "owner_occupied", 2, "甲二"),
        ("b1", 2, 1, "101", "rented", 1, "甲三"),
        ("b1", 2, 1, "102", "vacant", 0, ""),
        ("b2", 1, 2, "201", "rented", 4, "乙一"),
        ("b3", 1, 1, "101", "owner_occupied", 2, "丙一"),
        ("b3", 1, 1, "102", "unknown", None, ""),
    ]
    columns = ["building_code", "stairwell", "floor", "number", "occupancy", "persons", "head_name"]
    return pd.DataFrame(rows, columns=columns)


def workers() -> pd.DataFrame:
    """Return three invented workers."""
    return pd.DataFrame(
        {
            "code": ["w1", "w2", "w3"],
            "name": ["沈知夏", "骆平川", "陶一禾"],
            "duty_phone": ["0561-555-0101", "0561-555-0102", "0561-555-0103"],
            "cell_code": ["100A2001", "100A2001", "100A2"],
        }
    )


def assignments() -> pd.DataFrame:
    """Return who answers: w1 for grid 1 first, w2 for building b1, w3 for the lower community."""
    rows = [
        ("w1", "grid_worker", "cell", "100A2001", None, True),
        ("w2", "building_head", "building", "b1", None, False),
        ("w3", "community_secretary", "cell", "100A2", None, True),
    ]
    columns = ["worker_code", "post", "target_kind", "target_code", "stairwell", "is_primary"]
    return pd.DataFrame(rows, columns=columns)


def seer(scope: Scope) -> Actor:
    """Return an actor who sees a scope and whose reads need no note of their own."""
    return Actor("test", scope, ActorKind.SYSTEM)


def store(runtime: Runtime) -> None:
    """Store the whole town and commit."""
    with runtime.work(Actor.system("test")) as work:
        fill(work)


def fill(work: Work) -> None:
    """Store the whole town in an open work."""
    publish_cells(work, cells(), note="world")
    places.add_estates(work, estates())
    places.add_buildings(work, buildings())
    add_households(work, households(), zone="Asia/Shanghai")
    workforce.add_workers(work, workers())
    workforce.assign(work, assignments())


def head_blind(work: Work, name: str) -> bytes:
    """Return the blind index under which a head of household stands."""
    found = blind(work.keyring, HEAD_NAME, name)
    assert found is not None
    return found


def paths(runtime: Runtime) -> dict[str, str]:
    """Return the path of each cell by its code, newest publication."""
    with runtime.work(Actor.system("test")) as work:
        latest = latest_publication(work.session)
        assert latest is not None
        rows = work.session.scalars(versions_in(latest.number))
        return {row.code: row.path for row in rows}
