"""Somebody's own calendar: what takes time, what does not, and what is not expanded at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.calendars.files import OURS
from bot.calendars.taken import BYTES, EVENTS, Taken, Unreadable, taken

NOW = datetime(2026, 10, 13, 13, tzinfo=UTC)
ZONE = "America/New_York"


def event(*lines: str, uid: str = "u1") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""))


def calendar(*events: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(events) + "END:VCALENDAR\r\n").encode()


def read(*events: str, zone: str = ZONE) -> Taken:
    return taken(calendar(*events), zone, NOW)


def told(found: Taken) -> list[str]:
    return [
        f"{datetime.fromtimestamp(a, UTC):%d %H:%M}-{datetime.fromtimestamp(b, UTC):%d %H:%M}" for a, b in found.times
    ]


AT = ("DTSTART:20261014T140000Z", "DTEND:20261014T150000Z")


def test_an_event_takes_its_time_and_touching_ones_are_one_stretch() -> None:
    found = read(event(*AT), event("DTSTART:20261014T150000Z", "DURATION:PT30M", uid="u2"))
    assert told(found) == ["14 14:00-14 15:30"]
    assert not found.odd_zone
    assert not found.partly


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "status:cancelled"])
def test_what_is_off_or_leaves_time_free_takes_none(line: str) -> None:
    assert read(event(*AT, line)).times == ()


def test_of_a_series_one_that_is_off_is_free_and_one_that_moved_is_where_it_is() -> None:
    series = event("DTSTART:20261014T140000Z", "DTEND:20261014T150000Z", "RRULE:FREQ=DAILY;COUNT=4")
    off = event(
        "RECURRENCE-ID:20261015T140000Z", "DTSTART:20261015T140000Z", "DTEND:20261015T150000Z", "STATUS:CANCELLED"
    )
    moved = event("RECURRENCE-ID:20261016T140000Z", "DTSTART:20261016T180000Z", "DTEND:20261016T183000Z")
    assert told(read(series, off, moved)) == ["14 14:00-14 15:00", "16 18:00-16 18:30", "17 14:00-17 15:00"]


def test_our_own_invitations_in_it_are_not_taken_twice() -> None:
    assert read(event(*AT, uid=f"5107{OURS}")).times == ()


def test_a_whole_day_is_the_owners_whole_day() -> None:
    assert told(read(event("DTSTART;VALUE=DATE:20261014", "DTEND;VALUE=DATE:20261015"))) == ["14 04:00-15 04:00"]


def test_a_time_without_a_zone_is_the_owners_and_no_trouble() -> None:
    found = read(event("DTSTART:20261014T100000", "DTEND:20261014T110000"))
    assert told(found) == ["14 14:00-14 15:00"]
    assert not found.odd_zone


def test_a_zone_that_nobody_knows_is_read_as_the_owners_and_told() -> None:
    found = read(event("DTSTART;TZID=Moon/Tycho:20261014T100000", "DTEND;TZID=Moon/Tycho:20261014T110000"))
    assert told(found) == ["14 14:00-14 15:00"]
    assert found.odd_zone


def test_a_zone_under_its_windows_name_is_known() -> None:
    name = "TZID=Pacific Standard Time"
    found = read(event(f"DTSTART;{name}:20261014T100000", f"DTEND;{name}:20261014T110000"))
    assert told(found) == ["14 17:00-14 18:00"]
    assert not found.odd_zone


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=MINUTELY"),
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=HOURLY;COUNT=3"),
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=DAILY;BYSECOND=0,1,2"),
        ("DTSTART:20261014T140000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2"),
        ("DTSTART:19691231T000000Z", "RRULE:FREQ=DAILY"),
        ("DTSTART:00010101T000000Z", "RRULE:FREQ=YEARLY"),
        ("SUMMARY:no start",),
    ],
)
def test_what_cannot_be_expanded_in_bounds_is_left_out_and_told(lines: tuple[str, ...]) -> None:
    found = read(event(*lines, "DURATION:PT1H"), event(*AT, uid="u2"))
    assert told(found) == ["14 14:00-14 15:00"]
    assert found.partly


def test_what_is_too_large_too_many_or_no_calendar_is_refused_in_a_word() -> None:
    for data, word in (
        (b"x" * (BYTES + 1), "too_large"),
        (calendar(*(event(*AT, uid=str(n)) for n in range(EVENTS + 1)))[:BYTES], "too_many"),
        (b"<html>sign in</html>", "no_calendar"),
        (b"", "no_calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no_calendar"),
        (b"BEGIN:VTODO\r\nEND:VTODO\r\n", "no_calendar"),
    ):
        with pytest.raises(Unreadable, match=word):
            taken(data, ZONE, NOW)


def test_only_the_days_ahead_are_kept() -> None:
    found = read(event("DTSTART:20000101T140000Z", "DTEND:20000101T150000Z", "RRULE:FREQ=DAILY"))
    first, last = (datetime.fromtimestamp(at[0], UTC) for at in (found.times[0], found.times[-1]))
    assert first >= NOW - timedelta(days=1, hours=1)
    assert last < NOW + timedelta(days=401)
