"""A school's calendar, from cells, a table or a calendar file: every problem by its line, nothing without bounds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import closes_on, is_school_day
from bot.flows.coteach.reading import school_of
from bot.imports import Calendars, compare_schools, read_calendar, read_schools
from bot.imports.ics import BYTES, EVENTS
from bot.records import HalfDay, School, Term

HEAD = "school,zone,safeguarding contact,support contact,emergency number,crisis line"
LINE = "Lakeside,America/New_York,Ms Rivera,Mr Okafor,911,988"


def ics(*events: str) -> bytes:
    """A calendar of these events, the lines of each with ` | ` between them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split(" | "), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def school(calendar: bytes | None = None, more: str = "", cells: str = "") -> School:
    lines, _, problems = read_schools(f"{HEAD}{more}\n{LINE}{cells}\n".encode())
    assert problems == ()
    calendars, wrong = read_calendar(calendar, "America/New_York", ["Lakeside"]) if calendar else (Calendars(), ())
    assert wrong == ()
    (kept,) = compare_schools(lines, {}, "o", calendars).schools
    return kept


def problems(calendar: bytes) -> list[str]:
    return [str(one) for one in read_calendar(calendar, "America/New_York", ["Lakeside"])[1]]


def closed(kept: School) -> list[str]:
    return [one.day.isoformat() for one in kept.closed]


# ── Cells ──


def test_cells_name_terms_half_days_and_whose_public_holidays() -> None:
    more = ",terms,half days,country,subdivision"
    cells = ",2026-08-31..2026-12-18 Fall; 2027-01-04 to 2027-06-11 Spring,2026-11-25 12:00 Thanksgiving eve,us,ny"
    kept = school(None, more, cells)
    assert kept.terms[0] == Term(date(2026, 8, 31), date(2026, 12, 18), "Fall")
    assert kept.half_days == (HalfDay(date(2026, 11, 25), 720, "Thanksgiving eve"),)
    assert (kept.country, kept.subdivision) == ("US", "NY")
    assert closes_on(kept, date(2026, 11, 25)) == 720
    assert closes_on(kept, date(2026, 11, 24)) == 900
    days = [date(2026, 8, 28), date(2026, 8, 31), date(2026, 11, 26), date(2026, 12, 21), date(2027, 1, 4)]
    assert [is_school_day(kept, day) for day in days] == [False, True, False, False, True]
    assert (school_of(kept).country, school_of(kept).subdiv) == ("US", "NY")


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("terms", "fall", "line 2, terms: “fall” has no date I can read. Write 2026-08-31..2026-12-18 Fall."),
        ("terms", "2026-12-01..2026-08-01", "line 2, terms: “2026-12-01..2026-08-01” ends before it begins"),
        ("half days", "2026-11-25 eve", "line 2, half days: “eve”: when does it end? Write 12:00."),
        ("country", "Narnia", "line 2, country: “NARNIA” is no country whose holidays are known."),
        ("subdivision", "NY", "line 2, subdivision: “NY” is part of which country? Fill in that column too."),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_its_line(column: str, cell: str, told: str) -> None:
    found = read_schools(f"{HEAD},{column}\n{LINE},{cell}\n".encode())[2]
    assert len(found) == 1
    assert str(found[0]).startswith(told)


def test_a_part_of_a_country_that_nobody_knows_is_told() -> None:
    found = read_schools(f"{HEAD},country,state\n{LINE},US,Moon\n".encode())[2]
    assert [one.column for one in found] == ["subdivision"]


# ── A table ──


def test_a_table_adds_to_what_the_line_says() -> None:
    table = (
        b"date,until,kind,ends,name\n2026-08-31,2026-12-18,term,,Fall\n2026-11-26,2026-11-27,closed,,Thanksgiving\n"
        b"2026-11-25,,Half day,12:15,Thanksgiving eve\n"
    )
    kept = school(table, ",closed days", ",2026-10-12 Staff day")
    assert closed(kept) == ["2026-10-12", "2026-11-26", "2026-11-27"]
    assert kept.terms == (Term(date(2026, 8, 31), date(2026, 12, 18), "Fall"),)
    assert kept.half_days == (HalfDay(date(2026, 11, 25), 735, "Thanksgiving eve"),)


def test_a_line_of_a_table_may_be_for_one_school() -> None:
    table = b"school,date,kind\nLakeside,2026-11-26,closed\n,2026-11-27,closed\n"
    assert closed(school(table)) == ["2026-11-26", "2026-11-27"]
    assert problems(b"school,date,kind\nHilltop,2026-11-26,closed\n") == [
        "line 2, calendar school: “Hilltop” is not in the school file that comes with this calendar."
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-11-26,party,", "line 2, calendar kind: “party” is none of these: closed, half day, term."),
        ("26.11.2026,closed,", "line 2, calendar date: “26.11.2026” holds a date no calendar has."),
        ("2026-11-25,half day,noon", "line 2, calendar ends: “noon”: when does a half day end? Write 12:00."),
    ],
)
def test_a_line_of_a_table_that_cannot_be_read_is_told(line: str, told: str) -> None:
    (found,) = problems(f"date,kind,ends\n{line}\n".encode())
    assert found.startswith(told)


# ── A calendar file ──


