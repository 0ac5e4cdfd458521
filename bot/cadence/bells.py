"""When blocks meet: bells by weekday, in rotation, and on days of their own."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from bot.cadence.calendar import closes_on, is_school_day
from bot.cadence.wall import CODES
from bot.records import School
from bot.ringing import Bells, Period

EARLY = "early release"
# A rotation is counted from its first day on: not further than three school years.
_COUNTED = 1_100


def bells_on(school: School, day: date) -> tuple[Period, ...]:
    """The blocks of that day. A closed day has none, and on a half day nothing rings after it has ended.

    Bells that are named "early release" are those of half days.
    """
    bells = school.bells
    if not bells.days or not is_school_day(school, day):
        return ()
    named = {one.name.casefold(): one.periods for one in bells.days}
    own = next((rung.name for rung in bells.dated if rung.day == day), "")
    half = closes_on(school, day) < school.closes
    if half and EARLY in named and own.casefold() not in named:
        return named[EARLY]
    turn = _turn(school, day, own)
    code = CODES[day.weekday()].casefold()
    names = (own.casefold(), f"{turn} {code}", turn, code)
    periods = next((named[name] for name in names if name in named), ())
    return tuple(one for one in periods if one.end <= closes_on(school, day)) if half else periods


def turn_of(school: School, day: date) -> str:
    """What the rotation calls that day: `A`, `Day 3`; nothing where there is none."""
    own = next((rung.name for rung in school.bells.dated if rung.day == day), "")
    turn = _turn(school, day, own)
    return next((name for name in school.bells.rotation if name.casefold() == turn), "")


def _turn(school: School, day: date, own: str) -> str:
    bells = school.bells
    if own.casefold() in {name.casefold() for name in bells.rotation}:
        return own.casefold()
    if not bells.rotation or bells.since is None or day < bells.since:
        return ""
    if bells.weekly:
        monday, first = (one - timedelta(days=one.weekday()) for one in (day, bells.since))
        turns = (monday - first).days // 7
    else:
        turns = _school_days(school).get(day, -1)
    return bells.rotation[turns % len(bells.rotation)].casefold() if turns >= 0 else ""


@lru_cache(maxsize=32)
def _school_days(school: School) -> dict[date, int]:
    """The number of each school day of the rotation, from 0: a day that is closed takes no turn."""
    since = school.bells.since or date.min
    days = (since + timedelta(days=n) for n in range(_COUNTED))
    return {day: n for n, day in enumerate(day for day in days if is_school_day(school, day))}


def has_bells(bells: Bells) -> bool:
    return any(one.periods for one in bells.days)
