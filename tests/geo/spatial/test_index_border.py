"""Distances of many points at once, of cells of many edges and many rings, to the bit."""

from pathlib import Path

import numba
import numpy as np
import pytest
import shapely

from geo.spatial.index import build, refreshed
from geo.spatial.storage import GRID
from geo.spatial.tiles.build import address
from geo.spatial.tiles.lanes import FAR, eight_edges
from geo.spatial.tiles.memory import bits_of
from geo.spatial.tiles.metres import steps_m, to_edge
from geo.spatial.tiles.point_index import PointIndex, load
from geo.spatial.tiles.stretches import stretches_of

WEST, SOUTH = 116.5, 33.5


def wheel(corners: int, *, middle: tuple[float, float], radius: float, seed: int) -> np.ndarray:
    """Return a crooked ring about a middle, degrees."""
    random = np.random.default_rng(seed)
    angle = (np.arange(corners) + random.uniform(0, 0.3, corners)) * 2 * np.pi / corners
    long = radius * random.uniform(0.8, 1.0, corners)
    return np.add(middle, np.column_stack([np.cos(angle), np.sin(angle)]) * long[:, None])


def shape(*, corners: int, holes: int, parts: int, seed: int) -> shapely.Geometry:
    """Return a cell of several parts, each with holes in a row."""
    polygons = []
    for part in range(parts):
        middle = (WEST + 0.3 * part, SOUTH)
        inner = [
            wheel(5 + 9 * n, middle=(middle[0] - 0.03 + 0.015 * n, SOUTH), radius=0.006, seed=n)
            for n in range(holes)
        ]
        outer = wheel(corners, middle=middle, radius=0.12, seed=seed + part)
        polygons.append(shapely.Polygon(outer, inner))
    return shapely.set_precision(shapely.MultiPolygon(polygons), GRID)


def asked(cell: shapely.Geometry, number: int = 300) -> np.ndarray:
    """Return points all over a cell and around it, on its vertices and beside its edges."""
    random = np.random.default_rng(4)
    low, high = np.split(np.array(cell.bounds), 2)
    vertices = shapely.get_coordinates(cell)
    near = vertices[random.integers(0, len(vertices), number)]
    return np.concatenate(
        [
            random.uniform(low - 0.1, high + 0.1, (number, 2)),
            near,
            near + random.normal(size=near.shape) * 10.0 ** random.uniform(-8, -3, (number, 1)),
            [[-60.0, -40.0], [179.9, 89.9], [WEST, -90.0]],
        ]
    )


def check(index: PointIndex, cell: int, points: np.ndarray) -> None:
    """Compare with what one point is told, which looks at every edge."""
    found = index.border_m(points, np.full(len(points), cell, dtype=np.int32))
    assert found.tolist() == [index.border_at(cell, *point) for point in points.tolist()]


@pytest.mark.parametrize("corners", [4, 9, 17, 257, 3000])
@pytest.mark.parametrize(("holes", "parts"), [(0, 1), (5, 1), (3, 3)])
def test_whatever_the_border_is_made_of_the_distance_is_the_same(
    corners: int, holes: int, parts: int, tmp_path: Path
) -> None:
    cells = [shape(corners=corners, holes=holes, parts=parts, seed=seed) for seed in (1, 20)]
    index = build(cells, ["a", "b"])
    points = asked(cells[1])

    check(index, 1, points)
    index.save(tmp_path / "index")
    check(load(tmp_path / "index"), 1, points)
    later = refreshed(index, [cells[1], cells[0]], ["c", "a"])
    check(later, 2, points)
    check(later, 0, points)
    check(refreshed(later, [cells[0]], ["b"], gone=["a"]), 1, points)


def test_a_stretch_is_eight_edges_of_one_ring_and_its_box_holds_them() -> None:
    random = np.random.default_rng(2)
    sizes = np.array([4, 9, 10, 17, 18, 100])
    vertices = random.integers(-(2**31), 2**31, (sizes.sum() + 1, 2)).astype(np.int32)
    ends, ring = np.cumsum(sizes), 7

    boxes = stretches_of(vertices, ends.astype(np.int32), vertex=1003, ring=ring)

    base, kept = 1003 // 8 + ring, np.zeros(len(boxes), dtype=bool)
    for number, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        first = end - size
        for edge in range(first, end - 1, 8):
            row = (1003 + first) // 8 + ring + number + (edge - first) // 8 - base
            part = vertices[edge : min(edge + 9, end)]
            assert boxes[row].tolist() == [*part.min(axis=0), *part.max(axis=0)]
            assert not kept[row]
            kept[row] = True
    nowhere = [2**31 - 1, 2**31 - 1, -(2**31), -(2**31)]
    assert (boxes[~kept] == nowhere).all()


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def one_after_the_other(vertices: np.ndarray, edges: int, x: int, y: int, lat: float) -> int:
    east_m, north_m = steps_m(lat)
    least = FAR
    for edge in range(edges):
        x1, y1 = (vertices[edge, 0] - x) * east_m, (vertices[edge, 1] - y) * north_m
        x2, y2 = (vertices[edge + 1, 0] - x) * east_m, (vertices[edge + 1, 1] - y) * north_m
        least = min(least, bits_of(to_edge(x1, y1, x2, y2)))
    return least


@numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
def side_by_side(address: int, edges: int, x: int, y: int, lat: float) -> int:
    east_m, north_m = steps_m(lat)
    return eight_edges(address, edges, x, y, east_m, north_m)


def test_eight_edges_at_once_are_those_one_after_the_other_to_the_bit() -> None:
    random = np.random.default_rng(3)
    for _ in range(1000):
        wide = 2 ** random.integers(1, 31)
        vertices = random.integers(-wide, wide, (9, 2)).astype(np.int32)
        vertices[random.integers(0, 9)] = vertices[random.integers(0, 9)]
        edges, lat = int(random.integers(0, 9)), float(random.uniform(-90, 90))
        x, y = random.integers(-wide, wide, 2).tolist()
        one = one_after_the_other(vertices.astype(np.int64), edges, x, y, lat)
        assert side_by_side(address(vertices), edges, x, y, lat) == one
        assert (one == FAR) == (edges == 0)


@numba.njit  # type: ignore[untyped-decorator]
def degrees_m(lat: float) -> tuple[float, float]:
    east_m, north_m = steps_m(lat)
    return 2.0**23 * east_m, 2.0**23 * north_m


def test_a_degree_has_the_length_that_pyproj_measures() -> None:
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    for lat in (0.0, 0.5, 33.9, -45.0, 60.0, 89.0):
        east_m, north_m = degrees_m(lat)
        assert east_m * 1e-3 == pytest.approx(geod.inv(0, lat, 1e-3, lat)[2], rel=1e-8)
        assert north_m * 1e-3 == pytest.approx(geod.inv(0, lat - 5e-4, 0, lat + 5e-4)[2], rel=1e-8)
