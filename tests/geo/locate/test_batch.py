"""A batch says of each point what one question says of it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs.faults import Fault
from geo.crs.transform import from_storage, to_storage, to_storage_each
from geo.locate import batch as module
from geo.locate.batch import Batch, Flaw, locate_points, turned_matches
from geo.locate.cells import cells_of, chains
from geo.locate.snapshot import Snapshot
from geo.spatial.index import build
from tests.geo.spatial.index_cases import SPOTS, random_cells

CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")


def grid_of(shapes: np.ndarray) -> Snapshot:
    """Return a grid of leaves below one root, their codes in another order than their numbers."""
    codes = [f"c{(7 * number) % 97:02}-{number}" for number in range(len(shapes))]
    order = sorted(range(len(shapes)), key=lambda number: codes[number].encode())
    leaves = [(number + 2, codes[number], f"名{number}", 2, 1, number + 2) for number in order]
    cells = cells_of([(1, "root", "根", 1, None, None), *leaves])
    rows = np.arange(1, len(cells), dtype=np.int32)
    index = build(
        shapes[order], [codes[number] for number in order], ancestors=chains(cells.parents, rows)
    )
    return Snapshot(5, cells, index)


def one(grid: Snapshot, lon: float, lat: float, accuracy_m: float) -> tuple[object, ...]:
    """Return what a single question is answered, as ``geo.locate.memory.located`` puts it."""
    cell = grid.index.locate(lon, lat)
    if cell < 0:
        nearest = grid.nearest(lon, lat)
        return ("", None, False, (), nearest and (nearest.code, nearest.distance_m))
    boundary = grid.boundary(cell, lon, lat, accuracy_m)
    near = tuple((c.code, c.distance_m) for c in boundary.candidates)
    code = grid.steps(grid.chain(cell))[-1].code
    return (code, boundary.distance_m, boundary.ambiguous, near, None)


def row(grid: Snapshot, batch: Batch, place: int) -> tuple[object, ...]:
    """Return what a batch says of a point, in the same shape."""
    if batch.leaves[place] < 0:
        near = int(batch.nearest[place])
        told = None if near < 0 else (grid.cells.code(near), float(batch.nearest_m[place]))
        return ("", None, bool(batch.ambiguous[place]), (), told)
    found = np.flatnonzero(batch.doubts.places == place)
    near = tuple(
        (grid.cells.code(int(cell)), float(metres))
        for at in found
        for cell, metres in zip(batch.doubts.cells[at], batch.doubts.metres[at], strict=True)
        if cell >= 0
    )
    code = grid.cells.code(int(batch.leaves[place]))
    return (code, float(batch.border_m[place]), bool(batch.ambiguous[place]), near, None)


@given(
    seed=st.integers(0, 10_000),
    spot=st.sampled_from(SPOTS),
    crs=st.sampled_from(CRS),
    accuracy_m=st.sampled_from([0.0, 0.001, 30.0, 10_000.0]),
)
@settings(max_examples=25, deadline=None)
def test_a_batch_answers_as_one_question_after_another(
    seed: int, spot: tuple[float, float], crs: str, accuracy_m: float
) -> None:
    shapes = random_cells(seed, steps=40, spot=spot)
    grid = grid_of(shapes)
    random = np.random.default_rng(seed)
    bounds = shapely.total_bounds(shapes)
    corners = shapely.get_coordinates(shapes)
    given_points = np.concatenate(
        [
            random.uniform(bounds[:2] - 1e-4, bounds[2:] + 1e-4, (20, 2)).clip(
                (-180, -90), (180, 90)
            ),
            corners[random.integers(0, len(corners), 20)],
        ]
    )

    batch = locate_points(
        grid, given_points[:, 0], given_points[:, 1], crs=crs, accuracy_m=accuracy_m
    )

    stored = to_storage(given_points, crs)
    assert batch.points.tolist() == stored.tolist()
    assert [row(grid, batch, place) for place in range(len(stored))] == [
        one(grid, lon, lat, accuracy_m) for lon, lat in stored.tolist()
    ]


def test_flaws_are_those_of_the_coordinates_and_those_given() -> None:
    grid = grid_of(np.array([shapely.box(116, 33, 117, 34)]))
    lon = np.array([116.5, 33.5, np.nan, 181.0, 116.5, 116.5, 116.5])
    lat = np.array([33.5, 116.5, 33.5, 3.0, 33.5, 33.5, 33.5])
    known = np.array([0, 0, 0, 0, Flaw.NOT_NUMBER, 0, 0], dtype=np.int8)
    accuracy_m = np.array([0.0, 0, 0, 0, 0, -1.0, np.nan])

    batch = locate_points(grid, lon, lat, accuracy_m=accuracy_m, flaws=known)

    assert [Flaw(flaw).name for flaw in batch.flaws] == [
        "NONE",
        "SWAPPED",
        "NOT_FINITE",
        "OFF_GLOBE",
        "NOT_NUMBER",
        "ACCURACY",
        "NONE",
    ]
    assert (batch.leaves >= 0).tolist() == (batch.flaws == Flaw.NONE).tolist()
    assert np.isnan(batch.points[batch.flaws != Flaw.NONE]).all()


def test_the_flaws_of_points_are_the_faults_of_coordinates() -> None:
    assert [Flaw[fault.name].value for fault in Fault] == [fault.value for fault in Fault]
    assert to_storage_each([[33.5, 116.5]], "wgs84").faults.tolist() == [Flaw.SWAPPED]


def test_blocks_are_joined_as_if_there_were_one(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = grid_of(random_cells(3, steps=40, spot=SPOTS[0]))
    random = np.random.default_rng(3)
    west, south, east, north = shapely.total_bounds(random_cells(3, steps=40, spot=SPOTS[0]))
    lon, lat = random.uniform(west, east, 500), random.uniform(south, north, 500)
    whole = locate_points(grid, lon, lat, accuracy_m=30.0)

    monkeypatch.setattr(module, "BLOCK", 64)
    blocks = locate_points(grid, lon, lat, accuracy_m=30.0)

    assert [row(grid, blocks, place) for place in range(500)] == [
        row(grid, whole, place) for place in range(500)
    ]
    assert blocks.points.tolist() == whole.points.tolist()


def test_swapped_points_are_told_where_both_ways_lie_on_the_globe() -> None:
    grid = grid_of(np.array([shapely.box(26, 60, 27, 61)]))
    lon, lat = np.array([60.5, 26.5, 10.0]), np.array([26.5, 60.5, 10.0])

    batch = locate_points(grid, lon, lat)

    assert turned_matches(grid, batch, lon, lat, "wgs84").tolist() == [True, False, False]


def test_a_grid_without_cells_answers_nothing() -> None:
    empty = Snapshot(1, cells_of([]), build([], []))

    batch = locate_points(empty, np.array([1.0]), np.array([1.0]))

    assert row(empty, batch, 0) == ("", None, False, (), None)


@pytest.mark.parametrize("crs", CRS)
def test_a_row_whose_swapped_numbers_name_a_cell_says_so(crs: str) -> None:
    grid = grid_of(np.array([shapely.box(75.5, 39.0, 76.0, 39.5)]))
    given = from_storage([[75.75, 39.25], [75.75, 39.75]], crs)
    lon = np.array([given[0, 0], given[0, 1], 39.25, given[1, 0]])
    lat = np.array([given[0, 1], given[0, 0], 60.0, given[1, 1]])

    found = locate_points(grid, lon, lat, crs=crs)

    assert found.flaws.tolist() == [Flaw.NONE, Flaw.SWAPPED, Flaw.NONE, Flaw.NONE]
    assert (found.leaves >= 0).tolist() == [True, False, False, False]
    assert (found.nearest >= 0).tolist() == [False, False, True, True]
    assert np.isnan(found.points[1]).all()


def test_a_point_near_its_own_cell_is_outside_though_its_swapped_one_is_inside() -> None:
    # Where longitude and latitude are alike both ways are near: then nothing is guessed.
    grid = grid_of(np.array([shapely.box(45.0, 44.9, 45.1, 45.0)]))

    found = locate_points(grid, np.array([44.95]), np.array([45.05]))

    assert (found.flaws[0], found.leaves[0], found.nearest[0] >= 0) == (Flaw.NONE, -1, True)
