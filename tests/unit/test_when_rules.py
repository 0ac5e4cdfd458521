"""The rules of what coaches type, each by a few lines that are none of the worked examples."""

from __future__ import annotations

from typing import Any

import pytest

from bot import when
from tests.unit.test_when import read, world

LONDON = {"now": "2026-10-21T09:05:00+01:00", "tz": "Europe/London", "locale": "en-GB", "at": "riverside"}
PACIFIC = {"now": "2026-10-29T16:30:00-07:00", "tz": "America/Los_Angeles", "at": "blockhigh"}
SPRING = {"now": "2027-03-10T08:00:00-05:00", "at": "none"}
HALF_HOUR = {"now": "2026-10-01T08:00:00+10:30", "tz": "Australia/Lord_Howe", "locale": "en-AU", "at": "none"}
HERE: dict[str, str] = {}


def slot(text: str, where: dict[str, str]) -> dict[str, Any]:
    found = read(text, **where)
    assert found["kind"] == "slot", found
    return found


@pytest.mark.parametrize(
    ("text", "where", "start", "minutes", "source"),
    [
        # rule 4: weekdays
        ("@ana tue 4pm", HERE, "2026-09-15T16:00:00-04:00", 45, "default"),
        ("@ana this thu 9am", HERE, "2026-09-17T09:00:00-04:00", 45, "default"),
        ("@ana next tue 9am", HERE, "2026-09-22T09:00:00-04:00", 45, "default"),
        ("@ana next week 9am thu", HERE, "2026-09-24T09:00:00-04:00", 45, "default"),
        ("@ana two weeks from fri 10am", HERE, "2026-10-02T10:00:00-04:00", 45, "default"),
        ("@ana fri week 9 p", HERE, "2026-09-25T21:00:00-04:00", 45, "default"),
        ("@ana in 90 minutes", HERE, "2026-09-15T15:50:00-04:00", 45, "default"),
        ("@ana in 3 days 14:05", HERE, "2026-09-18T14:05:00-04:00", 45, "default"),
        ("@ana in 2 weeks 10:15", LONDON, "2026-11-04T10:15:00+00:00", 45, "default"),
        # rule 5: dates
        ("@ana 22/9 9am", HERE, "2026-09-22T09:00:00-04:00", 45, "default"),
        ("@ana 11/5 9am", LONDON, "2027-05-11T09:00:00+01:00", 45, "default"),
        ("@ana the 22nd 9am", HERE, "2026-09-22T09:00:00-04:00", 45, "default"),
        ("@ana Sept 22, 2026, 10:15", HERE, "2026-09-22T10:15:00-04:00", 45, "default"),
        ("@ana 29 feb 9am", {"now": "2027-09-01T09:00:00-04:00"}, "2028-02-29T09:00:00-05:00", 45, "default"),
        ("@ana 10 sept 22", HERE, "2026-09-22T10:00:00-04:00", 45, "default"),
        # rule 7: clock
        ("@ana wed 1:30", HERE, "2026-09-16T13:30:00-04:00", 45, "default"),
        ("@ana wed 01:30", HERE, "2026-09-16T01:30:00-04:00", 45, "default"),
        ("@ana wed 0715", HERE, "2026-09-16T07:15:00-04:00", 45, "default"),
        ("@ana wed 13:05", HERE, "2026-09-16T13:05:00-04:00", 45, "default"),
        ("@ana wed 10h15", HERE, "2026-09-16T10:15:00-04:00", 45, "default"),
        ("@ana wed quarter to two", HERE, "2026-09-16T13:45:00-04:00", 45, "default"),
        ("@ana wed ten thirty", HERE, "2026-09-16T10:30:00-04:00", 45, "default"),
        ("@ana wed 9ish", HERE, "2026-09-16T09:00:00-04:00", 45, "default"),
        ("@ana thu half nine", LONDON, "2026-10-22T09:30:00+01:00", 45, "default"),
        # rule 8: ranges
        ("@ana wed 11:30-1", HERE, "2026-09-16T11:30:00-04:00", 90, "range"),
        ("@ana wed 2-3pm", HERE, "2026-09-16T14:00:00-04:00", 60, "range"),
        ("@ana wed 11-1pm", HERE, "2026-09-16T11:00:00-04:00", 120, "range"),
        ("@ana wed from 10 until 11:30", HERE, "2026-09-16T10:00:00-04:00", 90, "range"),
        ("@ana wed 10am, 45m, until 10:45", HERE, "2026-09-16T10:00:00-04:00", 45, "range"),
        # rule 9: durations
        ("@ana wed 10:15 1½ h", HERE, "2026-09-16T10:15:00-04:00", 90, "given"),
        ("@ana wed 10:15 an hour and a half", HERE, "2026-09-16T10:15:00-04:00", 90, "given"),
        ("@ana wed 10:15 PT1H5M", HERE, "2026-09-16T10:15:00-04:00", 65, "given"),
        ("@ana wed 10:15 50 launch", HERE, "2026-09-16T10:15:00-04:00", 50, "given"),
        ("@ana wed at 1 ¾ hour", HERE, "2026-09-16T13:00:00-04:00", 45, "given"),
        # rule 10: periods
        ("@ana thu P3 10:00", HERE, "2026-09-17T10:00:00-04:00", 50, "period"),
        ("@ana P3 30m thu", HERE, "2026-09-17T09:50:00-04:00", 30, "given"),
        ("@ana wed lunch", HERE, "2026-09-16T10:35:00-04:00", 30, "period"),
        ("@ana periods 2 and 3 thu", HERE, "2026-09-17T08:55:00-04:00", 105, "period"),
        ("@devi fri third block", PACIFIC, "2026-10-30T09:45:00-07:00", 40, "period"),
        ("@devi thu 3rd block", PACIFIC, "2026-11-05T12:05:00-08:00", 90, "period"),
        ("@ben tue week form time", LONDON, "2026-11-03T08:40:00+00:00", 20, "period"),
        # rule 12: clock changes
        ("@ana nov 1 12:30am 2h", PACIFIC, "2026-11-01T00:30:00-07:00", 120, "given"),
        ("@ana 14 mar 1:30am-3:30am", SPRING, "2027-03-14T01:30:00-05:00", 60, "range"),
        # rule 13: zones
        ("@ana wed 10am PT", HERE, "2026-09-16T13:00:00-04:00", 45, "default"),
        ("@ana wed 10am EST", HERE, "2026-09-16T10:00:00-04:00", 45, "default"),
        ("@ana CT wed 9-10", HERE, "2026-09-16T10:00:00-04:00", 60, "range"),
        # rule 14: spelling
        ("@ana thrusday 9am", HERE, "2026-09-17T09:00:00-04:00", 45, "default"),
        ("@ana tommorow 9am", HERE, "2026-09-16T09:00:00-04:00", 45, "default"),
        ("@ana ocotber 5 9am", HERE, "2026-10-05T09:00:00-04:00", 45, "default"),
    ],
)
def test_understands(text: str, where: dict[str, str], start: str, minutes: int, source: str) -> None:
    found = slot(text, where)
    assert (found["start"], found["duration_min"], found["duration_source"]) == (start, minutes, source)


