"""Dates, times and names as people read them: with the weekday, in the reader's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December".split()


def long_date(day: date) -> str:
    """Tuesday 20 October."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def clock(minute: int) -> str:
    """Minutes after midnight as 15:20."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def at_time(moment: datetime, zone: str) -> str:
    """Tuesday 20 October, 10:15."""
    wall = moment.astimezone(ZoneInfo(zone))
    return f"{long_date(wall.date())}, {wall:%H:%M}"


def stretch(start: datetime, minutes: int, zone: str) -> str:
    """Tuesday 20 October, 10:15 to 11:00."""
    return f"{at_time(start, zone)} to {(start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)):%H:%M}"


def place(zone: str) -> str:
    """America/New_York as "New York time"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ") + " time"


def both_zones(start: datetime, minutes: int, mine: str, theirs: str) -> str:
    """The reader's own time and, where the walls differ, the other's behind it."""
    here = stretch(start, minutes, mine)
    if start.astimezone(ZoneInfo(mine)).replace(tzinfo=None) == start.astimezone(ZoneInfo(theirs)).replace(tzinfo=None):
        return here
    return f"{here} {place(mine)} ({stretch(start, minutes, theirs)} {place(theirs)})"


def listing(names: Sequence[str]) -> str:
    """Ana, Ben and Devi."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
