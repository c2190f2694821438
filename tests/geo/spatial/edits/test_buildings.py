"""An edit that would cut a building is told so; one that was cut before is nobody's news."""

import pytest
import shapely

from geo.spatial.edits.buildings import Buildings, check_buildings, cut_buildings
from geo.spatial.edits.refusals import BuildingsCut, BuildingsElsewhere, CellFallsApart
from geo.spatial.edits.split import split
from geo.spatial.edits.transfer import transfer_buildings
from tests.geo.spatial.edits.edit_cases import check_whole, town
from tests.world import at, box

CUT = shapely.LineString([at(1.5, -0.5), at(1.5, 1.5)])
HOUSES = {
    "cut": box(1.4, 0.4, 1.6, 0.6),
    "beside": box(1.52, 0.1, 1.6, 0.2),
    "touching": box(1.5, 0.7, 1.6, 0.8),
    "hardly": box(1.4, 0.25, 1.501, 0.3),
    "cut before": box(1.45, 0.95, 1.55, 1.05),
}


def test_only_a_building_that_was_whole_is_cut() -> None:
    houses = Buildings.of(list(HOUSES), list(HOUSES.values()))
    patch = split(town(), "se", CUT, "new")

    assert [houses.names[i] for i in cut_buildings(town(), patch, houses)] == ["cut"]
    with pytest.raises(BuildingsCut) as refused:
        check_buildings(town(), patch, houses)
    assert (refused.value.facts["count"], refused.value.facts["names"]) == (1, "cut")


def test_a_cut_around_buildings_passes() -> None:
    patch = split(town(), "se", CUT, "new")

    check_buildings(town(), patch, Buildings.of(["b"], [HOUSES["beside"]]))


def rows() -> list[shapely.Polygon]:
    """Return two columns of three houses in cell "se", and two houses in "e"."""
    return [
        *(box(x, y, x + 0.1, y + 0.1) for x in (1.2, 1.7) for y in (0.1, 0.45, 0.8)),
        *(box(0.7, y, 0.8, y + 0.1) for y in (0.2, 0.7)),
    ]


def test_the_ground_of_buildings_goes_over_and_cuts_none() -> None:
    houses = rows()

    patch = transfer_buildings(town(), houses, [place < 3 for place in range(8)], "e")

    after = check_whole(town(), patch)
    assert sorted(set(patch.shapes) - set(patch.noded)) == ["e", "se"]
    assert [after.touching(house) for house in houses] == [["e"]] * 3 + [["se"]] * 3 + [["e"]] * 2
    assert not len(cut_buildings(town(), patch, Buildings.of([""] * 8, houses)))


def test_buildings_beyond_others_do_not_hang_together_with_the_cell() -> None:
    with pytest.raises(CellFallsApart, match="cell e "):
        transfer_buildings(town(), rows(), [place == 4 for place in range(8)], "e")


def test_buildings_that_are_there_already_are_refused() -> None:
    with pytest.raises(BuildingsElsewhere):
        transfer_buildings(town(), rows(), [place > 5 for place in range(8)], "e")
    with pytest.raises(BuildingsElsewhere):
        transfer_buildings(town(), rows(), [False] * 8, "e")
