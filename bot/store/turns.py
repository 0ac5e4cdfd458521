"""SQLite has one writer: here they queue in order, where its own busy waiting would starve some of them."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any


class Turns:
    """Whoever has the turn and asks for another would wait for itself; it is told so."""

    def __init__(self) -> None:
        self._queue = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        if task is not None and task is self._holder:
            raise RuntimeError("a transaction was asked for inside another one")
        await self._queue.acquire()
        self._holder = task

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = None
        self._queue.release()
