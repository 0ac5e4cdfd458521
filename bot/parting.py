"""Thirty days after the last workspace of an organization has removed us, all that is kept of it goes."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from bot.clock import Now
from bot.store import Store
from bot.store.asking import ANY_TEAM as ANY
from bot.store.parting import PLAYGROUND

__all__ = ["ANY", "KEPT", "PLAYGROUND", "Parting"]
log = logging.getLogger("beside.parting")
KEPT: Final = timedelta(days=30)
AT_ONCE: Final = 20  # organizations in one look
ROWS, BATCHES = 1_000, 200


class Parting:
    """It holds no state: what is half done goes on wherever, and whenever, somebody looks again.

    `first` is the organization that the settings are about; it begins anew, empty.
    """

    def __init__(self, store: Store, first: str, now: Now) -> None:
        self._store = store
        self._first = first
        self._now = now

    async def tick(self) -> int:
        """Whoever has to go by now goes, for as many rows as one look may take; returns how many have gone whole."""
        now, gone, batches = self._now(), 0, BATCHES
        async with self._store.clock() as clock:
            found = await clock.parting(now - KEPT, AT_ONCE)
        for organization in found:
            async with self._store.begin(organization) as tx:
                begun = await tx.part(now, now - KEPT)
            if begun:
                self._store.forget_homes()
                log.info("an organization is erased: every workspace of it removed us 30 days ago")
            done = False
            while batches and not done:
                batches -= 1
                done = await self._batch(organization)
            gone += done
        return gone

    async def settled(self, organization: str) -> None:
        """If it is on its way out, it has gone now: whoever comes back meets nothing of what was."""
        async with self._store.begin(organization) as tx:
            parting = await tx.parting()
        while parting:
            parting = not await self._batch(organization)

    async def _batch(self, organization: str) -> bool:
        async with self._store.begin(organization) as tx:
            last = await tx.clear(ROWS)
            if last and organization == self._first:
                await tx.found("Beside")
        return last
