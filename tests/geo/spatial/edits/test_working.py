"""The coverage being edited: persistent, cheap to go on from, and never out of date."""

import pytest
import shapely

from geo.spatial.edits.merge import merge
from geo.spatial.edits.patch import Patch
from geo.spatial.edits.refusals import CellMissing
from tests.geo.spatial.edits.edit_cases import town
from tests.world import at, box


def test_a_patch_leaves_the_coverage_before_it_as_it_was() -> None:
    before = town()
    after = before.after(merge(before, ["w", "e"], "w"))

    assert (len(before), "e" in before, before.changed()) == (5, True, [])
    assert (len(after), "e" in after) == (4, False)
    assert (after.changed(), after.removed()) == (["w"], ["e"])


def test_what_touches_is_found_among_new_shapes_and_old() -> None:
    after = town().after(merge(town(), ["w", "e"], "w"))

    assert after.touching(at(0.75, 0.5)) == ["w"]
    assert after.touching(at(1, 1)) == ["n", "ne", "se", "w"]
    assert after.touching(at(9, 9)) == []


def test_neighbours_share_a_stretch_of_border_not_a_corner() -> None:
    assert town().neighbours("n") == ["e", "ne", "w"]


def test_a_new_cell_that_goes_again_leaves_no_trace() -> None:
    extra = town().after(Patch({"new": box(2, 0, 3, 1)}))
    gone = extra.after(Patch({}, ("new",)))

    assert (len(extra), "new" in extra) == (6, True)
    assert (len(gone), gone.codes(), gone.removed()) == (5, town().codes(), [])


def test_a_code_that_nobody_has_is_missing() -> None:
    with pytest.raises(CellMissing, match="x9"):
        town().shape("x9")


def test_the_bounds_follow_what_was_added() -> None:
    east = town().after(Patch({"new": box(2, 0, 3, 1)})).bounds()[2]

    assert east == shapely.bounds(box(2, 0, 3, 1))[2]
