"""How many coordinates a second change their system, on one core: ``python -m bench.crs``.

Prints one line of JSON: millions of points a second for each way, the best of several rounds by
processor time, over a million points all over China; how far a round trip misses; and how long it
takes to say which datum 100,000 rows look like.
"""

import json
import time
from collections.abc import Callable

import numpy as np
import shapely

from geo.crs.control import fitted
from geo.crs.detect import detect
from geo.crs.local import LocalGrid
from geo.crs.offsets import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.crs.systems import System
from geo.crs.transform import from_storage, to_storage, to_wgs84
from geo.demo.outline import ring
from geo.spatial.storage import Points

COUNT = 1_000_000
ROUNDS = 5
ZONE = "EPSG:4527"


def main() -> None:
    wgs84 = _china(COUNT)
    gcj02, bd09 = wgs84_to_gcj02(wgs84), wgs84_to_bd09(wgs84)
    near = np.column_stack([116.0 + wgs84[:, 0] % 2.0, 32.0 + wgs84[:, 1] % 4.0])
    plane = from_storage(near, ZONE)
    grid = LocalGrid(fitted(plane[:9] - plane[0], plane[:9]), ZONE)
    local = System(grid.name, None, None, grid)
    rates = {
        "wgs84_to_gcj02": _rate(wgs84_to_gcj02, wgs84),
        "gcj02_to_wgs84": _rate(gcj02_to_wgs84, gcj02),
        "wgs84_to_bd09": _rate(wgs84_to_bd09, wgs84),
        "bd09_to_wgs84": _rate(bd09_to_wgs84, bd09),
        "gcj02_to_bd09": _rate(gcj02_to_bd09, gcj02),
        "bd09_to_gcj02": _rate(bd09_to_gcj02, bd09),
        "zone_to_degrees": _rate(lambda points: to_wgs84(points, ZONE), plane),
        "degrees_to_zone": _rate(lambda points: from_storage(points, ZONE), near),
        "local_to_degrees": _rate(lambda points: to_wgs84(points, local), plane - plane[0]),
        "gcj02_to_storage": _rate(lambda points: to_storage(points, "gcj02"), gcj02),
    }
    missed = max(
        np.abs(gcj02_to_wgs84(gcj02) - wgs84).max(), np.abs(bd09_to_wgs84(bd09) - wgs84).max()
    )
    found = {"m_points_a_second": rates, "round_trip_um": round(missed * 111_320e6, 3)}
    print(json.dumps(found | {"detect_s": _detection_s()}))


def _rate(move: Callable[[Points], Points], points: Points) -> float:
    spent = min(_spent(move, points) for _ in range(ROUNDS))
    return round(len(points) / spent / 1e6, 2)


def _spent(move: Callable[[Points], Points], points: Points) -> float:
    start = time.process_time()
    move(points)
    return time.process_time() - start


def _detection_s() -> float:
    outline = ring()
    west, south, east, north = *outline.min(axis=0), *outline.max(axis=0)
    random = np.random.default_rng(1)
    points = random.uniform((west, south), (east, north), (100_000, 2))
    start = time.process_time()
    detect(wgs84_to_gcj02(points), [shapely.Polygon(outline)])
    return round(time.process_time() - start, 3)


def _china(count: int) -> Points:
    random = np.random.default_rng(20261122)
    return np.column_stack([random.uniform(73, 136, count), random.uniform(18, 54, count)])


if __name__ == "__main__":
    main()
