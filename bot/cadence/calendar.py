"""School days: terms, closed days, half days and public holidays."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cadence.wall import CODES
from bot.records import School
from bot.when.moments import public_holidays

HORIZON = 400


def is_school_day(school: School, day: date) -> bool:
    """Within a term, where any are known; and neither weekend, nor closed, nor a public holiday of its country."""
    return (
        CODES[day.weekday()] not in school.weekend
        and all(closed.day != day for closed in school.closed)
        and (not school.terms or any(term.first <= day <= term.last for term in school.terms))
        and not (school.country and day in public_holidays(school.country, school.subdivision or None, day.year))
    )


def closes_on(school: School, day: date) -> int:
    """The minute at which school ends on that day: sooner on a half day."""
    return next((half.closes for half in school.half_days if half.day == day), school.closes)


def last_school_day(school: School, before: date) -> date | None:
    """The last school day before that date; none where there was none for three weeks."""
    days = (before - timedelta(days=n) for n in range(1, 22))
    return next((day for day in days if is_school_day(school, day)), None)


def next_school_day(school: School, after: date) -> date:
    """The first school day after that date; a school that never opens again gets the next calendar day."""
    days = (after + timedelta(days=n) for n in range(1, HORIZON))
    return next((day for day in days if is_school_day(school, day)), after + timedelta(days=1))
