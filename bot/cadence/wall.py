"""Wall times: what a clock on the wall shows, as an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from zoneinfo import ZoneInfo

from bot.records import School

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EARLIEST, LATEST = 7 * 60, 18 * 60


def instant(day: date, minute: int, zone: str) -> datetime:
    """That wall time as an instant in UTC.

    A time that does not exist is read with the offset before the change, one that occurs twice is the first
    (RFC 5545, 3.3.5); `zoneinfo` with `fold=0` does both.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return wall.astimezone(UTC)


def weekly(weekday: int, start: date) -> Iterator[date]:
    """Every such day of the week, from the first on or after `start`."""
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    return (first + timedelta(weeks=n) for n in count())


def after_school(school: School) -> int:
    """The usual minute of a check-in: twenty past the end of the school day, while people may still be written to."""
    return max(EARLIEST, min(school.closes + 20, LATEST - 10))


def shift(person: str) -> int:
    """Minutes, 0 to 9, by which this person's check-ins come later: stable, so that a school spreads out."""
    return int.from_bytes(sha256(f"shift:{person}".encode()).digest()[:4], "big") % 10


def overlaps(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    return start < other_end and other_start < end