def test_a_calendar_file_names_closed_days_half_days_and_terms_and_the_rest_is_left_alone() -> None:
    calendar = ics(
        "SUMMARY:Fall term | DTSTART;VALUE=DATE:20260831 | DTEND;VALUE=DATE:20261219",
        "SUMMARY:Winter break | DTSTART;VALUE=DATE:20261221 | DTEND;VALUE=DATE:20261224",
        "SUMMARY:Half-term holiday | DTSTART;VALUE=DATE:20261026 | DURATION:P2D",
        "SUMMARY:No school | DTSTART;VALUE=DATE:20261012",
        "SUMMARY:Early dismissal 12:15 | DTSTART;VALUE=DATE:20261125",
        "SUMMARY:Half day | DTSTART:20261218T170000Z | DTEND:20261218T180000Z",
        "SUMMARY:Picture day | DTSTART;VALUE=DATE:20261001",
        "SUMMARY:Term begins | DTSTART;VALUE=DATE:20260831",
        "SUMMARY:School closed | STATUS:CANCELLED | DTSTART;VALUE=DATE:20261002",
    )
    kept = school(calendar)
    days = ["2026-10-12", "2026-10-26", "2026-10-27", "2026-12-21", "2026-12-22", "2026-12-23"]
    assert closed(kept) == days
    assert kept.terms == (Term(date(2026, 8, 31), date(2026, 12, 18), "Fall term"),)
    assert [(half.day.day, half.closes) for half in kept.half_days] == [(25, 735), (18, 720)]
    unused = read_calendar(calendar, "America/New_York", [])[0].unused
    assert unused == ("Picture day", "Term begins", "School closed")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2026-10-02", "2026-10-09", "2026-10-16"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261030", ["2026-10-02", "2026-10-16", "2026-10-30"]),
        ("FREQ=WEEKLY;BYDAY=FR,MO;COUNT=3", ["2026-10-02", "2026-10-05", "2026-10-09"]),
        ("FREQ=DAILY;COUNT=2", ["2026-10-02", "2026-10-03"]),
        ("FREQ=MONTHLY;COUNT=2", ["2026-10-02", "2026-11-02"]),
        ("FREQ=YEARLY;COUNT=2", ["2026-10-02", "2027-10-02"]),
    ],
)
def test_a_repeat_is_read_day_by_day(rule: str, days: list[str]) -> None:
    assert closed(school(ics(f"SUMMARY:No school | DTSTART;VALUE=DATE:20261002 | RRULE:{rule}"))) == days


def test_a_date_that_a_repeat_leaves_out_is_left_out() -> None:
    event = "SUMMARY:No school | DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=WEEKLY;COUNT=2 | EXDATE;VALUE=DATE:20261009"
    assert closed(school(ics(event))) == ["2026-10-02"]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=HOURLY;COUNT=3", "repeats in a way I cannot read."),
        ("DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=SECONDLY", "repeats in a way I cannot read."),
        ("DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=MONTHLY;BYDAY=2MO", "repeats in a way I cannot read."),
        ("DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=DAILY", "repeats more than 500 times. Give it an end."),
        ("DTSTART;VALUE=DATE:20261002 | DTEND;VALUE=DATE:20291002", "ends before it begins, or lasts over a year."),
        ("UID:1", "has no day I can read. Give it a start."),
    ],
)
def test_an_event_that_cannot_be_taken_is_told_by_its_line(event: str, told: str) -> None:
    (found,) = problems(ics("SUMMARY:Picture day | DTSTART;VALUE=DATE:20261001", f"SUMMARY:No school | {event}"))
    assert found.startswith(f"line 7, calendar: “No school” {told}")


def test_a_calendar_file_has_bounds() -> None:
    assert problems(b"BEGIN:VCALENDAR\r\n" + b"X" * BYTES)[0].startswith("calendar: it is larger than 1 MiB.")
    many = ics(*["SUMMARY:A"] * (EVENTS + 1))
    assert problems(many)[0].startswith("calendar: it has 5,001 events.")
    days = ics(*["SUMMARY:No school | DTSTART;VALUE=DATE:20261002 | RRULE:FREQ=DAILY;COUNT=500"] * 11)
    assert problems(days) == ["calendar: it holds 5,500 days. 5,000 are the most."]
    assert problems(b"BEGIN:VCALENDAR\r\nnonsense") != []


PIECES = st.sampled_from(
    ["DTSTART:20261002", "DTSTART:0", "DTEND:20261001T000000Z", "DURATION:-P5D", "RRULE:FREQ=WEEKLY;COUNT=-1",
     "RRULE:FREQ=WEEKLY;INTERVAL=0;COUNT=2", "RRULE:FREQ=YEARLY;UNTIL=99991231", "RRULE:COUNT=1", "EXDATE:2026",
     "EXDATE;VALUE=DATE:20261002,20261003", "SUMMARY:No school 99:99", "SUMMARY:Half day 12:15", "STATUS:X",
     "DTSTART;TZID=Nowhere/Else:20261002T120000", "DTSTART;VALUE=DATE:00010101", "BEGIN:VALARM", "RRULE:X"]
)  # fmt: skip


@given(st.lists(st.lists(PIECES | st.text(max_size=20), max_size=5), max_size=4))
def test_whatever_a_calendar_file_holds_is_read_or_told(events: list[list[str]]) -> None:
    read_calendar(ics(*(" | ".join(["SUMMARY:No school", *event]) for event in events)), "America/New_York", [])
