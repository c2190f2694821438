"""Who answers at a place: the rule, pure.

Duties stand on rungs, from the household itself up to the cells: household, unit, stairwell,
building, estate, cell, parent cell. Going up, everybody on a rung joins the team until a rung has a
primary worker: that one answers, and nobody above is asked. Without any primary the first in order
answers; without anybody the territory does, and the team is empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Via(StrEnum):
    """The kind of place through which somebody answers."""

    HOUSEHOLD = "household"
    UNIT = "unit"
    STAIRWELL = "stairwell"
    BUILDING = "building"
    ESTATE = "estate"
    CELL = "cell"
    PARENT_CELL = "parent_cell"


_RUNGS = {via: rung for rung, via in enumerate(Via)}
NOBODY = "nobody"
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Duty:
    """One standing assignment that bears on a place.

    Parameters
    ----------
    via : the kind of place it names
    cell_code : the cell it names, or the place's leaf cell
    cell_level : level of that cell; deeper cells come first
    post, post_rank : in which post, and its order in a team
    primary : whether this one answers first
    duty_phone : as told; empty until ``geo.workforce.roster.with_phones`` reads it
    sealed_phone : as stored
    """

    worker_id: str
    name: str
    duty_phone: str
    post: str
    post_rank: int
    primary: bool
    via: Via
    cell_code: str
    cell_level: int
    sealed_phone: bytes | None = None

    @property
    def rung(self) -> tuple[int, int]:
        """Where it stands on the way up: lower comes first."""
        return _RUNGS[self.via], -self.cell_level


@dataclass(frozen=True, slots=True)
class Team:
    """Those who answer, the one who answers first at the head, and why.

    Parameters
    ----------
    members : in order; at most one is primary
    reason : the kinds of place they answer through, nearest first: ``building > cell``;
        ``nobody``, or ``withheld`` from who may not be told
    """

    members: tuple[Duty, ...]
    reason: str


def team(duties: Iterable[Duty]) -> Team:
    """Return who answers, from all duties that bear on a place.

    Parameters
    ----------
    duties : in any order

    Returns
    -------
    Team; empty with reason ``nobody`` when there is no duty
    """
    climbed: list[Duty] = []
    ordered = sorted(duties, key=lambda duty: (duty.rung, duty.post_rank, duty.worker_id))
    for _, rung in groupby(ordered, key=lambda duty: duty.rung):
        climbed.extend(rung)
        if any(duty.primary for duty in climbed):
            break
    if not climbed:
        return Team((), NOBODY)
    head = next((duty for duty in climbed if duty.primary), climbed[0])
    members = (head, *(duty for duty in climbed if duty is not head))
    vias = dict.fromkeys(duty.via.value for duty in climbed)
    return Team(members, " > ".join(vias))
