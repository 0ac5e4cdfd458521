"""Sends what was committed, again until it is sent; one lane a workspace, one drainer a lane."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from bot.clock import Now
from bot.engine import Engine
from bot.events import Due
from bot.platform import Later, Parcel, Platform, Receipt, Refused, Unsure
from bot.store import Store, Taken

log = logging.getLogger("beside.outbox")
LEASE = timedelta(seconds=60)
TRIES = 6
FIRST, LONGEST = 5.0, 900.0


class Outbox:
    """Drains lanes in this process. Nothing here is held in memory only: a kill at any line loses no parcel."""

    def __init__(self, store: Store, engine: Engine, platforms: Mapping[str, Platform], now: Now) -> None:
        self._store = store
        self._engine = engine
        self._platforms = platforms
        self._now = now
        self._owner = uuid4().hex
        self._awake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[int]] = {}
        self._stopping = False

    def wake(self) -> None:
        """Something was committed: look at the lanes now and not at the next tick."""
        self._awake.set()

    async def run(self) -> None:
        """Level-triggered: every wake and every second, all lanes with ready rows."""
        while not self._stopping:
            self._awake.clear()
            try:
                await self._start_ready()
            except Exception as fault:
                log.error("lanes could not be read: %s", type(fault).__name__)
                await asyncio.sleep(1)
            try:
                await asyncio.wait_for(self._awake.wait(), 1.0)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Take nothing more; finish what is being sent."""
        self._stopping = True
        self._awake.set()
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=8)

    async def sweep(self) -> int:
        """Drain everything that is ready now and return how many rows that was: for a clock that is moved."""
        done = 0
        while True:
            lanes = await self._ready()
            handled = sum(await asyncio.gather(*(self._lane(lane) for lane in lanes)))
            done += handled
            if handled == 0:
                return done

    async def _ready(self) -> tuple[str, ...]:
        async with self._store.clock() as clock:
            return await clock.ready_lanes(self._now())

    async def _start_ready(self) -> None:
        for lane in await self._ready():
            if lane not in self._busy:
                self._lane(lane)

    def _lane(self, lane: str) -> asyncio.Task[int]:
        """The one drainer of this lane in this process."""
        if lane not in self._busy:
            task = asyncio.create_task(self.drain(lane), name=f"drain {lane}")
            self._busy[lane] = task
            task.add_done_callback(lambda _: self._busy.pop(lane, None))
        return self._busy[lane]

    async def drain(self, lane: str) -> int:
        """Take and send while there is something ready; returns how many rows were handled."""
        done = 0
        async with self._store.clock() as clock:
            fence = await clock.lease(lane, self._owner, self._now() + LEASE, self._now())
        if fence is None:
            return 0
        try:
            while not self._stopping:
                async with self._store.clock() as clock:
                    now = self._now()
                    taken = await clock.take(lane, fence, self._owner, now, now + LEASE)
                if taken is None:
                    break
                await self._one(taken)
                done += 1
        except Exception as fault:
            log.error("lane stopped: %s", type(fault).__name__)
        finally:
            async with self._store.clock() as clock:
                await clock.release(lane, self._owner)
        return done

    async def _one(self, taken: Taken) -> None:
        if taken.kind == "due":
            await self._due(taken)
            return
        async with self._store.begin(taken.organization) as tx:
            parcel = await tx.parcel(taken.key)
        if parcel is None:
            await self._dead(taken, "nobody to send to")
            return
        platform = self._platforms.get(parcel.to.platform)
        if platform is None:
            await self._again(taken, f"{parcel.to.platform} is not connected", None)
            return
        await self._send(taken, parcel, platform)

    async def _due(self, taken: Taken) -> None:
        event = Due(
            key=taken.key, organization=taken.organization, person=taken.person, topic=taken.topic,
            day=taken.day, thread=taken.thread,
        )  # fmt: skip
        try:
            await self._engine.due(event)
        except Exception as fault:
            log.error("due %s failed: %s", taken.topic, type(fault).__name__)
            await self._again(taken, type(fault).__name__, None)

    async def _send(self, taken: Taken, parcel: Parcel, platform: Platform) -> None:
        """An ambiguous send is looked up before it is repeated."""
        try:
            receipt = await platform.find(parcel) if taken.fate == "unsure" else None
            if receipt is None:
                receipt = await platform.deliver(parcel)
        except Later as later:
            await self._again(taken, later.reason, later.seconds)
        except Refused as refused:
            log.warning("refused by %s: %s", platform.name, refused.reason)
            await self._dead(taken, refused.reason)
        except Unsure as unsure:
            async with self._store.clock() as clock:
                await clock.mark_ambiguous(taken, unsure.reason)
        except Exception as fault:
            log.error("delivery failed: %s", type(fault).__name__)
            await self._again(taken, type(fault).__name__, None)
        else:
            await self._sent(taken, receipt)

    async def _sent(self, taken: Taken, receipt: Receipt) -> None:
        async with self._store.clock() as clock:
            await clock.mark_sent(taken, receipt, self._now())

    async def _again(self, taken: Taken, reason: str, seconds: float | None) -> None:
        """Backoff with full jitter, or exactly what the platform asked for; after the last try it rests in sight."""
        if taken.attempts >= TRIES and seconds is None:
            await self._dead(taken, reason)
            return
        wait = seconds if seconds is not None else random.uniform(0.5, min(LONGEST, FIRST * 2**taken.attempts))  # noqa: S311 - spread, not secrecy
        at: datetime = self._now() + timedelta(seconds=wait)
        async with self._store.clock() as clock:
            await clock.mark_retry(taken, at, reason)

    async def _dead(self, taken: Taken, reason: str) -> None:
        async with self._store.clock() as clock:
            await clock.mark_dead(taken, reason)