@pytest.mark.parametrize(
    ("text", "where", "field", "choices"),
    [
        ("@ana next sun 9am", HERE, "date", ["2026-09-20T09:00:00-04:00", "2026-09-27T09:00:00-04:00"]),
        ("@ana thu 22nd 9am", HERE, "date", ["2026-09-22T09:00:00-04:00", "2026-09-24T09:00:00-04:00"]),
        ("@ana 4/5 9am", {"locale": "en-CA"}, "date", ["2027-04-05T09:00:00-04:00", "2027-05-04T09:00:00-04:00"]),
        ("@ana mon, wed 9am", HERE, "date", ["2026-09-16T09:00:00-04:00", "2026-09-21T09:00:00-04:00"]),
        ("@ana wed 5:30", HERE, "time", ["2026-09-16T05:30:00-04:00", "2026-09-16T17:30:00-04:00"]),
        ("@ana tue 6:30", HERE, "time", ["2026-09-15T18:30:00-04:00", "2026-09-22T06:30:00-04:00"]),
        ("@ana wed 10am or 2pm", HERE, "time", ["2026-09-16T10:00:00-04:00", "2026-09-16T14:00:00-04:00"]),
        ("@ana wed 10 45", HERE, "time", ["2026-09-16T10:00:00-04:00", "2026-09-16T10:45:00-04:00"]),
        ("@ana thu P3 or P4", HERE, "time", ["2026-09-17T09:50:00-04:00", "2026-09-17T10:45:00-04:00"]),
        ("@ana 14 mar 2:30am", SPRING, "time", ["2027-03-14T01:30:00-05:00", "2027-03-14T03:30:00-04:00"]),
        ("@ana 4 oct 2:15am", HALF_HOUR, "time", ["2026-10-04T01:45:00+10:30", "2026-10-04T02:45:00+11:00"]),
        ("@ben sun 1:15am", LONDON, "time", ["2026-10-25T01:15:00+00:00", "2026-10-25T01:15:00+01:00"]),
        ("<@U0ANA> @ben wed 9am", HERE, "teacher", ["U0ANA", "U0BEN"]),
        ("sam wed 9am", HERE, "teacher", ["U0SAML", "U0SAMO"]),
        ("@ana wed 10:15-11 30m", HERE, "duration", [30, 45]),
        ("@ana wed 10:15 30m 1h", HERE, "duration", [30, 60]),
        ("@ana nov 1 12:30am-1:30am", PACIFIC, "duration", [60, 120]),
        ("@ana wed 9am launch closure", HERE, "part", ["closure", "launch"]),
        ("@ana bi-weekly thu 9am", HERE, "repeat", ["every_2_weeks", "twice_a_week"]),
        ("@ana <!date^1790086500^{date}|x> thu", HERE, "date",
         ["2026-09-17T10:15:00-04:00", "2026-09-22T10:15:00-04:00"]),
    ],
)  # fmt: skip
def test_asks_where_one_thing_has_several_readings(
    text: str, where: dict[str, str], field: str, choices: list[str]
) -> None:
    found = read(text, **where)
    assert found["kind"] == "ask", found
    assert (found["field"], sorted(found["choices"])) == (field, sorted(choices))


