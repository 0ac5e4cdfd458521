"""When the next check-in falls, and whether a person may be written to unasked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.records import Person, School

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EARLIEST, LATEST = 7 * 60, 18 * 60
LATE = timedelta(hours=2)
_HORIZON = 400


def instant(day: date, minute: int, zone: str) -> datetime:
    """That wall time as an instant in UTC.

    A time that does not exist is read with the offset before the change, one that occurs twice is the first
    (RFC 5545, 3.3.5); `zoneinfo` with `fold=0` does both.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return wall.astimezone(UTC)


def after_school(school: School) -> int:
    """The usual minute of a check-in: twenty past the end of the school day, while people may still be written to."""
    return max(EARLIEST, min(school.closes + 20, LATEST - 10))


def shift(person: str) -> int:
    """Minutes, 0 to 9, by which this person's check-ins come later: stable, so that a school spreads out."""
    return int.from_bytes(sha256(f"shift:{person}".encode()).digest()[:4], "big") % 10


def is_school_day(school: School, day: date) -> bool:
    return CODES[day.weekday()] not in school.weekend and all(closed.day != day for closed in school.closed)


def next_school_day(school: School, after: date) -> date:
    """The first school day after that date; a school that never opens again gets the next calendar day."""
    days = (after + timedelta(days=n) for n in range(1, _HORIZON))
    return next((day for day in days if is_school_day(school, day)), after + timedelta(days=1))


def next_checkin(person: Person, school: School, after: datetime) -> tuple[datetime, date]:
    """The next check-in after that instant, with its local date: the chosen weekday and minute, on a school day."""
    start = after.astimezone(ZoneInfo(person.zone)).date()
    fallback = None
    for n in range(_HORIZON):
        day = start + timedelta(days=n)
        if day.weekday() != person.weekday or (person.quiet_until and day <= person.quiet_until):
            continue
        at = instant(day, person.minute + shift(person.id), person.zone)
        if at <= after:
            continue
        if is_school_day(school, day):
            return at, day
        fallback = fallback or (at, day)
    day = start + timedelta(days=_HORIZON)
    return fallback or (instant(day, person.minute, person.zone), day)


def may_contact(person: Person, school: School, at: datetime) -> bool:
    """The one gate before anything is sent unasked: a yes, no stop, no pause or leave, a school day, 07:00 to 18:00.

    A coach has no first meeting, so theirs is a yes until they say stop.
    """
    wall = at.astimezone(ZoneInfo(person.zone))
    return (
        (person.chat == "on" or (person.role == "coach" and person.chat in ("new", "asked")))
        and not is_quiet(person, wall.date())
        and is_school_day(school, wall.date())
        and EARLIEST <= wall.hour * 60 + wall.minute < LATEST
    )


def is_quiet(person: Person, day: date) -> bool:
    """Whether the person has asked for quiet on that local date; `quiet_until` is the last quiet day."""
    return person.quiet_until is not None and day <= person.quiet_until


def next_open(person: Person, school: School, at: datetime) -> datetime:
    """The next moment within school days and hours, whatever the person chose: for looking again."""
    wall = at.astimezone(ZoneInfo(person.zone))
    minute = wall.hour * 60 + wall.minute
    if is_school_day(school, wall.date()) and minute < LATEST and not is_quiet(person, wall.date()):
        return max(at, instant(wall.date(), EARLIEST, person.zone))
    day = wall.date()
    for _ in range(_HORIZON):
        day = next_school_day(school, day)
        if not is_quiet(person, day):
            break
    return instant(day, EARLIEST, person.zone)


def overlaps(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    return start < other_end and other_start < end
