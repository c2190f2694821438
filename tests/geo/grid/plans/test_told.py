"""What a draft tells of itself: whom it moves, hints, and which cells may be excused."""

from typing import Any

import pytest

from geo.grid.plans import service, store
from geo.grid.plans.checks import Weight
from geo.grid.plans.impact import Impact, cells_above, changed_leaves, impact
from geo.grid.plans.opening import opened
from geo.grid.plans.refusals import ExcuseNeedless
from tests.geo.grid.plans.planning import EDITOR, Office, line

pytestmark = pytest.mark.db


HALVE_B2 = {"op": "split", "cell": "100B2", "line": line((1.5, -0.5), (1.5, 1.5))}


def hints(office: Office, operation: dict[str, Any]) -> list[tuple[str, str]]:
    plan = office.begin()
    office.do(plan, operation)
    with office.runtime.work(EDITOR) as work:
        desk = office.desk(work)
        found = service.problems_of(
            desk, opened(desk, store.plan_by_id(work.session, work.scope, plan))
        )
    return [(one.kind, one.code) for one in found if one.weight is Weight.HINT]


def impact_of(office: Office, cell: str, operation: dict[str, Any]) -> Impact:
    plan = office.begin(cell)
    office.do(plan, operation)
    with office.runtime.work(EDITOR) as work:
        desk = office.desk(work)
        found = opened(desk, store.plan_by_id(work.session, work.scope, plan))
        codes = changed_leaves(found.draft)
        area = (work.session, found.base.number, found.base.path)
        duties = store.duties_of(*area, codes + cells_above(found.draft, codes), work.now)
        is_led = store.is_led_above(*area, work.now)
        return impact(found.draft, found.known.stock(), duties, led_above=is_led)


def test_a_neighbour_that_got_a_vertex_alone_is_not_among_the_cells(office: Office) -> None:
    found = impact_of(office, "100", HALVE_B2)

    assert [one.code for one in found.cells] == ["100B001", "100B2"]


def test_a_name_of_a_sibling_is_a_hint(office: Office) -> None:
    rename = {"op": "rename", "cell": "100B2", "name": "北社区"}

    assert ("name_twice", "100B2") in hints(office, rename)
    assert hints(office, {**rename, "name": "下社区"}) == []  # below another street


def test_cells_above_whose_borders_move_are_hints(office: Office) -> None:
    across = {"op": "merge", "cells": ["100A1", "100B1"], "into": "100B1"}
    within = {"op": "merge", "cells": ["100B1", "100B2"], "into": "100B1"}

    assert {("upper_moves", "100A"), ("upper_moves", "100B")} <= set(hints(office, across))
    assert not [kind for kind, _ in hints(office, within) if kind == "upper_moves"]


@pytest.mark.parametrize("cell", ["100B999", "100A2001", "100B1"])
def test_only_a_broken_rule_is_excused(office: Office, cell: str) -> None:
    plan = office.begin()
    office.do(plan, HALVE_B2)

    with office.runtime.work(EDITOR) as work, pytest.raises(ExcuseNeedless):
        service.excused(office.desk(work), plan, 2, cell, "no need of it")


def test_unattended_is_what_nobody_above_answers_for_either(office: Office) -> None:
    grid = {"op": "split", "cell": "100A2001", "line": line((0.25, -0.5), (0.25, 1.5))}

    # The secretary answers first for the community above.
    assert impact_of(office, "100A2", grid).unattended == []
    assert impact_of(office, "100B", HALVE_B2).unattended == ["100B001", "100B2"]
    with office.runtime.work(EDITOR) as work:
        paths = office.tree(1)["path"]
        led = {
            code: store.is_led_above(work.session, 1, paths[code], work.now) for code in paths.index
        }
    assert sorted(code for code in led if led[code]) == ["100A2001", "100A2002"]
