"""Bells: which blocks meet on a day, how they are entered, and which visits a change touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import when
from bot.cadence import bells_on, instant, turn_of
from bot.calendars.schedules import touched
from bot.flows.coteach.reading import school_of
from bot.imports import NO_CALENDAR, compare_schools, read_bells, read_calendar, read_schools
from bot.imports.bells import day_named, days_named, rotation_of, typed, written
from bot.imports.ics import turn_named
from bot.records import ClosedDay, HalfDay, Repeat, School, Slot
from bot.ringing import BellDay, Bells, Period, Rung

ZONE = "America/New_York"
NOW = datetime(2026, 10, 13, 13, tzinfo=UTC)


def day(name: str, *starts: int) -> BellDay:
    """Blocks of fifty minutes that begin at these minutes."""
    return BellDay(name, tuple(Period(str(n), str(n), at, at + 50) for n, at in enumerate(starts, 1)))


def school(bells: Bells, **more: object) -> School:
    return replace(School(id="s", organization="o", name="Lincoln", zone=ZONE, bells=bells), **more)


def starts(of: School, on: str) -> list[int]:
    return [one.start for one in bells_on(of, date.fromisoformat(on))]


WEEK = Bells(days=(day("MO", 480, 540), day("TU", 500), day("EARLY RELEASE".lower(), 485, 515)))
TURNS = Bells(
    days=(day("A", 480, 540), day("B", 490, 550), day("MO", 600)), rotation=("A", "B"), since=date(2026, 8, 31)
)


def test_a_weekday_has_its_own_bells_and_a_weekend_has_none() -> None:
    assert starts(school(WEEK), "2026-10-12") == [480, 540]
    assert starts(school(WEEK), "2026-10-13") == [500]
    assert starts(school(WEEK), "2026-10-14") == []
    assert starts(school(WEEK), "2026-10-17") == []


def test_a_half_day_has_the_bells_of_early_release_else_what_has_ended_by_then() -> None:
    half = (HalfDay(date(2026, 10, 12), 12 * 60),)
    assert starts(school(WEEK, half_days=half), "2026-10-12") == [485, 515]
    without = Bells(days=(day("MO", 480, 540, 690),))
    assert starts(school(without, half_days=half), "2026-10-12") == [480, 540]


def test_a_rotation_goes_on_by_school_days_and_a_closed_day_takes_no_turn() -> None:
    one = school(TURNS, closed=(ClosedDay(date(2026, 9, 2), "Fair"),))
    turns = [turn_of(one, date(2026, 8, 31) + timedelta(days=n)) for n in range(9)]
    assert turns == ["A", "B", "", "A", "B", "", "", "A", "B"]
    assert starts(one, "2026-08-31") == [480, 540]  # whose turn it is goes before the weekday
    assert turn_of(one, date(2026, 8, 28)) == ""


def test_a_rotation_by_week_has_a_weekdays_own_bells_within_it() -> None:
    weeks = Bells(
        days=(day("A", 480), day("B MO", 700), day("B", 490)), rotation=("A", "B"), since=date(2026, 9, 2), weekly=True
    )
    one = school(weeks)
    assert [starts(one, f"2026-09-{n:02}") for n in (3, 4, 7, 8, 14)] == [[480], [480], [700], [490], [480]]


def test_a_date_of_its_own_goes_before_everything() -> None:
    named = replace(TURNS, dated=(Rung(date(2026, 9, 1), "A"), Rung(date(2026, 9, 4), "MO")))
    assert starts(school(named), "2026-09-01") == [480, 540]
    assert starts(school(named), "2026-09-04") == [600]


# ── the grammar ──


def read(line: str, of: School, now: datetime = NOW) -> when.Result:
    people = (when.Person(id="sam", handle="sam", name="Sam"), when.Person(id="ana", handle="ana", name="Ana"))
    world = when.World(people=people, self="sam", school=school_of(of))
    return when.parse(line, now=now, tz=ZONE, locale="en-US", world=world)


def test_block_three_on_thursday_is_read_by_whose_turn_that_thursday_is() -> None:
    turns = Bells(
        days=(day("A", 480, 540, 600), day("B", 490, 550, 610)), rotation=("A", "B"), since=date(2026, 10, 12)
    )
    fair = (ClosedDay(date(2026, 10, 19), "Fair"),)
    for on, closed, minute in ((13, (), 610), (20, (), 600), (20, fair, 610)):
        now = datetime(2026, 10, on, 13, tzinfo=UTC)
        found = read("@ana block 3 thu", school(turns, closed=closed), now)
        assert isinstance(found, when.Slot), found
        wall = found.start
        assert (wall.hour * 60 + wall.minute, found.period, found.duration_min) == (minute, "3", 50)


def test_block_three_on_thursday_differs_between_two_thursdays_of_a_rotation_of_three() -> None:
    turns = Bells(
        days=(day("1", 480, 540, 600), day("2", 490, 550, 610), day("3", 500, 560)),
        rotation=("1", "2", "3"), since=date(2026, 10, 12),
    )  # fmt: skip
    of = school(turns)
    first, second = read("@ana block 3 thu", of), read("@ana block 3 oct 23", of)
    assert isinstance(first, when.Slot)
    assert isinstance(second, when.Slot)
    assert [turn_of(of, one.start.date()) for one in (first, second)] == ["1", "1"]
    missing = read("@ana block 3 wed", of)
    assert isinstance(missing, when.Form)
    assert missing.problems == ("no_such_period",)


def test_a_closed_day_is_a_warning_and_no_refusal() -> None:
    of = school(WEEK, closed=(ClosedDay(date(2026, 10, 19), "Fair"),))
    found = read("@ana p2 mon", of)
    assert isinstance(found, when.Slot)
    assert found.warnings == ("holiday",)
    assert found.start == instant(date(2026, 10, 19), 540, ZONE)


def test_a_school_without_bells_says_so() -> None:
    found = read("@ana p2 mon", school(Bells()))
    assert isinstance(found, when.Form)
    assert found.problems == ("no_bell_schedule",)


# ── entering them ──


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Mon-Fri", ("MO", "TU", "WE", "TH", "FR")),
        ("Fri - Mon", ("FR", "SA", "SU", "MO")),
        ("tuesday, Thurs", ("TU", "TH")),
        ("Day 3", ("3",)),
        ("A day & B-Day", ("A", "B")),
        ("Early Release", ("early release",)),
        ("Week A Mon", ("A MO",)),
        ("assembly", ("ASSEMBLY",)),
    ],
)
def test_days_are_named_as_schools_name_them(words: str, names: tuple[str, ...]) -> None:
    assert days_named(words) == names


def test_a_turn_is_found_in_the_names_of_events() -> None:
    names = ("A Day", "Day 3", "day 3 of 6", "B-day", "Week B", "May Day", "Day of Peace", "Picture day", "")
    assert [turn_named(name) for name in names] == ["A", "3", "3", "B", "B", "", "", "", ""]
    assert day_named("M") == "M"


def test_a_rotation_is_typed_with_its_first_day() -> None:
    told: list[str] = []

    def tell(column: str, what: str) -> None:
        told.append(what)

    found = rotation_of("Day 1, Day 2; Day 3 from 2026-08-31", tell)
    assert found is not None
    assert (found.names, found.since, found.weekly) == (("1", "2", "3"), date(2026, 8, 31), False)
    weekly = rotation_of("Week A and Week B weekly from 2026-08-31", tell)
    assert weekly is not None
    assert (weekly.names, weekly.weekly) == (("A", "B"), True)
    assert not told
    for wrong in (
        "A, B",
        "A from 2026-08-31",
        "A, A from 2026-08-31",
        "Mon, Tue from 2026-08-31",
        "A, B from 2026-13-01",
    ):
        assert rotation_of(wrong, tell) is None
    assert len(told) == 5


BELLS = b"""Day,Block,Name,From,To
Mon-Fri,1,,08:00,08:50
Mon-Fri,3,Block 3,10:15,11:05
Early release,1,,8:00,8:30
A Day,L,Lunch,11:30 am,12:00 pm
"""
SCHOOLS = (
    b"school,zone,rotation,safeguarding contact,support contact,emergency number,crisis line\n"
    b'Lincoln,America/New_York,"A, B from 2026-08-31",Ms Idris,Mr Otieno,911,988\n'
)


def test_bells_come_from_a_table_with_every_problem_by_its_line() -> None:
    days, problems = read_bells(BELLS, {"lincoln"})
    assert not problems
    assert [one.name for one in days[""]] == ["MO", "TU", "WE", "TH", "FR", "A", "early release"]
    assert days[""][0].periods == (Period("1", "1", 480, 530), Period("3", "Block 3", 615, 665))
    wrong = b"Day,Block,From,To,School\n,1,8:00,9:00,\nMon,,8:00,9:00,\nMon,1,noon,9:00,\nMon,1,9:00,8:00,Moon\n"
    _, problems = read_bells(wrong, {"lincoln"})
    assert [(one.line, one.column) for one in problems] == [
        (2, "bells day"), (3, "bells block"), (4, "bells from"), (5, "bells school"), (5, "bells to"),
    ]  # fmt: skip
    _, twice = read_bells(b"Day,Block,From,To\nMon,1,8:00,9:00\nMon-Tue,1,9:00,10:00\n", set())
    assert "twice" in str(twice[0])


def test_bells_rotation_and_the_days_of_a_calendar_meet_in_one_school() -> None:
    lines, _, problems = read_schools(SCHOOLS)
    assert not problems
    days, _ = read_bells(BELLS, {"lincoln"})
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260902\r\nSUMMARY:B Day\r\nEND:VEVENT\r\n"
    ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n".encode()
    calendars, wrong = read_calendar(ics, ZONE, ["Lincoln"])
    assert not wrong
    changes = compare_schools(lines, {}, "o", calendars, days)
    bells = changes.schools[0].bells
    assert (bells.rotation, bells.since) == (("A", "B"), date(2026, 8, 31))
    assert bells.dated == (Rung(date(2026, 9, 2), "B"),)
    assert bells.days == days[""]
    # What a later file says nothing of stays.
    again = compare_schools(lines, {"lincoln": changes.schools[0]}, "o", NO_CALENDAR)
    assert again.empty


def test_bells_are_typed_and_written_the_same() -> None:
    text = "MO, TU: 1 08:00-08:50, 3 Block three 10:15-11:05\nA: L Lunch 11:30-12:00\nrotation: A, B from 2026-08-31"
    bells, problems = typed(text)
    assert not problems
    assert written(bells) == text
    assert typed(written(bells))[0] == bells
    _, wrong = typed("Mon 1 08:00\nMon: lunch\nMon: 1 9:00-8:00\nrotation: A")
    assert [one.line for one in wrong] == [1, 2, 3, 4]


@given(st.text(max_size=200))
def test_any_text_typed_as_bells_gives_bells_or_problems(text: str) -> None:
    bells, problems = typed(text)
    assert problems or typed(written(bells))[0].days == bells.days


# ── what a change touches ──


def slot(on: int, minute: int, minutes: int = 45, **more: object) -> Slot:
    one = Slot(
        id=f"{on}-{minute}", organization="o", thread="t", coach="c", teacher="t", proposer="c", minutes=minutes,
        start=instant(date(2026, 10, on), minute, ZONE), status="confirmed",
    )  # fmt: skip
    return replace(one, **more)


def test_a_change_names_the_visits_it_touches_and_where_their_block_is_now() -> None:
    old = school(Bells(days=(day("MO", 480, 540), day("TU", 480, 540), day("WE", 480))))
    new = school(
        Bells(days=(day("MO", 480, 555), day("TU", 480))), closed=(ClosedDay(date(2026, 10, 21), "Fair"),), closes=780
    )
    slots = [slot(19, 545), slot(19, 480), slot(20, 540), slot(21, 480), slot(22, 800), slot(12, 545), slot(22, 600)]
    found = touched(old, new, slots, NOW)
    assert [(one.slot.id, one.why, one.block) for one in found] == [
        ("19-545", "moved", "2"), ("20-540", "gone", "2"), ("21-480", "closed", ""), ("22-800", "outside", ""),
    ]  # fmt: skip
    assert found[0].to == slots[0].start + timedelta(minutes=15)
    assert touched(old, old, slots, NOW) == ()


def test_of_a_series_the_first_visit_that_is_touched_is_named() -> None:
    old = school(Bells(days=(day("TU", 480),)))
    new = replace(old, closed=(ClosedDay(date(2026, 11, 3), "Vote"),))
    series = slot(20, 480, repeat=Repeat(zone=ZONE, minute=480, byday=("TU",), times=5))
    (found,) = touched(old, new, [series], NOW)
    assert found.start == instant(date(2026, 11, 3), 480, ZONE)
