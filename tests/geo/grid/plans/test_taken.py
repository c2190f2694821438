"""Codes that were ever given, looked up as they are wanted: whole, and by how they begin."""

from typing import Any

import pytest
from sqlalchemy import text

from geo.grid.plans.opening import Lookup, opened
from geo.grid.plans.service import problems_of
from geo.grid.plans.store import plan_by_id
from geo.spatial.edits.refusals import CodeTaken
from geo.work import Work
from tests import world
from tests.geo.grid.plans.planning import EDITOR, Office, line

pytestmark = pytest.mark.db

CUT: dict[str, Any] = {
    "op": "split", "cell": "100A2001", "line": line((0.25, -1.0), (0.25, 2.0)),
}  # fmt: skip
UNDO = {"op": "merge", "cells": ["100A2001", "100A2003"], "into": "100A2001"}


def lookup(office: Office, work: Work, number: int, cell: str = "100A2") -> Lookup:
    desk = office.desk(work)
    cell_id = int(world.paths(office.runtime)[cell].split(".")[-2])
    return desk.lookup(desk.base(number, cell_id), cell_id)


def codes_by(work: Work, number: int) -> set[str]:
    """Return every code that was given by a publication, read from end to end."""
    query = text("SELECT code FROM cell_version WHERE lower(during) <= :number")
    return set(work.session.scalars(query, {"number": number}))


@pytest.fixture
def grown(office: Office) -> Office:
    """A town in whose second publication a cell was cut, and in whose third it grew together."""
    office.run(CUT)
    office.run(UNDO)
    return office


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_is_looked_up_is_what_reading_all_would_say(grown: Office, number: int) -> None:
    with grown.runtime.work(EDITOR) as work:
        known, codes = lookup(grown, work, number), codes_by(work, number)
        every = sorted(codes_by(work, 3) | {"100A2004", "100", "1", "x", "~"})
        beginnings = {code[:end] for code in every for end in range(len(code) + 1)}

        assert known.taken(every) == codes
        assert known.taken([]) == frozenset()
        for text_ in sorted(beginnings):
            found = {code for code in codes if code.startswith(text_)}
            assert known.taken_with(text_) == found, text_


def test_the_code_of_a_cell_that_is_no_more_is_not_given_again(grown: Office) -> None:
    plan = grown.begin()

    assert grown.do(plan, CUT).draft.born == ("100A2004",)
    with pytest.raises(CodeTaken):
        grown.do(plan, {**CUT, "cell": "100A2002", "codes": ["100A2003"],
                        "line": line((0.75, -1.0), (0.75, 2.0))})  # fmt: skip


def test_a_code_that_others_gave_meanwhile_is_given_anew(office: Office) -> None:
    plan = office.begin()
    east = {**CUT, "cell": "100A2002", "line": line((0.75, -1.0), (0.75, 2.0))}
    assert office.do(plan, east).draft.born == ("100A2003",)
    office.run(CUT)

    office.submit(plan)

    with office.runtime.work(EDITOR) as work:
        found = opened(office.desk(work), plan_by_id(work.session, work.scope, plan))
        assert found.draft.born == ("100A2004",)
        assert found.rows[0].operation["codes"] == ["100A2004"]


def test_codes_given_anew_make_room_for_each_other(office: Office) -> None:
    plan = office.begin()
    office.do(plan, {**CUT, "cell": "100A2002", "line": line((0.75, -1.0), (0.75, 2.0))})
    office.do(plan, {**CUT, "cell": "100A2003", "line": line((0.9, -1.0), (0.9, 2.0))})
    office.run(CUT)

    office.submit(plan)

    with office.runtime.work(EDITOR) as work:
        found = opened(office.desk(work), plan_by_id(work.session, work.scope, plan))
        cut, again = (row.operation for row in found.rows)
        assert found.draft.born == ("100A2004", "100A2005")
        assert (cut["codes"], again["cell"], again["codes"]) == (
            ["100A2004"], "100A2004", ["100A2005"],
        )  # fmt: skip


def test_a_new_code_is_no_problem_and_an_old_one_is(
    grown: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = grown.begin()
    grown.do(plan, CUT)
    with grown.runtime.work(EDITOR) as work:
        found = opened(grown.desk(work), plan_by_id(work.session, work.scope, plan))
        fine = [one.kind for one in problems_of(grown.desk(work), found)]
        # No operation gives an old code; the gate asks all the same.
        monkeypatch.setattr(Lookup, "taken", lambda _self, codes: frozenset(codes))
        faults = [(one.kind, one.code) for one in problems_of(grown.desk(work), found)]

    assert "code_used" not in fine
    assert ("code_used", "100A2004") in faults
