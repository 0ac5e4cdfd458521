"""What is free: whether intervals meet, and the times near a wish that suit both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.cadence import closes_on, is_school_day, next_school_day, overlaps
from bot.cadence.bells import bells_on
from bot.records import Busy, School

NEAR = 3
_DAYS = 5


def meeting(mine: Iterable[Busy], others: Iterable[Busy]) -> tuple[Busy, ...]:
    """Those of mine that share a moment with any of the others; one that only touches another does not."""
    left, found = sorted(others, key=lambda one: one.start), []
    at, open_ = 0, list[Busy]()
    for one in sorted(mine, key=lambda one: one.start):
        while at < len(left) and left[at].start < one.end:
            open_.append(left[at])
            at += 1
        open_ = [other for other in open_ if other.end > one.start]
        if any(overlaps(one.start, one.end, other.start, other.end) for other in open_):
            found.append(one)
    return tuple(found)


def meeting_itself(mine: Sequence[Busy]) -> bool:
    """Whether two of them share a moment."""
    row = sorted(mine, key=lambda one: one.start)
    return any(before.end > after.start for before, after in pairwise(row))


def free_near(
    wish: datetime, minutes: int, *, school: School, now: datetime, taken: Iterable[Busy], most: int = NEAR
) -> tuple[datetime, ...]:
    """Up to three starts nearest to the wish when nobody is taken, within school hours; in order of time.

    Looked at are half hours around it and the blocks of that day, and the same time on the next five school days.
    """
    length = timedelta(minutes=minutes)
    held = tuple(one for one in taken if one.end > now)

    def free(at: datetime) -> bool:
        return (
            at > now and _in_school(school, at, length) and not any(
                overlaps(at, at + length, one.start, one.end) for one in held
            )
        )  # fmt: skip

    found = sorted((at for at in set(_tries(wish, school)) if free(at)), key=lambda at: (abs(at - wish), at))
    return tuple(sorted(found[:most]))


def _tries(wish: datetime, school: School) -> Iterator[datetime]:
    zone = ZoneInfo(school.zone)
    wall = wish.astimezone(zone)
    yield from (wish + timedelta(minutes=30 * n) for n in range(-8, 9) if n)
    yield from _blocks(wall.date(), school, zone)
    day = wall.date()
    for _ in range(_DAYS):
        day = next_school_day(school, day)
        yield datetime.combine(day, wall.timetz()).astimezone(UTC)


def _blocks(day: date, school: School, zone: ZoneInfo) -> Iterator[datetime]:
    for period in bells_on(school, day):
        yield datetime(day.year, day.month, day.day, *divmod(period.start, 60), tzinfo=zone).astimezone(UTC)


def _in_school(school: School, at: datetime, length: timedelta) -> bool:
    zone = ZoneInfo(school.zone)
    first, last = at.astimezone(zone), (at + length).astimezone(zone)
    return (
        is_school_day(school, first.date())
        and first.date() == last.date()
        and first.hour * 60 + first.minute >= school.opens
        and last.hour * 60 + last.minute <= closes_on(school, last.date())
    )
