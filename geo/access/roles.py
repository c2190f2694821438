"""Roles and what each may do: the one table, pure.

A role says *what*; the area, the case types and the time of a grant say *where*, *about what* and
*when* (``geo.access.actors.Grant``). Nobody inherits from anybody: each row is read by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from geo.access.fields import FieldClass


class Permission(StrEnum):
    """What a route or a command asks for."""

    GRID_READ = "grid.read"  # cells, buildings, posts, locate without the team
    TEAM_READ = "team.read"  # the names that answer at a place
    SELF = "self"  # own account, own sign-ins
    COUNTS_READ = "counts.read"  # exact counts of households
    MAP_READ = "map.read"  # occupancy by building
    WORKFORCE_READ = "workforce.read"  # workers, assignments, who is away
    WORKFORCE_WRITE = "workforce.write"  # who answers for what, who is away
    PEOPLE_READ = "people.read"  # households, masked
    PEOPLE_SEARCH = "people.search"  # whose phone or ID number this is
    PEOPLE_REVEAL = "people.reveal"  # a field in clear, with a reason
    PEOPLE_PRINT = "people.print"  # all that is stored on a person, in clear
    REQUEST_WRITE = "request.write"  # take down what a person asks about their data
    REQUEST_DECIDE = "request.decide"  # correct, object, refuse
    PEOPLE_ERASE = "people.erase"  # empty the personal fields for good
    ACCOUNTS_READ = "accounts.read"
    ACCOUNTS_WRITE = "accounts.write"
    AUDIT_READ = "audit.read"
    AUDIT_REVIEW = "audit.review"
    SYSTEM_READ = "system.read"  # jobs
    PLAN_READ = "plan.read"  # boundary plans
    PLAN_DRAFT = "plan.draft"  # begin, change and submit a boundary plan
    PLAN_APPROVE = "plan.approve"  # approve or return the plan of another person
    PLACE_NAME = "place.name"  # give places the names that people on the spot say


class Role(StrEnum):
    """Who somebody is to the deployment."""

    ANONYMOUS = "anonymous"
    GRID_WORKER = "grid_worker"
    VOLUNTEER = "volunteer"
    COMMUNITY_ADMIN = "community_admin"
    INTAKE_CLERK = "intake_clerk"
    STREET_DISPATCHER = "street_dispatcher"
    DUTY_LEADER = "duty_leader"
    DEPARTMENT_OFFICER = "department_officer"
    DISTRICT_ADMIN = "district_admin"
    SYSTEM_ADMIN = "system_admin"
    AUDIT_ADMIN = "audit_admin"
    SYSTEM_CLIENT = "system_client"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What one role may do.

    Parameters
    ----------
    permissions : all it may do
    masked : the highest class of fields it sees in masked form
    reveals : the highest class it may see in clear by stating a reason
    has_area : whether a grant of it names a cell; the others are for the whole deployment
    """

    permissions: frozenset[Permission]
    masked: FieldClass = FieldClass.PUBLIC
    reveals: FieldClass = FieldClass.NOTHING
    has_area: bool = True


P = Permission
_STAFF = {P.GRID_READ, P.TEAM_READ, P.SELF, P.PLACE_NAME}
_PLANS = {P.PLAN_READ, P.PLAN_DRAFT}
_FIELD = {*_STAFF, P.COUNTS_READ, P.MAP_READ, P.WORKFORCE_READ, P.PEOPLE_READ}

ROLES: Mapping[Role, RoleRule] = {
    # A resident is somebody who has not signed in; whether the team is told is a setting.
    Role.ANONYMOUS: RoleRule(frozenset({P.GRID_READ}), has_area=False),
    Role.GRID_WORKER: RoleRule(
        frozenset({*_FIELD, P.PEOPLE_SEARCH, P.PEOPLE_REVEAL, P.REQUEST_WRITE}),
        masked=FieldClass.SENSITIVE,
        reveals=FieldClass.PERSONAL,
    ),
    Role.VOLUNTEER: RoleRule(
        frozenset({*_STAFF, P.MAP_READ, P.PEOPLE_READ}), masked=FieldClass.PERSONAL
    ),
    Role.COMMUNITY_ADMIN: RoleRule(
        frozenset(
            {*_FIELD, P.PEOPLE_SEARCH, P.PEOPLE_REVEAL, P.PEOPLE_PRINT}
            | {P.REQUEST_WRITE, P.REQUEST_DECIDE, P.WORKFORCE_WRITE, *_PLANS}
        ),
        masked=FieldClass.SENSITIVE,
        reveals=FieldClass.SENSITIVE,
    ),
    # Takes calls: finds who calls and where, sees nobody in clear.
    Role.INTAKE_CLERK: RoleRule(
        frozenset({*_STAFF, P.WORKFORCE_READ, P.PEOPLE_READ, P.PEOPLE_SEARCH, P.REQUEST_WRITE}),
        masked=FieldClass.PERSONAL,
    ),
    # The street approves what a community proposes.
    Role.STREET_DISPATCHER: RoleRule(
        frozenset(
            {*_FIELD, P.PEOPLE_SEARCH, P.PEOPLE_REVEAL, P.REQUEST_WRITE, P.WORKFORCE_WRITE}
            | {*_PLANS, P.PLAN_APPROVE}
        ),
        masked=FieldClass.PERSONAL,
        reveals=FieldClass.PERSONAL,
    ),
    # Reads boards and maps; a leader needs no list of residents.
    Role.DUTY_LEADER: RoleRule(
        frozenset(
            {*_STAFF, P.COUNTS_READ, P.MAP_READ, P.WORKFORCE_READ, P.PLAN_READ, P.PLAN_APPROVE}
        ),
        masked=FieldClass.INTERNAL,
    ),
    Role.DEPARTMENT_OFFICER: RoleRule(
        frozenset({*_STAFF, P.COUNTS_READ, P.WORKFORCE_READ}), masked=FieldClass.INTERNAL
    ),
    Role.DISTRICT_ADMIN: RoleRule(
        frozenset(
            {*_FIELD, P.PEOPLE_SEARCH, P.PEOPLE_REVEAL, P.PEOPLE_PRINT, P.PEOPLE_ERASE}
            | {P.REQUEST_WRITE, P.REQUEST_DECIDE, P.WORKFORCE_WRITE}
            | {*_PLANS, P.PLAN_APPROVE}
        ),
        masked=FieldClass.SENSITIVE,
        reveals=FieldClass.SENSITIVE,
    ),
    # Runs the machine and the accounts, sees no resident (GB/T 22239 level 3: split of powers).
    Role.SYSTEM_ADMIN: RoleRule(
        frozenset({P.GRID_READ, P.SELF, P.ACCOUNTS_READ, P.ACCOUNTS_WRITE, P.SYSTEM_READ}),
        has_area=False,
    ),
    # Reads what everybody did, sees no business data and changes no account.
    Role.AUDIT_ADMIN: RoleRule(
        frozenset({P.GRID_READ, P.SELF, P.ACCOUNTS_READ, P.AUDIT_READ, P.AUDIT_REVIEW}),
        has_area=False,
    ),
    Role.SYSTEM_CLIENT: RoleRule(
        frozenset({P.GRID_READ, P.TEAM_READ, P.COUNTS_READ, P.WORKFORCE_READ, P.PEOPLE_READ}),
        masked=FieldClass.INTERNAL,
    ),
}

# Who holds one of these holds no other role: who runs the machine sees no resident, and who reads
# the audit is nobody whose work stands in it (GB/T 22239 level 3: split of powers).
APART = frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN})
