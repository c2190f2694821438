"""A cell is split exactly, its neighbours take over the vertex, and what cannot be is refused."""

import numpy as np
import pytest
import shapely

from geo.spatial.edits import refusals
from geo.spatial.edits.split import pieces, split
from geo.spatial.edits.working import Working
from geo.spatial.measure import area_m2
from geo.spatial.storage import GRID
from tests.geo.spatial.edits.edit_cases import check_whole, town
from tests.world import STEP, at, box


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([at(*point) for point in points])


def test_a_line_through_a_cell_makes_two_and_the_larger_keeps_the_code() -> None:
    patch = split(town(), "se", line((1.25, -0.5), (1.25, 1.5)), "new")

    check_whole(town(), patch)
    assert patch.shapes["new"].equals(box(1, 0, 1.25, 1))
    assert patch.shapes["se"].equals(box(1.25, 0, 2, 1))


def test_a_neighbour_takes_over_the_vertex_and_is_noded() -> None:
    patch = split(town(), "se", line((1.25, -0.5), (1.25, 1.5)), "new")

    assert (sorted(patch.shapes), patch.noded, patch.removed) == (["ne", "new", "se"], ("ne",), ())
    assert patch.shapes["ne"].equals(town().shape("ne"))


def test_a_cut_that_ends_in_corners_touches_nobody() -> None:
    patch = split(town(), "se", line((1, 0), (2, 1)), "new")

    check_whole(town(), patch)
    assert (sorted(patch.shapes), patch.outline_moved_m2) == (["new", "se"], 0.0)


def test_the_point_to_keep_at_decides_who_keeps_the_code() -> None:
    patch = split(town(), "se", line((1.25, 0), (1.25, 1)), "new", keep_at=at(1.1, 0.5))

    assert patch.shapes["se"].equals(box(1, 0, 1.25, 1))


def test_a_new_vertex_on_the_outline_says_by_how_much_it_moved() -> None:
    slanted = shapely.Polygon([(0.0, 0), (3 * STEP, GRID * 2), (3 * STEP, STEP), (0, STEP)])
    working = Working.of(["a"], [slanted])

    patch = split(working, "a", shapely.LineString([(STEP, -1), (STEP, 1)]), "b")

    after = check_whole(working, patch)
    lost = shapely.symmetric_difference(slanted, shapely.union_all(after.shapes(after.codes())))
    assert 0 < patch.outline_moved_m2 < 50
    assert patch.outline_moved_m2 == pytest.approx(float(area_m2([lost])[0]), rel=1e-3)


def test_a_vertex_within_centimetres_is_taken_instead_of_a_new_one() -> None:
    aside = 2 * GRID / STEP
    through = line((0.5 + aside, -0.5), (1.5 + aside, 0.5), (0.5 + aside, 1.5))

    patch = split(town(), "se", through, "new")

    assert (patch.noded, patch.outline_moved_m2) == ((), 0.0)


def test_a_polygon_inside_becomes_an_island() -> None:
    patch = split(town(), "se", box(1.25, 0.25, 1.75, 0.75), "new")

    check_whole(town(), patch)
    assert patch.shapes["new"].equals(box(1.25, 0.25, 1.75, 0.75))
    assert len(patch.shapes["se"].interiors) == 1


def test_a_polygon_with_a_hole_makes_three() -> None:
    ring = box(1.1, 0.1, 1.9, 0.9).difference(box(1.4, 0.4, 1.6, 0.6))

    patch = split(town(), "se", ring, ["one", "two"])

    check_whole(town(), patch)
    assert sorted(patch.shapes) == ["one", "se", "two"]


def test_lines_that_meet_inside_make_three() -> None:
    star = shapely.MultiLineString([line((1, 0.5), (2, 0.5)), line((1.5, 0.5), (1.5, 1.5))])

    made = pieces(town(), "se", star)
    patch = split(town(), "se", star, ["one", "two"])

    check_whole(town(), patch)
    codes = ("se", "one", "two")
    assert all(s.equals(patch.shapes[c]) for s, c in zip(made, codes, strict=True))
    assert patch.shapes["one"].equals(box(1, 0.5, 1.5, 1))


def test_a_line_through_other_cells_does_them_nothing() -> None:
    patch = split(town(), "se", line((-1, 0.5), (3, 0.5)), "new")

    check_whole(town(), patch)
    assert sorted(patch.shapes) == ["e", "new", "se"]
    assert patch.noded == ("e",)


def test_an_island_stays_when_the_cut_goes_through_it() -> None:
    hole = box(0.375, 0.375, 0.625, 0.625)
    working = Working.of(["a", "i"], [box(0, 0, 1, 1).difference(hole), hole])

    patch = split(working, "a", line((-1, 0.5), (2, 0.5)), "b")

    check_whole(working, patch)
    assert patch.noded == ("i",)


