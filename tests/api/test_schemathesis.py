"""Made-up requests by the thousand, as each role: none breaks the description or the server."""

from collections.abc import Callable, Iterator

import pytest

from geo.access.roles import Role
from geo.runtime import Runtime
from tests.access import seats, world
from tests.access.asking import served
from tests.access.conftest import settings_of
from tests.access.fuzzing import Run, run
from tests.access.seats import NOBODY, Seat
from tests.databases import Databases

pytestmark = pytest.mark.db

# Where each role stands: people are below, beside and above.
_PLACE = {
    Role.ANONYMOUS: "nowhere",
    Role.SYSTEM_ADMIN: "everywhere",
    Role.AUDIT_ADMIN: "everywhere",
}
ROLES = list(Role)
# In every run of CI: who may do most with people.
FEW = {Role.DISTRICT_ADMIN}
# All roles of the long run together.
CASES_LEAST = 50_000
_EXAMPLES, _LONG_EXAMPLES, _SEED = 1, 45, 20261121


def seat_of(role: Role) -> Seat:
    position = _PLACE.get(role, "parent")
    return next(s for s in seats.seats() if (s.role, s.position) == (role, position))


@pytest.fixture
def deployment(databases: Databases, template: str) -> Iterator[Runtime]:
    """The deployment of the matrix for one role: what it locks and ends stays its own."""
    name = databases.create(template=template)
    runtime = Runtime(settings_of(databases, name))
    world.store(runtime)
    seats.store(runtime, seats.seats())
    yield runtime
    runtime.close()
    databases.drop(name)


def check(found: Run, role: Role) -> None:
    print(found.cases, found.statuses)  # noqa: T201 - a counted bar shows its figures
    assert found.failures == []
    assert not [status for status in found.statuses if status >= 500]
    if role.value != NOBODY:
        assert found.statuses[200] > 20  # somebody who is known, and is told something


@pytest.mark.parametrize("role", [role for role in ROLES if role in FEW])
def test_no_made_up_request_breaks_an_answer(deployment: Runtime, role: Role) -> None:
    with served(deployment) as app:
        found = run(app, seat_of(role), examples=_EXAMPLES, seed=_SEED, steps=3)

    check(found, role)
    assert set(found.cases) >= {"examples", "coverage", "fuzzing", "stateful"}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_fifty_thousand_made_up_requests_break_no_answer(
    deployment: Runtime, role: Role, record_property: Callable[[str, object], None]
) -> None:
    with served(deployment) as app:
        found = run(app, seat_of(role), examples=_LONG_EXAMPLES, seed=_SEED)
    statuses = dict(sorted(found.statuses.items()))
    record_property("figure", f"schemathesis as {role.value}: {found.total} cases, {statuses}")

    check(found, role)
    assert found.total * len(ROLES) >= CASES_LEAST
