"""How fast points find their cells, held against peers: ``python -m bench.locate``.

20,000 cells of 81 vertices and 1,000,000 points, then 10,000,000 points and 200,000 cells;
``--quick`` takes 200,000 points on the 20,000 cells alone, in fewer rounds, and 50,000 for
``ST_Covers``. ``--json`` prints rows instead of tables. Peers run in the same rounds on the same
core: ``geopandas.sjoin`` (within), the best exact engine there is, and a NumPy gather of as many
random numbers out of a raster of 61 MB, which no exact answer can beat by much. A ratio is the
median over rounds of pairs measured next to each other; the smallest and the largest stand beside
it. What runs on one core is measured in its processor time, so that whoever else uses the machine
disturbs less. With ``WANGGE_DATABASE_URL`` every answer is compared with ``ST_Covers`` and the
lower number.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from bench.arguments import parser
from bench.cities import adversarial, city, clustered, uniform
from bench.covering import truth
from bench.shown import Row, show, step
from geo.spatial.index import build, refreshed
from geo.spatial.storage import Geometries, Points, snap
from geo.spatial.tiles.point_index import PointIndex


class Size(NamedTuple):
    """How many points are found and held against PostGIS, and in how many rounds.

    By the clock whoever else uses the machine disturbs more, so there are more rounds (``pairs``)
    of what is measured by it.
    """

    points: int
    checked: int
    rounds: int
    pairs: int


FULL, QUICK = Size(1_000_000, 1_000_000, 7, 21), Size(200_000, 50_000, 3, 5)
LARGE = FULL._replace(points=10_000_000, rounds=3)
RASTER_NUMBERS = 61_000_000 // 4
PRESETS = ("fast", "compact")

Rounds = dict[str, list[float]]


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return how many seconds some work takes."""
    begun = clock()
    work()
    return clock() - begun


def rounds(
    works: dict[str, Callable[[], object]], clock: Callable[[], float], number: int
) -> Rounds:
    """Return the seconds of each work in each round; a round runs them one after the other.

    Each runs once before it is measured, so that none pays for what the one before left behind.
    """
    measured: Rounds = {name: [] for name in works}
    for _ in range(number):
        for name, work in works.items():
            work()
            measured[name].append(timed(work, clock))
    return measured


def ratio(measured: Rounds, slow: str, fast: str) -> str:
    """Return how many times as fast the second work is: median, least and most over the rounds."""
    times = np.divide(measured[slow], measured[fast])
    return f"{np.median(times):.2f} ({times.min():.2f}-{times.max():.2f})"


def joined(points: Points, cells: Geometries) -> Callable[[], object]:
    """Return the work of the exact peer, its frames ready."""
    left = gpd.GeoDataFrame(geometry=shapely.points(snap(points)))
    right = gpd.GeoDataFrame({"cell": np.arange(len(cells))}, geometry=cells)
    return lambda: gpd.sjoin(left, right, predicate="within")


def gathered(number: int) -> Callable[[], object]:
    """Return the work of the physical limit, its numbers ready."""
    random = np.random.default_rng(1)
    raster = random.integers(0, 20_000, RASTER_NUMBERS).astype(np.int32)
    places = random.integers(0, len(raster), number)
    return lambda: raster[places]


def bulk(
    name: str, points: Points, cells: Geometries, indexes: dict[str, PointIndex], size: Size
) -> list[Row]:
    """Return a row for each preset: rates, and ratios to both peers and of two cores to one."""
    works = {"sjoin": joined(points, cells), "gather": gathered(len(points))}
    works |= {preset: lambda i=index: i.find(points) for preset, index in indexes.items()}
    step(f"{name} {len(points):,} points on {len(cells):,} cells")
    peers = rounds(works, time.process_time, size.rounds)
    os.sched_setaffinity(0, CORES)
    pairs = {
        f"{preset}{threads}": lambda i=index, t=threads: i.find(points, threads=t)
        for preset, index in indexes.items()
        for threads in (1, 2)
    }
    both = rounds(pairs, time.perf_counter, size.pairs)
    one_core()
    rate = {work: len(points) / min(seconds) / 1e6 for work, seconds in peers.items()}
    return [
        {
            "points": f"{name} {len(points):,}",
            "preset": preset,
            "M/s": round(rate[preset], 1),
            "sjoin M/s": round(rate["sjoin"], 2),
            "gather M/s": round(rate["gather"], 1),
            "x sjoin": ratio(peers, "sjoin", preset),
            "of gather": ratio(peers, "gather", preset),
            "2 cores / 1": ratio(both, f"{preset}1", f"{preset}2"),
        }
        for preset in indexes
    ]


def wrong(
    name: str, points: Points, cells: Geometries, indexes: dict[str, PointIndex]
) -> list[Row]:
    """Return a row for each preset: answers that differ from those of PostGIS."""
    step(f"{name} {len(points):,} points by ST_Covers")
    expected = truth(snap(points), cells)
    return [
        {
            "points": f"{name} {len(points):,}",
            "preset": preset,
            "wrong": int(((found != expected) & (found >= 0)).sum()),
            "missed": int(((found < 0) & (expected >= 0)).sum()),
        }
        for preset, index in indexes.items()
        for found in [index.find(points)]
    ]


