"""When: wall times, school days, the rhythm of check-ins, and whether a person may be written to unasked."""

from bot.cadence.bells import bells_on, has_bells, turn_of
from bot.cadence.calendar import closes_on, is_school_day, last_school_day, next_school_day
from bot.cadence.rhythm import (
    CAP,
    LATE,
    QUIETLY,
    Lately,
    checkin_at,
    is_late,
    is_quiet,
    may_contact,
    next_checkin,
    next_open,
    weeks_until_next,
)
from bot.cadence.wall import CODES, EARLIEST, LATEST, after_school, instant, overlaps, shift, weekly

__all__ = [
    "CAP", "CODES", "EARLIEST", "LATE", "LATEST", "QUIETLY", "Lately", "after_school", "bells_on", "checkin_at",
    "closes_on", "has_bells", "instant", "is_late", "is_quiet", "is_school_day", "last_school_day", "may_contact",
    "next_checkin", "next_open", "next_school_day", "overlaps", "shift", "turn_of", "weekly", "weeks_until_next",
]  # fmt: skip
