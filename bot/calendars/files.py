"""What a calendar is told of our slots (RFC 5545 and 5546): one file for one reader.

A slot is one UID for ever; its SEQUENCE rises with every change. Whatever a wall clock cannot say without doubt (a time
that a change of clocks repeats, skips or falls into) is said as an instant in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.cadence.wall import CODES, instant
from bot.calendars.series import SPAN, Visit, first_day, rule_days, visits
from bot.calendars.zones import component
from bot.records import Person, Slot
from bot.words import Lines

if TYPE_CHECKING:
    from icalendar import Calendar, Event

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
OURS = "@beside"
PRODUCT = "-//Beside//Beside//EN"
_UNTOLD = frozenset({"any", ""})
_HOURLY = "PT1H"


class Told(Struct, frozen=True, kw_only=True):
    """Who reads of a slot, who is beside them, and what may be told.

    `question` is the teacher's yes to their own words in calendars. `mail` and `organizer` are addresses, for a file
    that is an invitation.
    """

    me: Person
    other: Person
    zone: str
    question: bool = False
    mail: str = ""
    organizer: str = ""


def uid(slot: Slot) -> str:
    return f"{slot.id}{OURS}"


def file_of(slot: Slot, told: Told, say: Lines, now: datetime, method: Method = "PUBLISH") -> bytes:
    """One slot, whole: a series with all that is apart. A slot that was cancelled is told so, whatever is asked for."""
    if slot.status == "cancelled":
        method = "CANCEL" if method == "REQUEST" else method
    return _calendar(((slot, told),), say, now, method)


def feed(slots: Iterable[tuple[Slot, Told]], say: Lines, now: datetime) -> bytes:
    """Everything of one person's, to be read again and again: the same as long as nothing changes."""
    return _calendar(tuple(slots), say, now, "PUBLISH", feed=True)


def _empty(method: Method, say: Lines, *, feed: bool = False) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    if feed:
        calendar.add("X-WR-CALNAME", say.plain("calendars.name"))
        calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", _HOURLY)
    return calendar


