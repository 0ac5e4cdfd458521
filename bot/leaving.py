"""Somebody is not in any chat any more: whoever has a visit with them ahead hears it, once, on that visit's card."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.records import Person

if TYPE_CHECKING:
    from bot.store import Tx

GONE: Final = "gone"


async def left(tx: Tx, me: Person, platform: str, now: datetime) -> None:
    """Where there is another chat with them, everything goes there, and nobody else needs to know."""
    await tx.mark_account(me.id, platform, "left")
    if await tx.account_of(me.id) is not None:
        return
    for slot in await tx.coming(me.id, now):
        other = await tx.person(slot.teacher if me.id == slot.coach else slot.coach)
        if other is None or slot.status == "cancelled":
            continue
        day = (now + timedelta(minutes=1)).astimezone(ZoneInfo(other.zone)).date()
        key = f"{other.id}:{GONE}:{slot.thread}"
        await tx.plan(key=key, person=other.id, topic=GONE, at=now, day=day, thread=slot.thread)
