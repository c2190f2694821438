"""The index of points: one owner on every border, refusals with their rows, files, distances."""

import ast
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.spatial.index import ShapesRefused, build, refreshed
from geo.spatial.storage import GRID, to_grid
from geo.spatial.tiles import point_index
from geo.spatial.tiles.layout import IndexFileRefused
from geo.spatial.tiles.point_index import PointIndex, PointsRefused
from tests.world import at, box

RING = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
CELLS = np.array([box(1, 1, 2, 2), RING, box(4, 0, 5, 4), box(0, 4, 5, 5)], dtype=object)
EQUATOR = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]


def found(index: PointIndex, *points: tuple[float, float]) -> list[int]:
    return index.find([at(*point).coords[0] for point in points]).tolist()


@pytest.fixture(scope="module")
def index() -> PointIndex:
    return build(CELLS)


def test_a_point_on_a_shared_border_goes_to_the_first(index: PointIndex) -> None:
    assert found(index, (4, 2), (2, 1.5)) == [1, 0]


def test_a_point_on_a_shared_border_goes_to_the_bytewise_lower_code() -> None:
    assert found(build(CELLS, ["b", "a10", "a1", "a2"]), (4, 2), (5, 4), (2, 1.5)) == [2, 2, 1]


def test_a_corner_of_three_goes_to_the_first(index: PointIndex) -> None:
    assert found(index, (4, 4)) == [1]


def test_the_inside_of_a_hole_goes_to_what_fills_it(index: PointIndex) -> None:
    assert found(index, (1.5, 1.5)) == [0]


def test_an_unfilled_hole_and_the_outside_belong_to_nobody() -> None:
    assert found(build([RING]), (1.5, 1.5), (9, 9), (-1, 2), (2, 1.5)) == [-1, -1, -1, 0]


def test_of_cells_that_overlap_the_first_owns_what_is_common() -> None:
    twice = [box(1, 0, 3, 4), box(0, 0, 2, 4), box(0, 0, 2, 4)]

    assert found(build(twice), (0.5, 1), (1.5, 1), (2.5, 1)) == [1, 0, 0]
    assert found(build(twice[::-1]), (0.5, 1), (1.5, 1), (2.5, 1)) == [0, 0, 2]


def test_a_grid_without_cells_owns_nothing() -> None:
    empty = build([])

    assert len(empty) == 0
    assert empty.find([[116.8, 33.9], [0.0, 0.0]]).tolist() == [-1, -1]
    assert empty.locate(116.8, 33.9) == -1
    assert empty.border_m([[116.8, 33.9]]).tolist() == [-np.inf]
    assert empty.nearest([[116.8, 33.9]])[0].tolist() == [-1]


def test_a_cell_without_a_shape_owns_nothing_and_keeps_its_number() -> None:
    sparse = build([None, shapely.Polygon(), box(0, 0, 1, 1)])

    assert found(sparse, (0.5, 0.5), (0, 0)) == [2, 2]
    assert sparse.nearest([at(3, 0).coords[0]])[0].tolist() == [2]


def test_the_whole_earth_is_a_cell_too() -> None:
    earth = build([shapely.box(-180, -90, 180, 90)])
    points = [[-180, -90], [180, 90], [0, 0], [-180, 90], [179.99999999, -89.99999999]]

    assert earth.find(points).tolist() == [0] * 5


def test_the_longest_diagonals_are_told_exactly() -> None:
    west = shapely.Polygon([(-180, -90), (180, 90), (-180, 90)])
    diagonal = build([west])

    # The line is lat = lon / 2: two grid numbers east for one north.
    on = np.arange(-89, 90, 7.0)[:, None] * [2.0, 1.0]
    assert diagonal.find(on).tolist() == [0] * len(on)
    assert diagonal.find(on + np.array([GRID, 0])).tolist() == [-1] * len(on)
    assert diagonal.find(on - np.array([GRID, 0])).tolist() == [0] * len(on)


