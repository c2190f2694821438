"""Arcs of small coverages worked out by hand, and of the sample town by identities."""

import numpy as np
import shapely

from geo.spatial.storage import GRID
from maps.coverage import NONE, Arcs, arcs
from maps.overlays.cells import chains
from tests.maps import pictures


def box(x0: int, y0: int, x1: int, y1: int) -> shapely.Polygon:
    return shapely.box(x0 * GRID, y0 * GRID, x1 * GRID, y1 * GRID)


def as_lines(found: Arcs) -> list[shapely.LineString]:
    parts = np.split(found.lines.numbers * GRID, np.cumsum(found.lines.lengths)[:-1])
    return [shapely.LineString(part) for part in parts]


def test_a_shared_border_is_one_arc_with_both_cells() -> None:
    found = arcs(
        np.array([box(0, 0, 10, 10), box(10, 0, 20, 10)]),
        np.array([[9, 8, 7, 0, NONE], [9, 8, 7, 1, NONE]]),
    )
    shared = found.sides[(found.sides != NONE).all(axis=1)]
    assert shared.tolist() == [[0, 1]]
    assert found.level.tolist().count(4) == 1
    assert found.level.tolist().count(1) == len(found.level) - 1


def test_an_arc_takes_the_highest_level_that_parts_its_sides() -> None:
    shapes = np.array([box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10)])
    table = np.array([[NONE, NONE, 5, 3, 0], [NONE, NONE, 5, 3, 1], [NONE, NONE, 6, 4, 2]])
    found = arcs(shapes, table)
    pairs = [tuple(sorted(pair)) for pair in found.sides.tolist()]
    level = dict(zip(pairs, found.level.tolist(), strict=True))
    assert level[0, 1] == 5
    assert level[1, 2] == 3


def test_an_enclave_is_a_closed_arc() -> None:
    inner = box(10, 10, 20, 20)
    outer = box(0, 0, 40, 40) - inner
    found = arcs(np.array([outer, inner]), np.array([[NONE] * 4 + [0], [NONE] * 4 + [1]]))
    both = [
        line for line, pair in zip(as_lines(found), found.sides, strict=True) if NONE not in pair
    ]
    assert len(both) == 1
    assert both[0].is_closed


def test_no_leaves_give_no_arcs() -> None:
    found = arcs(np.array([], dtype=object), np.empty((0, 5), dtype=np.int64))
    assert len(found.level) == 0
    assert found.lines.numbers.shape == (0, 2)


def test_each_cell_is_rebuilt_from_the_arcs_at_its_rim() -> None:
    cells = pictures.town().cells
    codes = cells["code"].tolist()
    parents = np.array([codes.index(c) if c in codes else NONE for c in cells["parent_code"]])
    table = chains(parents, cells["level"].to_numpy())
    leaves = np.setdiff1d(np.arange(len(codes)), parents)
    found = arcs(cells.geometry.to_numpy()[leaves], table[leaves])
    lines = np.array(as_lines(found), dtype=object)
    for row, level in enumerate(cells["level"]):
        member = np.r_[table[leaves, level - 1] == row, False]
        rim = lines[member[found.sides[:, 0]] != member[found.sides[:, 1]]]
        rebuilt = shapely.union_all(shapely.get_parts(shapely.polygonize(list(rim))))
        assert rebuilt.equals(cells.geometry.iloc[row])


def test_every_border_is_sent_once() -> None:
    cells = pictures.town().cells
    leaves = cells[~cells["code"].isin(cells["parent_code"])]
    table = np.full((len(leaves), 5), NONE)
    table[:, 4] = np.arange(len(leaves))
    lines = as_lines(arcs(leaves.geometry.to_numpy(), table))
    whole = shapely.union_all(leaves.boundary.to_numpy())
    assert np.isclose(sum(line.length for line in lines), whole.length, rtol=1e-12)


def test_the_sample_town_is_a_coverage() -> None:
    cells = pictures.town().cells
    leaves = cells[~cells["code"].isin(cells["parent_code"])]
    assert shapely.coverage_is_valid(leaves.geometry.to_numpy())
