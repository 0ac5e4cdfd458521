"""Visits that a school's new times touch: found before anything is kept, told, and asked about afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.calendars.schedules import Touched, touched
from bot.records import School
from bot.spoken import at_time

if TYPE_CHECKING:
    from bot.store import Tx
from bot.words import Lines

BELLS = "bells"
_SHOWN = 50
_WHY = {
    "gone": "block {block} does not meet that day",
    "closed": "there is no school that day",
    "outside": "that is outside school hours",
}


async def found(tx: Tx, before: Mapping[str, School], after: Iterable[School], now: datetime) -> tuple[Touched, ...]:
    """What these schools would touch, as they are now and as they would be, by their ids."""
    changed = [school for school in after if school.id in before and before[school.id] != school]
    if not changed:
        return ()
    people = await tx.everybody()
    told: list[Touched] = []
    for school in changed:
        theirs = {one.id for one in people if one.school == school.id and one.role == "teacher"}
        slots = [slot for slot in await tx.slots_booked(theirs, now) if slot.teacher in theirs]
        told += touched(before[school.id], school, slots, now)
    return tuple(told)


async def lines(tx: Tx, moved: tuple[Touched, ...]) -> list[str]:
    """The list that a person reads before they say yes."""
    if not moved:
        return []
    people = await tx.people(sorted({who for one in moved for who in (one.slot.coach, one.slot.teacher)}))
    rows = [f"Visits that these times touch: {len(moved):,}. Both will be asked; none is moved by itself."]
    for one in moved[:_SHOWN]:
        teacher, coach = people.get(one.slot.teacher), people.get(one.slot.coach)
        zone = teacher.zone if teacher else "UTC"
        names = f"{coach.name if coach else '?'} and {teacher.name if teacher else '?'}"
        if one.to is not None:
            what = f"block {one.block} begins at {one.to.astimezone(ZoneInfo(zone)):%H:%M}"
        else:
            what = _WHY[one.why].format(block=one.block)
        rows.append(f"  {at_time(one.start, zone, Lines.load())}, {names}: {what}")
    return [*rows, *([f"  … and {len(moved) - _SHOWN:,} more."] if len(moved) > _SHOWN else [])]


async def ask(tx: Tx, moved: tuple[Touched, ...], now: datetime) -> None:
    """Each of the two is asked in the conversation of their visit, as soon as messages are open."""
    people = await tx.people(sorted({who for one in moved for who in (one.slot.coach, one.slot.teacher)}))
    for one in moved:
        for who in (one.slot.coach, one.slot.teacher):
            if (person := people.get(who)) is not None:
                day = (now + timedelta(minutes=1)).astimezone(ZoneInfo(person.zone)).date()
                key = f"{who}:{BELLS}:{one.slot.thread}"
                await tx.plan(key=key, person=who, topic=BELLS, at=now, day=day, thread=one.slot.thread)