def test_no_points_give_no_cells(index: PointIndex) -> None:
    assert index.find([]).tolist() == index.find(np.empty((0, 2))).tolist() == []


def test_one_point_is_found_as_many_are(index: PointIndex) -> None:
    points = np.random.default_rng(1).uniform(at(-1, -1).coords[0], at(6, 6).coords[0], (2000, 2))

    assert [index.locate(*point) for point in points.tolist()] == index.find(points).tolist()


def test_threads_find_the_same(index: PointIndex) -> None:
    points = np.random.default_rng(2).uniform(
        at(-1, -1).coords[0], at(6, 6).coords[0], (300_001, 2)
    )

    assert (index.find(points, threads=3) == index.find(points)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 180.0000001, -1e300])
def test_points_out_of_range_are_refused_with_their_rows(index: PointIndex, bad: float) -> None:
    with pytest.raises(PointsRefused) as refused:
        index.find([[116.8, 33.9], [bad, 33.9], [116.8, 33.9], [116.8, bad]])
    assert refused.value.facts["rows"] == [1, 3]
    assert refused.value.facts["count"] == 2
    with pytest.raises(PointsRefused):
        index.locate(bad, 0.0)
    with pytest.raises(PointsRefused):
        index.chain(0.0, bad)
    with pytest.raises(PointsRefused):
        index.near([[bad, 0.0]], 10.0)


def test_a_refused_row_is_seen_among_many_by_every_thread(index: PointIndex) -> None:
    points = np.zeros((300_000, 2))
    points[[7, 299_999]] = 91.0

    with pytest.raises(PointsRefused) as refused:
        index.find(points, threads=4)
    assert refused.value.facts["rows"] == [7, 299_999]


def test_swapped_axes_beyond_ninety_degrees_are_refused(index: PointIndex) -> None:
    with pytest.raises(PointsRefused):
        index.find([[33.9, 116.8]])


def test_points_that_are_no_pairs_are_refused(index: PointIndex) -> None:
    with pytest.raises(ValueError, match="lon, lat"):
        index.find([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="numbers"):
        index.find([["116.8", "33.9"]])
    with pytest.raises(ValueError, match="numbers"):
        index.find([[True, False]])
    with pytest.raises(PointsRefused):
        index.find([[None, 33.9]])


def test_thousands_of_slivers_side_by_side_stay_small() -> None:
    # 2,000 strips two grid steps (3 cm) wide and a degree long: no tile holds only a few of them.
    west = np.arange(2000) * 2 * GRID
    strips = build(shapely.box(west, 0.0, west + 2 * GRID, 1.0))
    x, y = np.random.default_rng(5).integers(0, 4001, 300), np.random.default_rng(6).random(300)

    found = strips.find(np.column_stack([x * GRID, y]))

    assert found.tolist() == np.maximum((x + 1) // 2 - 1, 0).tolist()
    assert strips.nbytes < 20_000_000


def test_a_shape_that_is_no_area_is_refused() -> None:
    with pytest.raises(ShapesRefused) as refused:
        build([box(0, 0, 1, 1), at(0, 0)])
    assert refused.value.facts == {"reason": "kind", "count": 1, "row": 1, "kind": "Point"}


@pytest.mark.parametrize("crs", [4548, 3857, 4214])
def test_shapes_that_say_they_are_in_another_system_are_refused(crs: int) -> None:
    shapes = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=crs)

    with pytest.raises(ShapesRefused) as refused:
        build(shapes)

    assert f"EPSG:{crs}" in refused.value.message("zh") and "4326" in refused.value.message("en")


@pytest.mark.parametrize("crs", [None, 4326, 4490, "OGC:CRS84"])
def test_shapes_in_degrees_of_the_storage_system_are_taken(crs: object) -> None:
    assert build(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=crs)).locate(0.5, 0.5) == 0


