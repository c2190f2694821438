"""What is asked of the pages, and what each asker must be shown: counts in the blocks of a map."""

import json
import re
from typing import Any

from tests.access import world
from tests.access.asking import Answer
from tests.access.routes_plans import READING as PLANNING
from tests.access.seats import NOBODY, Seat
from tests.access.seen import (
    DECIDING,
    DENIED,
    LEAK,
    MAPS,
    MISSED,
    NAMING,
    PEOPLE,
    TAKING_DOWN,
    WORKFORCE,
    Ask,
    Check,
    See,
    Seen,
    answers,
    common,
    of_persons,
    only,
    within,
)
from tests.access.world import Known, is_below

READING, WATCHING = ("system_admin", "audit_admin"), ("audit_admin",)
_BLOCK = re.compile(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


def page_asks(known: Known) -> list[Ask]:
    """Return what is asked of each page."""
    row = known.of("household", world.OTHER_CHILD)[0]
    target, wider = f"?cell={world.TARGET}", f"?cell={world.COMMUNITY}"
    may_show = frozenset({(row.kind, row.id)})
    return [
        _page("/", "/", _map(None)),
        _page("/", f"/{target}", _map(world.TARGET)),
        _page("/", f"/{wider}", _map(world.COMMUNITY)),
        _page("/maps/{name}", f"/maps/occupancy{target}", _to_sign_in(_own_map(world.TARGET))),
        _page("/maps/{name}", f"/maps/occupancy{wider}", _to_sign_in(_own_map(world.COMMUNITY))),
        _page("/maps/{name}", "/maps/public", _public_map),
        _page("/maps/{name}", f"/maps/public{target}", _public_map),
        _page("/login", "/login", _door),
        _page("/me", "/me", of_persons(_own_ways)),
        _page("/editor", f"/editor{target}", only(PLANNING, _own_map(world.TARGET))),
        _page("/editor", f"/editor{wider}", only(PLANNING, _own_map(world.COMMUNITY))),
        _page("/people", "/people", only(PEOPLE, answers(200))),
        _page("/leaves", "/leaves", only(WORKFORCE, answers(200))),
        _page("/names", "/names", only(NAMING, answers(200))),
        _page("/data-requests", "/data-requests", only(TAKING_DOWN, answers(200))),
        _page("/users", "/users", only(READING, answers(200))),
        _page("/audit", "/audit", only(WATCHING, answers(200))),
        # The page that asks why; whose file it is, its script finds out, and the API says no.
        _page(
            "/households/{id}/print",
            f"/households/{row.id}/print",
            only(DECIDING, lambda _seat: Seen(200, may_show, must=frozenset())),
        ),
    ]


def _page(route: str, target: str, see: See) -> Ask:
    return Ask(f"GET {route}", target, see)


def _map(cell: str | None) -> See:
    """Return what the home page shows: the own map, or to everybody else the public one."""
    own = _own_map(cell)

    def see(seat: Seat) -> Seen:
        return own(seat) if _has_map(seat) else _public_map(seat)

    return see


def _own_ways(seat: Seat) -> Seen:
    """Return a page whose bar leads where the role may go."""
    ways = {"/users": READING, "/audit": WATCHING}
    own = {way for way, roles in ways.items() if seat.stands and seat.role.value in roles}

    def check(answer: Answer) -> list[str]:
        told = {way for way in ways if f'href="{way}"' in answer.text}
        return [] if told == own else [f"leads to {told}"]

    return Seen(200, check=check)


def _own_map(cell: str | None) -> See:
    def see(seat: Seat) -> Seen:
        if not _has_map(seat):
            return DENIED
        if common(seat, cell) is None:
            return MISSED
        return Seen(200, outcome="any", check=_own_counts(seat))

    return see


def _has_map(seat: Seat) -> bool:
    return seat.role.value in MAPS and seat.stands


def _to_sign_in(see: See) -> See:
    return lambda seat: Seen(303) if seat.role.value == NOBODY else see(seat)


def _door(seat: Seat) -> Seen:
    return Seen(200 if seat.role.value == NOBODY else 303)


def _public_map(_seat: Seat) -> Seen:
    return PUBLIC_MAP


def _own_counts(seat: Seat) -> Check:
    """Return a check that each building and cell counts what lies in the asker's areas, no more."""

    def own(cell: str) -> int:
        leaves = [leaf for leaf in world.leaves_of(cell) if _is_own(seat, leaf)]
        return sum(world.LEAVES[leaf] for leaf in leaves)

    def check(answer: Answer) -> list[str]:
        cells, buildings = _blocks(answer)
        told = dict(zip(_names(cells), cells["households"], strict=True))
        told |= dict(zip(buildings["code"], buildings["households"], strict=True))
        right = {name: own(name.removeprefix("h-").removesuffix("格")) for name in told}
        more = {name: count for name, count in told.items() if (count or 0) > right[name]}
        if more:
            return [f"{LEAK} counts beyond the areas: {more}"]
        # Cells beside the one shown are there for their borders alone.
        shown = _names(cells)[cells["asked"]].removesuffix("格")
        inside = {
            name for name in told if is_below(name.removeprefix("h-").removesuffix("格"), shown)
        }
        wrong = {name: told[name] for name in inside if told[name] != right[name]}
        faults = [f"counts {wrong}"] if wrong else []
        sights = dict(zip(_names(cells), cells["sight"], strict=True))
        seen = {name: _sight(seat, name.removesuffix("格")) for name in sights}
        return faults if sights == seen else [*faults, f"says to show {sights}"]

    return check


def _sight(seat: Seat, cell: str) -> int:
    """Return how much of a cell is somebody's to see: nothing, a part, all of it."""
    if within(seat, cell):
        return 2
    return int(any(is_below(area, cell) for area in seat.areas))


def _is_own(seat: Seat, leaf: str) -> bool:
    return any(is_below(leaf, area) for area in seat.areas)


def _in_fives(answer: Answer) -> list[str]:
    """Return what a public map tells that it may not: a building, or a count as it is."""
    cells, buildings = _blocks(answer)
    told = dict(zip(_names(cells), cells["households"], strict=True))
    true = {
        name: count
        for name, count in told.items()
        if count and (count % 5 or count == world.count_of(name.removesuffix("格")))
    }
    persons = [count for count in cells["persons"] if count and count % 5]
    faults = [f"{LEAK} counts as they are: {true} {persons}"] if true or persons else []
    return faults + ([f"{LEAK} buildings {buildings['code']}"] if buildings["code"] else [])


# The map as everybody may see it.
PUBLIC_MAP = Seen(200, outcome="any", check=_in_fives)


def _blocks(answer: Answer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the cells and the buildings of a map."""
    blocks = [json.loads(block) for block in _BLOCK.findall(answer.text)]
    return (
        next(block for block in blocks if "sight" in block),
        next(block for block in blocks if "address" in block),
    )


def _names(cells: dict[str, Any]) -> list[str]:
    words = cells["name"]["words"]
    return [words[place] for place in cells["name"]["at"]]
