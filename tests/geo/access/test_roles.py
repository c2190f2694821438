"""The table of roles against one written by hand, row by row, and rules no row may break."""

import pytest

from geo.access.fields import FieldClass
from geo.access.roles import APART, ROLES, Permission, Role

# Columns: grid.read team.read self counts.read map.read workforce.read workforce.write people.read
# people.search people.reveal people.print request.write request.decide people.erase accounts.read
# accounts.write audit.read audit.review system.read plan.read plan.draft plan.approve
# place.name; then what is masked, what may be revealed, area or not.
#                      g t s c m w W r s v p w d e a A l L j b B P n
EXPECTED = """
anonymous           |  x . . . . . . . . . . . . . . . . . . . . . . | public    nothing   whole
grid_worker         |  x x x x x x . x x x . x . . . . . . . . . . x | sensitive personal  area
volunteer           |  x x x . x . . x . . . . . . . . . . . . . . x | personal  nothing   area
community_admin     |  x x x x x x x x x x x x x . . . . . . x x . x | sensitive sensitive area
intake_clerk        |  x x x . . x . x x . . x . . . . . . . . . . x | personal  nothing   area
street_dispatcher   |  x x x x x x x x x x . x . . . . . . . x x x x | personal  personal  area
duty_leader         |  x x x x x x . . . . . . . . . . . . . x . x x | internal  nothing   area
department_officer  |  x x x x . x . . . . . . . . . . . . . . . . x | internal  nothing   area
district_admin      |  x x x x x x x x x x x x x x . . . . . x x x x | sensitive sensitive area
system_admin        |  x . x . . . . . . . . . . . x x . . x . . . . | public    nothing   whole
audit_admin         |  x . x . . . . . . . . . . . x . x x . . . . . | public    nothing   whole
system_client       |  x x . x . x . x . . . . . . . . . . . . . . . | internal  nothing   area
"""
ROWS = {
    parts[0].strip(): (parts[1].split(), parts[2].split())
    for parts in (line.split("|") for line in EXPECTED.strip().splitlines())
}
PERSONAL = {
    Permission.PEOPLE_READ, Permission.PEOPLE_SEARCH, Permission.PEOPLE_REVEAL,
    Permission.PEOPLE_PRINT, Permission.PEOPLE_ERASE, Permission.REQUEST_WRITE,
    Permission.REQUEST_DECIDE,
}  # fmt: skip


def test_the_hand_written_table_has_every_role_and_permission() -> None:
    assert set(ROWS) == {role.value for role in Role} == {role.value for role in ROLES}
    assert {len(marks) for marks, _ in ROWS.values()} == {len(Permission)}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_row_says(role: Role) -> None:
    marks, _ = ROWS[role.value]
    expected = {one for one, mark in zip(Permission, marks, strict=True) if mark == "x"}

    assert ROLES[role].permissions == expected


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_its_row_says(role: Role) -> None:
    _, (masked, reveals, where) = ROWS[role.value]
    rule = ROLES[role]

    assert (rule.masked, rule.reveals) == (
        FieldClass[masked.upper()], FieldClass[reveals.upper()],
    )  # fmt: skip
    assert rule.has_area == (where == "area")


@pytest.mark.parametrize("role", Role)
def test_nobody_reveals_what_is_not_even_seen_masked(role: Role) -> None:
    assert ROLES[role].reveals <= ROLES[role].masked


@pytest.mark.parametrize("role", Role)
def test_to_reveal_print_or_erase_one_must_be_allowed_to_reveal_something(role: Role) -> None:
    rule = ROLES[role]

    assert (Permission.PEOPLE_REVEAL in rule.permissions) == (rule.reveals > FieldClass.NOTHING)
    if rule.permissions & {Permission.PEOPLE_PRINT, Permission.PEOPLE_ERASE}:
        assert rule.reveals is FieldClass.SENSITIVE


@pytest.mark.parametrize("role", sorted(APART))
def test_who_runs_the_machine_or_reads_the_audit_sees_no_resident(role: Role) -> None:
    assert not ROLES[role].permissions & PERSONAL
    assert ROLES[role].masked is FieldClass.PUBLIC
    assert not ROLES[role].has_area


def test_nobody_changes_accounts_and_reads_the_audit() -> None:
    both = {Permission.ACCOUNTS_WRITE, Permission.AUDIT_READ}

    assert [role for role, rule in ROLES.items() if both <= rule.permissions] == []


def test_classes_of_fields_are_ordered_by_how_closely_they_are_kept() -> None:
    assert list(FieldClass) == sorted(FieldClass)
    assert [one.name for one in FieldClass] == [
        "NOTHING", "PUBLIC", "INTERNAL", "PERSONAL", "SENSITIVE",
    ]  # fmt: skip
