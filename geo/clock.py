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


def local_instant(said: str, zone: str) -> datetime:
    """Return the instant that a day or a time means: in the zone given where it names none.

    Raises
    ------
    ValueError
        When it is no ISO 8601 day or time.

    Examples
    --------
    >>> local_instant("2026-12-01 08:00", "Asia/Shanghai").isoformat()
    '2026-12-01T08:00:00+08:00'
    >>> local_instant("2026-12-01T08:00:00Z", "Asia/Shanghai").isoformat()
    '2026-12-01T08:00:00+00:00'
    """
    found = datetime.fromisoformat(said.strip())
    return found.replace(tzinfo=ZoneInfo(zone)) if found.tzinfo is None else found


def local_time(moment: datetime, zone: str) -> str:
    """Return an instant as it is read in a zone, with its distance from UTC.

    Examples
    --------
    >>> local_time(datetime(2026, 12, 1, tzinfo=UTC), "Asia/Shanghai")
    '2026-12-01 08:00:00+08:00'
    """
    return moment.astimezone(ZoneInfo(zone)).isoformat(" ", "seconds")


def local_day(moment: datetime, zone: str) -> date:
    """Return the local day of an instant.

    Examples
    --------
    >>> local_day(datetime(2026, 11, 21, 18, tzinfo=UTC), "Asia/Shanghai").isoformat()
    '2026-11-22'
    """
    return moment.astimezone(ZoneInfo(zone)).date()
