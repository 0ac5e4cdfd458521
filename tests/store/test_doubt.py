"""What the outbox does with a message that may have arrived: it looks, and never sends it blindly again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.engine import Engine
from bot.outbox import TRIES, Outbox
from bot.platform import Later, Parcel, Receipt, Unsure
from bot.store import Store
from tests.store.filled import AT, say
from tests.store.test_planning import house_with
from tests.store.test_sending import counts

FAR = timedelta(minutes=20)


class Doubtful:
    """A platform that breaks the line at every message, and on being asked says what it is told to say."""

    name = "slack"

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.delivered = 0
        self.asked = 0

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.delivered += 1
        if self.delivered == 1 or self.said[:1] == ["absent"]:
            raise Unsure("cut")
        return Receipt("D1", "m1")

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
        (("later",), 1, TRIES - 1, {"dead": 1}),
        (("broken",), 1, TRIES - 1, {"dead": 1}),
        (("absent",), TRIES, TRIES - 1, {"dead": 1}),
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
