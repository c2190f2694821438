"""Those who place rows in the grid take turns: publications and bulk writes, one at a time.

A writer reads which cell covers a place and stores that cell's path. Were borders published, or the
place moved, between the two, the path would be stale for good; so each holds this lock until its
transaction ends.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = 0x47524944
_TAKE = text("SELECT pg_advisory_xact_lock(:key)")


def take_turn(session: Session) -> None:
    """Wait until nobody else places rows in the grid, then keep them out until the commit."""
    session.execute(_TAKE, {"key": _LOCK})
