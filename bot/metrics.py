"""What Prometheus is told of deliveries: counts by platform and outcome, never people, texts or channels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from bot import __version__

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class Metrics:
    """One registry of its own, so that two of them in one process never meet."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        Info("beside_build", "Which release is running", registry=own).info({"version": __version__})
        self._deliveries = Counter(
            "beside_deliveries", "Tries to deliver a parcel", ("platform", "outcome"), registry=own
        )
        self._seconds = Histogram(
            "beside_delivery_seconds", "How long a platform took to take a parcel", ("platform",), registry=own,
            buckets=_QUICK,
        )  # fmt: skip
        self._limited = Counter(
            "beside_platform_rate_limited", "Answers that asked us to go slower", ("platform",), registry=own
        )
        self._checkins = Counter(
            "beside_checkins", "Occurrences of what was planned, by what became of them", ("outcome",), registry=own
        )
        self._faults = Counter("beside_db_errors", "Faults of the database, by kind", ("kind",), registry=own)
        self.loop_lag = Gauge("beside_loop_lag_seconds", "How late the event loop woke up, at worst", registry=own)
        self.waiting = Gauge("beside_outbox_waiting", "Parcels that are ready or being sent", registry=own)
        self.oldest = Gauge("beside_outbox_oldest_seconds", "How long the oldest waiting parcel waits", registry=own)
        self.parked = Gauge("beside_outbox_parked", "Parcels that rest in sight, see beside outbox list", registry=own)
        self.due_lag = Gauge("beside_due_lag_seconds", "How late the oldest occurrence is that is due", registry=own)

    def sent(self, platform: str, seconds: float) -> None:
        self._deliveries.labels(platform, "sent").inc()
        self._seconds.labels(platform).observe(seconds)

    def delivery(self, platform: str, outcome: str) -> None:
        self._deliveries.labels(platform, outcome).inc()

    def limited(self, platform: str) -> None:
        self._limited.labels(platform).inc()

    def checkins(self, outcome: str) -> None:
        self._checkins.labels(outcome).inc()

    def fault(self, kind: str) -> None:
        self._faults.labels(kind).inc()
