"""A small seeded town as a picture: a warped lattice, 83 buildings, 2,863 households.

Streets are the edges of the cells, so cells share every vertex. All invented.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.places.picture import OccupancyKind, OccupancyPicture, PictureCell
from geo.spatial.storage import snap

COMMUNITY = "340603002001"
KINDS = (
    OccupancyKind("owner_occupied", "自住", "owner-occupied", "自", 1),
    OccupancyKind("rented", "出租", "rented", "租", 2),
    OccupancyKind("vacant", "空置", "vacant", "空", 3),
    OccupancyKind("other", "其他", "other", "其", 4),
    OccupancyKind("unknown", "未知", "unknown", "?", 5),
)
CODES = [kind.code for kind in KINDS]
SHARES = {
    "slab": (0.76, 0.15, 0.05, 0.02, 0.02),
    "long": (0.66, 0.22, 0.07, 0.02, 0.03),
    "tower": (0.60, 0.14, 0.20, 0.03, 0.03),
    "old": (0.34, 0.46, 0.08, 0.05, 0.07),
}
HOUSEHOLDS, PERSONS = 2863, 6776

# Lattice lines of the streets in metres, and the blocks: column, row, grid, kind, buildings.
XS = np.array([-180, 130, 330, 520, 706, 892, 1086, 1290, 1640]) * 0.8
YS = np.array([-200, 66, 254, 440, 632, 818, 1100]) * 0.8
BLOCKS = [
    (2, 1, 1, "slab", 8), (3, 1, 2, "slab", 6), (4, 1, 3, "school", 3), (5, 1, 4, "tower", 6),
    (2, 2, 5, "long", 5), (3, 2, 6, "slab", 8), (4, 2, 3, "park", 0), (5, 2, 7, "tower", 6),
    (2, 3, 8, "old", 5), (3, 3, 9, "slab", 8), (4, 3, 10, "long", 5), (5, 3, 11, "works", 3),
    (2, 4, 8, "old", 4), (3, 4, 12, "slab", 6), (4, 4, 13, "tower", 6), (5, 4, 11, "slab", 4),
]  # fmt: skip
WEST, NORTH, METRE = 116.795, 33.965, 1 / 111_320


def place(points: Any) -> np.ndarray:
    """Return lattice metres as degrees on the storage grid, gently warped."""
    x, y = np.asarray(points, dtype=float).reshape(-1, 2).T
    u, v = x - 560, y - 344
    east = 554 + 0.936 * u + 0.056 * v + 6 * np.sin(y / 120)
    south = 322 - 0.056 * u + 0.936 * v + 7 * np.sin(x / 184)
    degrees = np.stack([WEST + east * METRE / 0.83, NORTH - south * METRE], axis=1)
    return snap(degrees)


def line(a: Sequence[float], b: Sequence[float], steps: int = 8) -> list[tuple[float, float]]:
    (ax, ay), (bx, by) = a, b
    return [(ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps) for i in range(steps + 1)]


def quad(x0: float, y0: float, x1: float, y1: float, across: int = 8) -> shapely.Polygon:
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    ring = [
        point
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
        for point in line(a, b, across if a[1] == b[1] else 8)[:-1]
    ]
    return shapely.Polygon(place(ring))


def slab(x: float, y: float, width: float, depth: float, turn: float = 0.0) -> shapely.Polygon:
    c, s = np.cos(turn), np.sin(turn)
    corners = [(0, 0), (width, 0), (width, depth), (0, depth)]
    return shapely.Polygon(place([(x + a * c - b * s, y + a * s + b * c) for a, b in corners]))


def town(*, names: Iterable[str] = (), version: int = 12) -> OccupancyPicture:
    """Return the picture; ``names`` replace the first names of all that has one."""
    random = np.random.default_rng(7)
    buildings = _buildings(random)
    cells = _cells(buildings)
    ground = _ground(random)
    hostile = list(names)
    for frame, column in (
        (buildings, "name"),
        (buildings, "head"),
        (cells, "name"),
        (ground, "name"),
    ):
        frame.loc[frame.index[: len(hostile)], column] = hostile[: len(frame)]
    own = cells.loc[cells["code"] == COMMUNITY, "name"].item()
    crumbs = (("340603", "相山区"), ("340603002", "东街道"))
    cell = PictureCell(COMMUNITY, own, 3, crumbs, version, date(2026, 11, 21), demo=True)
    return OccupancyPicture(cell, cells, buildings, ground, KINDS)


def without_households(picture: OccupancyPicture) -> OccupancyPicture:
    """Return a picture of a place that has a boundary and nothing else."""
    cells = picture.cells.copy()
    cells[[*CODES, "households", "persons", "buildings"]] = 0
    return replace(picture, cells=cells, buildings=picture.buildings.iloc[:0])


def _buildings(random: np.random.Generator) -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = []
    for column, row, grid, kind, count in BLOCKS:
        x, y = XS[column] + 16, YS[row] + 19
        for i in range(3 if kind in ("school", "works") else count):
            shape, mix, households = _one(kind, i, count, x, y, YS[row + 1] - YS[row], random)
            mid = shape.centroid.x > place([((XS[column] + XS[column + 1]) / 2, y)])[0, 0]
            rows.append(
                {
                    "cell_code": _leaf(column, row, int(mid)),
                    "grid_code": f"{COMMUNITY}{grid:03d}",
                    "mix": mix,
                    "households": households,
                    "geometry": shape,
                }
            )
    frame = gpd.GeoDataFrame(rows, crs=4326)
    frame["households"] += _spread(HOUSEHOLDS - frame["households"].sum(), len(frame))
    frame["persons"] = _apportioned(frame["households"].to_numpy(), PERSONS)
    counts = [
        random.multinomial(households, SHARES[mix])
        for households, mix in zip(frame["households"], frame["mix"], strict=True)
    ]
    frame[CODES] = np.array(counts)
    frame["code"] = [f"{COMMUNITY}B{i + 1:03d}" for i in range(len(frame))]
    frame["name"] = [f"供电小区{i + 1}号楼" for i in range(len(frame))]
    frame["address"] = [f"新安街{2 * i + 1}号" for i in range(len(frame))]
    frame["head"] = ["骆平川" if i % 4 == 0 else "" for i in range(len(frame))]
    points = frame.index % 17 == 16
    frame.loc[points, "geometry"] = frame.loc[points].geometry.representative_point()
    return frame.drop(columns="mix")


def _one(
    kind: str, i: int, count: int, x: float, y: float, height: float, random: np.random.Generator
) -> tuple[shapely.Polygon, str, int]:
    if kind == "long":
        return slab(x + 2, y + i * 25, 114, 10.5), "long", 48
    if kind == "tower":
        return (
            slab(x + 10 + (i % 2) * 61 + (i // 2 % 2) * 10, y + 4 + (i // 2) * 42, 24, 21.5),
            kind,
            33,
        )
    if kind == "old":
        turn = (random.random() - 0.5) * 0.34
        return slab(x + (i % 2) * 62, y + 8 + (i // 2) * 40, 42, 13, turn), kind, 12
    if kind in ("school", "works"):
        low = y + (height - 35) * 0.68
        return slab(x + (i % 2) * 62, low + (i // 2) * 22, 53, 10), "slab", 36
    step = 30 if count > 6 else 40
    return slab(x + (i % 2) * 64, y + (i // 2) * step + (i % 2) * 3, 54, 10.5), "slab", 36


def _spread(missing: int, size: int) -> np.ndarray:
    each, rest = divmod(missing, size)
    return each + (np.arange(size) < rest)


def _apportioned(weights: np.ndarray, total: int) -> np.ndarray:
    ends = np.rint(np.cumsum(weights) * total / weights.sum()).astype(int)
    return np.diff(ends, prepend=0)


def _leaf(column: int, row: int, half: int) -> str:
    grid = next(b[2] for b in BLOCKS if b[:2] == (column, row))
    first = [b for b in BLOCKS if b[2] == grid].index(
        next(b for b in BLOCKS if b[:2] == (column, row))
    )
    return f"{COMMUNITY}{grid:03d}{2 * first + half + 1:02d}"


def _cells(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    leaves = []
    for column, row, grid, *_ in BLOCKS:
        x0, x1 = XS[column], XS[column + 1]
        half = (x0 + x1) / 2
        for i, (a, b) in enumerate(((x0, half), (half, x1))):
            shape = quad(a, YS[row], b, YS[row + 1], 4)
            code = _leaf(column, row, i)
            leaves.append((code, f"第{code[-2:]}住户小组", 5, f"{COMMUNITY}{grid:03d}", shape))
    frame = gpd.GeoDataFrame(
        leaves, columns=["code", "name", "level", "parent_code", "geometry"], crs=4326
    )
    columns = ["households", "persons", *CODES]
    sums = buildings.groupby("cell_code").agg({c: "sum" for c in columns})
    sums["buildings"] = buildings.groupby("cell_code").size()
    frame = frame.join(sums, on="code")
    frame[["buildings", *columns]] = frame[["buildings", *columns]].fillna(0).astype(int)
    grids = _above(frame, 4, "供电社区第{}网格")
    community = _above(grids.assign(level=4), 3, "供电社区")
    return pd.concat([community, _siblings(columns), grids, frame], ignore_index=True)


def _above(frame: gpd.GeoDataFrame, level: int, name: str) -> gpd.GeoDataFrame:
    kept = frame.drop(columns=["code", "name", "level"])
    upper = kept.dissolve("parent_code", aggfunc="sum").reset_index()
    upper = upper.rename(columns={"parent_code": "code"})
    upper["level"] = level
    upper["parent_code"] = [c[:-3] for c in upper["code"]]
    upper["name"] = [name.format(int(c[-3:])) for c in upper["code"]]
    return upper


def _siblings(columns: list[str]) -> gpd.GeoDataFrame:
    spans = {
        "民生社区": (range(2, 6), range(5, 6)),
        "铁路社区": (range(2, 6), range(1)),
        "春秋社区": (range(2), range(6)),
        "桓谭社区": (range(6, 8), range(6)),
    }
    rows = []
    for number, (name, (across, down)) in enumerate(spans.items()):
        parts = [quad(XS[c], YS[r], XS[c + 1], YS[r + 1]) for c in across for r in down]
        counts = {"households": 1500, "persons": 3600, "buildings": 40}
        counts |= dict(zip(CODES, (1000, 300, 120, 40, 40), strict=True))
        rows.append(
            {
                "code": f"340603002{number + 2:03d}",
                "name": name,
                "level": 3,
                "parent_code": "340603002",
                "geometry": shapely.union_all(parts),
                **counts,
            }
        )
    return gpd.GeoDataFrame(rows, crs=4326)


def _ground(random: np.random.Generator) -> gpd.GeoDataFrame:
    rows: list[tuple[str, int, str, float, Any]] = []
    own = {block[:2]: block for block in BLOCKS}
    for c in range(8):
        for r in range(6):
            x0, y0, x1, y1 = XS[c] + 6, YS[r] + 6, XS[c + 1] - 6, YS[r + 1] - 6
            kind = own[c, r][3] if (c, r) in own else ""
            rows.append(("block", 0, "", 0, quad(x0, y0, x1, y1)))
            if kind == "park":
                rows.append(("park", 0, "社区公园", 0, quad(x0 + 3, y0 + 3, x1 - 3, y1 - 3)))
                rows.append(("water", 0, "", 0, quad(x0 + 70, y0 + 80, x0 + 125, y0 + 112)))
            elif kind in ("school", "works"):
                name = "供电小学" if kind == "school" else "机修厂"
                rows.append((kind, 0, name, 0, quad(x0 + 3, y0 + 12, x1 - 3, y0 + 88)))
                rows.append(("other_building", 0, "", 0, slab(x0 + 12, y0 + 24, 44, 12)))
                rows.append(("other_building", 0, "", 0, slab(x0 + 12, y0 + 50, 44, 12)))
            elif not kind:
                rows += _masses(random, x0, y0, x1, y1)
    rows += _streets()
    river = shapely.LineString(place(line((996, -200), (1010, 900), 12))).buffer(0.00018)
    rows.append(("water", 0, "老濉河", 0, river))
    track = shapely.LineString(place(line((-150, -30), (1320, -12), 30)))
    rows.append(("railway", 0, "", 6, track))
    columns = ["kind", "rank", "name", "width_m", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, crs=4326)


def _masses(
    random: np.random.Generator, x0: float, y0: float, x1: float, y1: float
) -> list[tuple[str, int, str, float, Any]]:
    places = [
        (x, y) for y in np.arange(y0 + 14, y1 - 16, 27) for x in np.arange(x0 + 12, x1 - 48, 59)
    ]
    return [
        ("other_building", 0, "", 0, slab(x, y, 40 + 10 * random.random(), 9.5))
        for x, y in places
        if random.random() < 0.8
    ]


def _streets() -> list[tuple[str, int, str, float, Any]]:
    upright = ["", "跃进路", "供电路", "", "春秋路", "", "工人路", "", ""]
    across = ["", "新安街", "", "惠黎路", "", "建设西路", ""]
    rows: list[tuple[str, int, str, float, Any]] = []
    for i, x in enumerate(XS[1:-1], start=1):
        rank = 1 if i in (2, 6) else 2 if upright[i] else 3
        shape = shapely.LineString(place(line((x, YS[0]), (x, YS[-1]), 48)))
        rows.append(("street", rank, upright[i], {1: 17, 2: 11, 3: 8}[rank], shape))
    for i, y in enumerate(YS[1:-1], start=1):
        rank = 1 if i in (1, 5) else 2 if across[i] else 3
        shape = shapely.LineString(place(line((XS[0], y), (XS[-1], y), 64)))
        rows.append(("street", rank, across[i], {1: 17, 2: 11, 3: 8}[rank], shape))
    return rows
