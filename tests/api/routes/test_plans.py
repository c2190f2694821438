"""Boundary plans over HTTP: each operation, who may do what, two editors, bad input."""

import re
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx
import orjson
import pytest

from geo.access.roles import Role
from geo.grid.plans import job
from geo.handlers import JOBS
from geo.jobs.loop import Loop
from tests import world
from tests.api.client import Client
from tests.api.routes.conftest import Office

pytestmark = pytest.mark.db

API = "/api/v1"


def line(*points: tuple[float, float]) -> list[list[float]]:
    return [[world.at(*point).x, world.at(*point).y] for point in points]


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = line((west, south), (east, south), (east, north), (west, north), (west, south))
    return {"type": "Polygon", "coordinates": [ring]}


SPLIT = {"op": "split", "cell": "100B2", "line": line((1.5, -0.5), (1.5, 1.5))}
MERGE = {"op": "merge", "cells": ["100B1", "100B2"], "into": "100B2"}


class Plan:
    """A plan as one of its editors sees it."""

    def __init__(self, who: Client, cell: str = "100", plan: str = "") -> None:
        self.who = who
        if not plan:
            made = who.post(f"{API}/plans", {"cell": cell, "title": "测试调整"})
            assert made.status_code == 201, made.text
            plan = made.json()["id"]
            assert made.headers["location"] == f"{API}/plans/{plan}"
        self.id = plan
        self.tag = '"1"'

    def seen_by(self, who: Client) -> "Plan":
        other = Plan(who, plan=self.id)
        other.tag = who.get(f"{API}/plans/{self.id}").headers["etag"]
        return other

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {"if_match": self.tag, **headers}
        target = f"{API}/plans/{self.id}{path}"
        if method == "POST":
            answer = self.who.post(target, body, **named)
        else:
            content = None if body is None else orjson.dumps(body)
            typed = {} if body is None else {"content_type": "application/json"}
            answer = self.who.request(method, target, content, **{**typed, **named})
        self.tag = answer.headers.get("etag", self.tag)
        return answer

    def do(self, *operations: dict[str, Any], crs: str = "wgs84") -> httpx.Response:
        return self.ask("POST", "/operations", {"crs": crs, "operations": list(operations)})

    def read(self, path: str = "") -> Any:
        return self.who.json(f"{API}/plans/{self.id}{path}")


def test_a_plan_goes_from_draft_to_publication(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    edited = plan.do(SPLIT)
    assert edited.status_code == 200, edited.text
    told = {cell["code"]: cell["change"] for cell in edited.json()["changed"]}
    assert told == {"100B1": "noded", "100B2": "drawn", "100B001": "new"}
    assert plan.ask("POST", "/submit").status_code == 200
    approved = plan.seen_by(street).ask("POST", "/approve", {})
    assert approved.status_code == 200, approved.text
    assert approved.json()["state"] == "approved"

    made = job.publish_now(office.runtime, int(plan.id))

    assert made is not None
    shown = plan.read()
    assert shown["published"] == made.number == 2
    # Never dated back: the moment that was approved stays, and that of the publication is said.
    assert shown["effective_at"] == approved.json()["effective_at"] < shown["published_at"]
    assert street.json(f"{API}/publications/2")["effective_at"] == shown["published_at"]
    assert street.json(f"{API}/cells/100B001")["parent_code"] == "100B"
    assert street.get(f"{API}/cells/100B001?as_of=2020-01-01").status_code == 404


@pytest.mark.parametrize(
    ("operation", "changed", "removed"),
    [
        (SPLIT, {"100B2", "100B001"}, []),
        (
            {"op": "split", "cell": "100B2", "polygon": square(1.25, 0.25, 1.75, 0.75)},
            {"100B2", "100B001"},
            [],
        ),
        (MERGE, {"100B2"}, ["100B1"]),
        (
            {
                "op": "move_border",
                "cells": ["100B1", "100B2"],
                "line": line((1, 1), (1.5, 1.25), (2, 1)),
            },
            {"100B1", "100B2"},
            [],
        ),
        (
            {"op": "transfer", "to": "100B1", "area": square(1, 0.75, 2, 1.25)},
            {"100B1", "100B2"},
            [],
        ),
        ({"op": "rename", "cell": "100B1", "name": "北苑社区"}, {"100B1"}, []),
        ({"op": "reparent", "cell": "100A2", "parent": "100B"}, {"100A2"}, []),
        (
            {
                "op": "replace",
                "cells": ["100B1", "100B2"],
                "parts": [
                    {"name": "西", "polygon": square(1, 0, 1.5, 2)},
                    {"name": "东", "polygon": square(1.5, 0, 2, 2), "code": "100B2"},
                ],
            },
            {"100B2", "100B001"},
            ["100B1"],
        ),
        (
            {
                "op": "replace",
                "cells": ["100B1"],
                "parent": "100B1",
                "parts": [
                    {"name": "一", "polygon": square(1, 1, 1.5, 2)},
                    {"name": "二", "polygon": square(1.5, 1, 2, 2)},
                ],
            },
            {"100B1", "100B1001", "100B1002"},
            [],
        ),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) else "",
)
def test_each_operation_answers_what_it_changed(
    secretary: Client, operation: dict[str, Any], changed: set[str], removed: list[str]
) -> None:
    plan = Plan(secretary)

    answer = plan.do(operation)

    assert answer.status_code == 200, answer.text
    told = {c["code"] for c in answer.json()["changed"] if c["change"] != "noded"}
    assert (told, answer.json()["removed"]) == (changed, removed)
    assert plan.read()["operations"][0]["operation"]["op"] == operation["op"]
    assert plan.read("/coverage")["codes"] == sorted(plan.read("/coverage")["codes"])
    assert plan.ask("DELETE", "/operations/0").status_code == 200
    assert plan.read("/difference")["cells"] == []


def test_buildings_take_their_ground_along(secretary: Client) -> None:
    plan = Plan(secretary)

    # b1 stands in the first grid; the second one borders on it.
    answer = plan.do({"op": "transfer", "to": "100A2002", "buildings": ["b2"]})

    assert answer.status_code == 200, answer.text
    impact = plan.read("/impact")
    assert [(m["building"], m["from_code"], m["to_code"]) for m in impact["moves"]] == [
        ("b2", "100A2001", "100A2002")
    ]


def test_the_second_editor_is_told_what_the_first_did(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    late = plan.seen_by(street)
    plan.do(SPLIT)

    refused = late.do(MERGE)

    assert refused.status_code == 412
    body = refused.json()
    assert body["code"] == "plan_changed"
    assert [error["pointer"] for error in body["errors"]] == ["#/operations/0"]
    # By the name of the person, in a sentence: the login says nothing to the second editor.
    made = body["errors"][0]["detail"]
    assert made.startswith("测试")
    assert made.endswith(" made step 1, split cell 100B2")
    assert f"since then: {made}); load it again" in body["detail"]
    late.tag = '"1"'
    told = late.ask("POST", "/operations", {"operations": [MERGE]}, accept_language="zh").json()
    assert told["detail"].endswith("做了第 1 步，拆分网格 100B2）；请重新载入后再改")
    assert "（起草中；期间：测试" in told["detail"]
    assert [row["operation"]["op"] for row in plan.read()["operations"]] == ["split"]


def test_a_plan_that_somebody_submitted_meanwhile_says_who(
    secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(SPLIT)
    stale = plan.tag
    plan.ask("POST", "/submit")
    name = secretary.json(f"{API}/me")["name"]

    late = plan.ask("PATCH", "", {"title": "x"}, if_match=stale, accept_language="zh")

    assert (late.status_code, late.json()["code"]) == (412, "plan_changed")
    assert f"期间：{name}已提交" in late.json()["detail"]


def test_a_title_is_more_than_blanks(secretary: Client) -> None:
    blank = secretary.post(f"{API}/plans", {"cell": "100", "title": " \u3000 "})
    plan = Plan(secretary)
    again = plan.ask("PATCH", "", {"title": "  "})
    kept = plan.ask("PATCH", "", {"title": "  新标题 "})

    assert (blank.status_code, blank.json()["code"]) == (400, "plan_title_missing")
    assert (again.status_code, again.json()["code"]) == (400, "plan_title_missing")
    assert kept.json()["title"] == "新标题"


def test_a_cut_takes_no_more_names_than_it_makes_parts(secretary: Client) -> None:
    plan = Plan(secretary)

    refused = plan.do({**SPLIT, "names": ["一", "二", "三"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "plan_names_many")
    assert refused.json()["errors"][0]["pointer"] == "#/operations/0"
    assert plan.do({**SPLIT, "names": ["一", "二"]}).status_code == 200


def test_a_cell_that_is_gone_is_named_with_the_one_way_on(
    office: Office, secretary: Client, street: Client
) -> None:
    merged, renamed = Plan(secretary), Plan(secretary)
    merged.do({"op": "merge", "cells": ["100B1", "100B2"], "into": "100B2"})
    renamed.do({"op": "rename", "cell": "100B1", "name": "新名"})
    merged.ask("POST", "/submit")
    merged.seen_by(street).ask("POST", "/approve", {})
    job.publish_now(office.runtime, int(merged.id))

    refused = renamed.ask("POST", "/rebase", {}, accept_language="zh")

    assert (refused.status_code, refused.json()["code"]) == (409, "plan_broken")
    detail = refused.json()["detail"]
    assert "网格“北社区”在该版中已不存在" in detail
    assert "请撤销到该操作之前" in detail
    assert "核对编码" not in detail
    assert "100B1" not in detail


def test_who_repeats_a_change_of_their_own_is_accused_of_nobody(secretary: Client) -> None:
    plan = Plan(secretary)
    plan.do(SPLIT)
    plan.tag = '"1"'

    told = plan.ask("POST", "/operations", {"operations": [MERGE]}, accept_language="zh").json()

    assert told["title"] == "期间已有改动"
    assert told["detail"].startswith("方案在您读取之后已有改动：您依据的是第 1 次修订")
    assert "他人" not in str(told)


def test_a_step_out_of_turn_is_told_in_words(secretary: Client, street: Client) -> None:
    plan = Plan(secretary).seen_by(street)

    told = plan.ask("POST", "/approve", {}, accept_language="zh").json()

    assert told["code"] == "plan_step_refused"
    assert told["detail"] == "方案起草中，现在不能批准；请先查看方案当前状态"


@pytest.mark.parametrize("path", ["/excuse", "/return"])
def test_reasons_have_one_rule_and_are_asked_for_in_words(street: Client, path: str) -> None:
    plan = Plan(street)
    plan.do({"op": "split", "cell": "100A2001", "line": line((0.25, -0.5), (0.25, 1.5))})
    who = {"cell": "100A2001"} if path == "/excuse" else {}
    too_short = ("", " 一 二 ", "三个字", "长" * 201, 4, None)

    for given in too_short:
        told = plan.ask("POST", path, {**who, "reason": given}, accept_language="zh").json()
        (error,) = told["errors"]
        assert error == {"pointer": "#/reason", "detail": "须写明理由（reason），4 到 200 个字"}
    (error,) = plan.ask("POST", path, who, accept_language="zh").json()["errors"]
    assert error == {"pointer": "#/reason", "detail": "缺少：理由（reason）"}
    kept = plan.ask("POST", path, {**who, "reason": " 一栋高层 "})
    if path == "/excuse":
        (excuse,) = kept.json()["excuses"]
        assert (excuse["cell"], excuse["reason"]) == ("100A2001", "一栋高层")
    else:
        assert kept.json()["code"] == "plan_step_refused"  # a draft: the reason itself was taken


@pytest.mark.parametrize("tag", ["", "*", '"1", "2"', 'W/"1"', "1"])
def test_a_change_names_the_revision_it_was_made_for(secretary: Client, tag: str) -> None:
    plan = Plan(secretary)
    plan.tag = tag

    assert plan.do(SPLIT).json()["code"] == "if_match_needed"


def test_a_plan_names_its_people_beside_their_logins(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(SPLIT)
    begun = plan.read()
    assert (begun["submitter_name"], begun["approver_name"]) == (None, None)
    plan.ask("POST", "/submit")
    plan.seen_by(street).ask("POST", "/approve", {})
    named = {who.json(f"{API}/me")["login"]: who.json(f"{API}/me")["name"]
             for who in (secretary, street)}  # fmt: skip

    (listed,) = street.json(f"{API}/plans")["items"]

    for role in ("author", "submitter", "approver"):
        assert plan.read()[f"{role}_name"] == listed[f"{role}_name"] == named[listed[role]]
    assert listed["author_name"] == listed["submitter_name"] == begun["author_name"]


def test_nobody_approves_what_they_worked_on(office: Office, street: Client) -> None:
    plan = Plan(street)
    plan.do(SPLIT)
    assert plan.ask("POST", "/submit").status_code == 200
    before = plan.read()

    refused = plan.ask("POST", "/approve", {})

    assert (refused.status_code, refused.json()["code"]) == (403, "self_approval")
    assert before["state"] == "submitted"
    assert plan.read() == before


def test_a_stale_plan_is_refused_with_the_difference(
    office: Office, secretary: Client, street: Client
) -> None:
    first, second = Plan(secretary), Plan(secretary)
    first.do(SPLIT)
    second.do(MERGE)
    for one in (first, second):
        assert one.ask("POST", "/submit").status_code == 200
    assert first.seen_by(street).ask("POST", "/approve", {}).status_code == 200
    job.publish_now(office.runtime, int(first.id))
    before = second.read()

    refused = second.seen_by(street).ask("POST", "/approve", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "plan_stale")
    (error,) = refused.json()["errors"]
    assert error["cell"] == "100B2"
    place = world.at(1.5, 0.5)  # the middle of the cell
    assert (error["lon"], error["lat"]) == pytest.approx((place.x, place.y), abs=2e-3)
    assert before["stale"] == ["100B2"]
    assert second.read() == before


def test_a_plan_whose_cells_nobody_touched_is_carried_over(
    office: Office, secretary: Client, street: Client
) -> None:
    first, second = Plan(secretary), Plan(secretary)
    first.do(SPLIT)
    second.do({"op": "merge", "cells": ["100A2001", "100A2002"], "into": "100A2001"})
    # Five households are fewer than the rule says of a grid.
    assert second.ask("POST", "/submit").json()["code"] == "plan_problems_open"
    excuse = {"cell": "100A2001", "reason": "a hamlet by itself"}
    assert second.ask("POST", "/excuse", excuse).status_code == 200
    for one in (first, second):
        assert one.ask("POST", "/submit").status_code == 200
        assert one.seen_by(street).ask("POST", "/approve", {}).status_code == 200
    numbers = [job.publish_now(office.runtime, int(one.id)) for one in (first, second)]

    assert [made and made.number for made in numbers] == [2, 3]
    codes = {cell["code"] for cell in street.items(f"{API}/cells")}
    assert {"100B001", "100A2001"} <= codes
    assert "100A2002" not in codes


@pytest.mark.parametrize(
    ("operation", "status", "code", "pointer"),
    [
        ({"op": "cut"}, 400, "operation_invalid", "/operations/0/op"),
        ({**SPLIT, "colour": "red"}, 400, "operation_invalid", "/operations/0/colour"),
        ({**SPLIT, "line": line((1.5, 0))}, 400, "operation_invalid", "/operations/0/line"),
        (
            {**SPLIT, "line": [[33.9, 116.8], [33.91, 116.8]]},
            400,
            "axes_swapped",
            "/operations/0/line",
        ),
        ({**SPLIT, "cell": "999"}, 404, "edit_cell_missing", "/operations/0"),
        ({**SPLIT, "cell": "100B"}, 409, "plan_cell_not_leaf", "/operations/0"),
        (
            {**SPLIT, "line": line((5, 0), (5, 1))},
            409,
            "cut_misses",
            "/operations/0",
        ),
        (
            {
                "op": "transfer",
                "to": "100B1",
                "area": {
                    "type": "Polygon",
                    "coordinates": [line((1, 0), (2, 1), (2, 0), (1, 1), (1, 0))],
                },
            },
            400,
            "operation_invalid",
            "/operations/0/area",
        ),
        (
            {"op": "transfer", "to": "100B1", "area": square(1, 0, 2, 1) | {"type": "Point"}},
            400,
            "operation_invalid",
            "/operations/0/area",
        ),
        ({"op": "merge", "cells": ["100A1", "100B2"], "into": "100A1"}, 409,
         "edit_not_neighbours", "/operations/0"),
        ({"op": "rename", "cell": "100B1", "name": " "}, 400, "operation_invalid",
         "/operations/0/name"),
        ({"op": "reparent", "cell": "100A2", "parent": "100"}, 409, "plan_levels_differ",
         "/operations/0"),
        ({"op": "restore", "publication": 7}, 404, "publication_unknown", "/operations/0"),
    ],
)  # fmt: skip
def test_bad_input_names_its_place_and_leaves_the_draft_as_it_was(
    secretary: Client, operation: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    plan = Plan(secretary)

    refused = plan.do(operation)

    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == f"#{pointer}"
    assert plan.read()["revision"] == 1


def test_heights_of_a_drawing_are_left_out(secretary: Client) -> None:
    flat, high = Plan(secretary), Plan(secretary)
    flat.do(SPLIT)

    done = high.do({**SPLIT, "line": [[*point, 5.25] for point in SPLIT["line"]]})

    assert done.status_code == 200, done.text
    assert high.read("/coverage")["arcs"] == flat.read("/coverage")["arcs"]
    four = {**SPLIT, "line": [[*point, 5, 6] for point in SPLIT["line"]]}
    assert flat.do(four).json()["code"] == "operation_invalid"


def test_of_several_operations_all_are_done_or_none(secretary: Client) -> None:
    plan = Plan(secretary)

    refused = plan.do(SPLIT, {**SPLIT, "cell": "999"})

    assert refused.json()["errors"][0]["pointer"] == "#/operations/1"
    assert plan.read()["operations"] == []


def test_a_repeated_edit_is_done_once(secretary: Client) -> None:
    plan = Plan(secretary)
    body = {"operations": [SPLIT]}
    first = plan.who.post(
        f"{API}/plans/{plan.id}/operations", body, key="edit-0001", if_match='"1"'
    )
    again = plan.who.post(
        f"{API}/plans/{plan.id}/operations", body, key="edit-0001", if_match='"1"'
    )

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["count"] == 1
    assert len(plan.read()["operations"]) == 1


def test_what_a_check_finds_after_publication_stands_among_the_plans_problems(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    assert plan.read()["sizes"] == {"4": [300, 500], "5": [30, 50]}
    assert plan.read()["check"] is None
    plan.do(SPLIT)
    plan.ask("POST", "/submit")
    plan.seen_by(street).ask("POST", "/approve", {})
    job.publish_now(office.runtime, int(plan.id))
    assert plan.read()["check"]["state"] == "waiting"
    before = [problem["kind"] for problem in plan.read("/problems")["problems"]]

    # Building b4 of the town lies outside every cell.
    while Loop(office.runtime, JOBS).run_one():
        pass

    assert plan.read()["check"] == {
        "state": "broken", "places": 1, "gap_m2": 0, "overlap_m2": 0, "nesting_m2": 0,
    }  # fmt: skip
    first, *others = plan.read("/problems")["problems"]
    assert (first["kind"], first["weight"], first["code"]) == ("check_broken", "error", "100")
    assert "after publication 2 found faults: 1" in first["detail"]
    assert [problem["kind"] for problem in others] == before


def test_a_neighbour_does_not_see_the_plan(office: Office, secretary: Client) -> None:
    plan = Plan(secretary, "100B")
    other = office.of(Role.COMMUNITY_ADMIN, "100A")

    assert other.get(f"{API}/plans/{plan.id}").json()["code"] == "plan_unknown"
    assert other.json(f"{API}/plans")["items"] == []
    assert [row["id"] for row in secretary.json(f"{API}/plans")["items"]] == [plan.id]


def test_an_older_publication_is_restored_by_a_new_plan(
    office: Office, secretary: Client, street: Client
) -> None:
    plan = Plan(secretary)
    plan.do(MERGE)
    plan.ask("POST", "/submit")
    plan.seen_by(street).ask("POST", "/approve", {})
    job.publish_now(office.runtime, int(plan.id))

    # The deployment's language, whatever the browser's is: others read the title too.
    made = secretary.post(f"{API}/publications/1/restore", {"cell": "100"}, accept_language="en")

    assert made.status_code == 201, made.text
    assert made.json()["title"] == "恢复到第 1 版"
    back = Plan(secretary, plan=made.json()["id"])
    back.tag = made.headers["etag"]
    cells = {c["code"]: c["change"] for c in back.read("/difference")["cells"]}
    assert cells == {"100B1": "new", "100B2": "drawn"}
    back.ask("POST", "/submit")
    back.seen_by(street).ask("POST", "/approve", {})
    assert job.publish_now(office.runtime, int(back.id)).number == 3  # type: ignore[union-attr]
    assert (
        street.json(f"{API}/cells/100B1")["id"]
        == secretary.json(f"{API}/cells/100B1?as_of=2100-01-01"[: len(f"{API}/cells/100B1")])["id"]
    )


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_cells_go_out_and_come_back_changed(secretary: Client, form: str, tmp_path: Path) -> None:
    plan = Plan(secretary)
    file = tmp_path / f"cells.{form}"
    given = secretary.get(f"{API}/plans/{plan.id}/cells?f={form}")
    assert given.status_code == 200, given.text
    file.write_bytes(given.content)
    cells = gpd.read_file(file).set_index("code")
    # The border between the two moves north by a quarter of a step.
    cells.loc["100B1", "geometry"] = world.box(1, 1.25, 2, 2)
    cells.loc["100B2", "geometry"] = world.box(1, 0, 2, 1.25)
    cells.loc["100B2", "name"] = "南苑社区"
    changed = cells.loc[["100B1", "100B2"]].reset_index()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        changed.to_file(file, driver="GPKG" if form == "gpkg" else "GeoJSON")
    media = {"geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3"}[form]

    target = f"{API}/plans/{plan.id}/cells"
    headers = {"content_type": media, "if_match": plan.tag}
    answer = secretary.request("PUT", target, file.read_bytes(), **headers)

    assert answer.status_code == 200, answer.text
    told = {c["code"]: (c["change"], c["name"]) for c in answer.json()["changed"]}
    assert told["100B1"] == ("drawn", "北社区")
    assert told["100B2"] == ("drawn", "南苑社区")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "f 须为 geojson、gpkg 之一；收到的是“shp”"),
        ("en", "f must be one of geojson, gpkg, not 'shp'"),
    ],
)
def test_formats_are_listed_in_the_language_of_the_sentence(
    secretary: Client, lang: str, said: str
) -> None:
    plan = Plan(secretary)

    refused = secretary.get(f"{API}/plans/{plan.id}/cells?f=shp", accept_language=lang)

    assert refused.json()["errors"][0]["detail"] == said


def test_the_same_cells_again_change_nothing(secretary: Client) -> None:
    plan = Plan(secretary)
    given = secretary.get(f"{API}/plans/{plan.id}/cells").content
    longest = max(len(digits) for digits in re.findall(rb"[0-9][.]([0-9]+)", given))
    assert longest == 7
    target = f"{API}/plans/{plan.id}/cells"
    headers = {"content_type": "application/geo+json", "if_match": plan.tag}

    answer = secretary.request("PUT", target, given, **headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_cells_same")


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"no file", "application/geopackage+sqlite3", 400),
        (b"{}", "application/geo+json", 400),
        (b"<kml/>", "application/vnd.google-earth.kml+xml", 415),
    ],
)
def test_a_file_that_is_none_is_refused(
    secretary: Client, body: bytes, media: str, status: int
) -> None:
    plan = Plan(secretary)
    headers = {"content_type": media, "if_match": plan.tag}

    answer = secretary.request("PUT", f"{API}/plans/{plan.id}/cells", body, **headers)

    assert answer.status_code == status, answer.text
    assert plan.read()["revision"] == 1
