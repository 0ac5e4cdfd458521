"""Dates, times and names as people read them: with the weekday, in the reader's own language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.data import languages
from bot.places import city
from bot.words import Lines

if TYPE_CHECKING:
    from babel import Locale

# English as it is written here: the day before the month, and no comma before the last of a list.
_LOCALES = {"en": "en_GB"}
_LONG = {"es": "EEEE d 'de' MMMM"}


def weekday(n: int, say: Lines) -> str:
    """The name of a weekday, counted from Monday = 0: Tuesday, martes."""
    return _weekdays(say.language)[n]


def weekdays(say: Lines) -> tuple[str, ...]:
    """All seven as they stand alone in a list, with a capital letter: Martes."""
    return tuple(name[:1].upper() + name[1:] for name in _weekdays(say.language))


def long_date(day: date, say: Lines) -> str:
    """Tuesday 20 October, martes 20 de octubre."""
    return _long(day, say.language)


def clock(minute: int) -> str:
    """Minutes after midnight as 15:20."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def at_time(moment: datetime, zone: str, say: Lines) -> str:
    """Tuesday 20 October, 10:15."""
    wall = moment.astimezone(ZoneInfo(zone))
    return f"{long_date(wall.date(), say)}, {wall:%H:%M}"


def stretch(start: datetime, minutes: int, zone: str, say: Lines) -> str:
    """Tuesday 20 October, 10:15 to 11:00."""
    until = (start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return say.plain("house.time_stretch", start=at_time(start, zone, say), until=f"{until:%H:%M}")


def place(zone: str, say: Lines) -> str:
    """America/New_York as "New York time", hora de Nueva York."""
    return say.plain("house.time_place", place=city(zone, say.language))


def both_zones(start: datetime, minutes: int, mine: str, theirs: str, say: Lines) -> str:
    """The reader's own time and, where the walls differ, the other's behind it."""
    here = stretch(start, minutes, mine, say)
    if start.astimezone(ZoneInfo(mine)).replace(tzinfo=None) == start.astimezone(ZoneInfo(theirs)).replace(tzinfo=None):
        return here
    return f"{here} {place(mine, say)} ({stretch(start, minutes, theirs, say)} {place(theirs, say)})"


def listing(names: Sequence[str], say: Lines) -> str:
    """Ana, Ben and Devi."""
    if len(names) < 2:
        return "".join(names)
    from babel.lists import format_list

    return format_list(list(names), locale=_locale(say.language))


@cache
def spoken_names() -> dict[str, str]:
    """Each language there is, called as its own speakers call it: English, Español."""
    names = {code: str(_locale(code).languages.get(code, code)) for code in languages()}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


@cache
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")


@cache
def _weekdays(language: str) -> tuple[str, ...]:
    names = _locale(language).days["stand-alone"]["wide"]
    return tuple(str(names[n]) for n in range(7))


@lru_cache(1024)
def _long(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, _LONG.get(language, "EEEE d MMMM"), _locale(language))
