"""What was made not long ago and is the same for everybody, kept in this process for a moment."""

import math
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 64


class Kept(Generic[K, V]):
    """Values by key, each for some seconds.

    Parameters
    ----------
    seconds : for how long one is given again
    most : how many; with one more all go
    clock : seconds that never go back
    """

    def __init__(
        self, seconds: float, *, most: int = _MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._values: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """Return a value that is young enough."""
        made_at, value = self._values.get(key, (-math.inf, None))
        return value if self._clock() - made_at < self._seconds else None

    def keep(self, key: K, value: V) -> V:
        """Keep a value that was made just now, and return it."""
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[key] = (self._clock(), value)
        return value
