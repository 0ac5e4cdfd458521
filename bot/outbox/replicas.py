"""Several processes on one PostgreSQL: PgQueuer hands each lane to one of them, and takes it back from who died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job
from pgqueuer.domain.settings import DBSettings

from bot.clock import real
from bot.store import Store

if TYPE_CHECKING:
    from bot.outbox import Outbox

log = logging.getLogger("beside.outbox")
SCHEMA = "pgqueuer"
AT_ONCE, BATCH = 512, 32
HEARTBEAT = timedelta(seconds=15)
# A wake-up that comes while its lane's job is being put away is looked at again after this.
SOON = 0.2


class PgQueuerRunner:
    """One connection of its own, made again whenever it breaks. Our fence stays the safety net under it all."""

    def __init__(self, outbox: Outbox, store: Store, platforms: Collection[str]) -> None:
        self._outbox = outbox
        self._store = store
        self._platforms = platforms
        self._awake = asyncio.Event()
        self._broken = asyncio.Event()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        while not self._outbox.stopping:
            try:
                await self._connected()
            except Exception as fault:
                log.error("PgQueuer begins again: %s", type(fault).__name__)
                await asyncio.sleep(0.5)

    async def _connected(self) -> None:
        self._broken = broken = asyncio.Event()
        _, where = self._store.engine.dialect.create_connect_args(self._store.engine.url)
        own = {"application_name": "beside lanes", "statement_timeout": "10000", "lock_timeout": "5000", "jit": "off"}
        connection = await asyncpg.connect(**where, timeout=2, server_settings=own)
        connection.add_termination_listener(lambda _: broken.set())
        # One driver for all: its lock lets one statement at a time onto the connection.
        driver = AsyncpgDriver(connection)
        managers = [self._manager(driver, platform) for platform in self._platforms]
        working = [
            asyncio.create_task(self._work(manager), name=f"lanes of {platform}")
            for manager, platform in zip(managers, self._platforms, strict=True)
        ]
        try:
            await self._keep_looking(working)
        finally:
            for manager in managers:
                manager.shutdown.set()
            broken.set()
            _, hanging = await asyncio.wait(working, timeout=5) if working else ((), ())
            for task in hanging:
                task.cancel()
            for fault in await asyncio.gather(*working, return_exceptions=True):
                if isinstance(fault, Exception):
                    log.warning("a queue of lanes ended: %s", type(fault).__name__)
            with suppress(Exception):
                await connection.close(timeout=2)

    def _manager(self, driver: AsyncpgDriver, platform: str) -> QueueManager:
        """Each platform has its own room, so that one which hangs takes nothing from another."""
        settings = DBSettings(prefix="", db_schema=SCHEMA)
        queries = Queries(
            driver,
            QueryBuilderEnvironment(settings),
            QueryQueueBuilder(settings),
            QuerySchedulerBuilder(settings),
        )
        manager = QueueManager(queries, settings.channel)
        manager.entrypoint(f"drain:{platform}", accepts_context=False)(self._drain)
        return manager

    async def _work(self, manager: QueueManager) -> None:
        await manager.run(
            dequeue_timeout=timedelta(seconds=5), batch_size=BATCH, max_concurrent_tasks=AT_ONCE,
            heartbeat_timeout=HEARTBEAT, log_aggregation_interval=timedelta(0),
        )  # fmt: skip

    async def _drain(self, job: Job) -> None:
        """Ends with the slice, or with the connection: then the lane is drained on, and its lease says whose it is."""
        if self._outbox.stopping:
            return
        broken = asyncio.create_task(self._broken.wait())
        drained = self._outbox.lane((job.payload or b"").decode())
        await asyncio.wait((broken, drained), return_when=asyncio.FIRST_COMPLETED)
        broken.cancel()

    async def _keep_looking(self, working: Iterable[asyncio.Task[None]]) -> None:
        """Level-triggered: every second, and soon after every commit of ours, lanes that are ready and have no job."""
        while not self._outbox.stopping and not self._broken.is_set() and not any(task.done() for task in working):
            self._awake.clear()
            await self._outbox.give_back()
            async with self._store.clock() as clock:
                self._outbox.skew = await clock.time() - real()
                await clock.enqueue_ready(self._outbox.now())
            try:
                await asyncio.wait_for(self._awake.wait(), 1)
            except TimeoutError:
                continue
            if not self._outbox.stopping:
                await asyncio.sleep(SOON)
