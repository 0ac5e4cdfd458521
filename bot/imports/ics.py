"""A calendar file (RFC 5545): which of its events are closed days, half days and terms. Bounded in every direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.imports.table import Problem, plain, quoted

BYTES = 1024 * 1024
EVENTS = 5_000
REPEATS = 500
_YEARS = timedelta(days=5 * 366)
_LONGEST = 370
CLOSED, HALF, TERM, TURN = "closed", "half", "term", "turn"
NOON = 12 * 60
_IS_TERM = re.compile(r"\b(?:term|semester|trimester|quarter|marking period|school year)\b", re.IGNORECASE)
_IS_HALF = re.compile(
    r"\bhalf[- ]?days?\b|\bearly (?:release|dismissal|closing|close|out)\b|\bminimum day\b|\bnoon dismissal\b",
    re.IGNORECASE,
)
_IS_CLOSED = re.compile(
    r"\bno school\b|\bclosed\b|\bclosure\b|\bholidays?\b|\bbreak\b|\bvacation\b|\brecess\b|\b(?:half|mid)[- ]?term\b"
    r"|\bdays? off\b|\bstaff day\b|\binset\b|\bpd day\b|\bprofessional (?:development|learning)\b"
    r"|\bteacher work ?day\b|\bstudent[- ]free\b",
    re.IGNORECASE,
)
# Whose turn it is in a rotation: "A Day", "Day 3 of 6", "Week B".
_TURN = re.compile(
    r"(?:(?:day|week|cycle day) (?P<after>[a-h]|\d{1,2})(?: of \d{1,2})?|(?P<before>[a-h])[- ]?(?:day|week))",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(\d{1,2}):(\d{2})\s*([ap])?", re.IGNORECASE)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_READABLE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class Entry(Struct, frozen=True, kw_only=True):
    """One stretch of days, both ends counted; `closes` is when a half day ends, in minutes."""

    kind: str
    first: date
    last: date
    name: str
    closes: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Unreadable(Exception):
    """One event cannot be taken; the message says why and what to do."""


def turn_named(name: str) -> str:
    """`Day 3`, `A Day` and `A-day` as a rotation calls them: `3`, `A`; nothing where it is none of these."""
    found = _TURN.fullmatch(" ".join(name.split()))
    return (found["after"] or found["before"]).upper() if found else ""


def is_ics(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR"


def read_ics(data: bytes, zone: str) -> tuple[tuple[Entry, ...], tuple[str, ...], tuple[Problem, ...]]:
    """Entries, the names of events that are none of them, and problems by the line on which the event begins."""
    lines = [n for n, line in enumerate(data.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]
    too_much = ""
    if len(data) > BYTES:
        too_much = "it is larger than 1 MiB. Export one school year."
    elif len(lines) > EVENTS:
        too_much = f"it has {len(lines):,} events. {EVENTS:,} are the most: export one school year."
    if too_much:
        return (), (), (Problem(0, "", too_much),)
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(data.decode("utf-8-sig")).walk("VEVENT")
    except (ValueError, KeyError, IndexError, AttributeError, RecursionError):
        return (), (), (Problem(0, "", "this calendar cannot be read. Export it again as iCalendar (.ics)."),)
    entries: list[Entry] = []
    unused: dict[str, None] = {}
    problems: list[Problem] = []
    for event, line in zip(events, [*lines, *[0] * len(events)], strict=False):
        name = plain(str(event.get("SUMMARY", "")))[:80]
        try:
            found = _entries(event, name, zone)
        except Unreadable as fault:
            problems.append(Problem(line, "", f"{quoted(name or 'an event')} {fault}"))
        except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
            what = "is not as calendars are written. Write its days one by one."
            problems.append(Problem(line, "", f"{quoted(name or 'an event')} {what}"))
        else:
            entries += found
            unused |= {} if found else {name: None}
    return tuple(entries), tuple(filter(None, unused)), tuple(problems)


def _entries(event: Any, name: str, zone: str) -> list[Entry]:  # noqa: ANN401 - icalendar's own
    """What one event says of the school's days: nothing, where its name says none of what we look for."""
    kind = TERM if _IS_TERM.search(name) else HALF if _IS_HALF.search(name) else CLOSED
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return []
    if kind == TERM and _IS_CLOSED.search(name):
        kind = CLOSED
    if kind == CLOSED and (turn := turn_named(name)):
        kind, name = TURN, turn
    if kind == CLOSED and not _IS_CLOSED.search(name):
        return []
    first, last, at = _span(event, zone)
    if kind == TERM and (last - first).days < 14:
        # The day on which one begins or ends is no term.
        return []
    if not 0 <= (last - first).days < _LONGEST:
        raise Unreadable("ends before it begins, or lasts over a year.")
    said = _AT.search(name)
    closes = at if at is not None else NOON
    if kind == HALF and said and int(said[1]) < 24 and int(said[2]) < 60:
        late = (said[3] or "").lower() == "p" and int(said[1]) < 12
        closes = int(said[1]) * 60 + int(said[2]) + (NOON if late else 0)
    length = last - first
    found = [Entry(kind=kind, first=day, last=day + length, name=name, closes=closes) for day in _repeats(event, first)]
    if kind != HALF:
        return found
    return [
        Entry(kind=HALF, first=day, last=day, name=name, closes=closes)
        for one in found
        for day in (one.first + timedelta(days=n) for n in range(one.days))
    ]


