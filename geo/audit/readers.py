"""Who was given a row, or changed it, as values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """One who was given, or changed, a row: how, how often, and when.

    Parameters
    ----------
    reason : as stated the last time a reason was stated
    """

    actor: str
    account_id: int | None
    action: str
    times: int
    first_at: datetime
    last_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """How a row was given out or changed on one day, by whom and why.

    Parameters
    ----------
    actor, name : login, or ``system:task``; name of the account, None for a task
    times : how often on that day, for this reason
    reason : as stated; empty when none was needed
    """

    actor: str
    name: str | None
    action: str
    times: int
    first_at: datetime
    last_at: datetime
    reason: str
