"""Land left over becomes a cell; a group of cells becomes other cells of the same land."""

import pytest
import shapely

from geo.spatial.edits import refusals
from geo.spatial.edits.remainder import add_remainder
from geo.spatial.edits.replace import replace
from geo.spatial.storage import GRID
from tests.geo.spatial.edits.edit_cases import check_whole, town, union
from tests.world import STEP, at, box


def test_what_is_left_over_of_a_generous_area_becomes_a_cell() -> None:
    patch = add_remainder(town(), box(1.5, 0.5, 3, 1.5), "new")

    after = town().after(patch)
    assert patch.shapes["new"].equals(box(2, 0.5, 3, 1.5))
    assert patch.noded == ("ne", "se")
    assert shapely.coverage_is_valid(after.shapes(after.codes()))
    assert union(after).equals(union(town()).union(box(2, 0.5, 3, 1.5)))


def test_a_gap_is_filled_by_drawing_around_it() -> None:
    holed = town().after(split_hole := add_remainder(town(), box(2, 0, 3, 2), "new"))
    gap = box(2.25, 0.25, 2.75, 0.75)
    holed = holed.after(type(split_hole)({"new": split_hole.shapes["new"].difference(gap)}))

    patch = add_remainder(holed, gap.buffer(0.2 * STEP), "fill")

    assert patch.shapes["fill"].equals(gap)
    assert sorted(patch.shapes) == ["fill"]


def test_an_area_apart_from_all_cells_is_taken_as_drawn() -> None:
    patch = add_remainder(town(), box(3, 3, 4, 4), "far")

    assert patch.shapes["far"].equals(box(3, 3, 4, 4))


@pytest.mark.parametrize(
    ("area", "code", "refusal"),
    [
        (box(1.25, 0.25, 1.75, 0.75), "new", refusals.NothingUncovered),
        (box(1, 0, 2 + 2 * GRID / STEP, 1), "new", refusals.NothingUncovered),
        (box(-0.5, 0.25, 2.5, 0.75), "new", refusals.CellFallsApart),
        (box(1.5, 0.5, 3, 1.5), "ne", refusals.CodeTaken),
        (at(3, 3), "new", refusals.DrawingKindRefused),
    ],
)
def test_what_leaves_nothing_over_is_refused(
    area: shapely.Geometry, code: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_remainder(town(), area, code)


def test_cells_become_others_on_the_same_land() -> None:
    parts = {"se": box(1, 0, 1.5, 2), "x": box(1.5, 0, 2, 2)}

    patch = replace(town(), ["ne", "se"], parts)

    check_whole(town(), patch)
    assert (patch.removed, patch.noded) == (("ne",), ())
    assert all(patch.shapes[code].equals(shape) for code, shape in parts.items())


def test_parts_a_centimetre_off_follow_the_land() -> None:
    off = GRID / STEP
    parts = {"se": box(1 - off, 0, 1.5, 2 + off), "x": box(1.5 + off, off, 2 - off, 2)}

    patch = replace(town(), ["ne", "se"], parts)

    check_whole(town(), patch)
    assert patch.outline_moved_m2 == 0.0


def test_a_cell_that_keeps_its_land_is_only_noded() -> None:
    parts = {"e": box(0.5, 0, 1, 1), "se": box(1, 0, 2, 0.5), "x": box(1, 0.5, 2, 1)}

    patch = replace(town(), ["e", "se"], parts)

    check_whole(town(), patch)
    assert patch.noded == ("e",)


def test_parts_may_have_parts_of_their_own() -> None:
    outer = shapely.MultiPolygon([box(1, 0, 1.25, 1), box(1.75, 0, 2, 1)])

    patch = replace(town(), ["se"], {"se": box(1.25, 0, 1.75, 1), "x": outer})

    check_whole(town(), patch)
    assert patch.shapes["x"].equals(outer)


@pytest.mark.parametrize(
    ("cells", "parts", "refusal"),
    [
        (["se"], {"se": box(1, 0, 2, 0.9)}, refusals.PartsLeaveGap),
        (["se"], {"se": box(1, 0, 2, 1.1)}, refusals.PartsReachOut),
        (["se"], {"se": box(1, 0, 2, 1), "x": box(1.5, 0, 2, 1)}, refusals.PartsOverlap),
        (["se"], {"ne": box(1, 0, 2, 1)}, refusals.CodeTaken),
        (["se"], {}, refusals.DrawingEmpty),
        ([], {"x": box(1, 0, 2, 1)}, refusals.DrawingEmpty),
        (["no"], {"x": box(1, 0, 2, 1)}, refusals.CellMissing),
    ],
)
def test_parts_of_other_land_are_refused(
    cells: list[str], parts: dict[str, shapely.Geometry], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        replace(town(), cells, parts)
