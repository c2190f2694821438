"""Borders, vertices and areas move exactly; what would tear the coverage is refused."""

import pytest
import shapely

from geo.spatial.edits import refusals
from geo.spatial.edits.border import move_border
from geo.spatial.edits.transfer import transfer
from geo.spatial.edits.vertex import move_vertex
from geo.spatial.edits.working import Working
from geo.spatial.storage import GRID
from tests.geo.spatial.edits.edit_cases import check_whole, town
from tests.world import at, box


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([at(*point) for point in points])


def test_a_line_takes_the_place_of_the_whole_border() -> None:
    patch = move_border(town(), "se", "ne", line((1, 1), (1.5, 0.5), (2, 1)))

    check_whole(town(), patch)
    corner = shapely.Polygon([at(1, 1), at(1.5, 0.5), at(2, 1)])
    assert patch.shapes["ne"].equals(box(1, 1, 2, 2).union(corner))
    assert (sorted(patch.shapes), patch.noded) == (["ne", "se"], ())


def test_a_line_takes_the_place_of_part_of_the_border() -> None:
    bulge = box(1.25, 1, 1.75, 1.5)

    patch = move_border(town(), "se", "ne", line((1.25, 1), (1.25, 1.5), (1.75, 1.5), (1.75, 1)))

    check_whole(town(), patch)
    assert patch.shapes["se"].equals(box(1, 0, 2, 1).union(bulge))


def test_land_changes_hands_on_both_sides_of_a_crossing_line() -> None:
    patch = move_border(town(), "ne", "se", line((1, 1), (1.25, 1.5), (1.75, 0.5), (2, 1)))

    after = check_whole(town(), patch)
    assert after.touching(at(1.25, 1.25)) == ["se"]
    assert after.touching(at(1.75, 0.75)) == ["ne"]


def test_the_shore_of_an_island_moves_the_shorter_way() -> None:
    island = box(0.5, 0.5, 1, 1)
    working = Working.of(["i", "o"], [island, box(0, 0, 2, 2).difference(island)])

    patch = move_border(working, "o", "i", line((0.5, 0.5), (0.75, 0.25), (1, 0.5)))

    check_whole(working, patch)
    assert patch.shapes["i"].equals(
        island.union(shapely.Polygon([at(0.5, 0.5), at(0.75, 0.25), at(1, 0.5)]))
    )


@pytest.mark.parametrize(
    ("a", "b", "drawn", "refusal"),
    [
        ("w", "se", line((0.5, 0.5), (1, 0.5)), refusals.NotBeside),
        ("se", "se", line((1, 1), (2, 1)), refusals.NotBeside),
        ("e", "ne", line((1, 1), (1.5, 1)), refusals.NotBeside),
        ("ne", "se", line((1.2, 1), (1.2, 0.5)), refusals.LineOffBorder),
        ("ne", "se", line((1.2, 1), (1.5, 0.5), (1.2, 0.4), (1.2, 1)), refusals.LineOffBorder),
        ("ne", "se", line((1, 1), (0.5, 0.5), (2, 1)), refusals.LineLeaves),
        ("ne", "se", line((1, 1), (2, 1)), refusals.NothingMoves),
        (
            "ne",
            "se",
            line((1, 1), (1.8, 1.8), (1.8, 0.2), (1.2, 0.2), (1.2, 2), (2, 2), (2, 1)),
            None,
        ),
        ("ne", "x", line((1, 1), (2, 1)), refusals.CellMissing),
        ("ne", "se", box(1, 0.5, 2, 1.5), refusals.DrawingKindRefused),
        ("ne", "se", line((1, 1), (1, 2), (2, 2), (2, 1)), refusals.CellVanishes),
    ],
)
def test_what_cannot_be_a_border_is_refused(
    a: str, b: str, drawn: shapely.Geometry, refusal: type[Exception] | None
) -> None:
    with pytest.raises(refusal or refusals.EditRefused):
        move_border(town(), a, b, drawn)


