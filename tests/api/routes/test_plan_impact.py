"""What a plan moves: as it was when it was published, and on the ground of its base before."""

from typing import Any

import pytest
from sqlalchemy import text

from geo.db.session import make_engine
from geo.grid.plans import job
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.api.routes.test_plans import API, Plan, line, square

pytestmark = pytest.mark.db

# b1 holds four households, b2 one; both lie in 100A2001, nothing in 100A2002.
GRIDS = {"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2002"}
REASON = "a hamlet by itself"


def published(office: Office, plan: Plan, street: Client) -> None:
    for problem in plan.read("/problems")["problems"]:
        if problem["open"]:
            plan.ask("POST", "/excuse", {"cell": problem["code"], "reason": REASON})
    assert plan.ask("POST", "/submit").status_code == 200
    assert plan.seen_by(street).ask("POST", "/approve", {}).status_code == 200
    assert job.publish_now(office.runtime, int(plan.id)) is not None


def households(plan: Plan, query: str = "") -> dict[str, int]:
    said = plan.read(f"/coverage{query}")
    return dict(zip(said["codes"], said["households"], strict=True))


def test_what_a_plan_moved_stays_as_it_was_when_it_was_published(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(GRIDS)
    promised = plan.read("/impact")
    assert (promised["buildings"], promised["households"]) == (2, 5)

    published(office, plan, street)
    kept = plan.read("/impact")

    assert {**kept, "revision": 0} == {**promised, "revision": 0}
    figures = {one["code"]: (one["before"], one["after"]) for one in kept["cells"]}
    assert figures["100A2001"][1] is None
    assert figures["100A2002"][0]["households"] == 0
    assert figures["100A2002"][1]["households"] == 5
    assert [one["name"] for one in kept["workers"]] == ["沈知夏"]
    # A later publication that moves the same buildings on changes nothing of it either.
    later = Plan(secretary)
    later.do({"op": "split", "cell": "100A2002", "line": line((-0.5, 0.3), (1.5, 0.3))})
    published(office, later, street)
    assert plan.read("/impact") == kept


def test_cells_of_a_published_plan_show_what_they_held(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(GRIDS)
    published(office, plan, street)

    assert households(plan, "?published=true")["100A2001"] == 5
    assert households(plan, "?published=true")["100A2002"] == 0
    assert households(plan)["100A2002"] == 5


def test_a_plan_published_before_that_was_kept_says_that_nobody_knows(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(GRIDS)
    published(office, plan, street)
    forget(office, plan)

    said = plan.read("/impact")

    assert said["known"] is False
    assert [said[name] for name in ("buildings", "households", "persons")] == [None] * 3
    assert said["cells"] == said["moves"] == said["workers"] == said["unattended"] == []


def test_a_draft_on_an_older_version_counts_the_buildings_on_its_ground(
    office: Office, secretary: Client, street: Client
) -> None:
    before = Plan(secretary)
    merging = Plan(secretary)
    merging.do(GRIDS)
    published(office, merging, street)

    # On the version of now 100A2001 is no more, and 100A2002 holds the households of both.
    counts = households(before)
    assert (counts["100A2001"], counts["100A2002"]) == (5, 0)
    before.do({"op": "split", "cell": "100A2001", "line": line((-0.5, 0.3), (1.5, 0.3))})
    figures = impact_on(before)
    # b1 lies south of the line, in the lesser part, which becomes the new cell.
    assert figures["100A2001"] == (5, 1)
    assert [after for code, (_, after) in figures.items() if code != "100A2001"] == [4]


def test_an_older_draft_counts_what_a_later_plan_gave_to_another_area(
    office: Office, secretary: Client, street: Client
) -> None:
    before, giving = Plan(secretary, cell="100B"), Plan(secretary)
    # b3 with its two households lies on the ground that the western community gets.
    ground = square(1.0, 1.0, 1.75, 2.0)
    done = giving.do({"op": "transfer", "to": "100A1", "area": ground})
    assert done.status_code == 200, done.text
    published(office, giving, street)

    assert street.json(f"{API}/plans/{before.id}")["base"] == 1
    assert households(before)["100B1"] == 2


def impact_on(plan: Plan) -> dict[str, tuple[Any, ...]]:
    return {
        one["code"]: tuple((one[side] or {"households": 0})["households"] for side in SIDES)
        for one in plan.read("/impact")["cells"]
    }


SIDES = ("before", "after")


def forget(office: Office, plan: Plan) -> None:
    """Leave the plan as an older program published it."""
    owner = make_engine(str(office.runtime.settings.database_owner_url), pool_size=1)
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM plan_impact WHERE plan_id = :plan"), {"plan": plan.id})
    owner.dispose()
