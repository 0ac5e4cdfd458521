"""Dates, times and names as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.spoken import at_time, both_zones, clock, listing, long_date, place, stretch, weekdays
from bot.words import Lines

EN, ES = Lines.load("en"), Lines.load("es")

# 10:15 in New York, the week before Europe and after it.
AUTUMN = datetime(2026, 10, 27, 14, 15, tzinfo=UTC)
SUMMER = datetime(2026, 9, 22, 14, 15, tzinfo=UTC)


def test_a_date_carries_its_weekday() -> None:
    assert long_date(date(2026, 10, 20), EN) == "Tuesday 20 October"
    assert long_date(date(2027, 1, 1), EN) == "Friday 1 January"


@pytest.mark.parametrize(("minute", "read"), [(0, "00:00"), (7 * 60 + 5, "07:05"), (15 * 60 + 20, "15:20")])
def test_minutes_after_midnight_are_read_on_a_clock(minute: int, read: str) -> None:
    assert clock(minute) == read


def test_a_time_is_the_readers_own() -> None:
    assert at_time(SUMMER, "America/New_York", EN) == "Tuesday 22 September, 10:15"
    assert at_time(SUMMER, "Asia/Tokyo", EN) == "Tuesday 22 September, 23:15"
    assert at_time(SUMMER, "Pacific/Auckland", EN) == "Wednesday 23 September, 02:15"


def test_a_visit_says_when_it_ends() -> None:
    assert stretch(SUMMER, 45, "America/New_York", EN) == "Tuesday 22 September, 10:15 to 11:00"


def test_minutes_pass_also_when_the_clock_changes() -> None:
    before_the_change = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert stretch(before_the_change, 60, "America/New_York", EN) == "Sunday 1 November, 01:30 to 01:30"


def test_two_zones_are_said_only_where_the_walls_differ() -> None:
    assert both_zones(SUMMER, 45, "America/New_York", "America/Detroit", EN) == stretch(
        SUMMER, 45, "America/New_York", EN
    )
    assert both_zones(AUTUMN, 45, "America/New_York", "Europe/London", EN) == (
        "Tuesday 27 October, 10:15 to 11:00 New York time (Tuesday 27 October, 14:15 to 15:00 London time)"
    )


def test_a_zone_is_called_by_its_place() -> None:
    assert place("America/Argentina/Buenos_Aires", EN) == "Buenos Aires time"
    assert place("UTC", EN) == "UTC time"
    assert place("America/New_York", Lines.load("es")) == "hora de Nueva York"


@pytest.mark.parametrize(
    ("names", "read"),
    [((), ""), (("Ana",), "Ana"), (("Ana", "Ben"), "Ana and Ben"), (("Ana", "Ben", "Devi"), "Ana, Ben and Devi")],
)
def test_names_are_listed_as_they_are_said(names: tuple[str, ...], read: str) -> None:
    assert listing(names, EN) == read


def test_dates_and_lists_are_read_in_the_readers_language() -> None:
    assert long_date(date(2026, 10, 20), ES) == "martes 20 de octubre"
    assert stretch(SUMMER, 45, "America/New_York", ES) == "martes 22 de septiembre, 10:15 a 11:00"
    assert place("America/Bogota", ES) == "hora de Bogotá"
    assert listing(("Ana", "Ben", "Devi"), ES) == "Ana, Ben y Devi"
    assert weekdays(ES)[2] == "Miércoles"
    assert weekdays(EN)[2] == "Wednesday"
