"""After a publication workers and assignments lie where their cells and buildings do."""

import pandas as pd
import pytest
from sqlalchemy import text

from geo.access.actors import Actor
from geo.db.sql import statement
from geo.runtime import Runtime
from geo.workforce import service
from geo.workforce.service import assign
from tests import world
from tests.geo.grid.plans.planning import Office

pytestmark = pytest.mark.db

# Beside the town: a cell that is merged, an estate, buildings; households and flats follow below.
DUTIES = [
    ("w1", "building_head", "cell", "100A2002", None),
    ("w2", "building_head", "estate", "e1", None),
    ("w3", "building_head", "building", "b1", None),
    ("w1", "building_head", "building", "b2", None),
    ("w3", "building_head", "building", "b3", None),
]
OF_HOUSEHOLDS = (
    "INSERT INTO assignment (worker_id, post, household_id, valid_from, path)"
    " SELECT worker.id, 'building_head', household.id, now(), household.path"
    " FROM household, worker WHERE worker.code = 'w2'"
)
OF_UNITS = (
    "INSERT INTO assignment (worker_id, post, unit_id, valid_from, path)"
    " SELECT worker.id, 'grid_worker', unit.id, now(), building.path"
    " FROM dwelling_unit AS unit JOIN building ON building.id = unit.building_id"
    " CROSS JOIN worker WHERE worker.code = 'w3'"
)
MOVES = {
    "moved": {"op": "reparent", "cell": "100A2", "parent": "100B"},
    "merged": {"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2002"},
}


def paths(runtime: Runtime, table: str) -> list[tuple[int, str]]:
    with runtime.work(Actor.system("test")) as work:
        rows = work.session.execute(text(f"SELECT id, path FROM {table} ORDER BY id"))
        return [(row.id, row.path) for row in rows]


@pytest.mark.parametrize("few", [20_000, 0], ids=["found", "all"])
@pytest.mark.parametrize("move", MOVES)
def test_what_moved_is_found_as_well_as_by_reading_all(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, move: str, few: int
) -> None:
    monkeypatch.setattr(service, "_FEW", few)
    world.store(runtime)
    columns = ["worker_code", "post", "target_kind", "target_code", "stairwell"]
    with runtime.work(Actor.system("test")) as work:
        assign(work, pd.DataFrame(DUTIES, columns=columns).assign(is_primary=False))
        for inserted in (OF_HOUSEHOLDS, OF_UNITS):
            work.session.execute(text(inserted))
    before = paths(runtime, "assignment")

    assert Office(runtime).run(MOVES[move]) is not None

    assert paths(runtime, "assignment") != before
    for table, followers in (("worker", "follow_workers"), ("assignment", "follow_assignments")):
        found = paths(runtime, table)
        with runtime.work(Actor.system("test")) as work:
            work.session.execute(statement("geo.workforce", followers), {"ids": None})
        assert paths(runtime, table) == found
