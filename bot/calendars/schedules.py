"""What a school's new times mean for visits that are booked already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.cadence import bells_on, closes_on, is_school_day
from bot.calendars.series import Visit, visits
from bot.records import School, Slot


class Touched(Struct, frozen=True):
    """A visit that new times touch: its block rings at another time (`to`) or not at all, or school is out then."""

    slot: Slot
    start: datetime
    why: Literal["moved", "gone", "closed", "outside"]
    block: str = ""
    to: datetime | None = None


def touched(old: School, new: School, slots: Iterable[Slot], now: datetime) -> tuple[Touched, ...]:
    """Of each slot the first visit ahead that no longer stands as it was meant, in order of time.

    Nothing is moved by itself: whoever booked it decides.
    """
    found = []
    for slot in slots:
        ahead = (_touched(old, new, slot, one) for one in visits(slot) if one.start > now)
        if (first := next((one for one in ahead if one is not None), None)) is not None:
            found.append(first)
    return tuple(sorted(found, key=lambda one: (one.start, one.slot.id)))


def _touched(old: School, new: School, slot: Slot, visit: Visit) -> Touched | None:
    zone = ZoneInfo(old.zone)
    start, end = visit.start.astimezone(zone), visit.end.astimezone(zone)
    day, at, until = start.date(), start.hour * 60 + start.minute, end.hour * 60 + end.minute
    if not is_school_day(old, day):
        return None
    if not is_school_day(new, day):
        return Touched(slot, visit.start, "closed")
    block = next((one for one in bells_on(old, day) if one.start <= at < one.end), None)
    if block is not None:
        again = next((one for one in bells_on(new, day) if one.id.casefold() == block.id.casefold()), None)
        if again is None:
            return Touched(slot, visit.start, "gone", block.id)
        if again.start != block.start or (until > again.end and until <= block.end):
            to = visit.start + timedelta(minutes=again.start - block.start)
            return Touched(slot, visit.start, "moved", block.id, to)
        return None
    inside = old.opens <= at and until <= closes_on(old, day)
    return Touched(slot, visit.start, "outside") if inside and (at < new.opens or until > closes_on(new, day)) else None
