"""Keeping workers and what they answer for, and moving both with the cells."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.audit.actions import Action
from geo.audit.notes import Note, in_parts
from geo.crypto.fields import DUTY_PHONE
from geo.crypto.frames import protected_frame, staged_columns
from geo.db.bulk import stage
from geo.db.sql import statement
from geo.errors import Invalid, Refused
from geo.events import Event
from geo.grid.holding import hold_publication
from geo.places.events import BuildingsMoved
from geo.work import Work
from geo.workforce.store import posts

# With more rows moved than this, reading every assignment is quicker than finding those concerned.
_FEW = 20_000
_WORKER = {"code": "text", "cell_code": "text"}
_PLACED = {
    "id": "bigint",
    "stands": "boolean",
    "code": "text",
    "name": "text",
    "cell_id": "bigint",
    "path": "text",
    **staged_columns(DUTY_PHONE),
}
_ASSIGNMENT = {
    "worker_code": "text",
    "post": "text",
    "target_kind": "text",
    "target_code": "text",
    "stairwell": "smallint",
    "is_primary": "boolean",
}


class PrimaryTaken(Refused):
    """Two workers would answer first for the same target at once."""

    code = "primary_taken"


class OverlayPrimary(Invalid):
    """A post that stands beside the team would answer first."""

    code = "overlay_primary"


def add_workers(work: Work, workers: pd.DataFrame) -> int:
    """Add workers, or bring those with known codes up to date; return how many rows were given.

    Parameters
    ----------
    workers : columns ``code, name, duty_phone, cell_code``, each code once; cells are known.
        Without a duty phone what stands stays; an empty text empties it
    """
    hold_publication(work.session)
    stage(work.session, "next_worker", _WORKER, workers)
    placed = _placed(work.session, workers)
    sealed = protected_frame(work.keyring, (DUTY_PHONE,), placed["id"], placed)
    stage(work.session, "placed_worker", _PLACED, placed.join(sealed))
    work.session.execute(statement("geo.workforce", "upsert_workers"))
    # What a worker does for an estate lies where the worker is employed, and so does a leave.
    work.session.execute(statement("geo.workforce", "follow_assignments"), {"ids": None})
    work.session.execute(statement("geo.workforce", "follow_leaves"))
    _note(work, "worker", placed["id"].tolist())
    return len(workers)


def assign(work: Work, assignments: pd.DataFrame, *, version: int | None = None) -> int:
    """Assign workers from now on; what stands already stays; return how many rows were given.

    No publication runs between this and the commit.

    Parameters
    ----------
    assignments : columns ``worker_code, post, target_kind, target_code, stairwell, is_primary``;
        ``target_kind`` is ``cell``, ``building``, ``stairwell`` or ``estate``
    version : the publication by which the targets were chosen; None: whichever holds

    Raises
    ------
    PublicationMoved
        When another publication holds by now.
    PrimaryTaken
        When a target would have two primary workers at once.
    OverlayPrimary
        When a post that stands beside the team would answer first.
    """
    hold_publication(work.session, version)
    _refuse_overlay_first(work.session, assignments)
    write_assignments(work, assignments)
    work.note(Note(Action.WORKFORCE_IMPORT, subject_kind="assignment", count=len(assignments)))
    return len(assignments)


def write_assignments(work: Work, assignments: pd.DataFrame) -> None:
    """Write assignments while the grid is held; whoever calls this notes it."""
    rows = assignments.assign(stairwell=assignments["stairwell"].astype("Int64"))
    stage(work.session, "next_assignment", _ASSIGNMENT, rows)
    work.session.execute(statement("geo.workforce", "end_changed"), {"now": work.now})
    try:
        work.session.execute(statement("geo.workforce", "insert_assignments"), {"now": work.now})
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
        if constraint.startswith("ex_assignment_primary"):
            raise PrimaryTaken(kind=constraint.rpartition("_")[2]) from error
        raise


def end_assignments(work: Work, ids: Sequence[int]) -> None:
    """End assignments now; their rows stay."""
    values = {"ids": list(ids), "now": work.now}
    work.session.execute(statement("geo.workforce", "end_assignments"), values)
    _note(work, "assignment", ids)


def follow_places(work: Work, event: Event) -> None:
    """Give workers and assignments the paths of their cells and buildings."""
    assert isinstance(event, BuildingsMoved)
    cells, buildings = event.cell_ids, event.building_ids
    if cells is None or buildings is None or len(cells) + len(buildings) > _FEW:
        work.session.execute(statement("geo.workforce", "follow_workers"))
        concerned = None
    else:
        moved = {"cell_ids": list(cells), "building_ids": list(buildings)}
        work.session.execute(statement("geo.workforce", "follow_some_workers"), moved)
        concerned = list(work.session.scalars(statement("geo.workforce", "assignments_of"), moved))
    work.session.execute(statement("geo.workforce", "follow_assignments"), {"ids": concerned})
    work.session.execute(statement("geo.workforce", "follow_leaves"))


def _placed(session: Session, workers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the worker each of them is, in the order of their cells."""
    found = session.execute(statement("geo.workforce", "place_workers"))
    columns = list(found.keys())
    placed = pd.DataFrame([tuple(row) for row in found], columns=columns)
    placed["cell_id"] = placed["cell_id"].astype("Int64")
    return placed.merge(workers, on="code", how="left", validate="one_to_one")


def _refuse_overlay_first(session: Session, assignments: pd.DataFrame) -> None:
    first = set(assignments.loc[assignments["is_primary"].astype(bool), "post"])
    beside = [post.code for post in posts(session) if post.overlay and post.code in first]
    if beside:
        raise OverlayPrimary(value=", ".join(beside))


def _note(work: Work, kind: str, ids: Sequence[int]) -> None:
    for part in in_parts(Note(Action.WORKFORCE_IMPORT, subject_kind=kind), ids):
        work.note(part)
