"""Keeping workers and what they answer for, and moving both with the cells."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy.exc import IntegrityError

from geo.db.bulk import stage
from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.errors import Refused
from geo.events import Event
from geo.work import Work

_WORKER = {"code": "text", "name": "text", "duty_phone": "text", "cell_code": "text"}
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


def add_workers(work: Work, workers: pd.DataFrame) -> int:
    """Add workers, or bring those with known codes up to date; return how many rows were given.

    Parameters
    ----------
    workers : columns ``code, name, duty_phone, cell_code``; cells are known
    """
    take_turn(work.session)
    stage(work.session, "next_worker", _WORKER, workers)
    work.session.execute(statement("geo.workforce", "upsert_workers"))
    # What a worker does for an estate lies where the worker is employed.
    work.session.execute(statement("geo.workforce", "follow_assignments"))
    return len(workers)


def assign(work: Work, assignments: pd.DataFrame) -> int:
    """Assign workers from now on; what stands already stays; return how many rows were given.

    Parameters
    ----------
    assignments : columns ``worker_code, post, target_kind, target_code, stairwell, is_primary``;
        ``target_kind`` is ``cell``, ``building``, ``stairwell`` or ``estate``

    Raises
    ------
    PrimaryTaken
        When a target would have two primary workers at once.
    """
    take_turn(work.session)
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
    return len(rows)


def end_assignments(work: Work, ids: Sequence[int]) -> None:
    """End assignments now; their rows stay."""
    values = {"ids": list(ids), "now": work.now}
    work.session.execute(statement("geo.workforce", "end_assignments"), values)


def follow_places(work: Work, event: Event) -> None:
    """Give workers and assignments the paths of their cells and buildings."""
    work.session.execute(statement("geo.workforce", "follow_workers"))
    work.session.execute(statement("geo.workforce", "follow_assignments"))
