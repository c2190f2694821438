"""Either guard of rows alone lets nothing out: the ranges of the queries, or the row policies."""

import pytest

from api.app import create_app
from geo.access.roles import Role
from geo.access.scope import Scope
from geo.db.policies import SCOPED
from geo.runtime import Runtime
from geo.workforce.appointing import dismiss
from geo.workforce.store import AssignmentUnknown
from tests.access import world
from tests.access.guards import without_policies, without_ranges
from tests.access.matrix import Asked, Walk
from tests.access.routes import asks
from tests.access.seats import Seat
from tests.access.seen import Ask
from tests.access.world import Known
from tests.world import seer

pytestmark = pytest.mark.db

# One role for each set of permissions that shows people, at each place beside the one asked about.
ROLES = (Role.GRID_WORKER, Role.INTAKE_CLERK, Role.DISTRICT_ADMIN, Role.SYSTEM_CLIENT)
BESIDE = ("own", "sibling", "child", "parent")
# Rows that are shown with another one alone, which has its own policy.
SHOWN_WITH = {"worker_leave": ("worker",)}


def walked(runtime: Runtime, known: Known, who: list[Seat], what: list[Ask]) -> list[Asked]:
    walk = Walk(create_app(runtime), known)
    try:
        return list(walk.go(who, what, thin=True))
    finally:
        walk.close()


@pytest.fixture
def who(everybody: tuple[Seat, ...]) -> list[Seat]:
    return [seat for seat in everybody if seat.role in ROLES and seat.position in BESIDE]


@pytest.fixture
def what(known: Known, who: list[Seat]) -> list[Ask]:
    """The requests that lead to people by where they are.

    Names of places have one guard, by the path they keep; who has objected is hidden by a rule of
    its own, which falls with the ranges.
    """
    objected = world.objected(known)
    apart = (f"/households/{objected.id}", *objected.clear)
    return [
        ask
        for ask in asks(known)
        if "/addresses" not in ask.route
        and not any(part in f"{ask.target} {ask.body}" for part in apart)
        and any(ask.see(seat).outcome for seat in who)
    ]


def test_without_the_ranges_of_the_queries_nothing_leaks(
    alone: Runtime,
    known: Known,
    who: list[Seat],
    what: list[Ask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_ranges(monkeypatch)
    asked = walked(alone, known, who, what)

    assert [one.story for one in asked if one.leaks] == []
    assert sum(one.answer.status == 200 for one in asked) > 200


def test_without_the_row_policies_every_answer_stays_as_it_was(
    alone: Runtime, known: Known, who: list[Seat], what: list[Ask]
) -> None:
    without_policies(alone)
    # The whole of it is walked for the mutants.
    asked = walked(alone, known, [seat for seat in who if seat.position == "child"], what)

    assert [one.story for one in asked if one.faults] == []
    assert len(asked) > 50


def test_an_assignment_elsewhere_is_not_ended_for_want_of_a_policy(
    alone: Runtime, known: Known
) -> None:
    without_policies(alone)
    elsewhere = known.of("assignment", world.MOVED)[0].id

    mine = seer(Scope.of_areas([known.paths[world.TARGET]]))
    with alone.work(mine) as work, pytest.raises(AssignmentUnknown):
        dismiss(work, elsewhere)


@pytest.mark.parametrize(
    "table",
    [
        name if name == "household" else pytest.param(name, marks=pytest.mark.long)
        for name in SCOPED
    ],
)
def test_without_both_the_walk_finds_the_leak(
    alone: Runtime,
    known: Known,
    who: list[Seat],
    what: list[Ask],
    monkeypatch: pytest.MonkeyPatch,
    table: str,
) -> None:
    without_ranges(monkeypatch)
    without_policies(alone, table, *SHOWN_WITH.get(table, ()))
    leaks = {
        key
        for one in walked(alone, known, who[:3], what)
        if one.leaks
        for key in one.given - one.seen.rows
    }

    assert table in {kind for kind, _ in leaks}
