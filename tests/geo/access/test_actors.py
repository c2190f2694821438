"""Actors: what they may, where, and which fields they see at a path; by hand and by brute force."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access.actors import Actor, ActorKind, Grant, PermissionMissing, Reason
from geo.access.fields import FieldClass
from geo.access.roles import ROLES, Permission, Role
from geo.access.scope import Scope

PEOPLE, COUNTS = Permission.PEOPLE_READ, Permission.COUNTS_READ
path = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(
    lambda ids: "".join(f"{i}." for i in ids)
)
grant = st.builds(
    lambda role, area: Grant(role, area if ROLES[role].has_area else None),
    st.sampled_from(list(Role)),
    path,
)
grants = st.lists(grant, max_size=4).map(tuple)


def person(*given: Grant, **more: Any) -> Actor:
    return Actor("zhao", kind=ActorKind.PERSON, account_id=1, grants=given, **more)


def test_somebody_acts_exactly_where_the_permission_was_given() -> None:
    zhao = person(
        Grant(Role.GRID_WORKER, "1.2.3.4."),
        Grant(Role.DUTY_LEADER, "1.5."),
        Grant(Role.VOLUNTEER, "1.6.7."),
    )

    assert zhao.acting(PEOPLE).scope.areas == ("1.2.3.4.", "1.6.7.")
    assert zhao.acting(COUNTS).scope.areas == ("1.2.3.4.", "1.5.")
    assert zhao.scope == Scope.nothing()


def test_acting_keeps_who_acts() -> None:
    zhao = person(Grant(Role.VOLUNTEER, "1."), request_id="r-1", address="192.0.2.7")
    acting = zhao.acting(PEOPLE)

    assert (acting.name, acting.account_id, acting.request_id, acting.address) == (
        "zhao", 1, "r-1", "192.0.2.7",
    )  # fmt: skip


def test_what_no_role_allows_is_refused_by_name() -> None:
    for refused in (person(Grant(Role.VOLUNTEER, "1.")).acting, person().require):
        with pytest.raises(PermissionMissing) as refusal:
            refused(Permission.PEOPLE_REVEAL)
        assert refusal.value.facts == {"permission": "people.reveal"}


def test_who_has_not_signed_in_sees_the_grid_and_nobody() -> None:
    nobody = Actor.anonymous()

    assert {one for one in Permission if nobody.may(one)} == {Permission.GRID_READ}
    assert nobody.masked("1.2.") is FieldClass.NOTHING
    assert nobody.areas(PEOPLE) == Scope.nothing()


def test_the_system_may_everything_everywhere() -> None:
    system = Actor.system("import")

    assert all(system.may(one) for one in Permission)
    assert system.name == "system:import"
    assert system.areas(PEOPLE) == system.acting(PEOPLE).scope == Scope.everything()
    assert system.masked("1.") is system.reveals("1.") is FieldClass.SENSITIVE


def test_whoever_holds_no_role_may_still_look_at_the_own_account() -> None:
    assert person().may(Permission.SELF)
    assert person().acting(Permission.SELF).scope == Scope.nothing()
    assert not Actor("ledger", kind=ActorKind.CLIENT).may(Permission.SELF)


def test_a_key_allows_no_more_than_it_names() -> None:
    narrow = Actor(
        "ledger", kind=ActorKind.CLIENT, grants=(Grant(Role.SYSTEM_CLIENT, "1."),),
        allowed=frozenset({COUNTS, Permission.ACCOUNTS_WRITE}),
    )  # fmt: skip

    assert {one for one in Permission if narrow.may(one)} == {COUNTS}
    assert narrow.areas(PEOPLE) == Scope.nothing()
    assert narrow.masked("1.2.") is FieldClass.NOTHING


@pytest.mark.parametrize(
    ("role", "where", "masked", "reveals"),
    [
        (Role.GRID_WORKER, "1.2.3.", FieldClass.SENSITIVE, FieldClass.PERSONAL),
        (Role.GRID_WORKER, "1.2.", FieldClass.NOTHING, FieldClass.NOTHING),
        (Role.GRID_WORKER, "1.2.30.", FieldClass.NOTHING, FieldClass.NOTHING),
        (Role.GRID_WORKER, "1.2.3.4.", FieldClass.SENSITIVE, FieldClass.PERSONAL),
        (Role.VOLUNTEER, "1.2.3.", FieldClass.PERSONAL, FieldClass.NOTHING),
        (Role.COMMUNITY_ADMIN, "1.2.3.", FieldClass.SENSITIVE, FieldClass.SENSITIVE),
        (Role.DUTY_LEADER, "1.2.3.", FieldClass.NOTHING, FieldClass.NOTHING),
        (Role.SYSTEM_CLIENT, "1.2.3.", FieldClass.INTERNAL, FieldClass.NOTHING),
    ],
)
def test_fields_are_seen_in_ones_own_area_by_ones_own_role(
    role: Role, where: str, masked: FieldClass, reveals: FieldClass
) -> None:
    somebody = person(Grant(role, "1.2.3."))

    assert (somebody.masked(where), somebody.reveals(where)) == (masked, reveals)


def test_of_two_roles_at_a_place_the_one_that_sees_more_counts() -> None:
    both = person(Grant(Role.VOLUNTEER, "1."), Grant(Role.COMMUNITY_ADMIN, "1.2."))

    assert (both.masked("1.2.3."), both.reveals("1.2.3.")) == (
        FieldClass.SENSITIVE, FieldClass.SENSITIVE,
    )  # fmt: skip
    assert (both.masked("1.9."), both.reveals("1.9.")) == (
        FieldClass.PERSONAL, FieldClass.NOTHING,
    )  # fmt: skip


@given(grants, path, st.sampled_from(list(Permission)))
def test_a_place_is_in_scope_when_some_role_there_allows_it(
    given_: tuple[Grant, ...], place: str, permission: Permission
) -> None:
    somebody = Actor("x", kind=ActorKind.CLIENT, grants=given_)
    allowed = any(
        permission in ROLES[one.role].permissions and one.area and place.startswith(one.area)
        for one in given_
    )

    assert any(place.startswith(area) for area in somebody.areas(permission).areas) == allowed


@given(grants, path)
def test_more_roles_never_show_less(given_: tuple[Grant, ...], place: str) -> None:
    everything, fewer = person(*given_), person(*given_[1:])

    assert everything.masked(place) >= fewer.masked(place)
    assert everything.reveals(place) >= fewer.reveals(place)


def test_every_reason_but_duty_facts_is_recorded() -> None:
    told = {reason for reason in Reason if not reason.audited}

    assert Reason.DUTY_LOOKUP in told
    assert not told & {Reason.IMPORT, Reason.PUBLICATION, Reason.HEALTH_CHECK}
