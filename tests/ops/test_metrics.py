"""Figures: named and counted as Prometheus expects, about platforms and never about people."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from tests.support.process import ROOT, serving

NAMES = {
    "beside_build_info", "beside_deliveries", "beside_delivery_seconds", "beside_platform_rate_limited",
    "beside_checkins", "beside_db_errors", "beside_loop_lag_seconds", "beside_outbox_waiting",
    "beside_outbox_oldest_seconds", "beside_outbox_parked", "beside_due_lag_seconds",
}  # fmt: skip


@pytest.mark.req("RUN-3")
async def test_a_server_tells_its_figures_and_each_is_documented(tmp_path: Path) -> None:
    async with (
        serving(tmp_path) as server,
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/metrics") as answer,
    ):
        assert answer.status == 200
        told = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    assert set(told) >= NAMES - {"beside_build_info"}
    page = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in NAMES if name not in page] == []


@pytest.mark.req("RUN-2")
def test_labels_are_platforms_kinds_and_outcomes() -> None:
    metrics = Metrics()
    metrics.sent("slack", 0.2)
    metrics.delivery("slack", "late")
    metrics.limited("slack")
    metrics.checkins("sent")
    metrics.fault("away")
    labels = {name for family in metrics.registry.collect() for sample in family.samples for name in sample.labels}
    assert labels <= {"platform", "outcome", "kind", "version", "le"}
