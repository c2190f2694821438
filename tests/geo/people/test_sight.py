"""How much of each cell of a picture its reader may see."""

import pytest

from geo.access.scope import Scope
from geo.grid import store as grid
from geo.people.picture import occupancy_picture
from geo.people.sight import Sight, sight_of, sights
from geo.work import Work
from tests import world

NONE, PART, WHOLE = Sight.NONE, Sight.PART, Sight.WHOLE


@pytest.mark.db
def test_neighbours_are_not_seen_and_what_is_above_only_in_part(work: Work) -> None:
    world.fill(work)
    number = grid.publication_at(work.session, work.now).number
    own = grid.version_by_code(work.session, "100A2001", number).path
    work.scope = Scope.of_areas([own])

    found = sights(work, occupancy_picture(work, "100A2", zone="Asia/Shanghai"))

    assert found == {
        "100": PART, "100A": PART, "100A2": PART,
        "100A2001": WHOLE, "100A2002": NONE, "100A1": NONE,
    }  # fmt: skip


def test_who_sees_everything_sees_each_cell_whole() -> None:
    assert sight_of(Scope.everything(), "1.2.") is WHOLE


def test_who_sees_nothing_sees_no_cell() -> None:
    assert sight_of(Scope.nothing(), "1.2.") is NONE


def test_a_cell_whose_id_begins_alike_is_another() -> None:
    assert sight_of(Scope.of_areas(["1.2."]), "1.20.") is NONE