def built(cells: Geometries) -> tuple[dict[str, PointIndex], list[Row]]:
    """Return an index of each preset, and how long each took and how large it is."""
    step(f"{len(cells):,} cells are indexed")
    indexes, rows = {}, []
    for preset in PRESETS:
        seconds = []
        for _ in range(2):
            begun = time.process_time()
            indexes[preset] = build(cells, preset=preset)
            seconds.append(time.process_time() - begun)
        rows.append(
            {
                "cells": len(cells),
                "preset": preset,
                "built s": round(min(seconds), 2),
                "MB": round(indexes[preset].nbytes / 1e6, 1),
            }
        )
    return indexes, rows


def one_point(index: PointIndex, points: Points) -> Row:
    """Return how long one point takes, with its chain of ancestors."""
    spent = []
    for lon, lat in points[:50_000].tolist():
        begun = time.perf_counter_ns()
        index.chain(lon, lat)
        spent.append(time.perf_counter_ns() - begun)
    median, last = np.percentile(spent, [50, 99]) / 1000
    return {"one point": "chain", "median us": round(median, 2), "p99 us": round(last, 2)}


def distances(index: PointIndex, points: Points, number: int) -> Row:
    """Return how many points are told in a second how far the border of their cell is."""
    cells = index.find(points)
    inside = np.ascontiguousarray(points[cells >= 0])
    own = cells[cells >= 0]
    works = {"border": lambda: index.border_m(inside, own)}
    measured = rounds(works, time.process_time, number)
    rate = len(inside) / float(np.median(measured["border"])) / 1e6
    return {"distances to borders": len(inside), "M/s": round(rate, 1)}


def plan(index: PointIndex, cells: Geometries) -> Row:
    """Return how long a plan of 50 cells takes: 25 pairs united, and drawn apart again."""
    codes = [code.decode() for code in index.codes.tolist()]
    middle = len(cells) // 2
    pairs = [(cell, cell + 1) for cell in range(middle, middle + 50, 2)]
    united = [shapely.coverage_union_all(cells[list(pair)]) for pair in pairs]
    kept, gone = [codes[a] for a, _ in pairs], [codes[b] for _, b in pairs]
    apart = [cells[cell] for pair in pairs for cell in pair]
    clock, spent = time.process_time, []
    for _ in range(FULL.rounds):
        begun = clock()
        after = refreshed(index, united, kept, gone=gone)
        spent.append(clock() - begun)
        begun = clock()
        refreshed(after, apart, [codes[cell] for pair in pairs for cell in pair])
        spent.append(clock() - begun)
    return {
        "plan of 50 cells on": len(cells),
        "median ms": round(float(np.median(spent)) * 1000, 1),
        "least ms": round(min(spent) * 1000, 1),
    }


START = """
import sys, time
from pathlib import Path
from geo.spatial.tiles.point_index import load
begun = time.perf_counter()
index = load(Path(sys.argv[1]), resident=sys.argv[2] == "resident")
index.find([[116.8, 33.9]]), index.locate(116.8, 33.9)
print(time.perf_counter() - begun)
"""


def start(index: PointIndex) -> list[Row]:
    """Return how long a new process takes until it answers, after its imports, caches warm."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        index.save(path)
        for how in ("mapped", "resident"):
            seconds = [
                float(subprocess.check_output([sys.executable, "-c", START, path, how]))
                for _ in range(3)
            ]
            rows.append({"start": how, "cells": len(index), "s": round(min(seconds), 3)})
    return rows


def one_core() -> None:
    os.sched_setaffinity(0, {max(CORES)})


CORES = os.sched_getaffinity(0)


def main() -> None:
    given = parser("locate").parse_args()
    size = QUICK if given.quick else FULL
    one_core()
    cells = city(20_000)
    build(cells[:50]).find([[0.0, 0.0]])
    indexes, rows = built(cells)
    sets: dict[str, Callable[..., npt.NDArray[np.float64]]] = {
        "uniform": uniform,
        "clustered": clustered,
        "adversarial": adversarial,
    }
    for name, make in sets.items():
        rows += bulk(name, make(cells, size.points), cells, indexes, size)
        if "WANGGE_DATABASE_URL" in os.environ:
            rows += wrong(name, make(cells, size.checked), cells, indexes)
    step("single points, distances, start")
    chained = build(cells, ancestors=np.arange(100_000).reshape(-1, 5))
    rows.append(one_point(chained, uniform(cells, 50_000)))
    rows.append(distances(indexes["compact"], uniform(cells, size.points), size.rounds))
    rows += start(indexes["compact"])
    show(rows if given.quick else rows + large(cells, indexes), as_json=given.json)


def large(cells: Geometries, indexes: dict[str, PointIndex]) -> list[Row]:
    """Return the rows of ten times as many points, and of ten times as many cells."""
    rows = bulk("uniform", uniform(cells, LARGE.points), cells, indexes, LARGE)
    cells = city(200_000)
    indexes, more = built(cells)
    rows += more + bulk("uniform", uniform(cells, FULL.points), cells, indexes, FULL)
    rows.append(plan(indexes["compact"], cells))
    return rows + start(indexes["compact"])


if __name__ == "__main__":
    main()
