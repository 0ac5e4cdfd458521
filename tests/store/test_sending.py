"""A lane and its drainer: leases, fences, order, and what becomes of a row that may have been sent."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.platform import Receipt
from bot.store import Left, Mark, Store, Taken
from tests.store.filled import AT, HOUR, House, rows_of, say
from tests.store.test_planning import due, house_with, plan_for

MINUTE = timedelta(minutes=1)


class Drainer:
    """One process's hands on the one lane of these tests."""

    def __init__(self, store: Store, owner: str = "me") -> None:
        self.store = store
        self.owner = owner
        self.lane = ""
        self.fence: int | None = None
        self.more = True

    async def lease(self, now: datetime = AT, long: timedelta = MINUTE) -> int | None:
        async with self.store.clock() as clock:
            if not self.lane:
                self.lane = (await clock.ready_lanes(now))[0]
            held = (await clock.lease([self.lane], self.owner, now + long, now)).get(self.lane)
        self.fence = held.fence if held else None
        return self.fence

    async def take(self, now: datetime = AT) -> Taken | None:
        async with self.store.clock() as clock:
            assert self.fence is not None
            found = await clock.take({self.lane: self.fence}, self.owner, now, now + MINUTE)
        self.more = found.get(self.lane) is not None
        return found.get(self.lane)

    async def taken(self, now: datetime = AT) -> Taken:
        one = await self.take(now)
        assert one is not None
        return one

    async def keys(self, now: datetime = AT) -> list[str]:
        """What is taken one after the other, each sent at once."""
        found = []
        while (one := await self.take(now)) is not None:
            found.append(one.key.removeprefix("a-"))
            await self.sent(one)
        return found

    async def sent(self, taken: Taken, message: str = "m1") -> None:
        await self.mark(taken, "sent", receipt=Receipt("D1", message))

    async def mark(self, taken: Taken, state: Any, **more: Any) -> None:  # noqa: ANN401 - a mark's own fields
        async with self.store.clock() as clock:
            await clock.mark([Mark(taken=taken, state=state, **more)], AT)

    async def release(self) -> None:
        async with self.store.clock() as clock:
            await clock.release({self.lane: Left(more=self.more)}, self.owner, AT)


async def ready(store: Store, now: datetime = AT) -> bool:
    async with store.clock() as clock:
        return bool(await clock.ready_lanes(now))


async def counts(store: Store) -> dict[str, int]:
    async with store.clock() as clock:
        return await clock.counts()


async def test_from_posted_to_sent(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="ana")
    me = Drainer(store)
    await me.lease()
    one = await me.taken()
    assert (one.key, one.organization, one.person, one.kind) == ("a-card", "a", "a-ana", "say")
    assert (one.attempts, one.fate) == (1, "fresh")
    assert await counts(store) == {"sending": 1}
    await me.sent(one)
    assert await me.take() is None
    await me.release()
    assert not await ready(store, AT + HOUR)
    assert await counts(store) == {"sent": 1}
    async with store.begin("a") as tx:
        assert await tx.standing(house.of("thread"), "a-ana", "card", waits=True) == ("a-card",)