def test_all_cells_that_meet_in_a_vertex_follow_it() -> None:
    patch = move_vertex(town(), at(1, 1), at(1.25, 0.75))

    after = check_whole(town(), patch)
    assert sorted(patch.shapes) == ["e", "n", "ne", "se"]
    assert after.touching(at(1.25, 0.75)) == ["e", "n", "ne", "se"]


def test_a_vertex_on_the_next_one_becomes_one_with_it() -> None:
    patch = move_vertex(town(), at(0.5, 1), at(1, 1))

    check_whole(town(), patch)
    assert shapely.get_num_coordinates(patch.shapes["n"]) == 5


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        ((0.7, 0.7), (0.8, 0.8), refusals.VertexMissing),
        ((9.0, 9.0), (0.8, 0.8), refusals.CutMisses),
        ((2.0, 1.0), (1.8, 1.0), refusals.VertexOnOutline),
        ((1.0, 1.0), (0.4, 0.4), refusals.CoverageWouldBreak),
        ((1.0, 1.0), (5.0, 5.0), refusals.CoverageWouldBreak),
        ((1.0, 1.0), (1.5, 2.0), refusals.CoverageWouldBreak),
    ],
)
def test_a_vertex_that_cannot_move_is_refused(
    start: tuple[float, float], end: tuple[float, float], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        move_vertex(town(), at(*start), at(*end))


def test_an_area_goes_over_from_all_neighbours() -> None:
    patch = transfer(town(), box(0.75, 0.5, 1.5, 1.5), "ne")

    after = check_whole(town(), patch)
    assert sorted(patch.shapes) == ["e", "n", "ne", "se"]
    assert [after.touching(at(*p)) for p in [(0.8, 0.6), (0.8, 1.4), (1.4, 0.6)]] == [["ne"]] * 3


def test_only_the_givers_named_lose_land() -> None:
    patch = transfer(town(), box(0.75, 0.5, 1.5, 1.5), "ne", givers=["se"])

    check_whole(town(), patch)
    assert sorted(patch.shapes) == ["e", "ne", "se"]
    assert patch.noded == ("e",)


def test_an_area_drawn_along_a_border_leaves_no_sliver() -> None:
    aside = 3 * GRID / 2**-7

    patch = transfer(town(), box(1 + aside, 0.5, 1.5, 1 - aside), "ne")

    check_whole(town(), patch)
    assert patch.shapes["ne"].equals(box(1, 1, 2, 2).union(box(1, 0.5, 1.5, 1)))


@pytest.mark.parametrize(
    ("area", "to", "refusal"),
    [
        (box(1.25, 0.25, 1.75, 0.75), "ne", refusals.CellFallsApart),
        (box(1, 0.25, 2, 0.75), "e", refusals.CellFallsApart),
        (box(1, 0, 2, 1), "ne", refusals.CellVanishes),
        (box(1.25, 1.25, 1.75, 1.75), "ne", refusals.NothingMoves),
        (box(0.5, 0.5, 1, 1), "ne", None),
        (box(1, 1, 2, 2), "ne", refusals.NothingMoves),
        (box(2.5, 2.5, 3, 3), "ne", refusals.CutMisses),
        (box(1, 0.5, 2, 1), "x", refusals.CellMissing),
        (line((1, 1), (2, 1)), "ne", refusals.DrawingKindRefused),
    ],
)
def test_what_cannot_go_over_is_refused(
    area: shapely.Geometry, to: str, refusal: type[Exception] | None
) -> None:
    with pytest.raises(refusal or refusals.EditRefused):
        transfer(town(), area, to)


def test_a_vertex_moved_to_where_it_is_is_refused() -> None:
    with pytest.raises(refusals.VertexStays):
        move_vertex(town(), at(1, 1), at(1, 1))


def test_a_border_of_cells_that_share_none_is_not_told_as_a_merge() -> None:
    with pytest.raises(refusals.NotBeside) as refused:
        move_border(town(), "w", "ne", line((0.5, 0.5), (1.5, 1.5)))

    assert "合并" not in refused.value.message("zh")
    spot = shapely.Point(refused.value.facts["lon"], refused.value.facts["lat"])
    assert line((0.5, 0.5), (1.5, 1.5)).distance(spot) < GRID
