"""Giving roles and taking them back: to whom, where, beside what, until when."""

from datetime import timedelta
from typing import Any

import pytest

from geo.access.actors import Actor, ActorKind
from geo.access.roles import Role
from geo.accounts import grants, store
from geo.accounts.grants import (
    CaseTypeRefused,
    NewGrant,
    RoleArea,
    RolesApart,
    RoleUnfit,
    RoleUnknown,
    ValidityRefused,
    role_named,
)
from geo.accounts.model import RoleGrant
from geo.accounts.service import AccountEnded, LastAdmin, OwnAccount
from geo.grid.service import publish_cells
from geo.runtime import Runtime
from tests import world
from tests.geo.accounts.conftest import Add, records

pytestmark = pytest.mark.db

SYSTEM = Actor.system("user")


@pytest.fixture
def where(runtime: Runtime) -> dict[str, Any]:
    """A cell of the small town, as a grant names it."""
    with runtime.work(SYSTEM) as work:
        publish_cells(work, world.cells(), note="world")
    path = world.paths(runtime)["100A2"]
    return {"cell_id": int(path.split(".")[-2]), "area": path}


def give(runtime: Runtime, login: str, new: NewGrant, actor: Actor = SYSTEM) -> RoleGrant:
    with runtime.work(actor) as work:
        return grants.grant(work, store.account_by_login(work.session, login), new)


def take(runtime: Runtime, grant_id: int) -> None:
    with runtime.work(SYSTEM) as work:
        row, account = store.grant_by_id(work.session, grant_id)
        grants.end_grant(work, row, account)


def held(runtime: Runtime, account_id: int) -> list[tuple[str, str | None]]:
    with runtime.work(SYSTEM) as work:
        rows = store.grants_of(work.session, account_id)
    return [(row.role, row.cell_code) for row in rows if row.stands]


