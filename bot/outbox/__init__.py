"""Sends what was committed, again until it is sent; one lane a workspace, one drainer a lane."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from bot import homes
from bot.clock import Now
from bot.engine import Engine
from bot.handing import Handing
from bot.metrics import Metrics
from bot.outbox.bell import Bell
from bot.outbox.drainer import Drainer, Parts
from bot.outbox.ledger import Gone, Ledger
from bot.platform import Platform
from bot.store import Left, Store, platform_of

__all__ = ["Outbox"]
log = logging.getLogger("beside.outbox")
PATIENCE = 4.0
# Lanes that one process drains at the same time on one platform: one that hangs fills its own room and no other.
ROOM = 512


class Runner(Protocol):
    """Finds lanes with something to do and has them drained here, until it is stopped."""

    async def run(self) -> None: ...

    def wake(self) -> None: ...


class Outbox:
    """Drains lanes in this process. Nothing here is held in memory only: a kill at any line loses no parcel."""

    def __init__(
        self, store: Store, engine: Engine, platforms: Mapping[str, Platform], now: Now, metrics: Metrics | None = None,
        address: str = "",
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = now
        self.skew = timedelta()
        self._bell = Bell()
        self._ledger = Ledger(store, uuid4().hex, self.now)
        self.hands = Handing(store, now, address)
        self._parts = Parts(
            store, engine, platforms, self._ledger, metrics or Metrics(), self.now, self._bell, address, self.hands,
            homes.drawing(store, self.now, address),
        )  # fmt: skip
        self._busy: dict[str, asyncio.Task[int]] = {}
        self._held: set[str] = set()
        self._room: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(ROOM))
        self._runner: Runner = LocalRunner(self, store)

    def now(self) -> datetime:
        """Where several processes share lanes, their database's clock is right: leases must mean the same to all."""
        return self._clock() + self.skew

    def wake(self) -> None:
        """Something was committed: look at the lanes now and not at the next tick."""
        self._bell.ring()
        self._runner.wake()

    async def run(self, known: Collection[str] = ()) -> None:
        """Until `stop`. On PostgreSQL, PgQueuer spreads the lanes of these platforms over all replicas."""
        if self._store.engine.dialect.name == "postgresql":
            from bot.outbox.replicas import PgQueuerRunner

            self._runner = PgQueuerRunner(self, self._store, known)
        await self._runner.run()

    @property
    def stopping(self) -> bool:
        return self._bell.stopping

    async def stop(self) -> None:
        """Take nothing more; finish what is being sent. What hangs is left, and looked up after the next start."""
        self._bell.stop()
        self._runner.wake()
        if self._busy:
            _, hanging = await asyncio.wait(list(self._busy.values()), timeout=PATIENCE)
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
        await self._ledger.idle()

    async def sweep(self) -> int:
        """Drain everything that is ready now and return how many rows that was: for a clock that is moved."""
        done = 0
        while True:
            async with self._store.clock() as clock:
                lanes = await clock.ready_lanes(self.now())
            handled = sum(await asyncio.gather(*map(self.lane, lanes)))
            done += handled
            if handled == 0:
                return done

    def begin(self, lanes: Iterable[str]) -> None:
        """Drain these, unless all is to stop: nothing is begun that nobody will wait for."""
        if not self.stopping:
            for lane in lanes:
                self.lane(lane)

    def lane(self, lane: str) -> asyncio.Task[int]:
        """The one drainer of this lane in this process."""
        if lane not in self._busy:
            task = asyncio.create_task(self.drain(lane), name=f"drain {lane}")
            self._busy[lane] = task
            task.add_done_callback(lambda _: self._busy.pop(lane, None))
        return self._busy[lane]

    async def drain(self, lane: str) -> int:
        """Take and send what is ready, for at most one slice; returns how many rows were handled."""
        async with self._room[platform_of(lane)]:
            drainer, left = None, Left(more=True)
            # Held from here on: a commit whose answer was lost may have leased it.
            self._held.add(lane)
            try:
                held = await self._ledger.lease(lane)
                if held is None:
                    self._held.discard(lane)
                    return 0
                drainer = Drainer(self._parts, lane, held)
                left = drainer.left(more=await drainer.run())
            except Gone:
                log.warning("a lane was taken over by another process")
            except Exception as fault:
                log.error("lane stopped: %s", type(fault).__name__)
                left = drainer.left(more=True) if drainer else left
            finally:
                if lane in self._held:
                    await self._release(lane, left)
        return drainer.handled if drainer else 0

    async def give_back(self) -> None:
        """Lanes that could not be given back when they were done."""
        for lane in self._held - self._busy.keys():
            await self._release(lane, Left(more=True))

    async def _release(self, lane: str, left: Left) -> None:
        """Of a lane that another one holds this changes nothing."""
        try:
            await self._ledger.release(lane, left)
        except Exception as fault:
            log.error("lane could not be given back yet: %s", type(fault).__name__)
        else:
            self._held.discard(lane)


class LocalRunner:
    """This process alone: every wake and every second, all lanes with ready rows."""

    def __init__(self, outbox: Outbox, store: Store) -> None:
        self._outbox = outbox
        self._store = store
        self._awake = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        while not self._outbox.stopping:
            self._awake.clear()
            try:
                await self._outbox.give_back()
                async with self._store.clock() as clock:
                    ready = await clock.ready_lanes(self._outbox.now())
                self._outbox.begin(ready)
            except Exception as fault:
                log.error("lanes could not be read: %s", type(fault).__name__)
                await asyncio.sleep(1)
            try:
                # What waits becomes visible as a second begins.
                await asyncio.wait_for(self._awake.wait(), 1.01 - self._outbox.now().microsecond / 1_000_000)
            except TimeoutError:
                continue