async def test_one_lane_has_one_drainer_until_its_lease_runs_out(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    first, second = Drainer(store, "first"), Drainer(store, "second")
    assert await first.lease() == 1
    assert not await ready(store)
    second.lane = first.lane
    assert await second.lease(AT + MINUTE / 2) is None
    assert await ready(store, AT + MINUTE)
    assert await second.lease(AT + MINUTE) == 2
    assert await first.take(AT + MINUTE) is None
    assert (await second.taken(AT + MINUTE)).key == "a-one"
    await first.release()  # it holds nothing any more, and frees nothing
    assert await Drainer.lease(first, AT + MINUTE) is None


async def test_taking_renews_the_lease(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    first, second = Drainer(store, "first"), Drainer(store, "second")
    await first.lease()
    await first.taken(AT + MINUTE * 0.9)
    second.lane = first.lane
    assert await second.lease(AT + MINUTE * 1.5) is None
    assert not await ready(store, AT + MINUTE * 1.5)
    await first.release()
    assert await ready(store, AT + MINUTE)


async def test_a_process_that_is_alone_takes_every_lane_back_at_once(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    dead, new = Drainer(store, "dead"), Drainer(store, "new")
    await dead.lease()
    await dead.taken()
    async with store.clock() as clock:
        await clock.release_all()
    assert await new.lease() == 2
    assert (await new.taken()).fate == "unsure"


async def test_a_row_left_in_sending_comes_back_as_unsure_once_for_each_new_fence(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    me = Drainer(store)
    await me.lease()
    assert (await me.taken()).fate == "fresh"
    for attempts in (2, 3):
        await me.release()
        assert await ready(store)
        await me.lease()
        again = await me.taken()
        assert (again.key, again.fate, again.attempts) == ("a-one", "unsure", attempts)
        assert await me.take() is None
    await me.sent(again)
    await me.release()
    await me.lease()
    assert await me.take() is None


async def test_a_due_row_left_in_sending_comes_back_as_fresh(store: Store) -> None:
    """The engine knows its key: twice is once."""
    house = await house_with(store, "ana")
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana")
    await due(store)
    me = Drainer(store)
    for _ in range(3):
        await me.lease()
        one = await me.taken()
        assert (one.kind, one.fate) == ("due", "fresh")
        await me.release()
    async with store.begin("a") as tx:
        await tx.finish_due(one.key)
    await me.lease()
    assert await me.take() is None


async def test_an_ambiguous_row_rests_until_it_is_looked_up_and_never_spins(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    me = Drainer(store)
    now = AT
    await me.lease(now)
    for attempts in (1, 2, 3):
        one = await me.taken(now)
        assert (one.attempts, one.fate) == (attempts, "fresh" if attempts == 1 else "unsure")
        await me.mark(one, "sending", reason="cut", at=now + MINUTE)
        assert await me.take(now) is None
        await me.release()
        assert not await ready(store, now + MINUTE / 2)
        now += MINUTE + timedelta(seconds=1)
        assert await ready(store, now)
        await me.lease(now)
    last = await me.taken(now)
    await me.mark(last, "dead", reason="cut")
    assert await me.take(now) is None
    await me.release()
    assert not await ready(store, now + HOUR)
    assert await counts(store) == {"dead": 1}


async def test_who_comes_late_cannot_bring_back_what_another_has_sent(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "one", to="ana")
    slow, quick = Drainer(store, "slow"), Drainer(store, "quick")
    await slow.lease()
    mine = await slow.taken()
    quick.lane = slow.lane
    await quick.lease(AT + MINUTE)
    await quick.taken(AT + MINUTE)
    await slow.mark(mine, "ready", at=AT, reason="late")
    await slow.mark(mine, "dead", reason="late")
    await slow.mark(mine, "sending", reason="late", at=AT)
    assert await counts(store) == {"sending": 1}
    await slow.sent(mine)  # but that it was sent is true whoever says it
    assert await counts(store) == {"sent": 1}
    await slow.mark(mine, "ready", at=AT, reason="late")
    assert await counts(store) == {"sent": 1}


async def test_what_one_person_is_told_comes_in_order_also_when_the_first_has_to_wait(store: Store) -> None:
    house = await house_with(store, "ana", "ben")
    for key, who in (("a1", "ana"), ("a2", "ana"), ("b1", "ben")):
        await say(store, house, key, to=who)
    me = Drainer(store)
    await me.lease()
    one = await me.taken()
    assert one.key == "a-a1"
    await me.mark(one, "ready", at=AT + MINUTE, reason="away")
    assert await me.keys() == ["b1"]
    await me.release()
    later = AT + MINUTE + timedelta(seconds=1)
    assert await ready(store, later)
    await me.lease(later)
    one = await me.taken(later)
    assert (one.key, one.attempts, one.fate) == ("a-a1", 2, "fresh")
    await me.mark(one, "dead", reason="gone")
    assert await me.keys(later) == ["a2"]


async def test_who_waits_for_an_answer_goes_before_who_was_nudged(store: Store) -> None:
    house = await house_with(store, "ana", "ben", "cid", "dot")
    for key, who, priority in (("n1", "ana", 0), ("n2", "ben", 0), ("p1", "cid", 1), ("p2", "dot", 1)):
        await say(store, house, key, to=who, priority=priority)
    me = Drainer(store)
    await me.lease()
    assert await me.keys() == ["p1", "p2", "n1", "n2"]


async def test_a_due_row_blocks_nobody_and_is_not_blocked(store: Store) -> None:
    house = await house_with(store, "ana")
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana")
    await due(store)
    await say(store, house, "answer", to="ana")
    me = Drainer(store)
    await me.lease()
    one = await me.taken()
    assert one.key == "a-answer"
    due_row = await me.taken()
    assert due_row.kind == "due"
    await me.mark(one, "ready", at=AT + HOUR, reason="away")
    await me.mark(due_row, "ready", at=AT - MINUTE, reason="trouble")
    assert (await me.taken()).kind == "due"


@pytest.mark.parametrize("drained", [False, True])
async def test_what_is_posted_while_a_lane_is_drained_is_not_overlooked(
    store: Store, other: Store, drained: bool
) -> None:
    """On PostgreSQL a post may commit between the drainer's last look and its release."""
    house = await house_with(store, "ana", "ben")
    await say(store, house, "one", to="ana")
    me = Drainer(store)
    await me.lease()
    if drained:
        assert await me.keys() == ["one"]
    async with other.begin("a") as tx:
        await say(other, house, "two", to="ben", tx=tx)
        releasing = asyncio.create_task(me.release())
        await asyncio.sleep(0.05)
    await releasing
    assert await ready(store)
    await me.lease()
    assert await me.keys() == (["two"] if drained else ["one", "two"])


async def test_a_row_for_later_keeps_its_lane_for_later(store: Store) -> None:
    house = await house_with(store, "ana", "ben")
    await say(store, house, "later", to="ana", at=AT + HOUR)
    assert not await ready(store)
    await say(store, house, "now", to="ben")
    me = Drainer(store)
    await me.lease()
    assert await me.keys() == ["now"]
    await me.release()
    assert not await ready(store, AT + HOUR - MINUTE)
    assert await ready(store, AT + HOUR)


async def test_a_failed_transaction_posts_nothing(store: Store) -> None:
    house = await house_with(store, "ana")
    with pytest.raises(RuntimeError):
        await _posts_and_fails(store, house)
    assert not await ready(store)
    assert (await rows_of(store, "a"))["outbox"] == []


async def _posts_and_fails(store: Store, house: House) -> None:
    async with store.begin("a") as tx:
        await say(store, house, "one", to="ana", tx=tx)
        raise RuntimeError
