"""What Prometheus is told: counts by platform, kind, flow and outcome, never people, texts or channels."""

from __future__ import annotations

import re
import time
from collections import Counter as Count
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.platform import Guarded, Platform
from bot.store import Conflict

# When each line began to be counted is a second line for each, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]  # as it is there
# One line for each conversation there is: few figures tell enough.
_FEW = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0)
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

_REASON = re.compile(r"[a-z0-9_]{1,40}")
_REASONS = 30


class Heard:
    """One event while it is handled; whoever handles it says what became of it."""

    outcome = "answered"


class Refusals(Collector):
    """What the platforms' own doors have counted. A reason that is none of our words is another."""

    def __init__(self) -> None:
        self.platforms: Mapping[str, Platform] = {}

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(
            "beside_refused", "Requests that a platform's door turned away", labels=("platform", "reason")
        )
        for name, platform in self.platforms.items():
            if isinstance(platform, Guarded):
                counted = Count[str]()
                for n, (reason, times) in enumerate(platform.refused.items()):
                    counted[reason if n < _REASONS and _REASON.fullmatch(reason) else "other"] += times
                for reason, times in counted.items():
                    family.add_metric((name, reason), times)
        yield family


class Metrics:
    """One registry of its own, so that two of them in one process never meet."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        Info("beside_build", "Which release is running", registry=own).info({"version": __version__})
        self._inbound = Counter(
            "beside_inbound_requests", "Events that came in by a platform, by what became of them",
            ("platform", "kind", "outcome"), registry=own,
        )  # fmt: skip
        self._duplicates = Counter(
            "beside_duplicates", "Events that a platform told more than once", ("platform",), registry=own
        )
        self._ack = Histogram(
            "beside_ack_seconds", "How long an event took to its commit, after which it is acknowledged", registry=own,
            buckets=_QUICK,
        )  # fmt: skip
        self._flow = Histogram(
            "beside_flow_seconds", "How long one turn of a conversation took", ("flow",), registry=own, buckets=_FEW
        )
        self._flow_errors = Counter("beside_flow_errors", "Turns that failed", ("flow",), registry=own)
        self._shut = Counter("beside_decrypt_failures", "Words that did not open where they stand", registry=own)
        self._erasures = Counter("beside_erasures", "Times somebody's words were erased for good", registry=own)
        self._refusals = Refusals()
        own.register(self._refusals)
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

    @contextmanager
    def inbound(self, platform: str, kind: str) -> Iterator[Heard]:
        begun, heard = time.perf_counter(), Heard()
        try:
            yield heard
        except BaseException:
            heard.outcome = "failed"
            raise
        finally:
            self._ack.observe(time.perf_counter() - begun)
            self._inbound.labels(platform, kind, heard.outcome).inc()

    def duplicate(self, platform: str) -> None:
        self._duplicates.labels(platform).inc()

    @contextmanager
    def flow(self, name: str) -> Iterator[None]:
        """One turn. A race that was lost is decided again, and no fault."""
        begun = time.perf_counter()
        try:
            yield
        except Conflict:
            raise
        except Exception:
            self._flow_errors.labels(name).inc()
            raise
        finally:
            self._flow.labels(name).observe(time.perf_counter() - begun)

    def guards(self, platforms: Mapping[str, Platform]) -> None:
        """From now on, what the doors of these platforms count is told too."""
        self._refusals.platforms = platforms

    def shut(self) -> None:
        self._shut.inc()

    def erased(self) -> None:
        self._erasures.inc()

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
