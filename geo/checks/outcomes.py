"""What the check that follows each publication found, for those who answer for it."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from geo.checks.job import KIND
from geo.jobs import store
from geo.jobs.model import Job, JobState


class CheckState(StrEnum):
    """How far the check of a publication is."""

    WAITING = "waiting"  # or running
    SOUND = "sound"
    BROKEN = "broken"  # it found something
    FAILED = "failed"  # it did not come to its end


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check of everything after a publication found.

    Parameters
    ----------
    places : where something is wrong; ``./wangge check`` names them
    gap_m2, overlap_m2, nesting_m2 : land nobody owns, owned twice, and by which parents differ
        from their children
    """

    state: CheckState
    places: int = 0
    gap_m2: float = 0.0
    overlap_m2: float = 0.0
    nesting_m2: float = 0.0


def outcome_of(session: Session, publication: int) -> Outcome | None:
    """Return what the check after a publication found; None when none was asked for."""
    job = store.last_job(session, KIND, str(publication))
    return None if job is None else _outcome(job)


def _outcome(job: Job) -> Outcome:
    if job.state == JobState.FAILED.value:
        return Outcome(CheckState.FAILED)
    if job.result is None:
        return Outcome(CheckState.WAITING)
    found = job.result
    return Outcome(
        CheckState.SOUND if found["ok"] else CheckState.BROKEN,
        int(found["places"]),
        float(found["gap_m2"]),
        float(found["overlap_m2"]),
        float(found["nesting_m2"]),
    )
