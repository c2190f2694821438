"""A cell that was given to another community: its people go with it, in every table."""

import pytest

from geo.db.policies import OF_AREAS, SCOPED
from tests.access import world
from tests.access.world import Known

pytestmark = pytest.mark.db


@pytest.mark.parametrize("table", [*SCOPED, *OF_AREAS])
def test_the_rows_of_a_moved_cell_lie_in_its_new_area(known: Known, table: str) -> None:
    moved = known.ids(table, world.MOVED)

    assert moved
    assert moved <= known.ids(table, world.HOME_OF_MOVED)
    assert not moved & known.ids(table, world.COMMUNITY)
    assert known.paths[world.MOVED].startswith(known.paths[world.HOME_OF_MOVED])
