"""APScheduler, which only ticks: due plans become outbox rows, and those become Due events."""

from __future__ import annotations

import asyncio
import logging

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Now
from bot.outbox import Outbox
from bot.outside.refreshing import Refresher
from bot.parting import Parting
from bot.store import Store

log = logging.getLogger("beside.timer")
BATCH = 500


class Timer:
    """A tick every second. It holds no state of its own, so it may run in every replica."""

    def __init__(
        self, store: Store, outbox: Outbox, now: Now, refresher: Refresher | None = None,
        parting: Parting | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._outbox = outbox
        self._now = now
        self._refresher = refresher
        self._parting = parting
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        # The default grace of one second drops late runs without a word (APScheduler issues 182 and 292).
        self._scheduler.add_job(
            self._safely, "interval", seconds=1, id="tick", max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.add_job(
            self._tidy, "interval", minutes=10, id="tidy", max_instances=1, coalesce=True, misfire_grace_time=None
        )
        if self._refresher is not None:
            self._scheduler.add_job(
                self._read_calendars, "interval", seconds=5, id="calendars", max_instances=1, coalesce=True,
                misfire_grace_time=None,
            )  # fmt: skip
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> int:
        """Plans that are due become rows of the outbox, in batches; returns how many."""
        moved = 0
        while True:
            async with self._store.clock() as clock:
                batch = await clock.due_plans(self._now(), BATCH)
            moved += batch
            if batch < BATCH:
                break
        if moved:
            self._outbox.wake()
        return moved

    async def _safely(self) -> None:
        try:
            await self.tick()
        except asyncio.CancelledError:
            # Stopped in the middle: nothing of it was kept, and APScheduler would show a traceback.
            log.debug("tick given up")
        except Exception as fault:
            log.error("tick failed: %s", type(fault).__name__)

    async def _read_calendars(self) -> None:
        assert self._refresher is not None  # noqa: S101 - it ticks only where there is one
        try:
            await self._refresher.tick()
        except asyncio.CancelledError:
            log.debug("reading calendars given up")
        except Exception as fault:
            log.error("calendars could not be read: %s", type(fault).__name__)

    async def _tidy(self) -> None:
        try:
            async with self._store.clock() as clock:
                await clock.tidy(self._now())
        except Exception as fault:
            log.error("what is old could not be removed: %s", type(fault).__name__)
        try:
            if self._parting is not None:
                await self._parting.tick()
        except Exception as fault:
            log.error("who removed us could not be erased: %s", type(fault).__name__)