@pytest.mark.parametrize(
    ("text", "where", "missing", "problems"),
    [
        ("@ana @zed wed 9am", HERE, ["teacher"], ["unknown_person"]),
        ("<#C123|math> wed 9am", HERE, ["teacher"], ["not_a_person"]),
        ("<!channel> wed 9am", HERE, ["teacher"], ["not_a_person"]),
        ("<!subteam^S1|@math> wed 9am", HERE, ["teacher"], ["not_a_person"]),
        ("<@U0COACH> wed 9am", HERE, ["teacher"], ["self"]),
        ("ana 9am wed", HERE, ["teacher"], []),
        ("may 4 9am", HERE, ["teacher"], []),
        ("@ana this mon 9am", HERE, ["date"], ["past"]),
        ("@ana yesterday 9am", HERE, ["date"], ["past"]),
        ("@ana today P3", HERE, ["date"], ["past"]),
        ("@ana 29 feb 9am", HERE, ["date"], ["bad_date"]),
        ("@ana 31/4 9am", LONDON, ["date"], ["bad_date"]),
        ("@ana wed 10:75", HERE, ["time"], ["bad_time"]),
        ("@ana wed 14am", HERE, ["time"], ["bad_time"]),
        ("@ana wed half 9", HERE, ["time"], []),
        ("@ana wed ten to eleven", HERE, ["time"], []),
        ("@ana wed 11-10", HERE, ["end"], ["end_before_start"]),
        ("@ana wed 2pm-1pm", HERE, ["end"], ["end_before_start"]),
        ("@ana wed 10:15 5h", HERE, ["duration"], ["bad_duration"]),
        ("@ana wed 10:15 3m", HERE, ["duration"], ["bad_duration"]),
        ("@ana wed 8-3", HERE, ["duration"], ["bad_duration"]),
        ("@ana P3", HERE, ["date"], []),
        ("@ana sat P3", HERE, ["time"], ["no_such_period"]),
        ("@ana thu P9", HERE, ["time"], ["no_such_period"]),
        ("@ana thu lunch", SPRING, ["time"], ["no_bell_schedule"]),
        ("@ana monthly thu 9am", HERE, ["repeat"], ["unsupported_repeat"]),
        ("@ana every second thu 9am", HERE, ["repeat"], ["unsupported_repeat"]),
        ("@ana every other day 9am", HERE, ["date", "repeat"], ["unsupported_repeat"]),
        ("@ana thu 9am for 6 weeks", HERE, ["repeat"], []),
        ("@ana every thu 9am until sept 31", HERE, ["repeat"], ["bad_date"]),
        ("@ana thu 3pm GMT", HERE, ["time"], []),
        ("@ana next thu 6:30", HERE, ["date", "time"], []),
        ("@ana @ben next thu 9am", HERE, ["date", "teacher"], []),
        # What looks like a day or a time and was not understood is never passed over.
        ("@ana tursday 9am", HERE, ["date"], []),
        ("@ana wed 9am tommorrow", HERE, ["date"], []),
        ("@ana sept 22-24 9am", HERE, ["date"], []),
        ("@ana sept 22 or 25 10am", HERE, ["duration"], []),
        ("@ana wed 10:15 20 students", HERE, ["duration"], []),
        ("@ana wed after lunch", HERE, ["time"], []),
        ("@ana not wed 9am", HERE, ["date"], []),
        ("@ana 1st monday in october 9am", HERE, ["date"], []),
        ("@ana tue 22", HERE, ["time"], []),
        ("@ana wed 9am every student talks", HERE, ["repeat"], []),
    ],
)
def test_opens_the_form_for_what_is_missing_or_unusable(
    text: str, where: dict[str, str], missing: list[str], problems: list[str]
) -> None:
    found = read(text, **where)
    assert found["kind"] == "form", found
    assert (found["missing"], found["problems"]) == (missing, problems)


