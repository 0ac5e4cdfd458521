"""The rhythm of one person's check-ins, and the one gate before anything is sent unasked. docs/cadence.md says why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.cadence.calendar import HORIZON, closes_on, is_school_day, next_school_day
from bot.cadence.wall import EARLIEST, LATEST, instant, shift, weekly
from bot.records import Person, School

LATE = timedelta(hours=2)
CAP, WINDOW = 3, 7
# After so many check-ins in a row without any reply they come every other week, and then not at all.
SLOWER, QUIETLY = 2, 4


class Lately(Struct, frozen=True):
    """What a person was sent unasked in these days, how many check-ins since their last reply, and whether we rest.

    `nudged` is when the last check-in went out.
    """

    unasked: tuple[datetime, ...] = ()
    unanswered: int = 0
    resting: bool = False
    nudged: datetime | None = None


def next_checkin(
    person: Person, school: School, after: datetime, weeks: int = 1, *, had: date | None = None
) -> tuple[datetime, date]:
    """The next check-in after that instant, with its local date: the chosen weekday and minute, on a school day.

    With `weeks` it leaves out that many less one. A day that is closed or quiet moves it on by whole weeks. The day
    that `had` its check-in has no other, whatever the clock, the hour or the zone is by now.
    """
    if had is not None:
        after = max(after, instant(had, 24 * 60 - 1, person.zone))
    start = after.astimezone(ZoneInfo(person.zone)).date() + timedelta(days=7 * (weeks - 1) + (weeks > 1))
    fallback = None
    for day in weekly(person.weekday, start):
        if day - start > timedelta(days=HORIZON):
            break
        at = checkin_at(person, school, day)
        if at <= after or is_quiet(person, day):
            continue
        if is_school_day(school, day):
            return at, day
        fallback = fallback or (at, day)
    day = start + timedelta(days=HORIZON)
    return fallback or (checkin_at(person, school, day), day)


def checkin_at(person: Person, school: School, day: date) -> datetime:
    """That day's check-in, and its reminder. On a half day an hour after school stays as long after school as ever."""
    minute = person.minute
    if minute >= school.closes:
        minute = max(EARLIEST, minute - max(0, school.closes - closes_on(school, day)))
    return instant(day, minute + shift(person.id), person.zone)


def weeks_until_next(unanswered: int) -> int:
    """Two check-ins in a row without a reply: every other week."""
    return 2 if unanswered >= SLOWER else 1


def is_late(meant: datetime, now: datetime) -> bool:
    """Too late to be sent: it is folded into the next."""
    return now - meant > LATE


def may_contact(person: Person, school: School, at: datetime, lately: Lately) -> bool:
    """The one gate before anything is sent unasked.

    A yes, no stop, no pause, leave or rest; a school day, 07:00 to 18:00; and not a fourth within seven days of
    their calendar. A coach has no first meeting, so theirs is a yes until they say stop. What belongs to a visit they
    agreed to is not counted and asks with an empty `Lately`.
    """
    wall = at.astimezone(ZoneInfo(person.zone))
    since = wall.date() - timedelta(days=WINDOW)
    counted = [sent for sent in lately.unasked if sent.astimezone(wall.tzinfo).date() > since]
    return (
        (person.chat == "on" or (person.role == "coach" and person.chat in ("new", "asked")))
        and not lately.resting
        and not is_quiet(person, wall.date())
        and is_school_day(school, wall.date())
        and EARLIEST <= wall.hour * 60 + wall.minute < LATEST
        and len(counted) < CAP
    )


def is_quiet(person: Person, day: date) -> bool:
    """Whether the person has asked for quiet on that local date; `quiet_until` is the last quiet day."""
    return person.quiet_until is not None and day <= person.quiet_until


def next_open(person: Person, school: School, at: datetime) -> datetime:
    """The next moment within school days and hours, whatever the person chose: for looking again."""
    wall = at.astimezone(ZoneInfo(person.zone))
    minute = wall.hour * 60 + wall.minute
    if is_school_day(school, wall.date()) and minute < LATEST and not is_quiet(person, wall.date()):
        return max(at, instant(wall.date(), EARLIEST, person.zone))
    day = wall.date()
    for _ in range(HORIZON):
        day = next_school_day(school, day)
        if not is_quiet(person, day):
            break
    return instant(day, EARLIEST, person.zone)
