"""From a draft to a publication: what is written, who moves, and what stays as it is."""

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo.access.actors import Actor
from geo.grid.plans.lifecycle import PlanEmpty, SelfApproval
from geo.grid.plans.refusals import PlanChanged
from geo.spatial import coverage
from tests.geo.grid.plans.planning import EDITOR, Office, line

pytestmark = pytest.mark.db


HALVE_B2 = {"op": "split", "cell": "100B2", "line": line((1.5, -0.5), (1.5, 1.5))}
NORTH = {"op": "merge", "cells": ["100B1", "100B2"], "into": "100B2"}


def proved(office: Office, number: int) -> None:
    """Hold every publication to what must always be so."""
    cells = office.tree(number)
    leaves = cells[~cells["derived"].astype(bool)]
    shapes = np.asarray(leaves.geometry, dtype=object)
    assert coverage.is_valid(shapes)
    assert coverage.gaps(shapes) == []
    for code, parent in cells[cells["derived"].astype(bool)].geometry.items():
        children = cells[cells["parent_code"] == code]
        whole = shapely.coverage_union_all(children.geometry.to_numpy())
        assert shapely.equals(whole, parent), code
        assert children["path"].str.startswith(cells["path"][code]).all()


def test_a_split_is_published_with_its_lineage(office: Office) -> None:
    made = office.run(HALVE_B2)

    assert made is not None
    assert made.number == 2
    cells = office.tree(2)
    assert set(cells.index) == set(office.tree(1).index) | {"100B001"}
    assert cells["parent_code"]["100B001"] == "100B"
    half = office.tree(1)["area_m2"]["100B2"] / 2
    assert cells["area_m2"][["100B2", "100B001"]].to_list() == pytest.approx([half, half], rel=1e-6)
    proved(office, 2)
    with office.runtime.work(EDITOR) as work:
        query = text("SELECT kind FROM cell_lineage WHERE publication = 2")
        assert list(work.session.scalars(query)) == ["split"]


def test_a_neighbours_vertex_is_noded_and_means_nothing(office: Office) -> None:
    office.run(HALVE_B2)

    with office.runtime.work(EDITOR) as work:
        query = text(
            "SELECT code, noded, derived FROM cell_shape JOIN cell_version USING (cell_id)"
            " WHERE lower(cell_shape.during) = 2 AND upper_inf(cell_version.during) ORDER BY code"
        )
        rows = {row.code: (row.noded, row.derived) for row in work.session.execute(query)}
        versions = text("SELECT code FROM cell_version WHERE lower(during) = 2")
        assert list(work.session.scalars(versions)) == ["100B001"]
    # The cut ends on the border of 100B1, and on the outline of all: both get a vertex.
    assert rows == {
        "100": (True, True),
        "100B": (True, True),
        "100B1": (True, False),
        "100B2": (False, False),
        "100B001": (False, False),
    }


def test_a_merge_ends_a_cell_and_moves_what_lies_in_it(office: Office) -> None:
    office.run(NORTH)

    cells = office.tree(2)
    assert "100B1" not in cells.index
    proved(office, 2)
    path = cells["path"]["100B2"]
    with office.runtime.work(Actor.system("test")) as work:
        rows = work.session.execute(
            text(
                "SELECT building.path, household.path FROM building"
                " JOIN household ON household.building_id = building.id WHERE building.code = 'b3'"
            )
        ).all()
    assert {tuple(row) for row in rows} == {(path, path)}


def test_a_whole_community_moves_to_another_street(office: Office) -> None:
    office.run({"op": "reparent", "cell": "100A2", "parent": "100B"})

    cells = office.tree(2)
    proved(office, 2)
    assert cells["path"]["100A2001"].startswith(cells["path"]["100B"])
    with office.runtime.work(Actor.system("test")) as work:
        query = text(
            "SELECT path FROM building WHERE code = 'b1' UNION ALL"
            " SELECT path FROM household JOIN building USING (path) WHERE building.code = 'b1'"
            " UNION ALL SELECT path FROM worker WHERE code IN ('w1', 'w2')"
        )
        assert set(work.session.scalars(query)) == {cells["path"]["100A2001"]}


GRIDS = {"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2002"}


def test_who_answers_for_a_cell_that_ends_goes_on_in_its_successor(office: Office) -> None:
    office.run(GRIDS)

    with office.runtime.work(Actor.system("test")) as work:
        rows = work.session.execute(
            text(
                "SELECT worker.code, version.code AS cell, is_primary, valid_to IS NULL AS stands"
                " FROM assignment JOIN worker ON worker.id = worker_id"
                " JOIN cell_version AS version ON version.cell_id = assignment.cell_id"
                " WHERE version.code LIKE '100A200%' ORDER BY stands"
            )
        ).all()
        home = text(
            "SELECT DISTINCT version.code FROM worker JOIN cell_version AS version USING (cell_id)"
            " WHERE worker.code IN ('w1', 'w2')"
        )
        assert list(work.session.scalars(home)) == ["100A2002"]
    # Nobody was the first to answer in the second grid: who was in the first one is now.
    assert [tuple(row) for row in rows] == [
        ("w1", "100A2001", True, False),
        ("w1", "100A2002", True, True),
    ]


def test_who_worked_on_a_plan_does_not_approve_it(office: Office) -> None:
    plan = office.begin()
    office.do(plan, HALVE_B2)
    office.submit(plan)

    with pytest.raises(SelfApproval):
        office.approve(plan, actor=EDITOR)


def test_of_two_editors_the_second_is_told_what_the_first_did(office: Office) -> None:
    plan = office.begin()
    from geo.grid.plans import reading, service

    office.do(plan, HALVE_B2)
    late = reading.operations([NORTH], "wgs84")
    with pytest.raises(PlanChanged) as refused, office.runtime.work(EDITOR) as work:
        service.edited(office.desk(work), plan, 1, late)

    assert refused.value.facts["revision"] == 2
    assert [row.operation["op"] for row in refused.value.since] == ["split"]


def test_a_plan_that_changes_nothing_is_not_submitted(office: Office) -> None:
    plan = office.begin()

    with pytest.raises(PlanEmpty):
        office.submit(plan)