@pytest.mark.parametrize(
    ("text", "interval", "byday", "count", "until", "first"),
    [
        ("@ana every tue and thu 9am", 1, ["TU", "TH"], None, None, "2026-09-17"),
        ("@ana thursdays 10am x4", 1, ["TH"], 4, None, "2026-09-17"),
        ("@ana weekly on mon 9am until dec 18", 1, ["MO"], None, "2026-12-18", "2026-09-21"),
        ("@ana fortnightly fri 1pm starting oct 9", 2, ["FR"], None, None, "2026-10-09"),
        ("@ana every other thu 9am for 6 weeks", 2, ["TH"], 3, None, "2026-09-17"),
        ("@ana every day 9am", 1, ["MO", "TU", "WE", "TH", "FR"], None, None, "2026-09-16"),
        ("@ana every 3 weeks on wed 10:15", 3, ["WE"], None, None, "2026-09-16"),
        ("@ana every tue 9am starting sept 23", 1, ["TU"], None, None, "2026-09-29"),
        ("@ana every tue and thu 9am for 4 weeks", 1, ["TU", "TH"], 8, None, "2026-09-17"),
        ("@ana every thu 10 until 11 until dec 17", 1, ["TH"], None, "2026-12-17", "2026-09-17"),
    ],
)
def test_repeats(text: str, interval: int, byday: list[str], count: int | None, until: str | None, first: str) -> None:
    found = slot(text, HERE)
    assert found["repeat"] == {
        "freq": "WEEKLY", "interval": interval, "byday": byday, "count": count, "until": until,
    }  # fmt: skip
    assert found["start"][:10] == first


def test_a_repeat_keeps_its_wall_time_across_the_clock_change() -> None:
    found = slot("@ana every other thu 9:00 x3", {"now": "2026-10-14T12:00:00-04:00"})
    assert found["occurrences"] == [
        "2026-10-15T09:00:00-04:00", "2026-10-29T09:00:00-04:00", "2026-11-12T09:00:00-05:00",
    ]  # fmt: skip


def test_a_repeat_moves_along_when_another_zone_makes_it_the_next_day() -> None:
    found = slot("@ana every tue 9:30pm PT", HERE)
    assert (found["start"], found["repeat"]["byday"]) == ("2026-09-16T00:30:00-04:00", ["WE"])


def test_the_last_day_of_a_repeat_is_in_it() -> None:
    found = slot("@ana every thu 9am until oct 1", HERE)
    assert [one[:10] for one in found["occurrences"]] == ["2026-09-17", "2026-09-24", "2026-10-01"]


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("@ana wed 9am “Who talks, on Friday at 2?”", "Who talks, on Friday at 2?"),
        ("@ana wed 9am focus on tuesday's launch at 10", "tuesday's launch at 10"),
        ("@ana wed 9am FOCUS = Why is ½ bigger than ¼ – and who says so", "Why is ½ bigger than ¼ – and who says so"),
        ("@ana wed 9am focus: is 3 &lt; 4 &amp; why", "is 3 < 4 & why"),
        ("@ana wed 9am focus:", None),
        ("@ana wed 9am '<b>why</b> <i>halves</i>?'", "<b>why</b> <i>halves</i>?"),
        ('<p>@ana <b>wed</b> 9am</p> "see https://x.org/a, then ask"', "see https://x.org/a, then ask"),
    ],
)
def test_keeps_the_focus_as_it_was_said(text: str, focus: str | None) -> None:
    found = slot(text, HERE)
    assert (found["focus"], found["start"]) == (focus, "2026-09-16T09:00:00-04:00")


@pytest.mark.parametrize(
    ("text", "teacher"),
    [
        ("<@U0BEN|ben> wed 9am", "U0BEN"),
        ("<at>May Lin</at>&nbsp;wed 9am", "U0MAY"),
        ('<at id="U0MAY">Somebody else</at> wed 9am', "U0MAY"),
        ('<at id="29:nobody">May Lin</at> wed 9am', "U0MAY"),
        ("wed 9am @Sam Lee", "U0SAML"),
        ("@sam.ortiz wed 9am", "U0SAMO"),
        ("Carla wed 9am", "U0CARLA"),
        ("Sam Lee wed 9am", "U0SAML"),
        ("may wed 9am", "U0MAY"),
        ("@may may 4 9am", "U0MAY"),
    ],
)
def test_knows_whom_the_line_means(text: str, teacher: str) -> None:
    assert slot(text, HERE)["teacher"] == teacher


def test_a_mention_may_carry_another_id_of_the_person() -> None:
    ana = when.Person(id="p-1", handle="ana", name="Ána Ruiz", mentions=("U777", "29:xyz"))
    there = when.World(people=(ana,), self="p-9", school=when.School())
    for text in ("<@U777> wed 9am", "<@29:xyz> wed 9am", "<@p-1> wed 9am", "@Ana Ruiz wed 9am"):
        assert read(text, at=there)["teacher"] == "p-1"
    assert read("<@U778|ana> wed 9am", at=there)["problems"] == ["unknown_person"]


@pytest.mark.parametrize(
    ("text", "part", "mode"),
    [
        ("@ana wed 9am Main Lesson modelling", "main", "model"),
        ("@ana wed 9am menu options taking turns", "menu", "take_turns"),
        ("@ana wed 9am whole block extra eyes", "whole", "eyes_ears"),
        ("@ana wed 9am lanch", "launch", None),
        ("@ana wed 9am closure, eyes &amp; ears", "closure", "eyes_ears"),
    ],
)
def test_knows_parts_and_roles(text: str, part: str, mode: str | None) -> None:
    found = slot(text, HERE)
    assert (found["part"], found["mode"]) == (part, mode)


@pytest.mark.parametrize(
    ("text", "where", "warnings"),
    [
        ("@ana sun 6:30am", HERE, ["outside_hours", "weekend"]),
        ("@ana 27 nov 16:45", HERE, ["holiday", "outside_hours"]),
        ("@ana wed 11:30pm 1h", HERE, ["outside_hours"]),
        ("@ana wed 16:15", HERE, []),
    ],
)
def test_a_warning_is_shown_and_never_refuses(text: str, where: dict[str, str], warnings: list[str]) -> None:
    assert slot(text, where)["warnings"] == warnings


@pytest.mark.parametrize(
    ("text", "name"),
    [("?", "help"), ("HELP me", "help"), ("cancel tue", "cancel"), ("undo", "undo"), ("list,", "list")],
)
def test_a_reserved_first_word_is_a_command(text: str, name: str) -> None:
    assert read(text) == {"kind": "command", "name": name}


def test_words_it_does_not_know_become_a_note() -> None:
    found = slot("@ana wed 9am please bring the Chart Paper to room 12, 3rd grade", HERE)
    assert found["note"] == "bring Chart Paper room 12 3rd grade"


@pytest.mark.parametrize(
    "counted",
    ["ch 7-8", "pp. 12-14", "quarter 2 data", "ext. 1430", "3x4 arrays", "match 5 cards", "group of 4"],
)
def test_what_a_number_counts_is_no_time(counted: str) -> None:
    assert slot(f"@ana wed 9am 30m {counted}", HERE)["start"].endswith("T09:00:00-04:00")
    assert read(f"@ana wed {counted}", **HERE)["missing"] == ["time"]


def test_an_ask_keeps_what_else_was_understood() -> None:
    found = read("@sam every thu 10-11 launch model", at=world())
    assert found["kind"] == "ask"
    assert (found["date"], found["time"], found["duration_min"]) == ("2026-09-17", "10:00", 60)
    assert (found["part"], found["mode"], found["repeat"]["byday"]) == ("launch", "model", ["TH"])


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [("@ana wed 9am PT", "09:00 Pacific time"), ("@ana wed 9am eastern time", None), ("@ana wed 9am", None)],
)
def test_a_time_of_another_zone_is_told_as_it_was_typed(text: str, elsewhere: str | None) -> None:
    assert read(text)["elsewhere"] == elsewhere
