"""Wall times and instants: clock changes, elapsed minutes, holidays and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.when.bells import minute
from bot.when.values import School
from bot.when.vocabulary import CODES

# People write EST in summer too; they mean the region.
REGIONS = {"e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles"}
NAMES = {"e": "Eastern time", "c": "Central time", "m": "Mountain time", "p": "Pacific time"}


def instants(day: date, at: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """A wall time as instants: one; or two, by the offsets before and after, where it occurs twice or never.

    They are in UTC, because two moments of one zone would be compared by what the clocks show.
    """
    wall = datetime.combine(day, time(at // 60, at % 60))
    return tuple(sorted({wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}))


def minute_of(moment: datetime, zone: ZoneInfo) -> int:
    """What a clock in that zone shows then, as minutes of the day."""
    there = moment.astimezone(zone)
    return there.hour * 60 + there.minute


def elapsed(start: datetime, end: datetime) -> int:
    """Minutes that really pass; two wall times of one zone would only say what the clocks show."""
    return round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60)


def hhmm(at: int) -> str:
    """Minutes of the day as HH:MM."""
    return f"{at // 60:02d}:{at % 60:02d}"


def warnings(start: datetime, end: datetime, school: School) -> tuple[str, ...]:
    """What is worth a word before inviting: shown, never a refusal."""
    found = set()
    day = start.date()
    if CODES[start.weekday()] in school.weekend:
        found.add("weekend")
    if any(closed.date == day.isoformat() for closed in school.closed) or day in _public(school, day.year):
        found.add("holiday")
    opens, closes = (minute(at) for at in school.hours)
    early = start.hour * 60 + start.minute < opens
    if early or end.hour * 60 + end.minute > closes or end.date() != day:
        found.add("outside_hours")
    return tuple(sorted(found))


def _public(school: School, year: int) -> frozenset[date]:
    return public_holidays(school.country, school.subdiv, year) if school.country else frozenset()


@lru_cache(maxsize=64)
def public_holidays(country: str, subdiv: str | None, year: int) -> frozenset[date]:
    """Public holidays of a country and a part of it; of a place that nobody knows, none."""
    # Not at the top: it takes a while, and a school without a country has no use for it.
    from holidays import country_holidays, list_supported_countries

    known = list_supported_countries().get(country)
    if known is None or (subdiv and subdiv not in known):
        return frozenset()
    return frozenset(country_holidays(country, subdiv=subdiv, years=year))
