"""One assignment at a time, by somebody who may: given and ended within the own areas."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sqlalchemy.orm import Session

from geo.audit.actions import Action
from geo.audit.notes import Note
from geo.errors import Invalid, NotFound
from geo.grid.holding import hold_publication
from geo.grid.store import version_by_code
from geo.places.addresses.store import paths_of_estate
from geo.places.store import building_place, check_stairwell, estate_id
from geo.work import Work
from geo.workforce.model import Post
from geo.workforce.service import OverlayPrimary, write_assignments
from geo.workforce.store import (
    assignment_by_id,
    post_code,
    standing_assignment,
    worker_by_code,
)

Kind = Literal["cell", "building", "stairwell", "estate"]


class TargetNotYours(NotFound):
    """What somebody is to answer for lies beyond the areas of who says so."""

    code = "target_not_yours"
    scoped = "cell"


class TargetUnclear(Invalid):
    """An assignment names no target, or several, or a stairwell without its building."""

    code = "target_unclear"


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """Somebody who is to answer for exactly one of cell, building and estate.

    Parameters
    ----------
    worker, post, cell, building, estate : codes
    stairwell : of the building; None for all of it
    primary : whether this one answers first
    version : the publication by which the target was chosen; None: whichever holds
    """

    worker: str
    post: str
    cell: str | None = None
    building: str | None = None
    estate: str | None = None
    stairwell: int | None = None
    primary: bool = False
    version: int | None = None

    @property
    def target(self) -> tuple[Kind, str]:
        """Kind and code of what it is for."""
        named: dict[Kind, str | None] = {
            "cell": self.cell, "building": self.building, "estate": self.estate,
        }  # fmt: skip
        given = [(kind, code) for kind, code in named.items() if code is not None]
        if len(given) != 1 or (self.stairwell is not None and self.building is None):
            raise TargetUnclear()
        kind, code = given[0]
        return ("stairwell" if self.stairwell is not None else kind), code


def appoint(work: Work, new: NewAssignment) -> int:
    """Let somebody answer for a place from now on; return the id of the assignment.

    The same assignment, if it stands already, stays and is returned.

    Raises
    ------
    TargetUnclear, OverlayPrimary, PostUnknown
        When it cannot be so.
    PublicationMoved
        When another publication holds than the one it was decided by.
    WorkerUnknown, CellUnknown, BuildingUnknown, EstateUnknown, TargetNotYours
        When one of them does not exist within the actor's areas.
    StairwellUnknown
        When the building has fewer stairwells.
    PrimaryTaken
        When somebody else answers first there.
    """
    session = work.session
    kind, code = new.target
    number = hold_publication(session, new.version)
    post = session.get_one(Post, post_code(session, new.post))
    worker = worker_by_code(session, work.scope, new.worker, number)
    if post.overlay and new.primary:
        raise OverlayPrimary(value=post.code)
    paths = _paths(session, kind, code, number)
    if not any(work.scope.covers(path) for path in paths):
        raise TargetNotYours(value=code)
    if new.building is not None:
        check_stairwell(code, building_place(session, code).stairwells, new.stairwell)
    row = {
        "worker_code": new.worker, "post": post.code, "target_kind": kind, "target_code": code,
        "stairwell": new.stairwell, "is_primary": new.primary,
    }  # fmt: skip
    write_assignments(work, pd.DataFrame([row]))
    made = _standing(session, worker.id, new, number)
    after = {"post": post.code, "kind": kind, "target": code, "primary": new.primary}
    subjects = (worker.id,)
    work.note(Note(Action.WORKFORCE_ASSIGN, subject_kind="worker", subjects=subjects, after=after))
    return made


def dismiss(work: Work, id: int) -> None:
    """End an assignment now.

    Raises
    ------
    AssignmentUnknown
        When none that stands within the actor's areas has this id.
    """
    row = assignment_by_id(work.session, work.scope, id, work.now)
    row.valid_to = work.now
    work.session.flush()
    note = Note(
        Action.WORKFORCE_DISMISS, subject_kind="worker", subjects=(row.worker_id,), area=row.path
    )
    work.note(note)


def _standing(session: Session, worker: int, new: NewAssignment, number: int) -> int:
    """Return the id of the assignment that stands as it was asked for."""
    targets = {
        "cell_id": new.cell and version_by_code(session, new.cell, number).cell_id,
        "building_id": new.building and building_place(session, new.building).id,
        "estate_id": new.estate and estate_id(session, new.estate),
        "stairwell": new.stairwell,
    }
    return standing_assignment(session, worker, new.post, targets)


def _paths(session: Session, kind: Kind, code: str, number: int) -> list[str]:
    """Return the paths of the cells in which a target lies."""
    if kind == "cell":
        return [version_by_code(session, code, number).path]
    if kind == "estate":
        return paths_of_estate(session, estate_id(session, code))
    return [building_place(session, code).path]
