"""Counts of one app for Prometheus, in a registry of its own: two apps in a process never mix."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString
from sqlalchemy import Engine, QueuePool

# Anything else a client may send as a method counts as one, so that labels stay few.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Sealing(Protocol):
    """How the sealing of the audit fares in this process."""

    @property
    def ailing(self) -> bool:
        """Whether nothing is sealed at present."""

    @property
    def sealed_at(self) -> float | None:
        """When all was sealed last, in seconds since 1970; None before the first time."""


@dataclass(slots=True)
class Took:
    """How long requests took.

    Parameters
    ----------
    within : how many took no longer than each of ``_BUCKETS_S``, and no less than the one before;
        at the end, how many took longer
    """

    within: list[int] = field(default_factory=lambda: [0] * (len(_BUCKETS_S) + 1))
    seconds: float = 0.0


class Requests(Collector):
    """Requests answered, and how long they took; what comes with the library takes a lock each."""

    def __init__(self) -> None:
        self._took: dict[tuple[str, str, int], Took] = {}

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one; called in the event loop."""
        key = (route, method, status)
        took = self._took.get(key)
        if took is None:
            took = self._took[key] = Took()
        took.within[bisect_left(_BUCKETS_S, seconds)] += 1
        took.seconds += seconds

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """Give all numbers, as Prometheus wants them."""
        found = list(self._took.items())
        answered = CounterMetricFamily(
            "wangge_requests",
            "Requests answered, by route template, method and status",
            labels=("route", "method", "status"),
        )
        for (route, method, status), took in found:
            answered.add_metric((route, method, str(status)), sum(took.within))
        yield answered
        times = HistogramMetricFamily(
            "wangge_request_seconds",
            "Time to the last byte of the answer, by route template",
            labels=("route",),
        )
        ends = [*map(floatToGoString, _BUCKETS_S), "+Inf"]
        for route in dict.fromkeys(route for (route, _, _), _ in found):
            mine = [took for (its, _, _), took in found if its == route]
            within = accumulate(map(sum, zip(*(took.within for took in mine), strict=True)))
            shown = list(zip(ends, within, strict=True))
            times.add_metric((route,), shown, sum(took.seconds for took in mine))
        yield times


class Metrics:
    """What one app counts.

    Parameters
    ----------
    engine : whose pool is watched
    """

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._requests = Requests()
        self._registry.register(self._requests)
        self._limited = Counter(
            "wangge_limited",
            "Requests answered 429, by limit",
            ("limit",),
            registry=self._registry,
        )
        self._shares = Counter(
            "wangge_quota_reached",
            "Accounts that asked for more about people than a day's share, once a day each",
            ("share",),
            registry=self._registry,
        )
        self._ailing = Gauge(
            "wangge_audit_sealer_ailing",
            "1 while this process cannot seal the audit, else 0",
            registry=self._registry,
        )
        self._sealed = Gauge(
            "wangge_audit_sealed_timestamp_seconds",
            "When this process last left nothing of the audit unsealed; 0 before the first time",
            registry=self._registry,
        )
        in_use = Gauge(
            "wangge_db_connections_in_use",
            "Connections of the pool that are lent out",
            registry=self._registry,
        )
        pool = engine.pool
        if isinstance(pool, QueuePool):
            in_use.set_function(pool.checkedout)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request; called in the event loop.

        Parameters
        ----------
        route : template, never the path itself: labels are kept for ever
        """
        self._requests.add(route, method if method in _METHODS else "other", status, seconds)

    def limited(self, limit: str) -> None:
        """Count one refusal of a limit."""
        self._limited.labels(limit).inc()

    def share_used(self, share: str) -> None:
        """Count an account that was refused more of a day's share, once a day."""
        self._shares.labels(share).inc()

    def watch(self, sealing: Sealing) -> None:
        """Show from now on how the sealing of the audit fares."""
        self._ailing.set_function(lambda: float(sealing.ailing))
        self._sealed.set_function(lambda: sealing.sealed_at or 0.0)

    def exposition(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return generate_latest(self._registry)
