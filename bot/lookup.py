"""What a platform is asked about people: rarely, and never waited for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
HOUR = 3600.0
MINUTE = 60.0
WAIT = 1.0
ROOM = 20_000


class Lookup(Generic[K, V]):
    """Answers kept for an hour and failures for a minute; many who ask at once share one question."""

    def __init__(self, ask: Callable[[K], Awaitable[V]], otherwise: V) -> None:
        self._ask = ask
        self._otherwise = otherwise
        self._kept: dict[K, tuple[float, V]] = {}
        self._asking: dict[K, asyncio.Task[V]] = {}

    async def __call__(self, key: K) -> V:
        until, known = self._kept.get(key, (0.0, self._otherwise))
        if until > time.monotonic():
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._fetch(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    def forget(self, key: K) -> None:
        self._kept.pop(key, None)

    def keep(self, key: K, found: V) -> None:
        """What was told of somebody without being asked of them alone."""
        while len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (time.monotonic() + HOUR, found)

    async def _fetch(self, key: K) -> V:
        try:
            async with asyncio.timeout(WAIT):
                found, lifetime = await self._ask(key), HOUR
        except Exception:  # noqa: BLE001 - whatever went wrong, people are understood without it
            found, lifetime = self._otherwise, MINUTE
        while len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (time.monotonic() + lifetime, found)
        return found

    async def close(self) -> None:
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
