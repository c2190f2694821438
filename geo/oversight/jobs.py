"""Retention and unusual reads as jobs, and when they come again."""

from collections.abc import Sequence
from typing import Any

from geo.access.actors import Actor
from geo.jobs.recurring import Recurring
from geo.jobs.service import RunningJob, Works
from geo.oversight.service import expire
from geo.oversight.watch import watch

RETENTION = "retention"
UNUSUAL = "audit.unusual"

RECURRING: Sequence[Recurring] = (
    Recurring(RETENTION, hour=2, minute=30),
    Recurring(UNUSUAL, hour=3, weekday=0),
)


def run_retention(works: Works, job: RunningJob) -> dict[str, Any]:
    """Let go what was kept long enough; return how many rows by term."""
    with works.work(Actor.system(RETENTION)) as work:
        return dict(expire(work))


def run_unusual(works: Works, job: RunningJob) -> dict[str, Any]:
    """Look through the last weeks; return how many findings they make."""
    with works.work(Actor.system("oversight")) as work:
        return {"findings": watch(work)}
