"""Counts of one app for Prometheus, in a registry of its own: two apps in a process never mix."""

from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
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


class Metrics:
    """What one app counts.

    Parameters
    ----------
    engine : whose pool is watched
    """

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "wangge_requests",
            "Requests answered, by route template, method and status",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "wangge_request_seconds",
            "Time to the last byte of the answer, by route template",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        # What a request counts in: finding that by its labels takes as long as counting.
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
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
        """Count one answered request.

        Parameters
        ----------
        route : template, never the path itself: labels are kept for ever
        """
        counted = self._counted.get((route, method, status))
        if counted is None:
            named = method if method in _METHODS else "other"
            counted = (
                self._requests.labels(route, named, str(status)),
                self._seconds.labels(route),
            )
            if named == method:
                self._counted[route, method, status] = counted
        requests, durations = counted
        requests.inc()
        durations.observe(seconds)

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
