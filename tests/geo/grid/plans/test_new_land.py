"""New land of a plan's area: only what no cell of the whole district has, however far away."""

from typing import Any

import pytest
import shapely

from geo.grid.plans.meaning import CellOutsidePlan
from geo.runtime import Runtime
from geo.spatial import coverage
from geo.spatial.edits.refusals import NothingUncovered
from tests import world
from tests.geo.grid.plans.planning import Office

pytestmark = pytest.mark.db


@pytest.fixture
def office(runtime: Runtime) -> Office:
    """Give a town with a cell two cells away from the western street: no neighbour of it."""
    world.store(runtime)
    made = Office(runtime)
    east = world.box(2, 0, 3, 2)
    made.run({"op": "add", "parent": "100B", "name": "east", "code": "100B3", "polygon": _of(east)})
    return made


def _of(shape: shapely.Polygon) -> dict[str, Any]:
    return shapely.geometry.mapping(shape) | {
        "coordinates": [[list(point) for point in shape.exterior.coords]]
    }


def _add(shape: shapely.Polygon) -> dict[str, Any]:
    return {"op": "add", "parent": "100A", "name": "south", "code": "100A9", "polygon": _of(shape)}


def test_new_land_leaves_cells_beyond_the_neighbours_alone(office: Office) -> None:
    across = world.box(0.5, -0.5, 2.75, 0.5)

    plan = office.begin("100A")

    drawn = office.do(plan, _add(across)).draft.shape("100A9")

    assert shapely.equals(drawn, world.box(0.5, -0.5, 2.75, 0))
    office.submit(plan)
    office.approve(plan)
    assert office.publish(plan) is not None
    cells = office.tree(3)
    leaves = cells[~cells["derived"].astype(bool)].geometry
    assert coverage.is_valid(leaves.to_numpy())
    assert shapely.equals(leaves["100A9"], drawn)
    assert shapely.equals(leaves["100B3"], world.box(2, 0, 3, 2))


def test_land_of_a_cell_beyond_the_neighbours_is_no_new_land(office: Office) -> None:
    plan = office.begin("100A")

    with pytest.raises(NothingUncovered) as refused:
        office.do(plan, _add(world.box(2.25, 0.25, 2.75, 0.75)))

    spot = shapely.Point(refused.value.facts["lon"], refused.value.facts["lat"])
    assert world.box(2.25, 0.25, 2.75, 0.75).contains(spot)


def test_a_cell_beyond_the_neighbours_is_not_the_plans_to_change(office: Office) -> None:
    plan = office.begin("100A")
    office.do(plan, _add(world.box(0.5, -0.5, 2.75, 0.5)))

    with pytest.raises(CellOutsidePlan):
        office.do(plan, {"op": "merge", "cells": ["100A9", "100B3"], "into": "100A9"})


def test_a_vertex_of_a_cell_beyond_is_shown_where_it_is(office: Office) -> None:
    plan = office.begin("100A2")
    corner, goal = world.at(0.5, 1), world.at(0.5, 1.125)

    with pytest.raises(CellOutsidePlan) as refused:
        office.do(
            plan,
            {"op": "move_vertex", "at": [corner.x, corner.y], "to": [goal.x, goal.y]},
        )

    spot = shapely.Point(refused.value.facts["lon"], refused.value.facts["lat"])
    assert refused.value.facts["cell"] == "100A1"
    assert world.box(0, 1, 1, 1.125).covers(spot)
