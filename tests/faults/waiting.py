"""Many parcels wait, and one process sends them: `python -m tests.faults.waiting URL FILE`.

It is made of the product's own parts, and the platform takes everything at once. What came of it is JSON in FILE: who
got what in another order than it was written, how many in all, by how much the process grew, and for how long its loop
stood still at worst.
"""

import asyncio
import gc
import json
import logging
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import psutil
from sqlalchemy import insert, text

from bot.cards import Card, Text
from bot.clock import real
from bot.engine import Engine
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.platform import File, Parcel, Receipt, Refused
from bot.store import Store
from bot.store import tables as t
from bot.store.lanes import lower
from bot.timer import Timer
from bot.vault import Keyring

STEP: Final = 0.005
_MB: Final = 2**20
_ROW: Final[dict[str, Any]] = {
    "kind": "say", "name": "", "thread_id": "t", "topic": "", "local_date": "", "revises": "", "expires_at": None,
    "state": "ready", "attempts": 0, "last_error": "", "fence": 0, "started_at": None, "sent_at": None,
    "channel": "", "message": "",
}  # fmt: skip


async def fill(store: Store, lanes: int, people: int, each: int) -> None:
    """So many workspaces and people in each, and so many parcels for each of them; every third is one they wait for."""
    now = int(datetime.now(UTC).timestamp())
    card = msgspec.json.encode(Card(blocks=(Text(("How did it go?",)),))).decode()
    everybody = [(lane, f"p{lane}x{n}") for lane in range(lanes) for n in range(people)]
    for lane in range(lanes):
        await store.create_organization(f"o{lane}", "O")
    async with store.engine.begin() as connection:
        await connection.execute(insert(t.account), [
            {"organization_id": f"o{lane}", "person_id": who, "platform": "slack", "team": f"T{lane}", "email": "",
             "user_id": f"U{who}", "channel": f"D{who}", "gone": "", "used_at": 0}
            for lane, who in everybody
        ])  # fmt: skip
        for n in range(each):
            await connection.execute(insert(t.outbox), [
                _ROW | {"organization_id": f"o{lane}", "lane_id": f"o{lane}/slack:T{lane}", "person_id": who,
                        "occurrence_key": f"{who}:{n}", "card": card, "visible_at": now, "priority": int(n % 3 == 0)}
                for lane, who in everybody
            ])  # fmt: skip
        await lower(connection, [(f"o{lane}/slack:T{lane}", f"o{lane}") for lane in range(lanes)], now)
    async with store.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))


class Heap:
    """A platform that takes everything, and notes who got what out of turn."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self) -> None:
        self.taken = 0
        self.last: Counter[str] = Counter()
        self.out_of_turn: list[str] = []

    async def deliver(self, parcel: Parcel) -> Receipt:
        who, _, n = parcel.key.rpartition(":")
        if int(n) != self.last[who]:
            self.out_of_turn.append(parcel.key)
        self.last[who] += 1
        self.taken += 1
        return Receipt(parcel.person, parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def close(self) -> None: ...


class Watch:
    """Looks every few milliseconds at how late it is and, more seldom, at how large the process is.

    `stall` is by the clock on the wall, and so of a busy machine too; `work` is what the loop itself did in between.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.begun = self.most = self._process.memory_info().rss
        self.stall = self.work = 0.0

    async def look(self) -> None:
        looked = 0.0
        while True:
            before, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(STEP)
            after = time.perf_counter()
            self.stall = max(self.stall, after - before - STEP)
            self.work = max(self.work, time.thread_time() - worked)
            if after > looked + 0.1:
                looked, self.most = after, max(self.most, self._process.memory_info().rss)


async def sent(store: Store, many: int) -> dict[str, Any]:
    """All of them, with a clock that ticks and figures that are asked for every second, as in a server."""
    heap, metrics = Heap(), Metrics()
    outbox = Outbox(store, Engine(store, real), {"slack": heap}, real, metrics)
    timer = Timer(store, outbox, real)
    gc.collect()
    watch = Watch()
    looking = asyncio.create_task(watch.look())
    began = time.perf_counter()
    sending = asyncio.create_task(outbox.run(["slack"]))
    timer.start()
    while heap.taken < many and not sending.done():
        assert (await store.backlog(real())).waiting <= many
        await asyncio.sleep(min(1.0, many / 20_000))
    took = time.perf_counter() - began
    timer.stop()
    await outbox.stop()
    await sending
    looking.cancel()
    left = await store.backlog(real())
    return {
        "taken": heap.taken, "people": len(heap.last), "out of turn": heap.out_of_turn, "waiting": left.waiting,
        "grown": (watch.most - watch.begun) / _MB, "stall": watch.stall * 1000, "work": watch.work * 1000,
        "seconds": took,
    }  # fmt: skip


async def _main(url: str, many: int) -> dict[str, Any]:
    store = await Store.open(url, Keyring.of("k1"))
    found = await sent(store, many)
    await store.close()
    return found


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(_main(sys.argv[1], int(sys.argv[3])))), "utf-8")
