"""What is asked of boundary plans: seen with their area, drafted by some, approved by others."""

from dataclasses import replace

from tests.access import world
from tests.access.seats import Seat
from tests.access.seen import API, MISSED, Ask, See, Seen, coded, listed, only, within
from tests.access.world import Known, Row

READING = ("community_admin", "street_dispatcher", "duty_leader", "district_admin")
DRAFTING = ("community_admin", "street_dispatcher", "district_admin")
APPROVING = ("street_dispatcher", "duty_leader", "district_admin")

_UNKNOWN = Seen(404, outcome="missed", check=coded("plan_unknown"))
# Every change names a revision that no plan has, so that all who may are refused alike.
_CHANGED = Seen(412, check=coded("plan_changed"))


def plan_asks(known: Known) -> list[Ask]:
    """Return what is asked of the plans of a cell, of one above it and of one that moved."""
    mine, _, moved = plans = [
        next(row for row in known.rows if _is_of(row, cell))
        for cell in (world.SIBLING, world.COMMUNITY, world.MOVED)
    ]
    return [
        *(
            _get("/plans", f"/plans{query}", only(READING, _list(known, cell)))
            for query, cell in (
                ("", None),
                (f"?cell={world.TARGET}", world.TARGET),
                (f"?cell={world.MOVED}", world.MOVED),
            )
        ),
        *(_get("/plans/{id}", f"/plans/{row.id}", only(READING, _one(row))) for row in plans),
        *(
            _get(f"/plans/{{id}}/{what}", f"/plans/{mine.id}/{what}", only(READING, _any(mine)))
            for what in ("coverage", "cells", "problems", "impact", "difference")
        ),
        _post("/plans", "/plans", only(DRAFTING, _begun), {"cell": world.TARGET, "title": "x"}),
        _post(
            "/publications/{number}/restore",
            "/publications/1/restore",
            only(DRAFTING, _restored),
            {"cell": world.TARGET},
        ),
        *(_write(row, *write) for row in (mine, moved) for write in _WRITES),
        *(_division(row, method) for row in (mine, moved) for method in ("GET", "DELETE")),
    ]


_CELLS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": world.SIBLING, "name": "x"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[116.8, 33.9], [116.81, 33.9], [116.81, 33.91], [116.8, 33.9]]],
            },
        }
    ],
}
_RENAME = {"operations": [{"op": "rename", "cell": world.SIBLING, "name": "x"}]}
_WRITES = (
    ("PATCH /plans/{id}", DRAFTING, {"title": "x"}),
    ("DELETE /plans/{id}", DRAFTING, None),
    ("PUT /plans/{id}/cells", DRAFTING, _CELLS),
    ("POST /plans/{id}/operations", DRAFTING, _RENAME),
    ("DELETE /plans/{id}/operations/{n}", DRAFTING, None),
    ("POST /plans/{id}/excuse", DRAFTING, {"cell": world.SIBLING, "reason": "a hamlet"}),
    ("POST /plans/{id}/rebase", DRAFTING, {}),
    ("POST /plans/{id}/submit", DRAFTING, {}),
    ("POST /plans/{id}/approve", APPROVING, {}),
    ("POST /plans/{id}/return", APPROVING, {"reason": "matrix"}),
    ("POST /plans/{id}/division", DRAFTING, {"cells": [world.SIBLING]}),
)


def _is_of(row: Row, cell: str) -> bool:
    return row.kind == "boundary_plan" and row.cell == cell


def _write(row: Row, route: str, roles: tuple[str, ...], body: object) -> Ask:
    method, _, path = route.partition(" ")
    target = API + path.replace("{id}", str(row.id)).replace("{n}", "0")
    see = only(roles, lambda seat: _CHANGED if within(seat, row.cell) else _UNKNOWN)
    return Ask(f"{method} {API}{path}", target, see, body)


def _division(row: Row, method: str) -> Ask:
    """Ask for a job that is none of a plan's divisions."""
    missed = Seen(404, outcome="any", check=coded("job_unknown"))
    see = only(DRAFTING, lambda seat: missed if within(seat, row.cell) else _UNKNOWN)
    route = f"{method} {API}/plans/{{id}}/division/{{job}}"
    return Ask(route, f"{API}/plans/{row.id}/division/999999", see)


def _list(known: Known, cell: str | None) -> See:
    see = listed(known, ("boundary_plan",), cell)

    def seen(seat: Seat) -> Seen:
        found = see(seat)
        return found if found.status == 404 else replace(found, outcome="")

    return seen


def _one(row: Row) -> See:
    own = frozenset({(row.kind, row.id)})
    return lambda seat: Seen(200, own) if within(seat, row.cell) else _UNKNOWN


def _any(row: Row) -> See:
    """Return what is seen of a plan that changes nothing; who is counted for it is recorded."""
    return lambda seat: Seen(200, outcome="any") if within(seat, row.cell) else _UNKNOWN


def _begun(seat: Seat) -> Seen:
    return Seen(201, outcome="done") if within(seat, world.TARGET) else MISSED


def _restored(seat: Seat) -> Seen:
    unchanged = Seen(409, check=coded("plan_nothing_changed"))
    return unchanged if within(seat, world.TARGET) else MISSED


def _get(route: str, target: str, see: See) -> Ask:
    return Ask(f"GET {API}{route}", API + target, see)


def _post(route: str, target: str, see: See, body: object) -> Ask:
    return Ask(f"POST {API}{route}", API + target, see, body)
