"""What the outbox does with a message that may have arrived: it looks, and never sends it blindly again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.engine import Engine
from bot.outbox import Outbox
from bot.outbox.fates import TRIES
from bot.platform import File, Later, Parcel, Receipt, Refused, Unsure
from bot.store import AGAIN, Mark, Store
from tests.store.filled import AT, say
from tests.store.test_planning import house_with
from tests.store.test_sending import counts

FAR = timedelta(minutes=20)


class Doubtful:
    """A platform that breaks the line at every message, and on being asked says what it is told to say."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.delivered = 0
        self.asked = 0

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.delivered += 1
        if self.delivered == 1 or self.said[:1] == ["absent"]:
            raise Unsure("cut")
        return Receipt("D1", "m1")

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        self.asked += 1
        match self.said.pop(0) if len(self.said) > 1 else self.said[0]:
            case "found":
                return Receipt("D1", "m1")
            case "later":
                raise Later("away")
            case "broken":
                raise ValueError("not what was expected")
            case _:
                return None

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    ("said", "delivered", "asked", "left"),
    [
        (("found",), 1, 1, {"sent": 1}),
        (("later", "later", "found"), 1, 3, {"sent": 1}),
        (("later", "broken", "not there"), 2, 3, {"sent": 1}),
        (("later",), 1, TRIES - 1, {"ambiguous": 1}),
        (("broken",), 1, TRIES - 1, {"ambiguous": 1}),
        (("absent",), TRIES, TRIES - 1, {"ambiguous": 1}),
    ],
    ids=["found", "found later", "sent again once it is known to be absent", "never told", "never right", "always cut"],
)
@pytest.mark.req("KEEP-6")
async def test_a_message_that_may_have_arrived_is_looked_up_with_pauses_and_at_last_rests_in_sight(
    store: Store, said: tuple[str, ...], delivered: int, asked: int, left: dict[str, int]
) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="ana")
    platform, clock = Doubtful(*said), MovableClock(AT)
    outbox = Outbox(store, Engine(store, clock), {"slack": platform}, clock)
    for tries in range(TRIES + 2):
        assert await outbox.sweep() <= 1
        assert await outbox.sweep() == 0, f"it does not rest after try {tries}"
        clock.move(clock() + FAR)
    assert (platform.delivered, platform.asked) == (delivered, asked)
    assert await counts(store) == left


class Blind(Doubtful):
    """A platform that cannot be asked; `said` is what happens at each try to send."""

    name = "slack"
    pace = None
    looks_up = False

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.delivered += 1
        match self.said.pop(0) if self.said else "taken":
            case "cut":
                raise Unsure("cut")
            case "later":
                raise Later("away")
            case "broken":
                raise ValueError("not what was expected")
            case _:
                return Receipt("D1", "m1")

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        raise AssertionError("it was asked")


@pytest.mark.parametrize(
    ("topic", "said", "delivered", "left"),
    [
        ("checkin", ("cut",), 1, {"ambiguous": 1}),
        ("checkin", ("later", "cut"), 2, {"ambiguous": 1}),
        ("checkin", ("later",), 2, {"sent": 1}),
        ("", ("cut",), 2, {"sent": 1}),
        ("held", ("broken",), 2, {"sent": 1}),
        ("", ("cut", "cut"), 2, {"ambiguous": 1}),
        ("", ("later", "cut", "broken"), 3, {"ambiguous": 1}),
        ("", ("cut", "later"), 3, {"sent": 1}),
    ],
)
@pytest.mark.req("KEEP-6")
async def test_where_nobody_can_be_asked_a_nudge_rests_and_anything_else_is_sent_once_more(
    store: Store, topic: str, said: tuple[str, ...], delivered: int, left: dict[str, int]
) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="ana", topic=topic)
    platform, clock = Blind(*said), MovableClock(AT)
    outbox = Outbox(store, Engine(store, clock), {"slack": platform}, clock)
    for _ in range(TRIES):
        await outbox.sweep()
        clock.move(clock() + FAR)
    assert (platform.delivered, await counts(store)) == (delivered, left)


async def test_a_kill_in_the_second_sending_does_not_lead_to_a_third(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="ana")
    platform, clock = Blind(), MovableClock(AT)
    for n, killed in enumerate(("first", "second", "third")):
        async with store.clock() as tx:
            lane = (await tx.ready_lanes(clock()))[0]
            held = (await tx.lease([lane], killed, clock() + FAR, clock()))[lane]
            taken = (await tx.take({lane: held.fence}, killed, clock(), clock() + FAR))[lane]
            assert taken is not None
            assert (taken.fate, taken.again) == (("fresh", "unsure", "unsure")[n], n == 2)
            if n == 1:
                await tx.mark([Mark(taken=taken, state="sending", reason=AGAIN)], clock())
        clock.move(clock() + 2 * FAR)
    outbox = Outbox(store, Engine(store, clock), {"slack": platform}, clock)
    await outbox.sweep()
    assert (platform.delivered, await counts(store)) == (0, {"ambiguous": 1})


async def test_what_rests_keeps_nothing_else_waiting(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "nudge", to="ana", topic="checkin")
    platform, clock = Blind("cut"), MovableClock(AT)
    outbox = Outbox(store, Engine(store, clock), {"slack": platform}, clock)
    await outbox.sweep()
    clock.move(clock() + FAR)
    await say(store, house, "other", to="ana")
    await outbox.sweep()
    assert await counts(store) == {"ambiguous": 1, "sent": 1}
