"""Accounts of a demo: one a role in the busiest place, known to everybody, shut elsewhere."""

import pytest
from sqlalchemy import select

from geo.access.actors import Actor
from geo.access.roles import ROLES, Permission, Role
from geo.accounts.demo import (
    DEMO_KEY,
    DEMO_PASSWORD,
    DemoAccountsStand,
    add_demo_accounts,
    check_no_demo,
    end_demo_accounts,
    has_accounts,
)
from geo.accounts.grants import NewGrant, grant
from geo.accounts.model import Account
from geo.accounts.passwords import Hasher
from geo.accounts.rules import SignInRules
from geo.accounts.service import LastAdmin
from geo.accounts.sign_ins import Attempt, SignInRefused, sign_in
from geo.accounts.standing import standing
from geo.runtime import Runtime
from tests import world
from tests.geo.accounts.conftest import ASKER, RULES, Add

pytestmark = pytest.mark.db

SYSTEM = Actor.system("demo")
IN_DEMO = SignInRules(RULES.page_idle, RULES.page_most, RULES.access, RULES.refresh, demo=True)


@pytest.fixture
def town(runtime: Runtime) -> Runtime:
    """The small town: grid 100A2001 has two of its buildings, no other leaf has more than one."""
    world.store(runtime)
    return runtime


def fill(runtime: Runtime, hasher: Hasher) -> int:
    with runtime.work(SYSTEM) as work:
        return add_demo_accounts(work, hasher)


def actor(runtime: Runtime, hasher: Hasher, login: str, rules: SignInRules = IN_DEMO) -> Actor:
    opened = sign_in(runtime, hasher, rules, Attempt(ASKER, login, DEMO_PASSWORD), "token")
    with runtime.work(SYSTEM) as work:
        found = standing(work, opened.token, rules)
    assert found is not None
    return found.actor


def test_each_role_has_an_account_that_may_what_the_role_may(town: Runtime, hasher: Hasher) -> None:
    assert fill(town, hasher) == len(Role) - 1
    for role in set(Role) - {Role.ANONYMOUS, Role.SYSTEM_CLIENT}:
        found = actor(town, hasher, role.value)
        assert {one for one in Permission if found.may(one)} == ROLES[role].permissions


@pytest.mark.parametrize(
    ("role", "cell"),
    [
        ("district_admin", "100"),
        ("street_dispatcher", "100A"),
        ("intake_clerk", "100A"),
        ("duty_leader", "100A"),
        ("department_officer", "100A"),
        ("community_admin", "100A2"),
        ("grid_worker", "100A2001"),
        ("volunteer", "100A2001"),
    ],
)
def test_areas_are_those_of_the_busiest_grid_and_the_cells_above_it(
    town: Runtime, hasher: Hasher, role: str, cell: str
) -> None:
    fill(town, hasher)

    assert [one.area for one in actor(town, hasher, role).grants] == [world.paths(town)[cell]]


def test_the_system_has_a_key_that_everybody_knows(town: Runtime, hasher: Hasher) -> None:
    fill(town, hasher)
    with town.work(SYSTEM) as work:
        in_demo, outside = (standing(work, DEMO_KEY, rules) for rules in (IN_DEMO, RULES))

    assert in_demo is not None
    assert in_demo.actor.may(Permission.PEOPLE_READ)
    assert outside is None


def test_outside_a_demo_nobody_signs_in_with_them(town: Runtime, hasher: Hasher) -> None:
    fill(town, hasher)
    with pytest.raises(SignInRefused):
        actor(town, hasher, "district_admin", RULES)


def test_they_are_added_once_and_beside_nobody(town: Runtime, hasher: Hasher, add: Add) -> None:
    add()

    assert fill(town, hasher) == 0
    assert fill(town, hasher) == 0


def test_without_a_town_there_is_nobody(runtime: Runtime, hasher: Hasher) -> None:
    assert fill(runtime, hasher) == 0


def test_outside_a_demo_a_start_is_refused_until_they_have_ended(
    town: Runtime, hasher: Hasher
) -> None:
    fill(town, hasher)
    with pytest.raises(DemoAccountsStand) as refused, town.work(SYSTEM) as work:
        check_no_demo(work.session)
    with pytest.raises(LastAdmin), town.work(SYSTEM) as work:
        end_demo_accounts(work)
    with town.work(SYSTEM) as work:
        real = Account(kind="person", login="zhao", name="赵敏", created_by="test")
        work.session.add(real)
        work.session.flush()
        grant(work, real, NewGrant(Role.SYSTEM_ADMIN))
    with town.work(SYSTEM) as work:
        ended = end_demo_accounts(work)
    with town.work(SYSTEM) as work:
        check_no_demo(work.session)
        left = work.session.scalars(select(Account.login).where(Account.ended_at.is_(None))).all()

    assert refused.value.facts == {"count": 11}
    assert (ended, left) == (11, ["zhao"])


def test_whether_anybody_could_sign_in_is_known(runtime: Runtime, add: Add) -> None:
    with runtime.work(SYSTEM) as work:
        before = has_accounts(work.session)
    add()
    with runtime.work(SYSTEM) as work:
        after = has_accounts(work.session)

    assert (before, after) == (False, True)