def test_parts_that_the_cut_leaves_whole_stay_with_the_code() -> None:
    two = shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])

    patch = split(Working.of(["a"], [two]), "a", line((0.5, -1), (0.5, 2)), "b")

    assert patch.shapes["b"].geom_type == "Polygon"
    assert patch.shapes["a"].contains(box(2, 0, 3, 1))


def not_finite() -> shapely.LineString:
    with np.errstate(invalid="ignore"):
        return shapely.LineString([(np.nan, 33.9), (117, 34)])


WRONG = [
    (line((5, 5), (6, 6)), refusals.CutMisses),
    (line((1.5, -0.5), (1.5, -0.1)), refusals.CutMisses),
    (line((1.2, 0), (1.8, 0)), refusals.CutTouches),
    (line((1.5, -1), (1.5, 0)), refusals.CutTouches),
    (line((1.5, -1), (1.5, 0.5)), refusals.CutEndsInside),
    (line((1.2, 0.2), (1.8, 0.8)), refusals.CutEndsInside),
    (line((1, 0.2), (2, 0.8), (2, 0.2), (1, 0.8)), refusals.DrawingCrossesItself),
    (line((1.2, -1), (1.2, 2), (1.8, 2), (1.8, -1)), refusals.PiecesDiffer),
    (box(2, 0, 3, 1), refusals.CutTouches),
    (box(-5, -5, 5, 5), refusals.CutMisses),
    (line((1.5, 0.5), (1.5, 0.5)), refusals.DrawingEmpty),
    (shapely.LineString(), refusals.DrawingEmpty),
    (shapely.Polygon([at(1, 0), at(2, 1), at(2, 0), at(1, 1)]), refusals.DrawingCrossesItself),
    (at(1.5, 0.5), refusals.DrawingKindRefused),
    (None, refusals.DrawingKindRefused),
    (not_finite(), refusals.DrawingNotFinite),
    (shapely.LineString([(181, 0), (181, 1)]), refusals.DrawingNotFinite),
    (shapely.LineString([(33.9, 116.8), (34.0, 116.9)]), refusals.DrawingSwapped),
    (shapely.LineString(np.zeros((1_000_001, 2)) + 1), refusals.DrawingTooLarge),
]


@pytest.mark.parametrize(("cut", "refusal"), WRONG)
def test_what_cannot_cut_is_refused(cut: shapely.Geometry, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        split(town(), "se", cut, "new")


def test_the_refusal_says_where_to_look() -> None:
    with pytest.raises(refusals.CutEndsInside) as refused:
        split(town(), "se", line((1.5, -1), (1.5, 0.5)), "new")

    place = at(1.5, 0.5)
    assert refused.value.facts == {"lon": round(place.x, 7), "lat": round(place.y, 7)}
    assert "longitude 116.8117" in refused.value.message("en")
    assert "经度 116.8117" in refused.value.message("zh")


def test_swapped_axes_are_told_when_they_explain_the_miss() -> None:
    working = Working.of(["a"], [shapely.box(20.0, 60.0, 20.5, 60.5)])

    with pytest.raises(refusals.DrawingSwapped):
        split(working, "a", shapely.LineString([(60.2, 19.0), (60.2, 21.0)]), "b")


def test_a_code_that_is_taken_is_refused() -> None:
    with pytest.raises(refusals.CodeTaken):
        split(town(), "se", line((1.5, -1), (1.5, 2)), "ne")


def test_a_point_to_keep_at_outside_the_cell_is_refused() -> None:
    with pytest.raises(refusals.KeepMisses):
        split(town(), "se", line((1.5, -1), (1.5, 2)), "new", keep_at=at(0.2, 0.2))


def test_a_cell_alone_may_get_a_vertex_on_each_of_its_sides() -> None:
    corners = [(0, 0), (1001 * GRID, 37 * GRID), (400 * GRID, 901 * GRID)]
    working = Working.of(["a"], [shapely.Polygon(corners)])
    star = shapely.MultiLineString(
        [[(460 * GRID, 310 * GRID), end] for end in [(STEP, STEP), (0, STEP), (STEP / 20, -STEP)]]
    )

    patch = split(working, "a", star, ["b", "c"])

    assert 0 < patch.outline_moved_m2 < 1


@pytest.mark.parametrize("cut", [box(0.5, -1, 3, 1.5), box(1, 0, 2, 1)])
def test_a_polygon_around_the_whole_cell_is_told_as_such(cut: shapely.Polygon) -> None:
    with pytest.raises(refusals.CutCovers):
        split(town(), "se", cut, "new")
