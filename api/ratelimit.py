"""Token buckets: how often somebody may ask, as arithmetic. Pure; the clock comes from outside.

A bucket holds up to ``burst`` tokens and gains ``per_s`` a second; a request takes what it costs,
or is refused and takes nothing. Only those who asked lately have a bucket, and there are never more
buckets than ``most``: whoever has not asked for longest makes room, and would mostly be full again.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """How often somebody may ask.

    Parameters
    ----------
    per_s : requests a second in the long run
    burst : requests at once, after a pause
    """

    per_s: float
    burst: int

    def times(self, factor: float) -> "Rate":
        """Return the rate for ``factor`` as many; at least one request at once."""
        return Rate(self.per_s * factor, max(1, round(self.burst * factor)))


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking.

    Parameters
    ----------
    allowed : whether the tokens were there, and are gone now
    left : whole tokens that are left
    wait_s : whole seconds until as many are there as were asked for; 0 when allowed
    """

    allowed: bool
    left: int
    wait_s: int


class Buckets:
    """The buckets of one rate.

    Parameters
    ----------
    rate : the same for everybody
    clock : seconds that never go back
    most : buckets kept at a time
    """

    def __init__(self, rate: Rate, clock: Callable[[], float], *, most: int = 10_000) -> None:
        self.rate = rate
        self._clock = clock
        self._most = most
        self._known: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def take(self, who: Hashable, cost: float = 1.0) -> Taken:
        """Take tokens for a request; one that costs more than a full bucket takes all of it.

        Examples
        --------
        >>> two = Buckets(Rate(per_s=0.5, burst=2), clock=lambda: 0.0)
        >>> two.take("a").allowed, two.take("a").allowed, two.take("a")
        (True, True, Taken(allowed=False, left=0, wait_s=2))
        """
        now = self._clock()
        wanted = min(cost, self.rate.burst)
        tokens = self._tokens(who, now)
        allowed = tokens >= wanted
        self._keep(who, tokens - wanted if allowed else tokens, now)
        wait_s = 0 if allowed else math.ceil((wanted - tokens) / self.rate.per_s)
        return Taken(allowed, int(tokens - wanted if allowed else tokens), wait_s)

    def spend(self, who: Hashable) -> bool:
        """Take one token without a word; return whether it was there."""
        known, rate, now = self._known, self.rate, self._clock()
        kept = known.get(who)
        tokens = rate.burst if kept is None else kept[0] + (now - kept[1]) * rate.per_s
        if tokens < 1.0:
            return False
        known[who] = ((tokens if tokens < rate.burst else rate.burst) - 1.0, now)
        known.move_to_end(who)
        if kept is None and len(known) > self._most:
            known.popitem(last=False)
        return True

    def give_back(self, who: Hashable) -> None:
        """Put a token back that was taken for a request that is counted elsewhere."""
        tokens, at = self._known[who]
        self._known[who] = (tokens + 1.0, at)

    def _tokens(self, who: Hashable, now: float) -> float:
        known = self._known.get(who)
        if known is None:
            return float(self.rate.burst)
        tokens, at = known
        return min(float(self.rate.burst), tokens + (now - at) * self.rate.per_s)

    def _keep(self, who: Hashable, tokens: float, now: float) -> None:
        self._known[who] = (tokens, now)
        self._known.move_to_end(who)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
