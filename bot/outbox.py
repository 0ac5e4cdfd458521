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
PATIENCE = 4.0
TRIES = 6
FIRST, LONGEST = 5.0, 900.0
NUDGE = "checkin"


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
        self._held: set[str] = set()
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
                # What waits becomes visible as a second begins.
                await asyncio.wait_for(self._awake.wait(), 1.01 - self._now().microsecond / 1_000_000)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Take nothing more; finish what is being sent. What hangs is left, and looked up after the next start."""
        self._stopping = True
        self._awake.set()
        if self._busy:
            _, hanging = await asyncio.wait(list(self._busy.values()), timeout=PATIENCE)
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

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
        """Lanes with something to do, and those that could not be given back when they were done."""
        async with self._store.clock() as clock:
            ready = await clock.ready_lanes(self._now())
        return tuple(dict.fromkeys((*ready, *(self._held - self._busy.keys()))))

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
        # Held from here on: a commit whose answer was lost may have leased it.
        self._held.add(lane)
        try:
            async with self._store.clock() as clock:
                fence = await clock.lease(lane, self._owner, self._now() + LEASE, self._now())
            while fence is not None and not self._stopping:
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
            await self._release(lane)
        return done

    async def _release(self, lane: str) -> None:
        """Of a lane that another one holds this changes nothing."""
        try:
            async with self._store.clock() as clock:
                await clock.release(lane, self._owner)
        except Exception as fault:
            log.error("lane could not be given back yet: %s", type(fault).__name__)
        else:
            self._held.discard(lane)

    async def _one(self, taken: Taken) -> None:
        if taken.kind == "due":
            await self._due(taken)
            return
        try:
            async with self._store.begin(taken.organization) as tx:
                parcel = await tx.parcel(taken.key)
        except Exception as fault:
            # One that cannot be opened must not stand in everybody's way.
            log.error("parcel could not be opened: %s", type(fault).__name__)
            await self._again(taken, type(fault).__name__, None, unsure=taken.fate == "unsure")
            return
        if parcel is None:
            await self._dead(taken, "nobody to send to")
            return
        platform = self._platforms.get(parcel.to.platform)
        if platform is None:
            await self._again(taken, f"{parcel.to.platform} is not connected", None, unsure=taken.fate == "unsure")
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
        unsure = taken.fate == "unsure"
        if unsure and not platform.looks_up:
            await self._blindly(taken, parcel, platform)
            return
        try:
            receipt = await platform.find(parcel) if unsure else None
            unsure = False
            if receipt is None:
                receipt = await platform.deliver(parcel)
        except Later as later:
            await self._again(taken, later.reason, later.seconds, unsure=unsure)
        except Refused as refused:
            log.warning("refused by %s: %s", platform.name, refused.reason)
            await self._refused(taken, parcel, refused)
        except Unsure as doubt:
            await self._again(taken, doubt.reason, None, unsure=True)
        except Exception as fault:
            log.error("delivery failed: %s", type(fault).__name__)
            await self._again(taken, type(fault).__name__, None, unsure=True)
        else:
            await self._sent(taken, receipt)

    async def _blindly(self, taken: Taken, parcel: Parcel, platform: Platform) -> None:
        """Nobody can say whether it arrived. Nobody waits for a nudge: it rests. Anything else is sent once more."""
        if taken.topic == NUDGE or taken.again:
            await self._rests(taken, "nobody knows whether it arrived")
            return
        async with self._store.clock() as clock:
            await clock.mark_again(taken)
        try:
            receipt = await platform.deliver(parcel)
        except Later as later:
            await self._again(taken, later.reason, later.seconds, unsure=True)
        except Refused as refused:
            log.warning("refused by %s: %s", platform.name, refused.reason)
            await self._refused(taken, parcel, refused)
        except Exception as doubt:
            await self._rests(taken, doubt.reason if isinstance(doubt, Unsure) else type(doubt).__name__)
        else:
            await self._sent(taken, receipt)

    async def _rests(self, taken: Taken, reason: str) -> None:
        """In sight, and not sent again: it may have arrived, so it says nothing about who it was for."""
        log.warning("left unsent, for it may have arrived: %s", reason)
        async with self._store.clock() as clock:
            await clock.mark_resting(taken, reason)

    async def _refused(self, taken: Taken, parcel: Parcel, refused: Refused) -> None:
        """Somebody who cannot be written to there is not written to again until they are heard from.

        Their words go to where else they are; and what can't be replaced is said in a new message.
        """
        async with self._store.begin(taken.organization) as tx:
            if refused.gone:
                await tx.mark_account(parcel.person, parcel.to.platform, refused.reason)
            elsewhere = refused.gone and await tx.account_of(parcel.person) is not None
            if parcel.revises is not None and not refused.gone:
                await tx.say_anew(taken.key)
        if not elsewhere and (parcel.revises is None or refused.gone):
            await self._dead(taken, refused.reason)
            return
        async with self._store.clock() as clock:
            # At once: a retry becomes visible a second after the moment it is given.
            await clock.mark_retry(taken, self._now() - timedelta(seconds=1), refused.reason)
        if elsewhere:
            async with self._store.begin(taken.organization) as tx:
                await tx.leave_lane(parcel.person, parcel.to.platform)

    async def _sent(self, taken: Taken, receipt: Receipt) -> None:
        async with self._store.clock() as clock:
            await clock.mark_sent(taken, receipt, self._now())

    async def _again(self, taken: Taken, reason: str, seconds: float | None, *, unsure: bool = False) -> None:
        """Backoff with full jitter, or exactly what the platform asked for; after the last try it rests in sight.

        What may have been taken stays unsure, until a look-up has said that it was not.
        """
        if taken.attempts >= TRIES and seconds is None:
            await self._dead(taken, reason)
            return
        wait = seconds if seconds is not None else random.uniform(0.5, min(LONGEST, FIRST * 2**taken.attempts))  # noqa: S311 - spread, not secrecy
        at: datetime = self._now() + timedelta(seconds=wait)
        async with self._store.clock() as clock:
            if unsure:
                await clock.mark_ambiguous(taken, reason, at)
            else:
                await clock.mark_retry(taken, at, reason)

    async def _dead(self, taken: Taken, reason: str) -> None:
        async with self._store.clock() as clock:
            await clock.mark_dead(taken, reason)
