"""Ours, each figure in a process of its own, on an empty database.

    python -m benchmarks.ours schedule|start|storm|lanes|idle|flat NUMBER URL

`schedule` plans that many teachers; `start` opens a database that holds them; `storm` has them all due in one minute
and says when the last one was a committed row of the outbox; `lanes` sends that many parcels over 1,000 lanes to a
platform that takes everything; `idle` ticks with that many plans in the future; `flat` takes that many occurrences
from plan to end, and says how much memory the process held after the first tenth and after the last. Every tenth is a
whole check-in, sent; the others are of people who are not there any more.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import psutil
from msgspec.structs import replace
from sqlalchemy import insert, text

from benchmarks.stall import Stall
from bot import demo
from bot.cadence import next_checkin
from bot.cards import Card, Text
from bot.clock import MovableClock, real
from bot.engine import Engine
from bot.outbox import Outbox
from bot.platform import File, Parcel, Receipt, Refused
from bot.records import Person
from bot.store import Planned, Store
from bot.store import tables as t
from bot.store.lanes import lower
from bot.timer import Timer
from bot.vault import Keyring

BATCH, ORGANIZATIONS, LANES, TICKS, PARTS = 1000, 100, 1000, 50, 10
NOON, WHOLE = datetime(2026, 10, 13, 16, 0, tzinfo=UTC), 10
PARCEL = {
    "kind": "say", "name": "", "thread_id": "t", "topic": "", "local_date": "", "revises": "", "expires_at": None,
    "priority": 0, "state": "ready", "attempts": 0, "last_error": "", "fence": 0, "started_at": None, "sent_at": None,
    "channel": "", "message": "",
}  # fmt: skip


class Everything:
    """A platform that takes what it is given, at once and without a limit."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self) -> None:
        self.taken = 0

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.taken += 1
        return Receipt(parcel.person, parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def close(self) -> None: ...


def person(n: int) -> Person:
    return Person(
        id=f"p{n}", organization=f"o{n % ORGANIZATIONS}", handle=f"p{n}", name="A B", role="teacher", school="s",
        zone=demo.ZONE, chat="on", weekday=n % 5, minute=900 + n % 60,
    )  # fmt: skip


async def planned(store: Store, number: int, at: datetime | None = None) -> float:
    """Everybody's next check-in, an organization at a time; returns the seconds it took."""
    begun, now = time.perf_counter(), datetime.now(UTC)
    for organization in range(min(ORGANIZATIONS, number)):
        rows = []
        for n in range(organization, number, ORGANIZATIONS):
            one = person(n)
            when, day = next_checkin(one, demo.SCHOOL, now)
            rows.append(Planned(f"{one.id}:checkin:", one.id, "checkin", at or when, day))
        for first in range(0, len(rows), BATCH):
            async with store.begin(f"o{organization}") as tx:
                await tx.plan_all(rows[first : first + BATCH])
    return time.perf_counter() - begun


async def accounts(store: Store, people: Sequence[int]) -> None:
    for first in range(0, len(people), BATCH):
        rows = [
            {"organization_id": f"o{n % ORGANIZATIONS}", "person_id": f"p{n}", "platform": "slack", "team": "T",
             "user_id": f"U{n}", "email": "", "channel": f"D{n}", "gone": "", "used_at": 0}
            for n in people[first : first + BATCH]
        ]  # fmt: skip
        async with store.engine.begin() as connection:
            await connection.execute(insert(t.account), rows)
    await analyzed(store)


async def analyzed(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        async with store.engine.begin() as connection:
            await connection.execute(text("analyze"))


async def schedule(store: Store, number: int) -> dict[str, float]:
    return {"seconds": await planned(store, number)}


async def start(store: Store, number: int) -> dict[str, float]:
    """The database is open already; what is left is the first look at what is due."""
    begun = time.perf_counter()
    await Timer(store, Outbox(store, Engine(store, real), {}, real), real).tick()
    return {"seconds": time.perf_counter() - begun}


async def storm(store: Store, number: int) -> dict[str, float]:
    await accounts(store, range(number))
    await planned(store, number, datetime.now(UTC) - timedelta(seconds=60))
    timer = Timer(store, Outbox(store, Engine(store, real), {}, real), real)
    async with Stall() as stall:
        begun = time.perf_counter()
        moved = await timer.tick()
        took = time.perf_counter() - begun
    assert moved == number, (moved, number)
    return {"seconds": took, "stall_ms": stall.longest * 1e3}


async def flat(store: Store, number: int) -> dict[str, float]:
    """A week's occurrences in ten equal parts, each planned, due, looked at and sent before the next."""
    clock, platform, part = MovableClock(NOON), Everything(), number // PARTS
    for n in range(ORGANIZATIONS):
        await store.create_organization(f"o{n}", "O")
        async with store.begin(f"o{n}") as tx:
            await tx.save_school(replace(demo.SCHOOL, id=f"s{n}", organization=f"o{n}"))
    outbox = Outbox(store, Engine(store, clock), {"slack": platform}, clock)
    timer, held = Timer(store, outbox, clock), list[float]()
    for first in range(0, number, part):
        await _come(store, range(first, first + part), NOON)
        assert await timer.tick() == part
        await outbox.sweep()
        await analyzed(store)
        gc.collect()
        held.append(psutil.Process().memory_info().rss / 2**20)
    assert platform.taken == number // WHOLE, platform.taken
    return {"before": held[0], "after": held[-1], "most": max(held)}


async def _come(store: Store, numbers: range, at: datetime) -> None:
    """People, every tenth of whom is still there, with a check-in that is due."""
    there = [n for n in numbers if n % WHOLE == 0]
    await accounts(store, there)
    for organization in range(ORGANIZATIONS):
        mine = [n for n in numbers if n % ORGANIZATIONS == organization]
        async with store.begin(f"o{organization}") as tx:
            await tx.plan_all([Planned(f"p{n}:checkin:", f"p{n}", "checkin", at, at.date()) for n in mine])
            for n in mine:
                if n % WHOLE == 0:
                    await tx.keep(replace(person(n), school=f"s{organization}"))


async def idle(store: Store, number: int) -> dict[str, float]:
    await planned(store, number, datetime.now(UTC) + timedelta(days=30))
    timer = Timer(store, Outbox(store, Engine(store, real), {}, real), real)
    await timer.tick()
    times = []
    for _ in range(TICKS):
        begun = time.perf_counter()
        await timer.tick()
        times.append(time.perf_counter() - begun)
    return {"seconds": sorted(times)[TICKS // 2]}


async def lanes(store: Store, number: int) -> dict[str, float]:
    now, each = int(time.time()), number // LANES
    card = msgspec.json.encode(Card(blocks=(Text(("How did it go?",)),))).decode()
    ours = [(f"o{lane}", f"o{lane}/slack:T{lane}", lane, k) for k in range(each) for lane in range(LANES)]
    async with store.engine.begin() as connection:
        await connection.execute(insert(t.account), [
            {"organization_id": o, "person_id": f"p{n}-{k}", "platform": "slack", "team": f"T{n}",
             "user_id": f"U{n}-{k}", "email": "", "channel": f"D{n}-{k}", "gone": "", "used_at": 0}
            for o, _, n, k in ours
        ])  # fmt: skip
        await connection.execute(insert(t.outbox), [
            PARCEL | {"organization_id": o, "occurrence_key": f"k{n}-{k}", "lane_id": lane, "person_id": f"p{n}-{k}",
                      "card": card, "visible_at": now}
            for o, lane, n, k in ours
        ])  # fmt: skip
        await lower(connection, [(f"o{n}/slack:T{n}", f"o{n}") for n in range(LANES)], now)
        if store.engine.dialect.name != "sqlite":
            await connection.execute(text("analyze"))
    platform = Everything()
    outbox = Outbox(store, Engine(store, real), {"slack": platform}, real)
    async with Stall() as stall:
        begun = time.perf_counter()
        sending = asyncio.create_task(outbox.run(["slack"]))
        async with asyncio.timeout(300):
            while platform.taken < each * LANES:  # noqa: ASYNC110 - looking costs it less than being told each time
                await asyncio.sleep(0.02)
        took = time.perf_counter() - begun
        await outbox.stop()
        await sending
    assert platform.taken == each * LANES, platform.taken
    return {"seconds": took, "stall_ms": stall.longest * 1e3}


async def main(what: str, number: int, url: str) -> None:
    begun = time.perf_counter()
    store = await Store.open(url, Keyring.of("k1"))
    opened = time.perf_counter() - begun
    ways = {"schedule": schedule, "start": start, "storm": storm, "idle": idle, "lanes": lanes, "flat": flat}
    found = await ways[what](store, number)
    await store.close()
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"mb": mb, "opened": opened}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
