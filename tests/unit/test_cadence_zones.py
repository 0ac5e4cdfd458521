"""Every local week has its check-in exactly once, through every change of clocks anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.cadence import instant, next_checkin, shift
from bot.records import Person, School

ANYWHERE = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Anchorage", "America/Asuncion", "America/Chicago",
    "America/Halifax", "America/Havana", "America/Miquelon", "America/New_York", "America/Nuuk", "America/Sao_Paulo",
    "America/Santiago", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut",
    "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide",
    "Australia/Lord_Howe", "Australia/Sydney", "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Auckland",
    "Pacific/Chatham",
)  # fmt: skip
SIX = (
    "America/New_York", "America/Chicago", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe",
    "America/Sao_Paulo",
)  # fmt: skip
OPEN = School(id="s", organization="o", name="Always open", zone="UTC", weekend=())
ANA = Person(id="ana", organization="o", handle="ana", name="Ana", role="teacher", school="s", zone="UTC", chat="on")
YEARS = (date(2026, 1, 1), date(2031, 1, 1))


def readings(day: date, minute: int, zone: str) -> list[datetime]:
    """Every instant at which a clock on the wall there shows that time, found by trying all offsets of these days."""
    there, wall = ZoneInfo(zone), datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    tries = {(wall - offset).replace(tzinfo=UTC) for offset in offsets(day, zone)}
    return sorted(at for at in tries if at.astimezone(there).replace(tzinfo=None) == wall)


@cache
def offsets(day: date, zone: str) -> frozenset[timedelta]:
    near = (datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12 * n) for n in range(-4, 5))
    return frozenset(at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for at in near)


def by_the_rule(at: datetime, day: date, minute: int, zone: str) -> bool:
    """The first reading; where there is none, the time on the wall with the offset before the change."""
    there = readings(day, minute, zone)
    if there:
        return at == there[0]
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    before = (at - timedelta(hours=6)).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return at == (wall - before).replace(tzinfo=UTC)


def changes(zone: str) -> list[date]:
    """The local days on which the clocks there change, within YEARS."""
    there = ZoneInfo(zone)
    days = [YEARS[0] + timedelta(days=n) for n in range((YEARS[1] - YEARS[0]).days)]
    midnights = [datetime.combine(day, datetime.min.time(), there).utcoffset() for day in [*days, YEARS[1]]]
    return [day for day, (before, after) in zip(days, pairwise(midnights), strict=True) if before != after]


@pytest.mark.req("TIME-2")
@settings(max_examples=50)
@given(
    zone=st.sampled_from(ANYWHERE),
    weekday=st.integers(0, 6),
    minute=st.integers(0, 24 * 60 - 10),
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001 - made aware below
)
def test_every_local_week_of_two_years_has_exactly_one(zone: str, weekday: int, minute: int, begins: datetime) -> None:
    person = replace(ANA, zone=zone, weekday=weekday, minute=minute)
    at, day = next_checkin(person, OPEN, begins.replace(tzinfo=UTC))
    assert at - begins.replace(tzinfo=UTC) <= timedelta(days=7, hours=2)
    for _ in range(104):
        assert by_the_rule(at, day, minute + shift("ana"), zone), (at, day)
        later, next_day = next_checkin(person, OPEN, at)
        assert next_day - day == timedelta(weeks=1)
        assert later > at
        at, day = later, next_day


@pytest.mark.req("TIME-2")
@pytest.mark.parametrize("zone", SIX)
def test_every_minute_around_every_change_of_clocks_keeps_to_the_rule(zone: str) -> None:
    found = changes(zone)
    assert len(found) == (0 if zone == "America/Sao_Paulo" else 10)
    for change in found or [date(2026, 2, 15)]:
        for day in (change - timedelta(days=1), change, change + timedelta(days=1)):
            for minute in range(24 * 60):
                assert by_the_rule(instant(day, minute, zone), day, minute, zone), (day, minute)


@pytest.mark.req("TIME-2")
@pytest.mark.parametrize("zone", SIX)
def test_every_week_of_five_years_has_one_at_every_hour_and_half_hour(zone: str) -> None:
    for weekday in range(7):
        for minute in range(0, 24 * 60 - 10, 30):
            person = replace(ANA, zone=zone, weekday=weekday, minute=minute)
            at, day = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=2), None
            weeks = set()
            while True:
                at, day = next_checkin(person, OPEN, at)
                if day >= YEARS[1]:
                    break
                weeks.add(day.isocalendar()[:2])
            assert len(weeks) in (261, 262)


@pytest.mark.req("TIME-2")
def test_a_missing_time_is_read_as_before_the_change_and_a_double_one_is_the_first() -> None:
    assert instant(date(2026, 3, 29), 90, "Europe/London") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), 90, "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    # Half an hour is skipped and repeated on Lord Howe Island.
    assert instant(date(2026, 10, 4), 135, "Australia/Lord_Howe") == datetime(2026, 10, 3, 15, 45, tzinfo=UTC)
    assert instant(date(2026, 4, 5), 105, "Australia/Lord_Howe") == datetime(2026, 4, 4, 14, 45, tzinfo=UTC)


@pytest.mark.req("TIME-2")
def test_a_year_ends_in_the_middle_of_a_week() -> None:
    person = replace(ANA, weekday=3, minute=15 * 60)
    days = []
    at = datetime(2026, 12, 20, tzinfo=UTC)
    for _ in range(4):
        at, day = next_checkin(person, OPEN, at)
        days.append(day.isoformat())
    assert days == ["2026-12-24", "2026-12-31", "2027-01-07", "2027-01-14"]
