"""When a slot takes place: once, or as a series with visits apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.cadence.wall import CODES, instant
from bot.records import Busy, Repeat, Slot

# No series goes further than this, so that what is booked is all that a calendar shows.
SPAN = timedelta(days=731)
_MOST_WEEKS = 104


class Visit(Struct, frozen=True):
    """One time that a slot takes place. `day` is the local date it has, or had before it was moved."""

    day: date
    start: datetime
    minutes: int
    moved: bool = False

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


def rule_days(repeat: Repeat, first: date) -> Iterator[date]:
    """The local dates of the rule itself, whatever became of any of them. Weeks begin on Monday."""
    weekdays = sorted({first.weekday(), *(CODES.index(code) for code in repeat.byday)})
    last = min(repeat.until or date.max, first + SPAN)
    monday, left = first - timedelta(days=first.weekday()), repeat.times
    step = timedelta(weeks=max(1, min(repeat.interval, _MOST_WEEKS)))
    while monday <= last:
        for weekday in weekdays:
            day = monday + timedelta(days=weekday)
            if day > last or left == 0:
                return
            if day >= first:
                yield day
                left = None if left is None else left - 1
        monday += step


def first_day(slot: Slot, zone: str) -> date:
    return slot.start.astimezone(ZoneInfo(slot.repeat.zone if slot.repeat else zone)).date()


def visits(slot: Slot) -> tuple[Visit, ...]:
    """Every time that it takes place, the earliest first; what was called off is not among them."""
    repeat = slot.repeat
    if repeat is None:
        return (Visit(slot.start.date(), slot.start, slot.minutes),)
    apart = {one.day: one for one in slot.apart}
    found = []
    for day in rule_days(repeat, first_day(slot, repeat.zone)):
        other = apart.get(day)
        if other is None:
            found.append(Visit(day, instant(day, repeat.minute, repeat.zone), slot.minutes))
        elif other.start is not None:
            found.append(Visit(day, other.start, other.minutes or slot.minutes, moved=True))
    return tuple(sorted(found, key=lambda one: (one.start, one.day)))


def held(slot: Slot) -> tuple[Busy, ...]:
    """The intervals that it takes of both persons' time."""
    return tuple(Busy(one.start, one.end, slot.id) for one in visits(slot))


def next_visit(slot: Slot, now: datetime) -> Visit | None:
    """The one that is on or comes next."""
    return next((one for one in visits(slot) if one.end > now), None)
