"""Calendar files: read by two parsers of others, and falling when we say they fall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject
from dateutil.tz import tzical
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import when
from bot.cadence import CODES, instant
from bot.calendars.files import OURS, Told, feed, file_of, uid
from bot.calendars.series import SPAN, rule_days, visits
from bot.records import Apart, Own, Person, Repeat, Slot
from bot.words import Lines

SAY = Lines.load("en")
NOW = datetime(2026, 10, 13, 13, tzinfo=UTC)
# North and south, half hours, a clock that changes at midnight, one that is slow for a month, one that never moves.
ZONES = (
    "America/New_York", "America/Santiago", "Europe/London", "Europe/Dublin", "Africa/Cairo", "Africa/Casablanca",
    "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kathmandu", "America/St_Johns",
)  # fmt: skip


def person(handle: str, role: str = "teacher") -> Person:
    return Person(
        id=handle, organization="o", handle=handle, name=f"{handle.title()} Ruiz", school="s", zone=ZONES[0],
        role=role,  # type: ignore[arg-type]  # one of two
    )  # fmt: skip


SAM, ANA = person("sam", "coach"), person("ana")


def slot(start: datetime = NOW, **more: object) -> Slot:
    one = Slot(
        id="5107", organization="o", thread="t", coach="sam", teacher="ana", proposer="sam", start=start, minutes=45,
        lesson_part="launch", status="confirmed", sequence=1,
    )  # fmt: skip
    return replace(one, **more)


def told(zone: str = ZONES[0], **more: object) -> Told:
    return replace(Told(me=SAM, other=ANA, zone=zone), **more)


def expanded(text: bytes) -> list[tuple[datetime, datetime]]:
    """When another library says that it takes place; a date as this reads it would be a fault."""
    calendar = icalendar.Calendar.from_ical(text)
    found = recurring_ical_events.of(calendar).between(
        datetime(2024, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)
    )
    return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found)


def ours(one: Slot) -> list[tuple[datetime, datetime]]:
    return [(visit.start, visit.end) for visit in visits(one)]


def zones_of(text: bytes) -> dict[str, str]:
    found = {}
    for part in text.decode().split("BEGIN:VTIMEZONE")[1:]:
        body = part.partition("END:VTIMEZONE")[0]
        found[body.partition("TZID:")[2].partition("\r\n")[0]] = f"BEGIN:VTIMEZONE{body}END:VTIMEZONE\r\n"
    return found


@st.composite
def series(draw: st.DrawFn) -> Slot:
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.dates(date(2025, 1, 1), date(2028, 1, 1)))
    minute = draw(st.one_of(st.integers(0, 3 * 60), st.integers(0, 24 * 60 - 1)))
    minutes = draw(st.integers(5, 240))
    start = instant(day, minute, zone)
    if draw(st.integers(0, 4)) == 0:
        return slot(start, minutes=minutes, repeat=None)
    # The first visit is where the rule says; on a wall that skips it, the instant says another minute.
    repeat = Repeat(
        zone=zone, minute=minute, interval=draw(st.integers(1, 4)),
        byday=tuple(draw(st.sets(st.sampled_from(CODES), max_size=3))),
        times=draw(st.none() | st.integers(1, 60)),
        until=draw(st.none() | st.dates(day, day + timedelta(days=800))),
    )  # fmt: skip
    days = tuple(rule_days(repeat, day))
    apart = draw(st.lists(st.sampled_from(days), unique=True, max_size=4))
    changes = []
    for n, of in enumerate(sorted(apart)):
        moved = datetime.combine(of, time(3 + n, 20), UTC) + timedelta(minutes=7 * n)
        changes.append(Apart(of, draw(st.sampled_from([None, moved])), draw(st.sampled_from([0, 30]))))
    return slot(start, minutes=minutes, repeat=repeat, apart=tuple(changes))


def agree(one: Slot, zone: str) -> None:
    text = file_of(one, told(zone), SAY, NOW, "REQUEST")
    assert expanded(text) == ours(one)
    read = vobject.readOne(text.decode())
    assert {part.uid.value for part in read.vevent_list} == {uid(one)}
    for tzid, part in zones_of(text).items():
        theirs = tzical(StringIO(part)).get(tzid)
        for start, _ in ours(one):
            wall = start.astimezone(ZoneInfo(tzid))
            # dateutil guesses at a wall that a change of clocks repeats or skips; we say those in UTC.
            if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
                assert wall.replace(tzinfo=theirs).utcoffset() == wall.utcoffset(), (tzid, start)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(series(), st.sampled_from(ZONES))
def test_others_expand_a_file_to_the_same_instants_over_two_years(one: Slot, zone: str) -> None:
    agree(one, zone)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(series(), st.sampled_from(ZONES))
def test_others_expand_many_more_files_to_the_same_instants(one: Slot, zone: str) -> None:
    agree(one, zone)


@pytest.mark.parametrize("zone", ZONES[::5])
def test_a_visit_every_school_day_for_two_years_falls_on_the_same_instants(zone: str) -> None:
    repeat = Repeat(zone=zone, minute=10 * 60 + 15, byday=CODES[:5])
    one = slot(instant(date(2026, 9, 1), 10 * 60 + 15, zone), repeat=repeat)
    assert len(visits(one)) == 524
    assert {start.astimezone(ZoneInfo(zone)).time() for start, _ in ours(one)} == {time(10, 15)}
    agree(one, zone)


def test_a_slot_that_comes_twice_or_not_at_all_on_the_wall_is_told_in_utc() -> None:
    for at in (instant(date(2026, 3, 8), 150, ZONES[0]), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)):
        one = slot(at)
        assert b"DTSTART:" in file_of(one, told(), SAY, NOW)
        agree(one, ZONES[0])


def test_uid_stays_and_sequence_rises_from_a_request_to_its_cancelling() -> None:
    asked = file_of(slot(), told(), SAY, NOW, "REQUEST").decode()
    off = file_of(slot(status="cancelled", sequence=2), told(), SAY, NOW, "REQUEST").decode()
    assert "METHOD:REQUEST" in asked
    assert "SEQUENCE:1" in asked
    assert "METHOD:CANCEL" in off
    assert "SEQUENCE:2" in off
    assert "STATUS:CANCELLED" in off
    for text in (asked, off):
        assert f"UID:5107{OURS}" in text
        assert "TZID:America/New_York" in text


def test_a_visit_that_is_called_off_leaves_its_series_with_a_later_sequence() -> None:
    repeat = Repeat(zone=ZONES[0], minute=9 * 60, byday=("TU",), times=4)
    one = slot(instant(date(2026, 10, 20), 9 * 60, ZONES[0]), repeat=repeat)
    off = replace(one, apart=(Apart(date(2026, 11, 3)),), sequence=2)
    text = file_of(off, told(), SAY, NOW, "REQUEST").decode()
    assert "EXDATE;TZID=America/New_York:20261103T090000" in text
    assert "SEQUENCE:2" in text
    assert "METHOD:REQUEST" in text
    assert len(expanded(text.encode())) == len(expanded(file_of(one, told(), SAY, NOW))) - 1 == 3


def test_a_teachers_words_stand_in_a_file_only_where_the_teacher_said_yes() -> None:
    words = slot(focus_question=Own("How do they begin?; \\n", "ana"), listen_to=Own("What they say", "ana"))
    silent = file_of(words, told(), SAY, NOW).decode()
    assert "begin" not in silent
    assert "What they say" not in silent
    open_ = icalendar.Calendar.from_ical(file_of(words, told(question=True), SAY, NOW)).walk("VEVENT")[0]
    assert "“How do they begin?; \\n”" in str(open_["DESCRIPTION"])
    assert "What they say" in str(open_["DESCRIPTION"])


def test_an_address_stands_in_an_invitation_alone() -> None:
    assert b"mailto" not in file_of(slot(), told(), SAY, NOW)
    text = file_of(slot(), told(mail="sam@s.example", organizer="beside@s.example"), SAY, NOW, "REQUEST")
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert str(event["ATTENDEE"]) == "mailto:sam@s.example"
    assert str(event["ORGANIZER"]) == "mailto:beside@s.example"


def test_a_feed_is_the_same_until_something_changes() -> None:
    one = slot(at=NOW)
    text = feed([(one, told())], SAY, NOW)
    assert feed([(one, told())], SAY, NOW + timedelta(days=3)) == text
    assert feed([(replace(one, sequence=2), told())], SAY, NOW) != text
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert b"METHOD:PUBLISH" in text


def test_a_series_ends_after_two_years_at_the_latest() -> None:
    one = slot(repeat=Repeat(zone=ZONES[0], minute=540, interval=0, byday=("TU",), until=date.max))
    assert visits(one)[-1].start - one.start <= SPAN
    assert len(visits(one)) == 105
    agree(one, ZONES[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(series())
def test_a_series_falls_where_the_typed_line_said_it_would(one: Slot) -> None:
    """Two ways to count weeks: the grammar's, which is shown before sending, and the one that is booked."""
    if one.repeat is None:
        return
    zone, first = one.repeat.zone, one.start.astimezone(ZoneInfo(one.repeat.zone))
    byday = tuple(sorted({*one.repeat.byday, CODES[first.weekday()]}, key=CODES.index))
    rule = when.Repeat(
        interval=one.repeat.interval, byday=byday, count=one.repeat.times,
        until=one.repeat.until.isoformat() if one.repeat.until else None,
    )  # fmt: skip
    typed = when.Slot(
        teacher="ana", start=first, end=first + timedelta(minutes=45), duration_min=45, duration_source="default",
        repeat=rule,
    )  # fmt: skip
    booked = replace(one, repeat=kept(rule, one.start, zone), apart=())
    within = (at for at in when.occurrences(typed, zone, 30) if at.date() <= first.date() + SPAN)
    promised = [at.astimezone(UTC) for at in within]
    assert [visit.start for visit in visits(booked)][: len(promised)] == promised


def kept(rule: when.Repeat, start: datetime, zone: str) -> Repeat:
    """What a typed line said of coming again, as a slot keeps it."""
    wall = start.astimezone(ZoneInfo(zone))
    until = date.fromisoformat(rule.until) if rule.until else None
    minute = wall.hour * 60 + wall.minute
    return Repeat(zone=zone, minute=minute, interval=rule.interval, byday=rule.byday, times=rule.count, until=until)
