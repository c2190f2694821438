"""Who answers at a place: the rule, pure.

Duties stand on rungs, from the household itself up to the cells: household, unit, stairwell,
building, estate, cell, parent cell. Going up, everybody on a rung joins the team until a rung has a
primary worker: that one answers, and nobody above is asked. Without any primary the first in order
answers; without anybody the territory does, and the team is empty.

Is the primary worker away, and nobody stands in, then the next on the same rung answers first; with
nobody left on it, the way goes on up. The reason says so.

Posts that stand beside the team (police, legal, property) are told apart: all that bear on a place,
of every rung. They never answer first and never end the way up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple


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
# Why a team is empty: nobody is assigned; not told to who asks; the place lies in no cell; it is
# not sure which place, or no one cell holds all of it.
NOBODY = "nobody"
WITHHELD = "withheld"
OUTSIDE = "outside"
UNSURE = "unsure"
# What these say is of the place, not of its team, so everybody is told.
OF_THE_PLACE = (OUTSIDE, UNSURE)


class Because(StrEnum):
    """Why it is not the primary worker who answers first."""

    SUBSTITUTE = "substitute"  # somebody stands in
    DEPUTY = "deputy"  # away without a substitute: the next on the rung
    AWAY = "away"  # away, and nobody left on the rung: who comes above


class Person(NamedTuple):
    """A worker by id, name and code, and the duty phone as stored."""

    worker_id: str
    name: str
    sealed_phone: bytes | None = None
    code: str = ""


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
    overlay : stands beside the team
    away : at that moment, and nobody stands in
    substitute_for : whose place the worker takes meanwhile
    worker_code : as leaves and assignments name the worker
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
    overlay: bool = False
    away: bool = False
    substitute_for: Person | None = None
    worker_code: str = ""

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
    reason : the kinds of place they answer through, nearest first, and why it is not the primary
        worker who answers: ``building > cell``, ``cell; substitute``; of an empty team ``nobody``,
        ``withheld``, ``outside`` or ``unsure``
    overlays : those beside the team, in order; none is primary
    """

    members: tuple[Duty, ...]
    reason: str
    overlays: tuple[Duty, ...] = ()


def team(duties: Iterable[Duty]) -> Team:
    """Return who answers, from all duties that bear on a place.

    Parameters
    ----------
    duties : in any order, as ``geo.workforce.leave.stood_in`` gives them

    Returns
    -------
    Team; empty with reason ``nobody`` when there is no duty
    """
    ordered = sorted(duties, key=lambda duty: (duty.rung, duty.post_rank, duty.worker_id))
    climbed, because = _climbed([duty for duty in ordered if not duty.overlay])
    beside = (duty for duty in ordered if duty.overlay and not duty.away)
    overlays = tuple(sorted(beside, key=lambda duty: duty.post_rank))
    head = next((duty for duty in climbed if duty.primary), climbed[0] if climbed else None)
    members = (() if head is None else (head,)) + tuple(d for d in climbed if d is not head)
    if head is not None and head.primary and head.substitute_for is not None:
        because = Because.SUBSTITUTE
    vias = " > ".join(dict.fromkeys(duty.via.value for duty in climbed)) or NOBODY
    return Team(members, f"{vias}; {because}" if because else vias, overlays)


def _climbed(ordered: list[Duty]) -> tuple[list[Duty], Because | None]:
    """Return those met on the way up to who answers first, and why that is not who is assigned."""
    climbed: list[Duty] = []
    because: Because | None = None
    for _, duties in groupby(ordered, key=lambda duty: duty.rung):
        rung = list(duties)
        here = [duty for duty in rung if not duty.away]
        if any(duty.primary for duty in rung) and not any(duty.primary for duty in here):
            because = Because.DEPUTY if here else Because.AWAY
            here[:1] = [replace(duty, primary=True) for duty in here[:1]]
        climbed.extend(here)
        if any(duty.primary for duty in here):
            break
    return climbed, because