@pytest.mark.parametrize("wrong", [(500_000.0, 3_757_000.0), (33.0, 116.0), (0.5, np.inf)])
def test_numbers_that_are_no_degrees_are_refused_with_their_row(wrong: tuple[float, float]) -> None:
    strange = shapely.Polygon([(0, 0), (1, 0), wrong])

    with pytest.raises(ShapesRefused) as refused:
        build([*EQUATOR, None, strange])

    assert refused.value.facts["row"] == 3 and refused.value.facts["reason"] == "bounds"
    with pytest.raises(ShapesRefused):
        refreshed(build(EQUATOR, ["a", "b"]), [strange], ["c"])


@pytest.mark.parametrize("codes", [["A"], ["A", "B", "C"]])
def test_each_shape_has_one_code(codes: list[str]) -> None:
    with pytest.raises(ShapesRefused) as refused:
        build(EQUATOR, codes)
    assert refused.value.facts == {"reason": "codes", "codes": len(codes), "count": 2}


def test_points_are_snapped_as_everywhere() -> None:
    random = np.random.default_rng(3)
    exact = random.integers(-(2**30), 2**30, 4000) / 2**23
    halves = exact + random.choice([-GRID / 2, GRID / 2, GRID / 2 - 1e-15], 4000)
    lon = np.concatenate([exact, halves, random.uniform(-180, 180, 4000)])
    strip = [shapely.box(-180, 0, value, 1) for value in (-70.5, 0.0, 40.25)]
    points = np.column_stack([lon, np.full(len(lon), 0.5)])
    east = np.array([-70.5, 0.0, 40.25]) * 2**23

    expected = np.searchsorted(east, to_grid(points)[:, 0])

    assert (build(strip).find(points) == np.where(expected == 3, -1, expected)).all()


def test_ancestors_come_with_the_cell() -> None:
    tree = build(CELLS, ancestors=[[9, 0], [9, 1], [8, 2], [8, 3]])

    assert tree.chain(*at(4, 2).coords[0]) == (9, 1)
    assert tree.chain(*at(9, 9).coords[0]) == ()
    assert tree.chains(np.array([3, -1, 0], np.int32)).tolist() == [[8, 3], [-1, -1], [9, 0]]


# At the equator of WGS-84: a·π/180 and a·(1 - e²)·π/180 metres a degree, for 2⁻¹⁰ degree.
EAST_M, NORTH_M = 111319.4908 / 1024, 110574.2758 / 1024


def test_inside_the_border_is_the_shortest_way_out() -> None:
    index, step = build(EQUATOR), 2.0**-10

    metres = index.border_m([[2 * step, step], [1.0, step], [1 + 2 * step, step], [0.5, 0.0]])

    assert metres[1] == metres[3] == 0.0
    assert metres[[0, 2]] == pytest.approx([NORTH_M, NORTH_M], rel=1e-6)
    assert index.border_m([[1 + step, 0.5]]) == pytest.approx([EAST_M], rel=1e-4)
    assert index.border_at(0, 2 * step, step) == metres[0]


def test_outside_the_distance_is_negative_and_the_nearest_cell_is_named() -> None:
    index, step = build(EQUATOR), 2.0**-10
    outside = [[2 + step, 0.0], [-step, 0.0], [1.0, -step]]

    cells, metres = index.nearest(outside)

    assert cells.tolist() == [1, 0, 0]
    assert metres == pytest.approx([EAST_M, EAST_M, NORTH_M], rel=1e-6)
    assert (index.border_m(outside) == -metres).all()


def test_neighbours_in_doubt_are_ranked_and_leave_out_the_own_cell(index: PointIndex) -> None:
    spots = np.array([at(3.999, 3.9995).coords[0], at(3, 0.5).coords[0], at(4, 4).coords[0]])
    own = index.find(spots)

    near = index.near(spots, 10.0, own=own, limit=3)

    assert own.tolist() == [1, 1, 1]
    # 0.0005·2⁻⁷° north and 0.001·2⁻⁷° east of the spot; on the corner both at no distance.
    assert near.cells.tolist() == [[3, 2, -1], [-1, -1, -1], [2, 3, -1]]
    assert near.metres[0, :2] == pytest.approx([0.433, 0.722], abs=0.01)
    assert near.metres[2, :2].tolist() == [0.0, 0.0]
    assert np.isnan(near.metres[1]).all()


