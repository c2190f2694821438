"""How long the self-contained occupancy map takes and how large it is: ``python -m bench.maps``.

A lattice town of 3,000 buildings, one to each cell of level 5 (as many cells as a street office
has), with streets around the blocks. Prints one line of JSON.
"""

import json
import sys
import time
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from geo.places.picture import OccupancyKind, OccupancyPicture, PictureCell
from geo.spatial.storage import snap
from maps.pages.home import occupancy_file

BUILDINGS = 3_000
BLOCK = 0.0006
KINDS = ("owner_occupied", "rented", "vacant", "other", "unknown")
COUNTS = ["buildings", "households", "persons", *KINDS]


def picture(buildings: int) -> OccupancyPicture:
    """Return the lattice town."""
    random = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(buildings)))
    column, row = np.divmod(np.arange(buildings), side)
    west, south = 116.78 + column * BLOCK, 33.94 + row * BLOCK
    leaves = _bent(shapely.box(west, south, west + BLOCK, south + BLOCK))
    counts = random.multinomial(36, (0.68, 0.18, 0.09, 0.03, 0.02), size=buildings)
    grids = np.char.add("1.1.1.", (column // 6 * 100 + row // 6).astype(str))
    households = counts.sum(axis=1)
    frame = gpd.GeoDataFrame(
        {
            "code": [f"340603002001{i:05d}" for i in range(buildings)],
            "name": [f"第{i + 1}住户小组" for i in range(buildings)],
            "level": 5,
            "parent_code": grids,
            "buildings": 1,
            "households": households,
            "persons": households * 2,
            **dict(zip(KINDS, counts.T, strict=True)),
        },
        geometry=leaves,
        crs=4326,
    )
    shift = 0.00002 * random.random((buildings, 2))
    slabs = shapely.box(west + 1e-4, south + 2e-4, west + 5e-4, south + 3e-4)
    placed = [
        shapely.transform(s, lambda xy, d=d: snap(xy + d))
        for s, d in zip(slabs, shift, strict=True)
    ]
    homes = gpd.GeoDataFrame(
        frame.drop(columns=["geometry", "level", "parent_code"]).assign(
            cell_code=frame["code"],
            name=[f"供电小区{i + 1}号楼" for i in range(buildings)],
            address=[f"新安街{i // 20 + 1}号{i % 20 + 1}号楼" for i in range(buildings)],
            head=[f"楼长{i % 90}" for i in range(buildings)],
        ),
        geometry=placed,
        crs=4326,
    )
    cell = PictureCell("1", "测试街道", 2, (("0", "相山区"),), 1, date(2026, 11, 21), demo=True)
    kinds = tuple(OccupancyKind(kind, kind, kind, kind[0], i) for i, kind in enumerate(KINDS))
    return OccupancyPicture(cell, _upper(frame), homes, _ground(side), kinds)


def _bent(boxes: np.ndarray) -> np.ndarray:
    """Return cells with eight vertices a side, as cells along real streets have."""
    return shapely.transform(shapely.segmentize(boxes, BLOCK / 8), _wave)


def _wave(xy: np.ndarray) -> np.ndarray:
    return snap(xy + 0.00003 * np.sin(xy[:, ::-1] * 4000))


def _upper(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    grids = frame.groupby("parent_code")[COUNTS].sum().reset_index()
    grids = grids.rename(columns={"parent_code": "code"}).assign(
        level=4, parent_code="1.1", name=lambda g: "网格" + g["code"]
    )
    whole = {column: int(frame[column].sum()) for column in COUNTS}
    upper = [
        {"code": "1.1", "name": "测试社区", "level": 3, "parent_code": "1", **whole},
        {"code": "1", "name": "测试街道", "level": 2, "parent_code": None, **whole},
    ]
    rows = [*upper, *grids.to_dict("records"), *frame.to_dict("records")]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)


def _ground(side: int) -> gpd.GeoDataFrame:
    ends = np.arange(0, side + 1, 3) * BLOCK
    far = side * BLOCK
    lines = [shapely.LineString([(116.78 + e, 33.94), (116.78 + e, 33.94 + far)]) for e in ends]
    lines += [shapely.LineString([(116.78, 33.94 + e), (116.78 + far, 33.94 + e)]) for e in ends]
    lines = list(shapely.segmentize(lines, BLOCK / 4))
    blocks = shapely.box(*[a.ravel() for a in _corners(ends)])
    rows = [("street", 2, f"第{i}路", 9.0, line) for i, line in enumerate(lines)]
    rows += [("block", 0, "", 0.0, block) for block in blocks]
    return gpd.GeoDataFrame(rows, columns=["kind", "rank", "name", "width_m", "geometry"], crs=4326)


def _corners(ends: np.ndarray) -> tuple[np.ndarray, ...]:
    west, south = np.meshgrid(ends[:-1] + 116.78, ends[:-1] + 33.94)
    return west + 5e-5, south + 5e-5, west + 3 * BLOCK - 5e-5, south + 3 * BLOCK - 5e-5


def main() -> None:
    """Build the file three times, print the best, and keep it when a path is given."""
    town = picture(BUILDINGS)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        text = occupancy_file(town, lang="zh")
        times.append(time.perf_counter() - began)
    figures = {"buildings": BUILDINGS, "seconds": round(min(times), 3)}
    print(json.dumps(figures | {"kB": round(len(text.encode()) / 1000, 1)}))
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
