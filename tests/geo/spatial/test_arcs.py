"""Arcs and back: the same polygons to the last bit, each border once."""

import itertools
import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.arcs import Arcs, arcs_of, polygons_of
from geo.spatial.storage import GRID, Geometries


def box(x0: int, y0: int, x1: int, y1: int) -> shapely.Polygon:
    return shapely.box(x0 * GRID, y0 * GRID, x1 * GRID, y1 * GRID)


def same(one: Geometries, other: Geometries) -> bool:
    """Whether polygons are equal bit by bit, wherever their rings begin."""
    ours, theirs = shapely.normalize(one), shapely.normalize(other)
    return bool((shapely.to_wkb(ours) == shapely.to_wkb(theirs)).all())


def segments_of(arcs: Arcs) -> list[tuple[tuple[int, ...], ...]]:
    found = []
    for line in np.split(arcs.points, np.cumsum(arcs.lengths)[:-1]):
        ends = [tuple(point) for point in line.tolist()]
        found += [tuple(sorted(pair)) for pair in itertools.pairwise(ends)]
    return found


def test_two_cells_share_one_arc_that_both_run_along_in_turn() -> None:
    arcs = arcs_of([box(0, 0, 10, 10), box(10, 0, 20, 10)])
    refs = arcs.refs.tolist()
    one, other = (ref for ref in refs if refs.count(ref) + refs.count(~ref) == 2)
    assert one == ~other
    assert len(arcs.lengths) == 3
    assert arcs.parts.tolist() == [1, 1]


def test_an_enclave_is_one_closed_arc_of_both() -> None:
    inner = box(10, 10, 20, 20)
    cells = np.array([box(0, 0, 40, 40) - inner, inner])
    arcs = arcs_of(cells)
    assert len(arcs.lengths) == 2
    assert arcs.polygons.tolist() == [2, 1]
    assert same(polygons_of(arcs), cells)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([box(0, 0, 4, 4), box(4, 4, 8, 8), box(4, 0, 8, 4)], id="a corner alone"),
        pytest.param(
            [shapely.MultiPolygon([box(0, 0, 4, 4), box(8, 0, 12, 4)]), box(4, 0, 8, 4)],
            id="two parts",
        ),
        pytest.param(
            [box(0, 0, 20, 20) - box(5, 5, 15, 15), box(5, 5, 10, 15), box(10, 5, 15, 15)],
            id="two enclaves side by side",
        ),
        pytest.param(
            [
                shapely.Polygon(
                    [(0, 0), (8 * GRID, 0), (8 * GRID, 8 * GRID), (0, 8 * GRID)],
                    [[(0, 0), (4 * GRID, 2 * GRID), (2 * GRID, 4 * GRID)]],
                )
            ],
            id="a hole that touches the shell",
        ),
        pytest.param([shapely.reverse(box(0, 0, 4, 4)), box(4, 0, 8, 4)], id="both ways round"),
        pytest.param([box(0, 0, 4, 4), None, shapely.Polygon()], id="nothing beside"),
    ],
)
def test_polygons_come_back_bit_by_bit(cells: list[shapely.Geometry]) -> None:
    array = np.array(cells, dtype=object)
    arcs = arcs_of(array)
    back = polygons_of(arcs)
    there = ~(shapely.is_missing(array) | shapely.is_empty(array))
    assert same(back[there], array[there])
    assert all(shape is None for shape in back[~there])
    segments = segments_of(arcs)
    assert len(segments) == len(set(segments))


def test_no_cells_are_no_arcs() -> None:
    arcs = arcs_of([])
    assert arcs.block()["len"] == []
    assert len(polygons_of(arcs)) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=4, max_size=40, unique=True
    ),
    st.integers(1, 6),
    st.integers(0, 2**31),
)
def test_any_coverage_comes_back(places: list[tuple[int, int]], groups: int, seed: int) -> None:
    """Triangles put together at random: holes, parts apart and cells that touch in a point."""
    triangles = shapely.get_parts(
        shapely.delaunay_triangles(shapely.MultiPoint(np.array(places) * 64))
    )
    if not len(triangles):
        return
    group = np.random.default_rng(seed).integers(0, groups, len(triangles))
    cells = np.array(
        [shapely.coverage_union_all(triangles[group == one]) for one in np.unique(group)]
    )
    cells = shapely.transform(cells, lambda points: points * GRID)
    arcs = arcs_of(cells)
    assert same(polygons_of(arcs), cells)
    segments = segments_of(arcs)
    assert len(segments) == len(set(segments))
    block = arcs.block()
    assert np.array_equal(
        np.cumsum(np.column_stack([block["x"], block["y"]]), axis=0) + block["origin"], arcs.points
    )


@pytest.mark.long
def test_two_thousand_cells_take_a_moment() -> None:
    """notes: 28 ms on one core; the bar is 50 ms of processor time."""
    cells = lattice(50, 40)
    arcs_of(cells[:10])
    took = []
    for _ in range(5):
        begun = time.process_time()
        arcs = arcs_of(cells)
        took.append(time.process_time() - begun)
    assert same(polygons_of(arcs), cells)
    assert min(took) < 0.05


def lattice(across: int, down: int, *, bends: int = 19) -> Geometries:
    """Cells of a wavy lattice, ``4 * (bends + 1)`` vertices each."""
    size = 10_000
    step = size // (bends + 1)
    wave = np.arange(bends + 2) * step

    def edge(x: int, y: int, *, upright: bool) -> list[tuple[int, int]]:
        bump = np.random.default_rng([x, y, int(upright)]).integers(-400, 400, bends + 2)
        bump[[0, -1]] = 0
        if upright:
            return list(zip(x * size + bump, y * size + wave, strict=True))
        return list(zip(x * size + wave, y * size + bump, strict=True))

    cells = []
    for x in range(across):
        for y in range(down):
            south, north = edge(x, y, upright=False), edge(x, y + 1, upright=False)
            west, east = edge(x, y, upright=True), edge(x + 1, y, upright=True)
            ring = [*south[:-1], *east[:-1], *north[:0:-1], *west[:0:-1]]
            cells.append(shapely.Polygon(np.array(ring) * GRID))
    return np.array(cells, dtype=object)
