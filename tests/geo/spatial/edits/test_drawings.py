"""Whatever is drawn is either taken, and the coverage stays whole, or refused with a sentence.

Points lie on quarters of the cells of the town, so that lines run along borders, through corners
and back over themselves, as random numbers never do.
"""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.spatial.edits import refusals
from geo.spatial.edits.border import move_border
from geo.spatial.edits.drawing import cut_drawn, line_drawn, point_drawn, polygon_drawn
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.replace import replace
from geo.spatial.edits.split import pieces, split
from geo.spatial.edits.transfer import transfer
from geo.spatial.edits.vertex import move_vertex
from geo.spatial.storage import snap
from tests.geo.spatial.edits.edit_cases import check_whole, town
from tests.world import at, box

CELLS = sorted(town().codes())
Points = list[tuple[int, int]]

points = st.lists(st.tuples(st.integers(-1, 9), st.integers(-1, 9)), min_size=2, max_size=7)


def drawn(quarters: Points, *, closed: bool) -> shapely.Geometry:
    places = [at(x / 4, y / 4) for x, y in quarters]
    if closed and len(places) > 2:
        return shapely.Polygon([(p.x, p.y) for p in places])
    return shapely.LineString(places)


def edited(way: int, cell: str, other: str, drawing: shapely.Geometry) -> Patch:
    now = town()
    if way == 0:
        new = [f"n{place}" for place in range(len(pieces(now, cell, drawing)) - 1)]
        return split(now, cell, drawing, new)
    if way == 1:
        return move_border(now, cell, other, drawing)
    if way == 2:
        return transfer(now, drawing, cell)
    if way == 3:
        first, last = shapely.get_coordinates(drawing)[[0, -1]]
        return move_vertex(now, shapely.Point(first), shapely.Point(last))
    return replace(now, [cell, other], {cell: drawing, other: now.shape(other)})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 4), st.sampled_from(CELLS), st.sampled_from(CELLS), points, st.booleans())
@example(0, "se", "se", [(4, 0), (8, 0), (8, 4)], False)
@example(1, "ne", "se", [(4, 4), (6, 4), (8, 4)], False)
@example(2, "ne", "se", [(4, 4), (8, 4), (8, 0), (4, 0)], True)
def test_a_drawing_on_corners_and_borders_is_taken_or_refused(
    way: int, cell: str, other: str, quarters: Points, closed: bool
) -> None:
    try:
        patch = edited(way, cell, other, drawn(quarters, closed=closed))
    except refusals.EditRefused as refusal:
        assert refusal.message("zh") and refusal.message("en")
        assert all(np.isfinite([refusal.facts.get(key, 0.0) for key in ("lon", "lat")]))
        return

    check_whole(town(), patch)


def test_what_is_drawn_lies_on_the_grid_and_has_no_height() -> None:
    line = line_drawn(shapely.LineString([(0.1, 0.2, 9.0), (0.3, 0.4, 9.0)]))

    assert not line.has_z
    assert (shapely.get_coordinates(line) == snap(shapely.get_coordinates(line))).all()


def test_what_is_thinner_than_the_grid_goes_from_a_polygon() -> None:
    spike = box(0, 0, 1, 1).union(
        shapely.box(*at(1, 0.5).coords[0], at(2, 0).x, at(1, 0.5).y + 1e-9)
    )

    assert polygon_drawn(spike).is_valid
    assert polygon_drawn(spike).equals(box(0, 0, 1, 1))


@pytest.mark.parametrize("kind", [line_drawn, polygon_drawn, point_drawn, cut_drawn])
def test_other_kinds_are_refused(kind: object) -> None:
    assert callable(kind)
    with pytest.raises(refusals.DrawingKindRefused):
        kind(shapely.GeometryCollection([at(0, 0)]))


def test_a_million_vertices_are_refused_before_anything_is_done() -> None:
    many = shapely.linestrings(np.random.default_rng(1).uniform(size=(1_000_001, 2)))

    with pytest.raises(refusals.DrawingTooLarge) as refused:
        split(town(), "se", many, "new")

    assert refused.value.facts == {"count": 1_000_001, "most": 100_000}


def test_a_point_to_keep_at_that_is_no_number_is_refused() -> None:
    with np.errstate(invalid="ignore"):
        nowhere = shapely.Point(np.nan, 33.9)
    line = shapely.LineString([at(1.5, -1), at(1.5, 2)])

    with pytest.raises(refusals.DrawingInvalid):
        split(town(), "se", line, "new", keep_at=nowhere)