def test_a_radius_that_is_no_length_seeks_nothing(index: PointIndex) -> None:
    spot = at(4, 4).coords[0]

    assert (index.near([spot, spot], [np.nan, -1.0]).cells == -1).all()


def test_only_the_nearest_are_kept_when_many_are_near() -> None:
    strips = [box(x, 0, x + 1, 1) for x in range(40)]

    near = build(strips[::-1]).near([at(-0.5, 0.5).coords[0]], np.inf, limit=5)

    assert near.cells.tolist() == [[39, 38, 37, 36, 35]]


@pytest.mark.parametrize("resident", [False, True])
def test_an_index_survives_a_file(index: PointIndex, tmp_path: Path, resident: bool) -> None:
    points = np.random.default_rng(4).uniform(at(-1, -1).coords[0], at(6, 6).coords[0], (5000, 2))
    index.save(tmp_path / "index")

    loaded = point_index.load(tmp_path / "index", resident=resident)

    assert (loaded.find(points) == index.find(points)).all()
    assert (loaded.border_m(points) == index.border_m(points)).all()
    assert loaded.codes.tolist() == index.codes.tolist() == [b"0", b"1", b"2", b"3"]
    assert list(tmp_path.iterdir()) == [tmp_path / "index"]


def test_an_empty_index_survives_a_file(tmp_path: Path) -> None:
    build([]).save(tmp_path / "index")

    assert point_index.load(tmp_path / "index").find([[0.0, 0.0]]).tolist() == [-1]


def test_a_file_that_is_no_whole_index_is_refused(index: PointIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    whole = (tmp_path / "index").read_bytes()
    altered = whole[:80] + bytes([whole[80] ^ 1]) + whole[81:]
    for broken in (b"", b"short", whole[:500], whole[:-70], b"\0" * len(whole), altered):
        (tmp_path / "broken").write_bytes(broken)
        with pytest.raises(IndexFileRefused):
            point_index.load(tmp_path / "broken")
    with pytest.raises(IndexFileRefused):
        point_index.load(tmp_path / "missing")


def test_the_kernel_imports_numpy_and_numba_alone() -> None:
    ours = Path(point_index.__file__).parent
    known = set(sys.stdlib_module_names) | {"numpy", "numba", "llvmlite", "geo"}
    imported = {
        name.split(".")[0]
        for path in ours.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
    }
    program = (
        "import sys, geo.spatial.tiles.point_index;"
        "print({'shapely', 'pandas', 'pyproj', 'sqlalchemy'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert imported <= known
    assert loaded.stdout.strip() == "set()"


def test_cells_that_meet_in_a_corner_are_equally_far_from_beyond_it() -> None:
    # A fan of cells around one corner: from beyond it all are equally far, so codes decide.
    random = np.random.default_rng(9)
    for _ in range(200):
        corner, east, north = random.uniform(-1, 1, 2), *random.uniform(0.1, 1, 2)
        fan = [(-east, north), (-east / 3, north), (east / 5, north), (east, north)]
        cells = [
            shapely.Polygon([corner, corner + one, corner + other]) for one, other in pairwise(fan)
        ]

        near = build(cells, ["c", "a", "b"]).near([corner - (0.0, 0.01)], np.inf, limit=3)

        assert near.cells.tolist() == [[1, 2, 0]]
        assert len(set(near.metres[0].tolist())) == 1


FORKED = """
import os, sys
import numpy as np, shapely
from geo.spatial.index import build
index = build([shapely.box(0, 0, 1, 1)])
points = np.full((200_000, 2), 0.5)
assert not index.find(points, threads=3).any()
child = os.fork()
found = index.find(points, threads=3).any()
if child:
    found = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
os._exit(int(found))
"""


def test_a_process_that_was_forked_has_threads_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], timeout=60, check=False)
    assert done.returncode == 0