def test_a_role_given_stands_from_now_on_and_is_recorded(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    account = add()
    row = give(runtime, "zhao", NewGrant(Role.GRID_WORKER, case_types=["b", "a", "b"], **where))

    (record,) = records(runtime, "grant.add")
    assert held(runtime, account.id) == [("grid_worker", "100A2")]
    assert row.case_types == ["a", "b"]
    assert (record.subjects, record.area) == ([account.id], where["area"])
    assert record.after == {
        "grant": str(row.id), "role": "grid_worker", "cell": str(where["cell_id"]),
        "case_types": ["a", "b"], "valid_to": None,
    }  # fmt: skip


def test_a_role_taken_back_stands_no_more_and_is_recorded_once(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    account = add()
    row = give(runtime, "zhao", NewGrant(Role.GRID_WORKER, **where))
    take(runtime, row.id)
    take(runtime, row.id)

    assert held(runtime, account.id) == []
    assert len(records(runtime, "grant.end")) == 1


def test_a_role_given_and_taken_back_at_once_has_held_for_no_time(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    account = add()
    with runtime.work(SYSTEM) as work:
        row = grants.grant(work, account, NewGrant(Role.GRID_WORKER, **where))
        grants.end_grant(work, row, account)

    assert row.valid_from == row.valid_to
    assert held(runtime, account.id) == []


def test_nobody_gives_a_role_to_the_own_account(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    account = add()
    me = Actor("zhao", kind=ActorKind.PERSON, account_id=account.id)
    with pytest.raises(OwnAccount):
        give(runtime, "zhao", NewGrant(Role.GRID_WORKER, **where), me)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_a_role_of_the_whole_deployment_takes_no_cell(
    runtime: Runtime, add: Add, where: dict[str, Any], role: Role
) -> None:
    add()
    with pytest.raises(RoleArea):
        give(runtime, "zhao", NewGrant(role, **where))
    give(runtime, "zhao", NewGrant(role))


def test_a_role_of_an_area_takes_one(runtime: Runtime, add: Add) -> None:
    add()
    with pytest.raises(RoleArea):
        give(runtime, "zhao", NewGrant(Role.GRID_WORKER))


def test_systems_and_persons_have_roles_of_their_own(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    add()
    add("ledger", kind="client", password_hash=None)
    give(runtime, "ledger", NewGrant(Role.SYSTEM_CLIENT, **where))
    with pytest.raises(RoleUnfit):
        give(runtime, "ledger", NewGrant(Role.GRID_WORKER, **where))
    with pytest.raises(RoleUnfit):
        give(runtime, "zhao", NewGrant(Role.SYSTEM_CLIENT, **where))


@pytest.mark.parametrize(
    ("first", "second", "is_apart"),
    [
        (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, True),
        (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN, True),
        (Role.SYSTEM_ADMIN, Role.DISTRICT_ADMIN, True),
        (Role.DISTRICT_ADMIN, Role.AUDIT_ADMIN, True),
        (Role.GRID_WORKER, Role.VOLUNTEER, False),
        (Role.GRID_WORKER, Role.GRID_WORKER, False),
        (Role.SYSTEM_ADMIN, Role.SYSTEM_ADMIN, False),
    ],
)
def test_administration_audit_and_daily_work_are_kept_apart(
    runtime: Runtime, add: Add, where: dict[str, Any], first: Role, second: Role, is_apart: bool
) -> None:
    add()
    whole = {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}
    one, other = (NewGrant(r, **({} if r in whole else where)) for r in (first, second))
    given = give(runtime, "zhao", one)
    if not is_apart:
        give(runtime, "zhao", other)
        return
    with pytest.raises(RolesApart):
        give(runtime, "zhao", other)
    add("qian")
    # Another one, so that the first may be taken back.
    give(runtime, "qian", NewGrant(first if first in whole else Role.SYSTEM_ADMIN))
    take(runtime, given.id)
    give(runtime, "zhao", other)


@pytest.mark.parametrize("case_types", [["Fire"], ["a b"], [""], ["x" * 33], ["火"]])
def test_a_kind_of_incidents_that_cannot_be_one_is_refused(
    runtime: Runtime, add: Add, where: dict[str, Any], case_types: list[str]
) -> None:
    add()
    with pytest.raises(CaseTypeRefused):
        give(runtime, "zhao", NewGrant(Role.GRID_WORKER, case_types=case_types, **where))


def test_an_end_lies_ahead(runtime: Runtime, add: Add, where: dict[str, Any]) -> None:
    account = add()
    with runtime.work(SYSTEM) as work:
        now = work.now
    with pytest.raises(ValidityRefused):
        give(runtime, "zhao", NewGrant(Role.GRID_WORKER, valid_to=now, **where))
    give(runtime, "zhao", NewGrant(Role.GRID_WORKER, valid_to=now + timedelta(days=1), **where))

    assert held(runtime, account.id) == [("grid_worker", "100A2")]


def test_an_ended_account_is_given_nothing(
    runtime: Runtime, add: Add, where: dict[str, Any]
) -> None:
    with runtime.work(SYSTEM) as work:
        now = work.now
    add(ended_at=now)
    with pytest.raises(AccountEnded):
        give(runtime, "zhao", NewGrant(Role.GRID_WORKER, **where))


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_the_role_of_the_last_administrator_is_not_taken_back(
    runtime: Runtime, add: Add, role: Role
) -> None:
    add()
    add("qian")
    first = give(runtime, "zhao", NewGrant(role))
    with pytest.raises(LastAdmin):
        take(runtime, first.id)
    give(runtime, "qian", NewGrant(role))
    take(runtime, first.id)


@pytest.mark.parametrize("value", ["", "king", "anonymous", "GRID_WORKER"])
def test_an_unknown_role_is_told_those_there_are(value: str) -> None:
    with pytest.raises(RoleUnknown) as refused:
        role_named(value)

    assert "grid_worker" in refused.value.facts["known"]
    assert "anonymous" not in refused.value.facts["known"]


def test_an_unknown_grant_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(store.GrantUnknown):
        take(runtime, 999)
