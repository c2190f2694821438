"""Divisions over HTTP: a job that offers an operation, which is sent as any other, and does it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from api.app import create_app
from geo.access.actors import Actor
from geo.access.roles import Role
from geo.demo.load import load
from geo.demo.town import Scale, build
from geo.grid.plans import divisions
from geo.handlers import JOBS
from geo.jobs.loop import Loop
from geo.jobs.service import LeaseLost, RunningJob
from geo.runtime import Runtime
from tests.api.client import Client
from tests.api.routes.conftest import Office
from tests.api.routes.test_plans import API, SPLIT, Plan, line
from tests.databases import Databases

pytestmark = pytest.mark.db

COMMUNITY = "340603002001"


def divided(plan: Plan, runtime: Runtime, **wanted: Any) -> Any:
    """Return the job of a division when it has ended."""
    asked = plan.ask("POST", "/division", wanted)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "queued"
    assert asked.headers["location"].endswith(f"/plans/{plan.id}/division/{asked.json()['id']}")
    while Loop(runtime, JOBS).run_one():
        pass
    job = plan.read(f"/division/{asked.json()['id']}")
    assert job["state"] in ("done", "failed"), job
    return job


def test_a_division_offers_an_operation_that_does_what_it_said(
    office: Office, secretary: Client
) -> None:
    plan = Plan(secretary)
    before = plan.read()["revision"]

    offer = divided(plan, office.runtime, cells=["100A2"], min=1, max=4)["result"]

    assert plan.read()["revision"] == before
    held = [cell["households"] for cell in offer["cells"]]
    assert sorted(held) == [1, 4]
    assert [cell["code"] for cell in offer["before"]] == ["100A2001", "100A2002"]
    assert offer["misses"] == []
    done = plan.do(*offer["operations"])
    assert done.status_code == 200, done.text
    drawn = plan.read("/coverage")
    counts = dict(zip(drawn["codes"], drawn["households"], strict=True))
    assert {cell["code"]: cell["households"] for cell in offer["cells"]} == {
        code: counts[code] for code in ("100A2001", "100A2002")
    }


def test_a_leaf_is_divided_into_children_with_the_bounds_of_their_level(
    office: Office, secretary: Client
) -> None:
    plan = Plan(secretary)

    offer = divided(plan, office.runtime, cells=["100A2001"], below=True)["result"]

    assert (offer["min"], offer["max"]) == (30, 50)
    assert offer["operations"][0]["parent"] == "100A2001"
    assert [cell["state"] for cell in offer["cells"]] == ["below"]
    (miss,) = offer["misses"]
    assert miss["cause"] == "land"
    assert miss["buildings"] == ["b1", "b2"]
    assert miss["detail"]
    assert plan.do(*offer["operations"]).json()["counts"][miss["cell"]]["households"] == 5


@pytest.mark.parametrize(
    ("wanted", "cause", "said"),
    [
        ({"cells": ["100A2"], "locked": ["100A2002"]}, "locked", "Cells beside it are locked"),
        ({"cells": ["100A2001"]}, "left_out", "The chosen cells alone"),
        ({"cells": ["100A2"]}, "land", "hangs together with no other"),
    ],
    ids=["locked beside", "not chosen beside", "nobody beside"],
)
def test_land_is_called_alone_only_where_nothing_beside_it_was_left_out(
    office: Office, secretary: Client, wanted: dict[str, Any], cause: str, said: str
) -> None:
    """Five households in all: 7 to 9 fit no number of cells; around the community is no sibling."""
    plan = Plan(secretary, "100A2")
    # Cells of other communities lie in the draft too, once a step has reached its outline.
    cut = {"op": "split", "cell": "100A2002", "line": line((0.45, 0.5), (1.05, 0.5))}
    assert plan.do(cut).status_code == 200

    offer = divided(plan, office.runtime, min=7, max=9, **wanted)["result"]

    (miss,) = offer["misses"]
    assert (miss["cause"], said in miss["detail"]) == (cause, True), miss


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"cells": ["100X"]}, 404, "edit_cell_missing"),
        ({"cells": ["100A2"], "min": 5, "max": 2}, 400, "division_refused"),
        ({"cells": ["100A2"], "count": 5, "min": 30, "max": 50}, 400, "division_refused"),
        ({"cells": ["100B2"]}, 400, "division_refused"),
        ({"cells": ["100A2"], "locked": ["100B2"]}, 400, "division_refused"),
        ({"cells": ["100A2001"], "locked": ["100A2001"]}, 400, "division_refused"),
        ({"cells": []}, 400, "invalid_parameter"),
        ({"cells": ["100A2"], "min": -1}, 400, "invalid_parameter"),
        ({"cells": ["100A2"], "weight": "pets"}, 400, "invalid_parameter"),
        ({"cells": ["100A2"], "maximum": 4}, 400, "invalid_parameter"),
    ],
)
def test_what_cannot_be_divided_is_told_at_once(
    office: Office, secretary: Client, wanted: dict[str, Any], status: int, code: str
) -> None:
    plan = Plan(secretary)

    answer = plan.ask("POST", "/division", wanted)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert not Loop(office.runtime, {divisions.KIND: JOBS[divisions.KIND]}).run_one()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"min": -1}, "min 不能小于 0"),
        ({"max": 2_000_000}, "max 不能大于 1,000,000"),
        ({"count": 0}, "count 不能小于 1"),
    ],
)
def test_a_number_out_of_its_range_is_told_with_the_range(
    secretary: Client, wanted: dict[str, int], said: str
) -> None:
    body = {"cells": ["100A2"], **wanted}

    refused = Plan(secretary).ask("POST", "/division", body, accept_language="zh")

    assert refused.status_code == 400
    assert said in refused.json()["detail"]


def test_a_draft_that_changed_meanwhile_is_not_divided(office: Office, secretary: Client) -> None:
    plan = Plan(secretary)
    asked = plan.ask("POST", "/division", {"cells": ["100A2"], "min": 1, "max": 4}).json()
    plan.do(SPLIT)
    while Loop(office.runtime, JOBS).run_one():
        pass

    job = plan.read(f"/division/{asked['id']}")

    assert (job["state"], job["result"]) == ("failed", None)
    assert (
        "revision"
        in secretary.get(
            f"{API}/plans/{plan.id}/division/{asked['id']}", accept_language="en"
        ).json()["error"]
    )
    assert plan.ask("POST", "/division", {"cells": ["100A2"]}, if_match='"1"').status_code == 412


def test_who_asked_may_stop_and_others_wait(office: Office, secretary: Client) -> None:
    plan = Plan(secretary)
    wanted = {"cells": ["100A2"], "min": 1, "max": 4}
    first = plan.ask("POST", "/division", wanted).json()["id"]
    second = plan.ask("POST", "/division", wanted).json()["id"]
    assert plan.read(f"/division/{first}")["state"] == "cancelled"
    street = plan.seen_by(office.of(Role.STREET_DISPATCHER, "100"))
    waiting = street.ask("POST", "/division", wanted)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "plan_division_running")

    stopped = plan.ask("DELETE", f"/division/{second}")

    assert stopped.json()["state"] == "cancelled"
    assert street.ask("POST", "/division", wanted).status_code == 202


def test_a_running_division_that_is_stopped_ends_at_its_next_step(
    office: Office, secretary: Client
) -> None:
    plan = Plan(secretary)
    asked = plan.ask("POST", "/division", {"cells": ["100A2"], "min": 1, "max": 4}).json()
    seen: list[str] = []

    def run(runtime: Runtime, job: RunningJob) -> dict[str, Any]:
        plan.ask("DELETE", f"/division/{asked['id']}")
        try:
            for turn in range(3):
                job.progress("seed", turn, turn)
                seen.append("went on")
        except LeaseLost:
            seen.append("stopped")
            raise
        return {}

    while Loop(office.runtime, {**JOBS, "plan.division": run}).run_one():
        pass

    assert seen == ["went on", "stopped"]
    assert plan.read(f"/division/{asked['id']}")["state"] == "cancelled"


def test_a_division_is_seen_by_who_may_edit_its_plan(office: Office, secretary: Client) -> None:
    plan, other = Plan(secretary), Plan(secretary)
    job = divided(plan, office.runtime, cells=["100A2"], min=1, max=4)["id"]

    elsewhere = office.of(Role.COMMUNITY_ADMIN, "100B")
    path = f"{API}/plans/{plan.id}/division/{job}"
    assert elsewhere.get(path).json()["code"] == "plan_unknown"
    assert office.of(Role.DUTY_LEADER, "100").get(path).status_code == 403
    assert secretary.get(f"{API}/plans/{other.id}/division/{job}").json()["code"] == "job_unknown"
    shown = office.of(Role.SYSTEM_ADMIN, None).json(f"{API}/jobs/{job}")
    assert shown["result"] == {"plan": plan.id, "cells": 2, "missed": 0}


@pytest.fixture(scope="module")
def street(databases: Databases, template: str) -> Iterator[Runtime]:
    """The demo street, in a database of its own."""
    with databases.lent(template) as name:
        runtime = Runtime(databases.settings(name))
        with runtime.work(Actor.system("test")) as work:
            load(work, build(Scale.STREET), zone="Asia/Shanghai", progress=lambda *_: None)
        yield runtime
        runtime.close()


@pytest.mark.long
@pytest.mark.parametrize("previous", [False, True])
def test_a_community_of_the_demo_is_divided(street: Runtime, previous: bool) -> None:
    who = Client.of(create_app(street), Role.COMMUNITY_ADMIN, COMMUNITY)
    plan = Plan(who, COMMUNITY)

    offer = divided(plan, street, cells=[COMMUNITY], previous=previous)["result"]

    bad = [cell for cell in offer["cells"] if cell["state"] in ("below", "above")]
    assert len(bad) == len(offer["misses"]) == 0
    for cell in offer["cells"]:
        if cell["state"] == "ok":
            assert offer["min"] <= cell["households"] <= offer["max"]
    households = sum(cell["households"] for cell in offer["before"])
    assert sum(cell["households"] for cell in offer["cells"]) == households == offer["total"]
    if previous:
        assert offer["moved"]["households"] < 0.2 * households
    done = plan.do(*offer["operations"])
    assert done.status_code == 200, done.text
    kinds = {one["kind"] for one in done.json()["problems"]}
    assert not kinds & {"size_small"}
    shapes = [shape(part["polygon"]) for one in offer["operations"] for part in one["parts"]]
    assert shapely.coverage_is_valid(np.array(shapes, dtype=object))
