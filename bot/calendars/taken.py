"""Somebody's own calendar, read for one thing: from when to when it takes their time. Bounded in every direction.

What is read here is not ours and may be hostile: `bot.outside.expanding` runs it in a process that can be killed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.calendars.files import OURS

if TYPE_CHECKING:
    from icalendar import Calendar

BYTES = 1024 * 1024
EVENTS = 5_000
INTERVALS = 10_000
BACK, AHEAD = timedelta(days=1), timedelta(days=400)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_FINER = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_TIMED = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_FIRST_YEAR = 1970


class Unreadable(Exception):
    """In one word: too_large, too_many, no_calendar."""


class Taken(Struct, frozen=True):
    """Intervals as seconds since the epoch, apart from each other and in order.

    `odd_zone` says that a zone was named that nobody knows, `partly` that some events were left out.
    """

    times: tuple[tuple[int, int], ...]
    odd_zone: bool = False
    partly: bool = False


def taken(data: bytes, zone: str, now: datetime) -> Taken:
    """What is neither cancelled nor transparent, from yesterday on.

    Times without a zone, or of one that nobody knows, are the owner's.
    """
    if len(data) > BYTES:
        raise Unreadable("too_large")
    if data.upper().count(b"BEGIN:VEVENT") > EVENTS:
        raise Unreadable("too_many")
    import recurring_ical_events

    calendar, odd, partly = _checked(data)
    since, until = (now - BACK).replace(microsecond=0), (now + AHEAD).replace(microsecond=0)
    found = recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)
    times = _merged(_intervals(found, ZoneInfo(zone), since, until))
    return Taken(tuple(times[:INTERVALS]), odd, partly or len(times) > INTERVALS)


def _checked(data: bytes) -> tuple[Calendar, bool, bool]:
    """The calendar with those events alone that may be expanded."""
    from icalendar import Calendar

    try:
        read = Calendar.from_ical(data.decode("utf-8-sig", "replace"), multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError):
        raise Unreadable("no_calendar") from None
    if not read or any(getattr(one, "name", "") != "VCALENDAR" for one in read):
        raise Unreadable("no_calendar")
    whole = Calendar()
    whole.add("VERSION", "2.0")
    odd = partly = False
    events = [event for one in read for event in one.walk("VEVENT")]
    # What cannot be expanded takes its single visits along: alone they would take time that they do not have.
    refused = {str(event.get("UID", "")) for event in events if not _bounded(event)}
    for event in events:
        name = str(event.get("UID", ""))
        if name.endswith(OURS):
            continue
        if name in refused:
            partly = True
            continue
        odd = odd or _odd_zone(event)
        whole.add_component(event)
    return whole, odd, partly


def _bounded(event: Any) -> bool:  # noqa: ANN401 - icalendar's own
    """Whether expanding it takes a bounded number of steps: by days at the finest, and from a year that we know."""
    begins = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(begins, date) or begins.year < _FIRST_YEAR:
        return False
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, dict):
            return False
        parts = {str(name).upper(): value for name, value in rule.items()}
        frequency = str(*parts.get("FREQ", [])[:1]).upper()
        interval = (parts.get("INTERVAL") or [1])[0]
        if frequency not in _FREQUENCIES or _FINER & set(parts) or not isinstance(interval, int) or interval < 1:
            return False
    return event.get("EXRULE") is None


def _odd_zone(event: Any) -> bool:  # noqa: ANN401 - icalendar's own
    """A time with a zone's name that gave it no zone."""
    for name in _TIMED:
        values = event.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            named = "TZID" in getattr(value, "params", {})
            dates = [one.dt for one in getattr(value, "dts", [])] or [getattr(value, "dt", None)]
            if named and any(isinstance(one, datetime) and one.tzinfo is None for one in dates):
                return True
    return False


def _intervals(events: Iterable[Any], zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
            continue
        start, end = _instant(event.start, zone), _instant(event.end, zone)
        first, last = max(start, since), min(end, until)
        if first < last:
            yield int(first.timestamp()), int(last.timestamp())


def _instant(at: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)


def _merged(times: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in sorted(times):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole
