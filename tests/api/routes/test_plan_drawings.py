"""What cannot be drawn on a draft: each refused with its place, and the draft as it was before."""

from typing import Any

import pytest

from tests import world
from tests.api.client import Client
from tests.api.routes.test_plans import API, SPLIT, Plan, line, square

pytestmark = pytest.mark.db

Operation = dict[str, Any]


def cut(*points: tuple[float, float]) -> Operation:
    """Return a cut of the north-western community, which lies from (0, 1) to (1, 2)."""
    return {"op": "split", "cell": "100A1", "line": line(*points)}


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [line(*points, points[0])]}


def swapped(given: Any) -> Any:
    return [swapped(one) for one in given] if isinstance(given[0], list) else given[::-1]


def vertex(at: tuple[float, float], to: tuple[float, float]) -> Operation:
    return {"op": "move_vertex", "at": line(at)[0], "to": line(to)[0]}


HOLE = square(0.4, 1.4, 0.6, 1.6)["coordinates"]
HOLED = {"type": "Polygon", "coordinates": [*square(0.2, 1.2, 1.2, 1.8)["coordinates"], *HOLE]}
BOW_TIE = ring((0.2, 1.2), (0.8, 1.8), (0.8, 1.2), (0.2, 1.8))
THROUGH = ((0.5, 0.5), (0.5, 2.5))
SWAPPED_AREA = {"type": "Polygon", "coordinates": swapped(square(0.5, 1.2, 1, 1.8)["coordinates"])}
ADD = {"op": "add", "parent": "100A", "name": "新村"}

# What is drawn → status, code, pointer below the operation, where to look in the town's squares.
DRAWINGS: dict[str, tuple[Operation, int, str, str, tuple[float, float] | None]] = {
    "a line that misses": (cut((5, 0), (5, 1)), 409, "cut_misses", "", (5, 0)),
    "a line along the border": (
        cut((-0.5, 2), (1.5, 2)), 409, "cut_touches", "", (1, 2)
    ),
    "a line that touches a corner": (
        cut((-0.5, 1.5), (0.5, 2.5)), 409, "cut_touches", "", (0, 2)
    ),
    "a line that crosses itself": (
        cut((-0.5, 1.2), (0.8, 1.2), (0.8, 1.8), (0.4, 1.8), (0.4, 0.5)),
        400, "drawing_crosses_itself", "", (0.4, 1.2),
    ),
    "a line that ends inside": (
        cut((-0.5, 1.5), (0.5, 1.5)), 409, "cut_ends_inside", "", (0.5, 1.5)
    ),
    "a line that leaves and comes back, for one code": (
        {**cut((0.3, 0.5), (0.3, 2.5), (0.6, 2.5), (0.6, 0.5)), "codes": ["100A7"]},
        409, "cut_pieces_differ", "", (0.3, 1),
    ),
    "a border that leaves the two cells": (
        {"op": "move_border", "cells": ["100B1", "100A1"], "line": line((1, 1), (3, 1.5), (1, 2))},
        409, "edit_line_leaves", "", (3, 1.5),
    ),
    "a polygon outside": (
        {"op": "split", "cell": "100A1", "polygon": square(5, 5, 6, 6)},
        409, "cut_misses", "", (6, 5),
    ),
    "a polygon with a hole": (
        {"op": "transfer", "to": "100B1", "area": HOLED},
        400, "operation_invalid", "/area/coordinates/1", (0.4, 1.4),
    ),
    "a bow-tie": (
        {"op": "split", "cell": "100A1", "polygon": BOW_TIE},
        400, "operation_invalid", "/polygon", (0.5, 1.5),
    ),
    "an area over all": (
        {"op": "transfer", "to": "100B1", "area": square(-1, -1, 3, 3)},
        409, "edit_cell_vanishes", "", (0.5, 1.5),
    ),
    "more vertices than are taken": (
        cut(*((0.5, 0.5 + i / 30_000) for i in range(25_000))),
        400, "operation_invalid", "/line", (0.5, 0.5),
    ),
    "a text for a number": (
        {**cut(*THROUGH), "line": [["116.8", "33.9"], [116.8, 34]]},
        400, "operation_invalid", "/line/0", None,
    ),
    "a place off the earth": (
        {**cut(*THROUGH), "line": [[516.8, 33], [116.8, 34]]},
        400, "coordinate_refused", "/line", None,
    ),
    "a line with swapped axes": (
        {**cut(*THROUGH), "line": swapped(line(*THROUGH))}, 400, "axes_swapped", "/line", None
    ),
    "an area with swapped axes": (
        {"op": "transfer", "to": "100B1", "area": SWAPPED_AREA},
        400, "axes_swapped", "/area/coordinates/0", None,
    ),
    "a vertex with swapped axes": (
        {"op": "move_vertex", "at": swapped(line((1, 1))[0]), "to": line((1.1, 1))[0]},
        400, "axes_swapped", "/at", None,
    ),
    "a vertex where none is": (
        vertex((0.5, 1.5), (0.6, 1.5)), 409, "edit_vertex_missing", "", (0.5, 1.5)
    ),
    "a vertex of the outer border": (
        vertex((0, 0), (0.1, 0.1)), 409, "edit_vertex_on_outline", "", (0, 0)
    ),
    "a vertex dragged out of all cells": (
        vertex((1, 1), (5, 5)), 409, "edit_coverage_breaks", "", (3.34, 3.5)
    ),
    "a new cell on land that is taken": (
        {**ADD, "polygon": square(0.2, 1.2, 0.8, 1.8)},
        409, "edit_nothing_uncovered", "", (0.5, 1.5),
    ),
    "a new cell drawn as a bow-tie": (
        {**ADD, "polygon": ring((-1, 0), (0, 1), (0, 0), (-1, 1))},
        400, "operation_invalid", "/polygon", (-0.5, 0.5),
    ),
    "a new cell below a leaf": (
        {**ADD, "parent": "100A1", "polygon": square(-1, 1, 0, 2)},
        409, "plan_levels_differ", "", None,
    ),
}  # fmt: skip

# The system that is named → status, code, pointer.
SYSTEMS = {
    "gcj02": (409, "cut_misses", "/operations/0"),  # some 500 m off: the drawing lies elsewhere
    "bd09": (409, "cut_misses", "/operations/0"),
    "EPSG:4214": (400, "crs_uncertain", "/crs"),  # Beijing 1954
    "beijing54": (400, "unknown_crs", "/crs"),
    "EPSG:32650": (400, "coordinate_beyond_crs", "/operations/0/line"),
}


def drafted(secretary: Client) -> Plan:
    plan = Plan(secretary)
    assert plan.do(SPLIT).status_code == 200
    return plan


def state(plan: Plan) -> tuple[Any, ...]:
    told = plan.read()
    return told["revision"], told["state"], told["operations"], plan.read("/coverage")


def test_what_cannot_be_drawn_is_refused_with_its_place(secretary: Client) -> None:
    plan = drafted(secretary)
    before = state(plan)

    for name, (operation, status, code, below, place) in DRAWINGS.items():
        answer = plan.do(operation)
        assert answer.headers["content-type"] == "application/problem+json", name
        (error,) = answer.json()["errors"]
        assert (answer.status_code, answer.json()["code"]) == (status, code), name
        assert error["pointer"] == f"#/operations/0{below}", name
        if place is not None:
            wanted = world.at(*place)
            seen = (error["lon"], error["lat"])
            assert seen == pytest.approx((wanted.x, wanted.y), abs=2e-4), name

    assert state(plan) == before


def test_swapped_axes_are_told_as_such_with_the_right_order(secretary: Client) -> None:
    plan = drafted(secretary)

    refused = plan.do({**cut(*THROUGH), "line": swapped(line(*THROUGH))})

    lon, lat = line(*THROUGH)[0]
    assert "swapped" in refused.json()["detail"]
    assert f"give ({lon}, {lat})" in refused.json()["detail"]


def test_a_foreign_system_is_told_not_guessed(secretary: Client) -> None:
    plan = drafted(secretary)
    before = state(plan)

    for crs, (status, code, pointer) in SYSTEMS.items():
        answer = plan.do(cut(*THROUGH), crs=crs)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, answer.json()["code"]) == (status, code), crs
        assert error["pointer"] == f"#{pointer}", crs

    assert state(plan) == before


@pytest.mark.parametrize(
    ("number", "count", "status", "code"),
    [
        ("NaN", 1, 400, "body_broken"),
        ("1e999", 1, 400, "body_broken"),
        ("33.9", 1_000_000, 413, "body_too_large"),
    ],
    ids=["NaN", "infinite", "a million vertices"],
)
def test_numbers_that_are_none_or_too_many_never_reach_the_draft(
    secretary: Client, number: str, count: int, status: int, code: str
) -> None:
    plan = drafted(secretary)
    before = state(plan)
    points = ",".join([f"[116.8,{number}]"] * count)
    body = f'{{"operations":[{{"op":"split","cell":"100A1","line":[{points},[1,2]]}}]}}'

    target = f"{API}/plans/{plan.id}/operations"
    typed = {"content_type": "application/json", "if_match": plan.tag}
    answer = secretary.request("POST", target, body.encode(), **typed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert state(plan) == before


def test_a_vertex_is_moved_and_both_cells_follow(secretary: Client) -> None:
    plan = Plan(secretary)

    # Where three communities meet.
    moved = plan.do(vertex((1, 1), (1.1, 1.05)))

    assert moved.status_code == 200, moved.text
    drawn = {c["code"] for c in moved.json()["changed"] if c["change"] == "drawn"}
    assert {"100A1", "100B1", "100B2"} <= drawn
    assert plan.ask("DELETE", "/operations/0").json()["count"] == 0
    assert plan.read("/difference")["cells"] == []


def test_new_land_becomes_a_cell_beside_its_neighbours(secretary: Client) -> None:
    plan = Plan(secretary)

    # Drawn into its neighbour: it gets what no cell covers.
    added = plan.do({**ADD, "polygon": square(-1, 1, 0.5, 2)})

    assert added.status_code == 200, added.text
    told = {cell["code"]: cell for cell in added.json()["changed"]}
    (fresh,) = [cell for cell in told.values() if cell["change"] == "new"]
    assert (fresh["name"], fresh["parent"], fresh["level"]) == ("新村", "100A", 3)
    assert all(cell["change"] in ("new", "noded") for cell in told.values())
    assert fresh["code"] in plan.read("/coverage")["codes"]
