"""A zone as a calendar file tells it (VTIMEZONE): every change of its clocks in a span, each at its own moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

if TYPE_CHECKING:
    from icalendar import Timezone

_STEP = timedelta(days=7)


class Shift(Struct, frozen=True):
    """From that instant on, clocks are so far from UTC, and were so far before."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=64)
def shifts(zone: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """What holds at the beginning, then every change. Found by halving weeks, so two within one week are one."""
    place = ZoneInfo(zone)
    first = since.astimezone(place)
    offset = first.utcoffset() or timedelta()
    found = [Shift(since, offset, offset, first.tzname() or zone, bool(first.dst()))]
    found += _changes(place, since, until)
    return tuple(found)


def _changes(place: ZoneInfo, since: datetime, until: datetime) -> Iterator[Shift]:
    at = since
    while at < until:
        after = min(at + _STEP, until)
        if _offset(place, at) != _offset(place, after):
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if _offset(place, middle) == _offset(place, at) else (low, middle)
            exact = high.replace(microsecond=0)
            there = exact.astimezone(place)
            before, now = _offset(place, at), _offset(place, exact)
            yield Shift(exact, before, now, there.tzname() or str(place), bool(there.dst()))
        at = after


def _offset(place: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta()


def component(zone: str, since: datetime, until: datetime) -> Timezone:
    """RFC 5545, 3.6.5: each onset is written as clocks showed it before the change.

    icalendar's own writes it as they showed it after, which is an hour late in spring.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    whole = Timezone()
    whole.add("TZID", zone)
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (since.year, until.year + 1))
    kinds: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    for one in shifts(zone, start - timedelta(days=1), end):
        wall = (one.at + one.before).replace(tzinfo=None)
        kinds.setdefault((one.before, one.after, one.name, one.summer), []).append(wall)
    for (before, after, name, summer), onsets in kinds.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("DTSTART", onsets[0])
        if onsets[1:]:
            part.add("RDATE", onsets[1:])
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        part.add("TZNAME", name)
        whole.add_component(part)
    return whole
