"""How much ground changes hands: one piece is one number, whoever tells of it."""

import pytest

from geo.grid.plans.difference import difference
from tests.geo.grid.plans.planning import Office, line
from tests.world import at

pytestmark = pytest.mark.db


@pytest.mark.parametrize("slant", [0.13, 0.29, 0.37, 0.61, 0.83])
def test_a_piece_is_as_large_for_who_gets_it_as_for_who_gives_it(
    office: Office, slant: float
) -> None:
    # The northern border runs askew, so a vertex on the storage grid is not quite on it.
    askew = line((1.0, 1.0), (1.413, 1.237), (2.0, 1.0))
    office.run({"op": "move_border", "cells": ["100B1", "100B2"], "line": askew})
    cut = line((1.0 + slant, -0.5), (1.9 - slant / 3, 1.5))
    found = office.do(office.begin(), {"op": "split", "cell": "100B2", "line": cut})

    changes = {one.code: one for one in difference(found.draft)}

    assert changes["100B001"].gained_m2 == changes["100B2"].lost_m2 > 0
    assert changes["100B001"].lost_m2 == changes["100B2"].gained_m2 == 0.0


def test_land_from_no_cell_is_gained_whole(office: Office) -> None:
    corners = [at(2.0, 0.0), at(2.5, 0.0), at(2.5, 1.0), at(2.0, 1.0), at(2.0, 0.0)]
    ring = [[corner.x, corner.y] for corner in corners]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    new = {"op": "add", "parent": "100B", "name": "东社区", "polygon": polygon}
    found = office.do(office.begin(), new)

    (born,) = (one for one in difference(found.draft) if one.change.value == "new")
    # Half as wide as the community beside it, and as high.
    assert born.gained_m2 == pytest.approx(office.tree(1)["area_m2"]["100B2"] / 2, abs=0.1)
