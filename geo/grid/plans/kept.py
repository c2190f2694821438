"""Drafts in memory: an edit does one operation, not all of them again.

Kept are what drafts begin from (by publication and area), the buildings of the area, and drafts by
the operations that made them: a shorter list, an undo, is found at once. All of it can be made
again, so a process keeps only so much, and forgets buildings after some minutes.
"""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import geopandas as gpd

from geo.grid.plans.draft import Base, Draft

Value = TypeVar("Value")

_BASES, _STOCKS, _DRAFTS = 8, 8, 512
_STOCK_S = 300.0


class Kept(Generic[Value]):
    """The values used last, at most so many."""

    def __init__(self, most: int, *, seconds: float | None = None) -> None:
        self._most, self._seconds = most, seconds
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """Return a value that is kept and not too old."""
        with self._lock:
            found = self._values.get(key)
            if found is None or self._is_old(found[0]):
                return None
            self._values.move_to_end(key)
            return found[1]

    def keep(self, key: Hashable, value: Value) -> Value:
        """Keep a value, and forget the one that was used longest ago."""
        with self._lock:
            self._values[key] = (time.monotonic(), value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value

    def made(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return a value, made when it is not kept."""
        found = self.get(key)
        return self.keep(key, make()) if found is None else found

    def _is_old(self, since: float) -> bool:
        return self._seconds is not None and time.monotonic() - since > self._seconds


class Drafts:
    """What a process keeps of drafts."""

    def __init__(self) -> None:
        self.bases: Kept[Base] = Kept(_BASES)
        self.stocks: Kept[gpd.GeoDataFrame] = Kept(_STOCKS, seconds=_STOCK_S)
        self.drafts: Kept[Draft] = Kept(_DRAFTS)


def chained(operations: Sequence[dict[str, Any]], *, before: str = "") -> list[str]:
    """Return a digest for each beginning of a list of operations, the empty one first.

    Parameters
    ----------
    before : digest of the list that they go on with

    Examples
    --------
    >>> whole = chained([{"op": "merge"}, {"op": "rename"}])
    >>> whole[:2] == chained([{"op": "merge"}])
    True
    """
    found = [before]
    for one in operations:
        said = json.dumps(one, sort_keys=True, ensure_ascii=True)
        found.append(hashlib.sha256(f"{found[-1]}\n{said}".encode()).hexdigest())
    return found
