"""Boundary plans from the shell: refused, tried, done."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from geo.access.roles import Role
from geo.runtime import Runtime
from tests import world
from tests.api.cli.conftest import Command, full_disk
from tests.api.client import signed_in

pytestmark = pytest.mark.db


def line(*points: tuple[float, float]) -> list[list[float]]:
    return [[world.at(*point).x, world.at(*point).y] for point in points]


SPLIT = {"op": "split", "cell": "100B2", "line": line((1.5, -0.5), (1.5, 1.5))}


@pytest.fixture
def town(runtime: Runtime, tmp_path: Path) -> Path:
    """A town, a secretary and a street; a file with one operation."""
    world.store(runtime)
    signed_in(runtime, Role.COMMUNITY_ADMIN, "100B", login="secretary")
    signed_in(runtime, Role.STREET_DISPATCHER, "100", login="street")
    file = tmp_path / "operations.json"
    file.write_text(json.dumps({"crs": "wgs84", "operations": [SPLIT]}), "utf-8")
    return file


ROLES = {"author": "secretary", "approver": "street"}


def told(wangge: Command, *arguments: object) -> Any:
    done = wangge("plan", *arguments, "--json")
    assert done.status == 0, done.out + done.err
    return json.loads(done.out)


def test_a_plan_is_tried_then_published_by_another_person(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100B", "--title", "调整", "--as", "secretary")["id"]
    changed = told(wangge, "apply", plan, town, "--as", "secretary")["cells"]
    assert {c["code"]: c["change"] for c in changed} == {
        "100B001": "new", "100B1": "noded", "100B2": "drawn",
    }  # fmt: skip
    assert wangge("plan", "check", plan).status == 0
    told(wangge, "submit", plan, "--as", "secretary")

    own = wangge("plan", "publish", plan, "--as", "street")
    tried = told(wangge, "show", plan)
    done = told(wangge, "publish", plan, "--as", "street", "--commit")

    assert (own.status, tried["state"]) == (0, "submitted")
    assert (done["state"], done["published"], done["approver"]) == ("published", 2, "street")
    names = {"secretary": done["author_name"], "street": done["approver_name"]}
    assert all(names.values())
    (listed,) = told(wangge, "list")
    assert {login: listed[f"{role}_name"] for role, login in ROLES.items()} == names
    assert listed["published_at"] == done["published_at"] > done["effective_at"]


@pytest.fixture
def clock_of_alaska(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock shows neither UTC nor the zone of the deployment."""
    with monkeypatch.context() as machine:
        machine.setenv("TZ", "America/Anchorage")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("clock_of_alaska")
def test_a_moment_without_a_zone_is_one_of_the_deployment(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100B", "--title", "x", "--as", "secretary")["id"]
    told(wangge, "apply", plan, town, "--as", "secretary")
    told(wangge, "submit", plan, "--as", "secretary")
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    publish = ("plan", "publish", plan, "--as", "street", "--at")

    wrong = wangge(*publish, "at eight")
    tried = wangge(*publish, f"{day} 08:00")
    zoned = wangge(*publish, f"{day}T02:00:00Z")
    done = wangge(*publish, f"{day} 08:00", "--commit")

    assert wrong.status == 2
    assert "at eight" in wrong.err
    assert f"{day} 10:00:00+08:00" in zoned.out
    assert [f"{day} 08:00:00+08:00" in shown.out for shown in (tried, done)] == [True, True]
    kept = datetime.fromisoformat(told(wangge, "show", plan)["effective_at"])
    assert kept == datetime.fromisoformat(f"{day}T00:00:00Z")


def test_the_secretary_may_not_publish(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100B", "--title", "x", "--as", "secretary")["id"]
    told(wangge, "apply", plan, town, "--as", "secretary")
    told(wangge, "submit", plan, "--as", "secretary")

    refused = wangge("plan", "publish", plan, "--as", "secretary", "--commit", "--json")

    assert (refused.status, json.loads(refused.out)["code"]) == (2, "permission_missing")


def test_the_operator_does_not_approve_the_own_plan(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100", "--title", "x")["id"]
    told(wangge, "apply", plan, town)
    told(wangge, "submit", plan)

    refused = wangge("plan", "publish", plan, "--commit", "--json")

    assert (refused.status, json.loads(refused.out)["code"]) == (2, "self_approval")


def test_a_wrong_file_names_its_place(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100", "--title", "x")["id"]
    town.write_text(json.dumps([{**SPLIT, "line": [[116.8, 33.9]]}]), "utf-8")

    refused = wangge("plan", "apply", plan, town, "--json")

    assert refused.status == 2
    assert json.loads(refused.out)["pointer"] == "/operations/0/line"


def test_a_submitted_plan_is_listed_and_stays_as_it_is(town: Path, wangge: Command) -> None:
    plan = told(wangge, "new", "100", "--title", "x", "--as", "street")["id"]
    told(wangge, "apply", plan, town)
    told(wangge, "submit", plan)

    listed = told(wangge, "list", "--state", "submitted")
    refused = wangge("plan", "undo", plan, 0, "--json")

    assert [row["id"] for row in listed] == [plan]
    assert json.loads(refused.out)["code"] == "plan_step_refused"


def test_a_publication_is_reverted_by_a_new_plan(
    town: Path, wangge: Command, runtime: Runtime
) -> None:
    signed_in(runtime, Role.DISTRICT_ADMIN, "100", login="district")
    plan = told(wangge, "new", "100", "--title", "x", "--as", "street")["id"]
    told(wangge, "apply", plan, town, "--as", "street")
    told(wangge, "submit", plan, "--as", "street")
    told(wangge, "publish", plan, "--as", "district", "--commit")

    made = told(wangge, "revert", 1, "100", "--as", "street")
    back = made["id"]

    assert made["title"] == "恢复到第 1 版"
    cells = told(wangge, "diff", back)["cells"]
    assert {c["code"]: c["change"] for c in cells if c["change"] != "noded"} == {
        "100B001": "ended", "100B2": "drawn",
    }  # fmt: skip


def test_cells_replace_no_file_unless_told_so(town: Path, wangge: Command, tmp_path: Path) -> None:
    plan = told(wangge, "new", "100", "--title", "x")["id"]
    file = tmp_path / "cells.gpkg"
    file.write_text("edited for hours", encoding="utf-8")

    refused = wangge("plan", "cells", plan, "-o", file)

    assert (refused.status, file.read_text("utf-8")) == (2, "edited for hours")
    assert "--force" in refused.err
    with full_disk(free=16):
        failed = wangge("plan", "cells", plan, "-o", file, "--force")
    assert (failed.status, file.read_text("utf-8")) == (2, "edited for hours")
    assert f"cannot write {file}: disk I/O error" in failed.err
    assert {*tmp_path.iterdir()} == {file, town}
    assert wangge("plan", "cells", plan, "-o", file, "--force").status == 0
    assert file.read_bytes().startswith(b"SQLite format 3")


def test_cells_go_to_a_gis_and_come_back(town: Path, wangge: Command, tmp_path: Path) -> None:
    plan = told(wangge, "new", "100", "--title", "x")["id"]
    file = tmp_path / "cells.gpkg"
    assert wangge("plan", "cells", plan, "-o", file).status == 0

    same = wangge("plan", "apply", plan, file, "--json")

    assert json.loads(same.out)["code"] == "plan_cells_same"
