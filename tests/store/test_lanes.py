"""Lanes at work: order, pace, pauses, and that nobody waits for somebody else's trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock, Now, real
from bot.engine import Engine
from bot.events import Account
from bot.outbox import Outbox
from bot.platform import File, Later, Pace, Parcel, Platform, Receipt, Refused
from bot.store import Store
from tests.store.filled import AT, House, say
from tests.store.test_planning import house_with

QUICK = Pace(start=10.0, most=10.0, conversation=0.0)
PATIENCE = 60.0


class Post:
    """Notes what is handed to it, and when; some lanes hang, and some are told to wait."""

    name = "slack"
    looks_up = True

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace
        self.came: list[tuple[str, float]] = []
        self.hanging: set[str] = set()
        self.later: dict[str, float] = {}

    async def deliver(self, parcel: Parcel) -> Receipt:
        if parcel.to.team in self.hanging:
            await asyncio.sleep(600)
        if parcel.to.team in self.later:
            raise Later("ratelimited", self.later.pop(parcel.to.team))
        self.came.append((parcel.key, time.monotonic()))
        return Receipt("D", parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return Receipt("D", parcel.key) if parcel.key in self.sent() else None

    async def close(self) -> None:
        return None

    def sent(self) -> list[str]:
        return [key for key, _ in self.came]

    async def has(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.came) < number:  # noqa: ASYNC110 - a platform raises no event
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(store: Store, post: Post, now: Now = real) -> AsyncIterator[Outbox]:
    platforms: dict[str, Platform] = {"slack": post}
    outbox = Outbox(store, Engine(store, now), platforms, now)
    work = asyncio.create_task(outbox.run(["slack", "web"]))
    try:
        yield outbox
    finally:
        await outbox.stop()
        await work


async def workspaces(store: Store, number: int) -> House:
    """A house whose people are in so many workspaces, one in each."""
    house = await house_with(store)
    async with store.begin("a") as tx:
        for n in range(number):
            who = house.person(f"p{n}")
            await tx.keep(who)
            await tx.add_account(who.id, Account(platform="slack", team=f"T{n}", user=f"U{n}"))
    return house


def soon(seconds: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_a_lane_keeps_its_pace(store: Store) -> None:
    house, post = await house_with(store, *(f"p{n}" for n in range(15))), Post(QUICK)
    for n in range(15):
        await say(store, house, f"k{n}", to=f"p{n}", at=soon())
    async with running(store, post):
        await post.has(15)
    moments = [at for _, at in post.came]
    for begin in moments:
        assert sum(begin <= at < begin + 1 for at in moments) <= QUICK.most + 1


async def test_a_conversation_is_left_in_peace_for_a_moment_while_others_go_on(store: Store) -> None:
    house, post = await house_with(store, "ana", "ben"), Post(Pace(start=50.0, most=50.0, conversation=0.5))
    for key, who in (("a1", "ana"), ("a2", "ana"), ("b1", "ben")):
        await say(store, house, key, to=who, at=soon())
    async with running(store, post):
        await post.has(3)
    assert post.sent() == ["a-a1", "a-b1", "a-a2"]
    at = dict(post.came)
    assert at["a-a2"] - at["a-a1"] >= 0.5


async def test_who_waits_goes_before_the_storm(store: Store) -> None:
    house, post = await house_with(store, *(f"p{n}" for n in range(20)), "eva"), Post(QUICK)
    for n in range(20):
        await say(store, house, f"n{n}", to=f"p{n}", priority=0, at=soon())
    async with running(store, post) as outbox:
        await post.has(2)
        await say(store, house, "answer", to="eva", at=soon())
        outbox.wake()
        await post.has(21)
    assert post.sent().index("a-answer") < 15


@pytest.mark.req("KEEP-11")
async def test_a_stop_in_the_first_moment_begins_nothing_that_nobody_waits_for(store: Store) -> None:
    house, post = await workspaces(store, 5), Post()
    for n in range(5):
        await say(store, house, f"k{n}", to=f"p{n}", at=soon())
    for moment in range(12):
        async with running(store, post):
            await asyncio.sleep(0.002 * moment)
        left = [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(("drain", "ledger"))]
        assert left == []


@pytest.mark.req("KEEP-8")
async def test_a_workspace_that_hangs_holds_up_no_other(store: Store) -> None:
    house, post = await workspaces(store, 20), Post()
    post.hanging = {"T0"}
    async with running(store, post):
        for round_ in range(3):
            for n in range(20):
                await say(store, house, f"{round_}-{n}", to=f"p{n}", at=soon())
        await post.has(57)
    assert not [key for key in post.sent() if key.endswith("-0")]


@pytest.mark.req("KEEP-6")
async def test_a_workspace_that_says_later_rests_as_a_whole_and_no_other_does(store: Store) -> None:
    house, post = await workspaces(store, 2), Post()
    post.later = {"T0": 2.0}
    for n in (0, 1, 0, 1):
        await say(store, house, f"w{n}-{time.monotonic_ns()}", to=f"p{n}", at=soon())
    begun = time.monotonic()
    async with running(store, post):
        await post.has(4)
    of = {n: [at - begun for key, at in post.came if f"-w{n}-" in key] for n in (0, 1)}
    assert min(of[0]) >= 2.0
    assert min(of[1]) < min(of[0])


@pytest.mark.req("KEEP-6")
@pytest.mark.parametrize("asked", [1.0, 2.4, 30.0])
@pytest.mark.parametrize("fraction", [0.0, 0.7])
async def test_retry_after_is_obeyed_to_the_second(sqlite_store: Store, asked: float, fraction: float) -> None:
    house, clock = await workspaces(sqlite_store, 1), MovableClock(AT + timedelta(seconds=60 + fraction))
    told: list[datetime] = []

    class Limited(Post):
        async def deliver(self, parcel: Parcel) -> Receipt:
            if not told:
                told.append(clock())
                raise Later("ratelimited", asked)
            return await super().deliver(parcel)

    post = Limited(Pace(start=50.0, most=50.0, conversation=0.0))
    outbox = Outbox(sqlite_store, Engine(sqlite_store, clock), {"slack": post}, clock)
    await say(sqlite_store, house, "one", to="p0")
    await outbox.sweep()
    for late, sent in ((-0.5, []), (1.0, ["a-one"])):
        clock.reset(told[0] + timedelta(seconds=asked + late))
        await outbox.sweep()
        assert post.sent() == sent, late


@pytest.mark.req("TIME-4")
async def test_two_processes_whose_clocks_are_apart_send_nothing_twice(store: Store, other: Store) -> None:
    """On PostgreSQL the leases of both are read by the clock of the database; SQLite has one process."""
    house, post = await house_with(store, *(f"p{n}" for n in range(10))), Post(Pace(start=20, most=20, conversation=0))
    early, late = (lambda: real() + timedelta(minutes=2)), (lambda: real() - timedelta(minutes=2))
    several = store.engine.dialect.name == "postgresql"
    for n in range(30):
        await say(store, house, f"k{n}", to=f"p{n % 10}", at=soon(-180))
    async with running(store, post, early):
        if several:
            async with running(other, post, late):
                await post.has(30)
        await post.has(30)
    assert sorted(post.sent()) == sorted(house.of(f"k{n}") for n in range(30))
