"""The one source of now outside a transaction; inside a use case it is ``work.now``."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, aware, UTC."""
    return datetime.now(UTC)


def start_of(day: date, zone: str) -> datetime:
    """Return the instant at which a local day begins.

    Examples
    --------
    >>> start_of(date(2026, 11, 21), "Asia/Shanghai").isoformat()
    '2026-11-21T00:00:00+08:00'
    """
    return datetime.combine(day, time.min, ZoneInfo(zone))


def local_day(moment: datetime, zone: str) -> date:
    """Return the local day of an instant.

    Examples
    --------
    >>> local_day(datetime(2026, 11, 21, 18, tzinfo=UTC), "Asia/Shanghai").isoformat()
    '2026-11-22'
    """
    return moment.astimezone(ZoneInfo(zone)).date()
