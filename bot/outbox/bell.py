"""Whoever waits for something to send hears of it at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """Rung when something was committed, and for the last time when all is to stop."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.stopping = False

    def ring(self) -> None:
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def stop(self) -> None:
        self.stopping = True
        self.ring()

    async def heard(self, seconds: float) -> None:
        """After so many seconds, or when it is rung."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
