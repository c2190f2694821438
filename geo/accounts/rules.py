"""How long a sign-in lasts and when tries are over: pure rules of signing in."""

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self

from geo.settings import Settings

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCKED = timedelta(minutes=15)
# From where a login was opened as lately as this, others' wrong passwords do not keep it out.
FAMILIAR = timedelta(days=30)
NOWHERE = "unknown"
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


@dataclass(frozen=True, slots=True)
class Failure:
    """A wrong password that counts.

    Parameters
    ----------
    origin : as of :func:`origin_of`
    """

    at: datetime
    origin: str


@lru_cache(maxsize=4096)
def origin_of(address: str) -> str:
    """Return what an address counts as; of IPv6 the network of one customer.

    Examples
    --------
    >>> origin_of("192.0.2.7"), origin_of("2001:db8:1:2:3:4:5:6"), origin_of("")
    ('192.0.2.7', '2001:db8:1:2::/64', 'unknown')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return NOWHERE
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def counted(failures: Sequence[Failure], origin: str, familiar: Collection[str]) -> list[datetime]:
    """Return which wrong passwords of a login count against somebody who tries from ``origin``.

    An origin from which the login was opened lately has its own count, so that nobody elsewhere
    can keep the owner out. All others share one: whoever spreads tries over many addresses gets no
    more of them.

    Parameters
    ----------
    failures : in order
    familiar : origins from which the login was opened lately

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> tries = [Failure(noon, one) for one in ("home", "far", "further")]
    >>> [len(counted(tries, one, {"home"})) for one in ("home", "far", "anywhere")]
    [1, 2, 2]
    """
    known = set(familiar) - {NOWHERE}
    if origin in known:
        return [failure.at for failure in failures if failure.origin == origin]
    return [failure.at for failure in failures if failure.origin not in known]


def locked_until(failures: Sequence[datetime]) -> datetime | None:
    """Return until when wrong passwords lock; None when they never did.

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
