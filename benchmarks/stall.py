"""For how long an event loop stood still, seen from inside it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Self

STEP = 0.002


class Stall:
    """`longest`: seconds by which a short sleep was late, at worst, while this was open."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        await asyncio.sleep(STEP)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(STEP * 2)  # a stall that has just ended is still seen
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _look(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP)
            self.longest = max(self.longest, time.perf_counter() - before - STEP)
