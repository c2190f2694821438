"""Who acts: a person, a client or the system, with a scope; and why it may look beyond it."""

from dataclasses import dataclass, field
from enum import StrEnum

from geo.access.scope import Scope


class Reason(StrEnum):
    """Why a use case looks beyond its actor's areas; each use is visible in the log."""

    PUBLICATION = "publication"  # new borders move buildings, households and assignments
    IMPORT = "import"  # a file may place rows anywhere in the importer's deployment
    DUTY_LOOKUP = "duty_lookup"  # who answers at a place is public duty information
    HEALTH_CHECK = "health_check"  # `wangge check` proves the data of a whole deployment


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts; its name goes into what it writes.

    Parameters
    ----------
    name : as it is shown, for instance ``local`` or ``system:import``
    scope : the areas whose people it may see
    """

    name: str
    scope: Scope = field(default_factory=Scope.nothing)

    @classmethod
    def system(cls, task: str) -> "Actor":
        """Return the actor of a job or a command of this machine's operator."""
        return cls(f"system:{task}", Scope.everything())

    @classmethod
    def local(cls) -> "Actor":
        """Return whoever sits at this machine: the only one who sees people before sign-in."""
        return cls("local", Scope.everything())

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return anybody else: sees cells and ground, no people."""
        return cls("anonymous")
