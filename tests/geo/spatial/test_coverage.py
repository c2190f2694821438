"""Coverages: what is found in broken ones, and that noding mends only what snapping broke."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.coverage import gaps, is_valid, noded, overlaps, union_by
from geo.spatial.measure import area_m2
from geo.spatial.storage import snap_geometry
from tests.world import box


def strips(cuts: list[float], slant: float) -> np.ndarray:
    """Return a rectangle cut by slanted lines, each strip snapped by itself."""
    edges = [0.0, *cuts, 4.0]
    shapes = [
        shapely.Polygon([(a, 0), (b, 0), (b + slant, 1), (a + slant, 1)])
        for a, b in pairwise(edges)
    ]
    return snap_geometry(shapely.transform(shapes, lambda xy: xy * 0.01 + [116.8, 33.9]))


def test_neighbours_that_share_their_border_are_valid() -> None:
    assert is_valid([box(0, 0, 1, 1), box(1, 0, 2, 1)])


def test_an_overlap_is_found_with_its_owners_and_size() -> None:
    (fault,) = overlaps([box(0, 0, 1, 1), box(0.75, 0, 2, 1)])

    assert fault.owners == (0, 1)
    assert fault.area_m2 == pytest.approx(area_m2([box(0.75, 0, 1, 1)])[0])


def test_cells_that_touch_do_not_overlap() -> None:
    assert overlaps([box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2)]) == []


def test_a_hole_is_a_gap_and_an_island_in_it_is_not() -> None:
    ring = box(0, 0, 4, 4).difference(box(1, 1, 3, 3))
    island = box(1.5, 1.5, 2, 2)

    (gap,) = gaps([ring, island])

    assert gap.area_m2 == pytest.approx(
        float(area_m2([box(1, 1, 3, 3)])[0] - area_m2([island])[0]), rel=1e-9
    )


def test_a_bay_in_the_outline_is_no_gap() -> None:
    assert gaps([box(0, 0, 4, 1), box(0, 1, 1, 2), box(3, 1, 4, 2)]) == []


def test_noding_adds_the_vertex_of_a_t() -> None:
    cells, faults = noded([box(0, 0, 1, 2), box(1, 1, 2, 2), box(1, 0, 2, 1)])

    assert (is_valid(cells), faults) == (True, [])
    assert shapely.get_num_coordinates(cells[0]) == 6


def test_noding_reports_what_is_wide() -> None:
    _, faults = noded([box(0, 0, 1, 1), box(0.75, 0, 2, 1)])

    assert [fault.kind for fault in faults] == ["overlap"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.1, 3.9), min_size=1, max_size=5, unique_by=lambda x: round(x, 1)),
    st.floats(-0.5, 0.5),
)
def test_strips_snapped_one_by_one_tile_after_noding(cuts: list[float], slant: float) -> None:
    shapes = strips(sorted(cuts), slant)

    cells, faults = noded(shapes)

    assert faults == []
    assert is_valid(cells)
    # Identity: what the union was stays, up to what one snapping moves the outline.
    assert area_m2(cells).sum() == pytest.approx(area_m2([shapely.union_all(shapes)])[0], abs=5.0)


def test_a_union_has_no_vertex_of_its_inside() -> None:
    (united,) = union_by([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["a", "a"])

    assert shapely.equals(united, box(0, 0, 2, 1))


def test_unions_come_in_the_order_of_their_labels() -> None:
    united = union_by([box(2, 0, 3, 1), box(0, 0, 1, 1), box(1, 0, 2, 1)], ["b", "a", "a"])

    assert [
        shapely.equals(u, e)
        for u, e in zip(united, [box(0, 0, 2, 1), box(2, 0, 3, 1)], strict=True)
    ] == [True, True]