def _span(event: Any, zone: str) -> tuple[date, date, int | None]:  # noqa: ANN401 - icalendar's own
    """First day, last day, and the minute at which a timed event begins."""
    begins = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(begins, date):
        raise Unreadable("has no day I can read. Give it a start.")
    ends = getattr(event.get("DTEND"), "dt", None)
    if ends is None and (length := getattr(event.get("DURATION"), "dt", None)) is not None:
        ends = begins + length
    try:
        wall, until = _wall(begins, zone), _wall(ends, zone) if isinstance(ends, date) else None
    except (OverflowError, ValueError):
        raise Unreadable("has no day I can read. Give it a start.") from None
    if isinstance(wall, datetime):
        last = until.date() if isinstance(until, datetime) else wall.date()
        if isinstance(until, datetime) and last > wall.date() and (until.hour, until.minute) == (0, 0):
            last -= timedelta(days=1)
        return wall.date(), last, wall.hour * 60 + wall.minute
    # The end of a whole day is the day after it.
    last = until - timedelta(days=1) if until is not None and until > wall else wall
    return wall, last, None


def _wall(at: date | datetime, zone: str) -> date | datetime:
    """A time in UTC as the school's clock shows it; any other as it is written."""
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if not at.utcoffset() else at.replace(tzinfo=None)
    return at


def _repeats(event: Any, first: date) -> list[date]:  # noqa: ANN401 - icalendar's own
    """The days on which it begins: at most REPEATS of them, within five years."""
    rule = event.get("RRULE")
    if rule is None:
        return [first]
    parts = {str(name).upper(): value for name, value in rule.items()}
    frequency = str(*parts.get("FREQ", [])[:1]).upper()
    by = [str(one).upper() for one in parts.get("BYDAY", [])]
    if frequency not in _FREQUENCIES or not set(parts) <= _READABLE or not set(by) <= set(_DAYS):
        raise Unreadable("repeats in a way I cannot read. Write its days one by one.")
    if by and frequency != "WEEKLY":
        raise Unreadable("repeats in a way I cannot read. Write its days one by one.")
    every = max(1, int(parts.get("INTERVAL", [1])[0]))
    times = int(parts["COUNT"][0]) if "COUNT" in parts else REPEATS + 1
    until = parts["UNTIL"][0] if "UNTIL" in parts else date.max
    end = min(until.date() if isinstance(until, datetime) else until, first + _YEARS)
    days = list(islice(_stepped(frequency, every, by, first, end), max(0, min(times, REPEATS + 1))))
    if len(days) > REPEATS:
        raise Unreadable(f"repeats more than {REPEATS} times. Give it an end.")
    return [day for day in days if day not in _left_out(event)]


def _stepped(frequency: str, every: int, by: list[str], first: date, end: date) -> Iterator[date]:
    n = 0
    monday = first - timedelta(days=first.weekday())
    wanted = sorted({_DAYS.index(day) for day in by} or {first.weekday()})
    while True:
        try:
            match frequency:
                case "DAILY":
                    days = [first + timedelta(days=n)]
                case "WEEKLY":
                    days = [monday + timedelta(weeks=n, days=day) for day in wanted]
                case _:
                    months = first.month - 1 + n * (12 if frequency == "YEARLY" else 1)
                    days = [date(first.year + months // 12, months % 12 + 1, 1)]
                    days = _same_day(days[0], first.day)
        except (OverflowError, ValueError):
            return
        if days and days[0] > end:
            return
        yield from (day for day in days if first <= day <= end)
        n += every


def _same_day(month: date, day: int) -> list[date]:
    """That day of that month, where the month has it."""
    try:
        return [month.replace(day=day)]
    except ValueError:
        return []


def _left_out(event: Any) -> set[date]:  # noqa: ANN401 - icalendar's own
    left = event.get("EXDATE", [])
    found = [one.dt for dates in (left if isinstance(left, list) else [left]) for one in dates.dts]
    return {one.date() if isinstance(one, datetime) else one for one in found}