def _calendar(
    slots: tuple[tuple[Slot, Told], ...], say: Lines, now: datetime, method: Method, *, feed: bool = False
) -> bytes:
    calendar = _empty(method, say, feed=feed)
    spans: dict[str, tuple[datetime, datetime]] = {}
    events: list[Event] = []
    for slot, told in slots:
        zone = slot.repeat.zone if slot.repeat else told.zone
        since, until = spans.get(zone, (slot.start, slot.start))
        spans[zone] = (min(since, slot.start), max(until, slot.start + (SPAN if slot.repeat else timedelta())))
        # Of a feed each part is stamped with its own last change, so that nothing seems new that is not.
        stamp = (slot.at or slot.start) if feed else now
        events += _series(slot, told, say, stamp) if slot.repeat else [_once(slot, told, say, stamp)]
    for zone, (since, until) in sorted(spans.items()):
        calendar.add_component(component(zone, since, until))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _told(slot: Slot, told: Told, say: Lines, stamp: datetime) -> Event:
    """What every part of a slot says of it."""
    from icalendar import Event, vCalAddress

    event = Event()
    event.add("UID", uid(slot))
    event.add("DTSTAMP", stamp.astimezone(UTC))
    event.add("SEQUENCE", slot.sequence)
    event.add("SUMMARY", _summary(slot, told, say))
    event.add("DESCRIPTION", _description(slot, told, say))
    event.add("STATUS", "CANCELLED" if slot.status == "cancelled" else "CONFIRMED")
    event.add("TRANSP", "OPAQUE")
    event.add("CLASS", "PRIVATE")
    if told.mail and told.organizer:
        organizer = vCalAddress(f"mailto:{told.organizer}")
        organizer.params["CN"] = "Beside"
        event.add("ORGANIZER", organizer)
        attendee = vCalAddress(f"mailto:{told.mail}")
        attendee.params |= {"CN": told.me.name, "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        event.add("ATTENDEE", attendee)
    return event


def _summary(slot: Slot, told: Told, say: Lines) -> str:
    if slot.lesson_part in _UNTOLD:
        return say.plain("calendars.summary", other=told.other.first)
    part = say.plain(f"coteach.part_{slot.lesson_part}")
    return say.plain("calendars.summary_part", other=told.other.first, part=part)


def _description(slot: Slot, told: Told, say: Lines) -> str:
    coach = told.me if told.me.id == slot.coach else told.other
    role = say.button(f"coteach.role_{slot.role}")
    if slot.role == "model_a_move" and slot.model_minutes:
        role = say.plain("coteach.model_for", role=role, minutes=str(slot.model_minutes))
    lines = [say.plain("calendars.role", coach=coach.first, role=role)]
    if told.question and slot.focus_question:
        lines.append(say.plain("calendars.question", question=slot.focus_question.text))
    if told.question and slot.listen_to:
        lines.append(say.plain("calendars.listening", listening=slot.listen_to.text))
    return "\n".join(lines)


def _once(slot: Slot, told: Told, say: Lines, stamp: datetime) -> Event:
    event = _told(slot, told, say, stamp)
    _spans(event, visits(slot)[0], told.zone)
    return event


def _series(slot: Slot, told: Told, say: Lines, stamp: datetime) -> list[Event]:
    """The rule, the dates that are called off, and a part of its own for each visit that the rule does not say."""
    repeat = slot.repeat
    assert repeat is not None  # noqa: S101 - only a series comes here
    first = first_day(slot, repeat.zone)
    days = tuple(rule_days(repeat, first))
    event = _told(slot, told, say, stamp)
    zone = ZoneInfo(repeat.zone)
    # What the rule says is on the wall, even where a change of clocks makes that no instant.
    event.add("DTSTART", _wall(first, repeat.minute, zone))
    event.add("DURATION", timedelta(minutes=slot.minutes))
    byday = sorted({*repeat.byday, CODES[first.weekday()]}, key=CODES.index)
    rule: dict[str, object] = {"FREQ": "WEEKLY", "INTERVAL": max(1, repeat.interval), "BYDAY": byday, "WKST": "MO"}
    if repeat.times is not None and len(days) == repeat.times:
        rule["COUNT"] = repeat.times
    else:
        rule["UNTIL"] = instant(days[-1], 24 * 60 - 1, repeat.zone)
    event.add("RRULE", rule)
    taking_place = {one.day: one for one in visits(slot)}
    for day in days:
        if day not in taking_place:
            event.add("EXDATE", _wall(day, repeat.minute, zone))
    parts = [event]
    for one in taking_place.values():
        if one.moved or not _plain(one, repeat.minute, zone):
            part = _told(slot, told, say, stamp)
            _of_that_day(part, slot, one.day)
            _spans(part, one, repeat.zone)
            parts.append(part)
    return parts


def _of_that_day(event: Event, slot: Slot, day: date) -> None:
    if slot.repeat is not None:
        event.add("RECURRENCE-ID", _wall(day, slot.repeat.minute, ZoneInfo(slot.repeat.zone)))


def _spans(event: Event, one: Visit, zone: str) -> None:
    """In the zone's own time where its clock says it without doubt, else in UTC."""
    place: ZoneInfo | None = ZoneInfo(zone)
    walls = [at.astimezone(place) for at in (one.start, one.end)]
    if any(_doubtful(wall) for wall in walls) or walls[0].utcoffset() != walls[1].utcoffset():
        walls = [at.astimezone(UTC) for at in (one.start, one.end)]
    event.add("DTSTART", walls[0])
    event.add("DTEND", walls[1])


def _plain(one: Visit, minute: int, zone: ZoneInfo) -> bool:
    """Whether the rule alone says this visit: its wall is there once, and no clock changes before it ends."""
    wall = _wall(one.day, minute, zone)
    there = one.start.astimezone(zone)
    same = wall.replace(tzinfo=None) == there.replace(tzinfo=None)
    return same and not _doubtful(there) and there.utcoffset() == one.end.astimezone(zone).utcoffset()


def _doubtful(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def _wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
