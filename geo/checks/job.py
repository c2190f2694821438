"""The check as a job: queued by every publication, run by the server, its outcome kept."""

from typing import Any

from geo.access.actors import Actor
from geo.checks.service import check
from geo.events import Event
from geo.grid.events import CellsRepublished
from geo.jobs.service import RunningJob, Works, enqueue
from geo.work import Work

KIND = "check"


def follow_publication(work: Work, event: Event) -> None:
    """Queue a check of everything as the publication left it."""
    assert isinstance(event, CellsRepublished)
    enqueue(work, kind=KIND, payload={}, unique_key=str(event.number))


def run_check(works: Works, job: RunningJob) -> dict[str, Any]:
    """Check everything and return the outcome in counts and measures."""
    with works.work(Actor.system(KIND)) as work:
        report = check(work, None, job.progress)
    return {
        "ok": report.ok,
        "version": report.version,
        "places": len(report.places),
        "gap_m2": round(report.gap_m2, 3),
        "overlap_m2": round(report.overlap_m2, 3),
        "nesting_m2": round(report.nesting_m2, 3),
    }
