"""Figures: named and counted as Prometheus expects, about platforms and never about people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import get_args

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.engine import Engine
from bot.events import Account, FromPlatform, Said
from bot.flows import FLOWS
from bot.metrics import Metrics
from bot.platform import File, Parcel, Receipt, Refused
from bot.store import Store
from bot.store.tables import next_step
from bot.vault import Keyring, Tampered
from tests.support.dialog import Shelf, Stage
from tests.support.process import ROOT, serving

NAMES = {
    "beside_build_info", "beside_deliveries", "beside_delivery_seconds", "beside_platform_rate_limited",
    "beside_checkins", "beside_db_errors", "beside_loop_lag_seconds", "beside_outbox_waiting",
    "beside_outbox_oldest_seconds", "beside_outbox_parked", "beside_due_lag_seconds", "beside_inbound_requests",
    "beside_refused", "beside_duplicates", "beside_ack_seconds", "beside_flow_seconds", "beside_flow_errors",
    "beside_decrypt_failures", "beside_erasures",
}  # fmt: skip


@pytest.mark.req("RUN-3")
async def test_a_server_tells_its_figures_and_each_is_documented(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, **SLACK) as server,
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/slack/events", data="{}") as refused,
        session.get(f"{server.url}/metrics") as answer,
    ):
        assert (refused.status, answer.status) == (401, 200)
        told = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    assert set(told) >= NAMES - {"beside_build_info"}
    counters = {name for name in NAMES & set(told) if told[name].type == "counter"}
    assert {sample.name for name in counters for sample in told[name].samples} <= {f"{one}_total" for one in counters}
    (unsigned,) = told["beside_refused"].samples
    assert (unsigned.labels, unsigned.value) == ({"platform": "slack", "reason": "unsigned"}, 1)
    page = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in NAMES if name not in page] == []


SLACK = {
    "BESIDE_SLACK_BOT_TOKEN": "xoxb-1-abc", "BESIDE_SLACK_SIGNING_SECRET": "a" * 32, "BESIDE_PLAYGROUND": "1",
    "BESIDE_SLACK_API_URL": "http://127.0.0.1:9/api/",
}  # fmt: skip


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url, Keyring.of("k1"))
    yield opened
    await opened.close()


class Guard:
    """A platform whose door has turned some away."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self, refused: Mapping[str, int]) -> None:
        self.refused = refused

    async def deliver(self, parcel: Parcel) -> Receipt:
        return Receipt("D1", parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def close(self) -> None:
        return None


def told(metrics: Metrics) -> dict[str, float]:
    """Every sample that is not nothing, as it stands on the page, without buckets and times of making."""
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.value and not sample.name.endswith(("_bucket", "_created", "_sum", "_info"))
    }


async def counted(store: Store) -> tuple[Stage, Metrics]:
    stage, metrics = await Stage.open(store), Metrics()
    stage.engine = Engine(store, stage.clock, metrics=metrics)
    store.on_erasure(metrics.erased)
    store.on_shut(metrics.shut)
    return stage, metrics


@pytest.mark.req("RUN-3")
async def test_what_comes_in_is_counted_by_what_became_of_it(store: Store) -> None:
    stage, metrics = await counted(store)
    for key in ("one", "one", "two"):
        await stage.act("ana", "help", key)
    stranger = Account(platform="slack", team="T-nobody", user="U1")
    await stage.engine.handle(Said(key="three", by=stranger, text="hello"))
    assert told(metrics) == {
        "beside_inbound_requests_total web said answered": 3,
        "beside_inbound_requests_total slack said stranger": 1,
        "beside_duplicates_total web": 1,
        "beside_ack_seconds_count": 4,
        "beside_flow_seconds_count house": 2,
    }


@pytest.mark.req("RUN-3", "FEED-7")
async def test_a_turn_that_fails_is_counted_and_so_are_words_that_do_not_open(store: Store) -> None:
    stage, metrics = await counted(store)
    async with store.engine.begin() as connection:
        await connection.execute(update(next_step).values(id=next_step.c.id + "x"))
    with pytest.raises(Tampered):
        await stage.act("ana", "now", "one")
    found = told(metrics)
    assert found["beside_decrypt_failures_total"] == 1
    assert found["beside_inbound_requests_total web said failed"] == 1
    assert found["beside_flow_errors_total reflection"] == 1


@pytest.mark.req("RUN-3")
async def test_words_that_are_erased_are_counted_once(store: Store) -> None:
    stage, metrics = await counted(store)
    for n, words in enumerate(("delete my data", "[Delete what I wrote]", "[*Delete what I wrote]")):
        await stage.act("ana", words, f"key-{n}")
    assert told(metrics)["beside_erasures_total"] == 1


@pytest.mark.req("RUN-3", "LOG-5")
def test_refusals_are_told_by_reasons_of_ours_and_no_others() -> None:
    metrics = Metrics()
    many = {f"reason_{n}": 1 for n in range(100)}
    metrics.guards({"slack": Guard({"unsigned": 3, "<script>Ana": 2} | many), "web": Shelf("web")})
    found = told(metrics)
    assert found["beside_refused_total slack unsigned"] == 3
    assert found["beside_refused_total slack other"] == 2 + 100 - 28
    assert len(found) <= 31
    assert "Ana" not in str(found)


@pytest.mark.req("RUN-2")
def test_labels_are_platforms_kinds_and_outcomes() -> None:
    metrics = Metrics()
    metrics.sent("slack", 0.2)
    metrics.delivery("slack", "late")
    metrics.limited("slack")
    metrics.checkins("sent")
    metrics.fault("away")
    metrics.duplicate("slack")
    metrics.guards({"slack": Guard({"unsigned": 1})})
    with metrics.inbound("slack", "said"), metrics.flow("house"):
        metrics.erased()
    labels = {name for family in metrics.registry.collect() for sample in family.samples for name in sample.labels}
    assert labels <= {"platform", "outcome", "kind", "reason", "flow", "version", "le"}


@pytest.mark.req("RUN-2")
def test_the_figures_stay_few_however_much_happens() -> None:
    metrics = Metrics()
    many = {f"reason_{n}": 1 for n in range(1000)}
    for platform in ("slack", "teams", "web"):
        for kind in get_args(FromPlatform):
            for outcome in ("answered", "failed", "stranger"):
                with metrics.inbound(platform, kind.__name__.lower()) as heard:
                    heard.outcome = outcome
        for outcome in ("sent", "retried", "unsure", "refused", "late", "ambiguous", "dead"):
            metrics.delivery(platform, outcome)
            metrics.checkins(outcome)
        metrics.sent(platform, 0.1)
        metrics.limited(platform)
        metrics.duplicate(platform)
    metrics.guards({platform: Guard(many) for platform in ("slack", "teams", "web")})
    for flow in FLOWS:
        with metrics.flow(flow.name):
            pass
    for kind in ("busy", "race", "away", "other"):
        metrics.fault(kind)
    assert sum(len(family.samples) for family in metrics.registry.collect()) <= 500
