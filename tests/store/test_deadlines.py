"""What is of no use any more is not sent, and is said so: it rests in sight, and holds up nobody."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from prometheus_client.samples import Sample

from bot.cadence import LATE
from bot.cards import Card
from bot.clock import MovableClock
from bot.effects import Say
from bot.engine import Engine
from bot.events import Account, AnyEvent, Due, Said
from bot.flow import Facts
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.platform import File, Later, Parcel, Receipt, Refused
from bot.posting import ANSWER_LIVES, lives_until
from bot.records import School
from bot.stems import Library
from bot.store import Store
from bot.words import Lines
from tests.store.filled import AT, HOUR, House, say
from tests.store.test_planning import house_with

BY = Account(platform="slack", team="T", user="U")
DUE = Due(key="d", organization="a", person="ana", topic="visit", day=AT.date())
SAID = Said(key="s", by=BY, text="hello")
OVER = AT + HOUR


class Away:
    """Takes nothing for a while."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self, for_: float = 0.0) -> None:
        self.for_ = for_
        self.tries = 0
        self.taken: list[str] = []

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.tries += 1
        if self.for_:
            raise Later("away", self.for_)
        self.taken.append(parcel.key)
        return Receipt("D1", parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def close(self) -> None:
        return None


def facts(house: House) -> Facts:
    return Facts(
        now=AT, me=house.person("ana"), school=School(id="s", organization="a", name="", zone="UTC"), thread="t",
        version=1, key="k", say=Lines.load(), library=Library.load(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "said", "lives"),
    [
        (DUE, {}, None),
        (DUE, {"until": OVER}, OVER),
        (SAID, {"until": OVER}, OVER),
        (DUE, {"unasked": "reminder"}, AT + LATE),
        (DUE, {"unasked": "reminder", "until": OVER}, OVER),
        (SAID, {}, AT + ANSWER_LIVES),
        (SAID, {"to": "sam"}, None),
    ],
)
def test_a_message_lives_as_long_as_its_conversation_says_else_by_what_it_is(
    event: AnyEvent, said: dict[str, object], lives: object
) -> None:
    house = House("a")
    given: dict[str, object] = {"to": house.of("ana")} | said
    assert lives_until(event, Say(card=Card(blocks=()), **given), facts(house)) == lives  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["it waited", "it was put off beyond"])
async def test_a_reminder_for_a_lesson_that_is_over_is_not_sent_and_is_said_so(
    store: Store, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    house, metrics = await house_with(store, "ana"), Metrics()
    put_off = how == "it was put off beyond"
    clock, slack = MovableClock(AT if put_off else OVER + timedelta(seconds=1)), Away(7200.0 if put_off else 0.0)
    outbox = Outbox(store, Engine(store, clock), {"slack": slack}, clock, metrics)
    await say(store, house, "reminder", to="ana", topic="visit", expires_at=OVER)
    with caplog.at_level(logging.INFO, "beside"):
        await outbox.sweep()
    assert (slack.taken, slack.tries) == ([], 1 if put_off else 0)
    async with store.clock() as tx:
        (rests,) = await tx.parked()
    assert (rests.state, rests.kind) == ("late", "visit")
    told = {(one.labels["platform"], one.labels["outcome"]) for one in samples(metrics, "beside_deliveries_total")}
    assert ("slack", "late") in told
    assert "visit was not sent: its time is over" in caplog.text
    # And whatever comes after it goes on its way.
    slack.for_ = 0.0
    clock.reset(AT + 3 * HOUR)
    await say(store, house, "next", to="ana")
    await outbox.sweep()
    assert slack.taken == ["a-next"]


async def test_at_its_last_moment_it_is_still_sent(store: Store) -> None:
    house, clock, slack = await house_with(store, "ana"), MovableClock(OVER - timedelta(seconds=5)), Away()
    await say(store, house, "reminder", to="ana", topic="visit", expires_at=OVER)
    await Outbox(store, Engine(store, clock), {"slack": slack}, clock).sweep()
    assert slack.taken == ["a-reminder"]


def samples(metrics: Metrics, name: str) -> list[Sample]:
    return [one for family in metrics.registry.collect() for one in family.samples if one.name == name]
