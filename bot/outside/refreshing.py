"""Subscribed calendars, read again and again: fetched, expanded elsewhere, and kept as intervals alone."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.calendars.taken import Unreadable
from bot.outside.expanding import TooLong, expanded
from bot.outside.fetching import LookUp, NotFetched, asked_for, fetch
from bot.records import Busy, Subscription
from bot.store.work import moment

if TYPE_CHECKING:
    from bot.clock import Now
    from bot.store import Store

log = logging.getLogger("beside.calendars")
EVERY: Final = timedelta(minutes=30)
# After a fault; and for as long nobody else takes one that is being read.
LATER: Final = timedelta(hours=1)
AT_ONCE: Final = 2
BATCH: Final = 8


class Refresher:
    """Looks for calendars that are due. It holds no state, so it may run in every replica."""

    def __init__(self, store: Store, now: Now, *, loopback: bool = False, look_up: LookUp = asked_for) -> None:
        self._store = store
        self._now = now
        self._loopback = loopback
        self._look_up = look_up
        self._room = asyncio.Semaphore(AT_ONCE)

    async def tick(self) -> int:
        """Everything that is due now; returns how many were looked at."""
        looked = 0
        while True:
            now = self._now()
            async with self._store.clock() as clock:
                due = await clock.due_calendars(now, now + LATER, BATCH)
            await asyncio.gather(*(self._safely(*one) for one in due))
            looked += len(due)
            if len(due) < BATCH:
                return looked

    async def _safely(self, organization: str, id: str) -> None:
        async with self._room:
            try:
                await self._one(organization, id)
            except Exception as fault:  # noqa: BLE001 - one that cannot be read stands in nobody's way
                # The class alone: a message may hold the address.
                log.error("a calendar could not be read: %s", type(fault).__name__)

    async def _one(self, organization: str, id: str) -> None:
        """What was known stays where it cannot be read now: an hour old is better than free by mistake."""
        async with self._store.begin(organization) as tx:
            found = await tx.subscription(id)
            owner = await tx.person(found[0].person) if found else None
        if found is None or owner is None:
            return
        subscription, known = found
        now = self._now()
        # The window moves on: what has not changed is expanded again once a day all the same.
        today = now.date().isoformat()
        etag = known.removeprefix(today) if known.startswith(today) else ""
        try:
            fetched = await fetch(subscription.address.text, etag=etag, loopback=self._loopback, look_up=self._look_up)
            if fetched.data is None:
                await self._looked(subscription, now + EVERY, subscription.fault)
                return
            taken = await expanded(fetched.data, owner.zone, now)
        except NotFetched as fault:
            await self._looked(subscription, now + LATER, str(fault))
            return
        except TooLong:
            await self._looked(subscription, now + LATER, "too_long")
            return
        except Unreadable as fault:
            await self._looked(subscription, now + LATER, str(fault))
            return
        async with self._store.begin(organization) as tx:
            await tx.took(
                id, owner.id, [Busy(moment(start), moment(end)) for start, end in taken.times], now + EVERY,
                etag=today + fetched.etag, odd_zone=taken.odd_zone, fault="partly" if taken.partly else "",
            )  # fmt: skip

    async def _looked(self, subscription: Subscription, again: datetime, fault: str) -> None:
        async with self._store.begin(subscription.organization) as tx:
            await tx.looked(subscription.id, again, fault=fault)
