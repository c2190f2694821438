"""Who acts: a person, a client or the system, with what was granted; and why it may look beyond."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from geo.access.fields import FieldClass
from geo.access.roles import ROLES, Permission, Role
from geo.access.scope import Scope
from geo.errors import Forbidden


class Reason(StrEnum):
    """Why a use case looks beyond its actor's areas; each use is recorded, duty lookups aside."""

    PUBLICATION = "publication"  # new borders move buildings, households and assignments
    IMPORT = "import"  # a file may place rows anywhere in the importer's deployment
    DUTY_LOOKUP = "duty_lookup"  # who answers at a place is public duty information
    HEALTH_CHECK = "health_check"  # `wangge check` proves the data of a whole deployment
    PUBLIC_COUNTS = "public_counts"  # counts in fives, of which nobody can be told

    @property
    def audited(self) -> bool:
        """Whether its use is recorded: duty facts and public counts are public, the rest is not."""
        return self not in (Reason.DUTY_LOOKUP, Reason.PUBLIC_COUNTS)


class ActorKind(StrEnum):
    """What acts."""

    PERSON = "person"
    CLIENT = "client"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class PermissionMissing(Forbidden):
    """None of the actor's roles allows this."""

    code = "permission_missing"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody holds now, and where.

    Parameters
    ----------
    role : what it allows is in ``geo.access.roles.ROLES``
    area : path of the cell it is for; None for roles of the whole deployment
    case_types : kinds of incidents it is for; None for all
    """

    role: Role
    area: str | None = None
    case_types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts; its name goes into what it writes.

    Parameters
    ----------
    name : login, or for instance ``system:import``
    scope : the areas whose people the running use case may see; see ``acting``
    kind : what it is
    account_id : of a person or a client
    grants : roles that stand now; a former post is not among them
    allowed : the only permissions of an API key; None for all that the roles have
    request_id, address : of the request it acts by, for the audit
    """

    name: str
    scope: Scope = field(default_factory=Scope.nothing)
    kind: ActorKind = ActorKind.ANONYMOUS
    account_id: int | None = None
    grants: tuple[Grant, ...] = (Grant(Role.ANONYMOUS),)
    allowed: frozenset[Permission] | None = None
    request_id: str = ""
    address: str = ""

    @classmethod
    def system(cls, task: str) -> "Actor":
        """Return the actor of a job or a command of this machine's operator."""
        return cls(f"system:{task}", Scope.everything(), ActorKind.SYSTEM)

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return somebody who has not signed in: sees cells and ground, no people."""
        return cls("anonymous")

    def may(self, permission: Permission) -> bool:
        """Return whether one of its roles allows something somewhere.

        Somebody whose last role has ended may still look at the own account and sign out.
        """
        if permission is Permission.SELF and self.kind is ActorKind.PERSON:
            return True
        return self.kind is ActorKind.SYSTEM or bool(self._granting(permission))

    def require(self, permission: Permission) -> None:
        """Refuse what none of its roles allows.

        Raises
        ------
        PermissionMissing
            Names the permission.
        """
        if not self.may(permission):
            raise PermissionMissing(permission=permission.value)

    def areas(self, permission: Permission) -> Scope:
        """Return the areas in which it may do something; grants that do not allow it count not."""
        if self.kind is ActorKind.SYSTEM:
            return Scope.everything()
        paths = [grant.area for grant in self._granting(permission)]
        return Scope.of_areas(path for path in paths if path)

    def acting(self, permission: Permission) -> "Actor":
        """Return the same actor seeing exactly the areas in which it may do something.

        Raises
        ------
        PermissionMissing
            When it may nowhere.
        """
        self.require(permission)
        return replace(self, scope=self.areas(permission))

    def masked(self, path: str) -> FieldClass:
        """Return the highest class of fields it sees in masked form at a path."""
        return self._class_at(path, Permission.PEOPLE_READ, "masked")

    def reveals(self, path: str) -> FieldClass:
        """Return the highest class of fields it may see in clear, with a reason, at a path."""
        return self._class_at(path, Permission.PEOPLE_REVEAL, "reveals")

    def _class_at(
        self, path: str, permission: Permission, what: Literal["masked", "reveals"]
    ) -> FieldClass:
        if self.kind is ActorKind.SYSTEM:
            return FieldClass.SENSITIVE
        there = [g for g in self._granting(permission) if g.area and path.startswith(g.area)]
        classes: list[FieldClass] = [getattr(ROLES[grant.role], what) for grant in there]
        return max(classes, default=FieldClass.NOTHING)

    def _granting(self, permission: Permission) -> list[Grant]:
        if self.allowed is not None and permission not in self.allowed:
            return []
        return [grant for grant in self.grants if permission in ROLES[grant.role].permissions]
