"""What was made not long ago and is the same for everybody, kept in this process for a moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 64


class Kept(Generic[K, V]):
    """Values by key, each for some seconds; threads may share one.

    Parameters
    ----------
    seconds : for how long one is given again
    most : how many; whichever was not asked for for longest makes room
    clock : seconds that never go back
    """

    def __init__(
        self, seconds: float, *, most: int = _MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._values: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """Return a value that is young enough."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            made_at, value = found
            if self._clock() - made_at >= self._seconds:
                del self._values[key]
                return None
            self._values.move_to_end(key)
            return value

    def keep(self, key: K, value: V) -> V:
        """Keep a value that was made just now, and return it."""
        with self._lock:
            self._values[key] = (self._clock(), value)
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
