"""When the next check-in falls, and who may be written to unasked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.cadence import (
    CODES,
    EARLIEST,
    LATEST,
    Lately,
    after_school,
    checkin_at,
    instant,
    is_quiet,
    is_school_day,
    may_contact,
    next_checkin,
    next_open,
    next_school_day,
    overlaps,
    shift,
    weeks_until_next,
)
from bot.records import ClosedDay, HalfDay, Person, School

ZONE = "America/New_York"
SCHOOL = School(id="s", organization="o", name="Lincoln", zone=ZONE, closed=(ClosedDay(date(2026, 11, 26), "Holiday"),))
ANA = Person(id="ana", organization="o", handle="ana", name="Ana", role="teacher", school="s", zone=ZONE, chat="on")
SAM = replace(ANA, id="sam", handle="sam", name="Sam", role="coach", chat="new")
ZONES = st.sampled_from([ZONE, "Europe/London", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Apia", "UTC"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of October 2026 on the school's wall; the 13th is a Tuesday."""
    return datetime(2026, 10, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def test_a_wall_time_is_an_instant() -> None:
    assert instant(date(2026, 10, 15), 15 * 60 + 20, ZONE) == datetime(2026, 10, 15, 19, 20, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_read_as_before_the_change_and_one_that_comes_twice_is_the_first() -> None:
    assert instant(date(2026, 3, 8), 2 * 60 + 30, ZONE) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert instant(date(2026, 11, 1), 60 + 30, ZONE) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(("closes", "minute"), [(900, 920), (1070, 1070), (1200, 1070), (300, 420)])
def test_the_usual_minute_is_twenty_past_school_while_people_may_be_written_to(closes: int, minute: int) -> None:
    assert after_school(replace(SCHOOL, closes=closes)) == minute


def test_a_school_spreads_out_over_minutes_that_stay_the_same() -> None:
    shifts = {shift(f"person-{n}") for n in range(200)}
    assert shifts == set(range(10))
    assert shift("person-1") == shift("person-1")


def test_a_school_day_is_neither_a_weekend_nor_closed() -> None:
    assert [is_school_day(SCHOOL, date(2026, 11, day)) for day in (25, 26, 27, 28)] == [True, False, True, False]
    assert next_school_day(SCHOOL, date(2026, 11, 25)) == date(2026, 11, 27)
    assert next_school_day(SCHOOL, date(2026, 11, 27)) == date(2026, 11, 30)


def test_a_school_that_never_opens_still_has_a_tomorrow() -> None:
    never = replace(SCHOOL, weekend=CODES)
    assert next_school_day(never, date(2026, 10, 13)) == date(2026, 10, 14)
    assert next_checkin(ANA, never, wall(13, 9))[1] == date(2026, 10, 15)


def test_the_next_check_in_is_on_the_chosen_day_and_after_now() -> None:
    assert next_checkin(ANA, SCHOOL, wall(13, 9)) == (wall(15, 15, 20 + shift("ana")), date(2026, 10, 15))
    assert next_checkin(ANA, SCHOOL, wall(15, 15, 20 + shift("ana")))[1] == date(2026, 10, 22)


def test_a_closed_day_and_a_quiet_one_move_the_check_in_by_whole_weeks() -> None:
    assert next_checkin(ANA, SCHOOL, datetime(2026, 11, 24, tzinfo=UTC))[1] == date(2026, 12, 3)
    away = replace(ANA, quiet_until=date(2026, 10, 15))
    assert next_checkin(away, SCHOOL, wall(13, 9))[1] == date(2026, 10, 22)


@given(at=MOMENTS, weekday=st.integers(0, 4), minute=st.integers(EARLIEST, LATEST - 10), zone=ZONES)
def test_a_check_in_keeps_its_hour_on_the_wall_through_every_change_of_clocks(
    at: datetime, weekday: int, minute: int, zone: str
) -> None:
    person = replace(ANA, weekday=weekday, minute=minute, zone=zone)
    moment, day = next_checkin(person, SCHOOL, at)
    seen = moment.astimezone(ZoneInfo(zone))
    assert moment > at
    assert (seen.date(), seen.hour * 60 + seen.minute) == (day, minute + shift("ana"))
    assert day.weekday() == weekday
    assert is_school_day(SCHOOL, day)
    assert may_contact(person, SCHOOL, moment, Lately())


@pytest.mark.parametrize("chat", ["new", "asked", "declined", "stopped"])
def test_nobody_is_written_to_unasked_without_a_yes(chat: str) -> None:
    assert not may_contact(replace(ANA, chat=chat), SCHOOL, wall(13, 10), Lately())


def test_a_coach_needs_no_first_meeting_and_a_stop_is_a_stop() -> None:
    assert may_contact(SAM, SCHOOL, wall(13, 10), Lately())
    assert not may_contact(replace(SAM, chat="stopped"), SCHOOL, wall(13, 10), Lately())
    assert not may_contact(SAM, SCHOOL, wall(13, 19), Lately())


@pytest.mark.parametrize(
    ("day", "hour", "minute", "open_"),
    [(13, 6, 59, False), (13, 7, 0, True), (13, 17, 59, True), (13, 18, 0, False), (17, 10, 0, False)],
)
def test_messages_are_open_on_school_days_from_seven_to_six(day: int, hour: int, minute: int, open_: bool) -> None:
    assert may_contact(ANA, SCHOOL, wall(day, hour, minute), Lately()) is open_


def test_a_fourth_message_within_seven_days_of_their_calendar_waits() -> None:
    three = Lately(unasked=(wall(7, 9), wall(8, 15), wall(12, 15)))
    assert not may_contact(ANA, SCHOOL, wall(13, 10), three)
    assert may_contact(ANA, SCHOOL, wall(14, 7), three)
    assert may_contact(ANA, SCHOOL, wall(13, 10), Lately(unasked=three.unasked[1:]))


def test_rest_is_rest() -> None:
    assert not may_contact(ANA, SCHOOL, wall(13, 10), Lately(resting=True))
    assert [weeks_until_next(n) for n in range(5)] == [1, 1, 2, 2, 2]


def test_every_other_week_is_two_weeks_later_however_late_it_is() -> None:
    assert next_checkin(ANA, SCHOOL, wall(15, 15, 30), weeks=2)[1] == date(2026, 10, 29)
    assert next_checkin(ANA, SCHOOL, wall(15, 15, 20), weeks=2)[1] == date(2026, 10, 29)
    assert next_checkin(ANA, SCHOOL, wall(16, 9), weeks=2)[1] == date(2026, 10, 29)


@pytest.mark.parametrize(
    ("minute", "half", "then"), [(920, 720, 740), (720, 720, 720), (1000, 430, 530), (910, 420, 430)]
)
def test_a_half_day_moves_what_comes_after_school(minute: int, half: int, then: int) -> None:
    school = replace(SCHOOL, half_days=(HalfDay(date(2026, 10, 15), half),))
    ana = replace(ANA, minute=minute)
    assert checkin_at(ana, school, date(2026, 10, 15)) == wall(15, 0) + timedelta(minutes=then + shift("ana"))
    assert checkin_at(ana, school, date(2026, 10, 22)) == wall(22, 0) + timedelta(minutes=minute + shift("ana"))


def test_quiet_ends_after_its_last_day() -> None:
    away = replace(ANA, quiet_until=date(2026, 10, 13))
    assert is_quiet(away, date(2026, 10, 13))
    assert not may_contact(away, SCHOOL, wall(13, 10), Lately())
    assert may_contact(away, SCHOOL, wall(14, 10), Lately())


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (wall(13, 10), wall(13, 10)),
        (wall(13, 5), wall(13, 7)),
        (wall(13, 19), wall(14, 7)),
        (wall(16, 18), wall(19, 7)),
        (wall(17, 12), wall(19, 7)),
    ],
)
def test_the_next_open_moment_is_now_or_the_morning_of_a_school_day(now: datetime, then: datetime) -> None:
    assert next_open(ANA, SCHOOL, now) == then


@given(at=MOMENTS, zone=ZONES, quiet=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_at_the_next_open_moment_a_person_may_be_written_to(at: datetime, zone: str, quiet: date | None) -> None:
    person = replace(ANA, zone=zone, quiet_until=quiet)
    moment = next_open(person, SCHOOL, at)
    assert moment >= at
    assert may_contact(person, SCHOOL, moment, Lately())


def test_intervals_that_touch_do_not_overlap() -> None:
    ten, hour = wall(13, 10), timedelta(hours=1)
    assert not overlaps(ten, ten + hour, ten + hour, ten + 2 * hour)
    assert overlaps(ten, ten + hour, ten + hour / 2, ten + 2 * hour)
