"""Coming back: what a reply does to a rhythm that silence has slowed down."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cadence import next_checkin
from bot.events import FromPlatform, Joined, Left
from bot.records import Person
from bot.store import Tx


async def back_in_rhythm(tx: Tx, event: FromPlatform, me: Person, now: datetime) -> None:
    """Any reply brings the normal rhythm back, and what was held goes out."""
    if isinstance(event, Joined | Left) or not await tx.heard_from(me.id, now):
        return
    school = await tx.school(me.school)
    if me.role == "teacher" and me.chat == "on" and school is not None:
        had = await tx.had_checkin(me.id, now.astimezone(ZoneInfo(me.zone)).date())
        at, day = next_checkin(me, school, now, had=had)
        await tx.plan(key=f"{me.id}:checkin:", person=me.id, topic="checkin", at=at, day=day)
    await tx.wake(me.id, "held", now)
