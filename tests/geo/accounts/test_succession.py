"""When a cell ends, the roles there go on where its ground went, once, and all is recorded."""

from typing import Any

import pytest

from geo.access.actors import Actor
from geo.access.roles import Role
from geo.accounts import grants, store
from geo.accounts.grants import NewGrant
from geo.grid import store as grid
from geo.runtime import Runtime
from tests import world
from tests.geo.accounts.conftest import Add, records
from tests.geo.grid.plans.planning import Office

pytestmark = pytest.mark.db

SYSTEM = Actor.system("user")
GRIDS = {"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2002"}


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return {"type": "Polygon", "coordinates": [[[*world.at(*one).coords[0]] for one in corners]]}


def give(runtime: Runtime, login: str, role: Role, code: str, **more: Any) -> int:
    with runtime.work(SYSTEM) as work:
        number = grid.publication_at(work.session, work.now).number
        cell = grid.version_by_code(work.session, code, number)
        new = NewGrant(role, cell_id=cell.cell_id, area=cell.path, **more)
        return grants.grant(work, store.account_by_login(work.session, login), new).id


def standing(runtime: Runtime, account: int) -> set[tuple[str, str | None]]:
    with runtime.work(SYSTEM) as work:
        rows = store.grants_of(work.session, account)
    found = [(row.role, row.cell_code) for row in rows if row.stands]
    assert len(found) == len(set(found)), "a role stands twice"
    return set(found)


@pytest.fixture
def office(runtime: Runtime) -> Office:
    world.store(runtime)
    return Office(runtime)


@pytest.mark.parametrize(
    ("cell", "operations", "heirs"),
    [
        # Merged: into the other one.
        ("100A2001", [GRIDS], {"100A2002"}),
        # Parted under new codes: in each part.
        (
            "100B2",
            [{"op": "replace", "cells": ["100B2"], "parts": [
                {"name": "西", "polygon": square(1, 0, 1.5, 1)},
                {"name": "东", "polygon": square(1.5, 0, 2, 1)},
            ]}],
            {"100B001", "100B002"},
        ),
        # Drawn anew with its neighbour: where most of the ground went, not where a corner did.
        (
            "100B1",
            [{"op": "replace", "cells": ["100B1", "100B2"], "parts": [
                {"name": "大", "polygon": square(1, 0.5, 2, 2), "code": "100B2"},
                {"name": "小", "polygon": square(1, 0, 2, 0.5)},
            ]}],
            {"100B2"},
        ),
        # A street that lost all below it: the street that has it now.
        (
            "100A",
            [
                {"op": "reparent", "cell": "100A1", "parent": "100B"},
                {"op": "reparent", "cell": "100A2", "parent": "100B"},
            ],
            {"100B"},
        ),
        # One that stays keeps its role and no other gets it.
        ("100A2002", [GRIDS], {"100A2002"}),
        ("100B2", [{"op": "split", "cell": "100B2", "line": [
            [*world.at(1.5, -0.5).coords[0]], [*world.at(1.5, 1.5).coords[0]],
        ]}], {"100B2"}),
    ],
    ids=["merged", "parted", "drawn anew", "an upper cell", "into", "split"],
)  # fmt: skip
def test_a_role_goes_where_the_ground_went(
    office: Office, add: Add, cell: str, operations: list[dict[str, Any]], heirs: set[str]
) -> None:
    account = add().id
    give(office.runtime, "zhao", Role.GRID_WORKER, cell)

    assert office.run(*operations) is not None

    assert standing(office.runtime, account) == {("grid_worker", code) for code in heirs}


def test_what_is_moved_is_recorded_as_given_by_the_approver_and_taken_back(
    office: Office, add: Add
) -> None:
    account = add().id
    give(office.runtime, "zhao", Role.GRID_WORKER, "100A2001", case_types=("fire",))

    office.run(GRIDS)

    with office.runtime.work(SYSTEM) as work:
        old, new = store.grants_of(work.session, account)
    assert (old.cell_code, old.stands, new.cell_code, new.stands) == (
        "100A2001", False, "100A2002", True,
    )  # fmt: skip
    assert (new.granted_by, list(new.case_types), new.valid_to) == ("he", ["fire"], None)
    assert old.valid_to == new.valid_from
    assert [record.after["grant"] for record in records(office.runtime, "grant.end")] == [
        str(old.id)
    ]
    assert str(new.id) in {r.after["grant"] for r in records(office.runtime, "grant.add")}


def test_roles_that_stand_already_are_not_doubled_and_other_accounts_stay(
    office: Office, add: Add
) -> None:
    first, second = add().id, add("qian").id
    for cell in ("100A2001", "100A2002"):
        give(office.runtime, "zhao", Role.GRID_WORKER, cell)
    give(office.runtime, "qian", Role.COMMUNITY_ADMIN, "100B1")

    office.run(GRIDS)

    assert standing(office.runtime, first) == {("grid_worker", "100A2002")}
    assert standing(office.runtime, second) == {("community_admin", "100B1")}
    assert len(records(office.runtime, "grant.add")) == 3
