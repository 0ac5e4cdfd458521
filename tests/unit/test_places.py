"""The zone that somebody means by the name of a place, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.places import SPOKEN, city, zone_meant


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Chicago", "America/Chicago"),
        ("I'm in Chicago", "America/Chicago"),
        ("we’re in Chicago.", "America/Chicago"),
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("NEW YORK time", "America/New_York"),
        ("Boston, MA", "America/New_York"),
        ("St. Louis", "America/Chicago"),
        ("ET", "America/New_York"),
        ("EST", "America/New_York"),
        ("Pacific time zone", "America/Los_Angeles"),
        ("Nueva York", "America/New_York"),
        ("estoy en Bogotá", "America/Bogota"),
        ("hora de Madrid", "Europe/Madrid"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Londres", "Europe/London"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Knox", "America/Indiana/Knox"),
        ("UTC", "UTC"),
    ],
)
def test_a_place_is_known_as_it_is_typed(typed: str, zone: str) -> None:
    assert zone_meant(typed) == zone


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "..", "Springfield", "here", "the moon", "today was hard", "yes", "../etc/passwd", "x" * 5000, "\0"],
)
def test_what_is_no_place_is_none(typed: str) -> None:
    assert zone_meant(typed) == ""


def test_every_zone_is_known_by_its_name_and_every_city_is_one_zone() -> None:
    for zone in available_timezones():
        if "/" in zone:
            assert zone_meant(zone) == zone
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    for language in ("en", "es"):
        for zone in (*SPOKEN.values(), "America/New_York", "Europe/Madrid", "America/Bogota", "Australia/Sydney"):
            meant = zone_meant(city(zone, language))
            assert summer.astimezone(ZoneInfo(meant)).utcoffset() == summer.astimezone(ZoneInfo(zone)).utcoffset()
