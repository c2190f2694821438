"""Jobs that come again: when each is due next, and that one of each is always queued.

Every process sees to it; the unique key of a job lets only one of them be open. A run that was due
while no process lived is run at the next start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo.jobs.service import enqueue
from geo.work import Work

_KEY = "recurring"
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of job that is run at a local time, every day or on one day of the week.

    Parameters
    ----------
    weekday : 0 Monday to 6 Sunday; None for every day
    """

    kind: str
    hour: int
    minute: int = 0
    weekday: int | None = None


def next_run(job: Recurring, moment: datetime, zone: str) -> datetime:
    """Return the first instant after a moment at which a job is due.

    Examples
    --------
    >>> sunday, zone = datetime.fromisoformat("2026-11-22T12:00+08:00"), "Asia/Shanghai"
    >>> next_run(Recurring("audit.unusual", hour=3, weekday=0), sunday, zone).isoformat()
    '2026-11-23T03:00:00+08:00'
    """
    today = moment.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(_WEEK + 2))
    due = (
        datetime.combine(day, time(job.hour, job.minute), ZoneInfo(zone))
        for day in days
        if job.weekday in (None, day.weekday())
    )
    return next(instant for instant in due if instant > moment)


def ensure(work: Work, jobs: Sequence[Recurring], zone: str) -> None:
    """Queue the next run of each job that has none open."""
    for job in jobs:
        run_at = next_run(job, work.now, zone)
        enqueue(work, kind=job.kind, payload={}, unique_key=_KEY, run_at=run_at)
