"""How long a sign-in lasts and when tries are over: pure rules of signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from geo.settings import Settings

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
# A client that got no answer may ask for the same pair again for this long, with the same key.
RETRY = timedelta(seconds=60)
SEEN_EVERY = timedelta(minutes=1)
KEY_SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignInRules:
    """How long the pieces of a sign-in last, and whether demo accounts may sign in.

    Parameters
    ----------
    page_idle : a page's sign-in ends when not used for so long
    page_most : and after so long whatever happens
    access : how long an access token opens anything
    refresh : how long a client may go on with refreshing before somebody signs in again
    demo : whether this is a demo
    """

    page_idle: timedelta
    page_most: timedelta
    access: timedelta
    refresh: timedelta
    demo: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the rules of a deployment."""
        return cls(
            page_idle=timedelta(minutes=settings.page_idle_min),
            page_most=timedelta(hours=settings.page_most_h),
            access=timedelta(minutes=settings.access_token_min),
            refresh=timedelta(days=settings.refresh_days),
            demo=settings.is_demo,
        )


def locked_until(failures: Sequence[datetime]) -> datetime | None:
    """Return until when a login is locked by its wrong passwords; None when it never was.

    Five within fifteen minutes lock for fifteen minutes from the fifth.

    Parameters
    ----------
    failures : instants of the wrong passwords, in order; those of the last half hour are enough

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> locked_until([noon + timedelta(minutes=m) for m in (0, 1, 2, 3, 14)]).minute
    29
    >>> locked_until([noon + timedelta(minutes=m) for m in (0, 4, 8, 12, 16)]) is None
    True
    """
    fifths = [
        last
        for first, last in zip(failures, failures[TRIES - 1 :], strict=False)
        if last - first < WINDOW
    ]
    return max(fifths) + LOCKED if fifths else None
