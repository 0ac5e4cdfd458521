"""When a draft takes place: once, or as a series whose visits may be elsewhen or called off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.cadence import CODES, is_school_day, overlaps
from bot.calendars.series import Visit, visits
from bot.flow import Facts
from bot.flows.coteach.states import Draft
from bot.records import Apart, Busy, Repeat, School, Slot
from bot.spoken import at_time, both_zones, listing, long_date, stretch, weekday

# A series that nobody gave an end goes to the end of the school's year, or for one.
YEAR = timedelta(days=364)
PAIR = 2


def visits_of(draft: Draft) -> tuple[Visit, ...]:
    """Every time it takes place, the earliest first."""
    if draft.start is None:
        return ()
    if draft.repeat is None:
        return (Visit(draft.start.date(), draft.start, draft.minutes),)
    like = Slot(
        id="", organization="", thread="", coach="", teacher="", proposer="", start=draft.start, minutes=draft.minutes,
        repeat=draft.repeat, apart=draft.apart,
    )  # fmt: skip
    return visits(like)


def ahead(draft: Draft, now: datetime) -> tuple[Visit, ...]:
    """Those that have not begun."""
    return tuple(one for one in visits_of(draft) if one.start > now)


def latest(draft: Draft, now: datetime) -> Visit | None:
    """The last one that is over or has begun."""
    return next((one for one in reversed(visits_of(draft)) if one.start <= now), None)


def of_day(draft: Draft, day: date | None) -> Visit | None:
    return next((one for one in visits_of(draft) if one.day == day), None)


def once(draft: Draft, visit: Visit) -> Draft:
    """That one visit, as if it were alone."""
    return replace(draft, start=visit.start, minutes=visit.minutes, repeat=None, apart=())


def repeated(draft: Draft, facts: Facts, *, interval: int, byday: Iterable[str] = (), times: int | None = None,
             until: date | None = None, zone: str = "") -> Draft:  # fmt: skip
    """A series from this draft's start on, on the wall of whoever proposes; days without school are left out."""
    zone, start = zone or facts.me.zone, draft.start or facts.now
    wall = start.astimezone(ZoneInfo(zone))
    days = tuple(sorted({*byday, CODES[wall.weekday()]}, key=CODES.index))
    if times is None and until is None:
        until = _end(facts.school, wall.date())
    rule = Repeat(
        zone=zone, minute=wall.hour * 60 + wall.minute, interval=interval, byday=days, times=times, until=until
    )
    draft = replace(draft, repeat=rule, apart=())
    first = wall.date()
    closed = (v.day for v in visits_of(draft) if v.day != first and not is_school_day(facts.school, v.day))
    return replace(draft, apart=tuple(Apart(day) for day in closed))


def begun(draft: Draft, facts: Facts) -> Draft:
    """A rule that was understood before its first visit was, from that visit on."""
    rule = draft.repeat
    if rule is None or draft.start is None:
        return draft
    return repeated(
        draft, facts, interval=rule.interval, byday=rule.byday, times=rule.times, until=rule.until, zone=rule.zone
    )


def with_one(draft: Draft, one: Apart) -> Draft:
    """The series with one visit that is not like the others."""
    kept = {other.day: other for other in draft.apart} | {one.day: one}
    return replace(draft, apart=tuple(kept[day] for day in sorted(kept)))


def without(draft: Draft, days: Iterable[date]) -> Draft:
    """The same series, with the visits of these local dates called off."""
    for day in days:
        draft = with_one(draft, Apart(day))
    return draft


def from_here(draft: Draft, moved: Draft, facts: Facts) -> Draft:
    """All that is left of a series, from its next visit's new time on; the days of the week turn with it."""
    rule, left = draft.repeat, ahead(draft, facts.now)
    if rule is None or moved.start is None or not left:
        return moved
    zone = ZoneInfo(rule.zone)
    turn = (moved.start.astimezone(zone).date() - left[0].day).days
    days = tuple(CODES[(CODES.index(code) + turn) % 7] for code in rule.byday)
    last = max(one.day for one in left) + timedelta(days=turn)
    return repeated(moved, facts, interval=rule.interval, byday=days, until=last, zone=rule.zone)


def left(draft: Draft, facts: Facts) -> Draft | None:
    """The same from its next visit on, with what was left out of it; None where nothing is ahead any more."""
    rule, still = draft.repeat, ahead(draft, facts.now)
    if not still:
        return None
    if rule is None or still[0].start == draft.start:
        return draft
    last = max(one.day for one in still)
    begins = replace(draft, start=still[0].start)
    rest = repeated(begins, facts, interval=rule.interval, byday=rule.byday, until=last, zone=rule.zone)
    for one in draft.apart:
        rest = with_one(rest, one) if one.day >= still[0].day else rest
    return rest


def clashing(draft: Draft, facts: Facts) -> tuple[Visit, ...]:
    """Its visits during which either person has something else booked; those that are over do not matter."""
    own = {slot.id for slot in facts.slots}
    taken = [
        busy for who in (draft.proposer, draft.other) for busy in facts.busy.get(who, ()) if busy.slot not in own
    ]  # fmt: skip
    return meeting(draft, taken, facts.now)


def meeting(draft: Draft, taken: Iterable[Busy], now: datetime) -> tuple[Visit, ...]:
    """Its visits that share a moment with one of these; those that are over do not matter."""
    held = tuple(taken)
    return tuple(
        one for one in visits_of(draft)
        if one.end > now and any(overlaps(one.start, one.end, busy.start, busy.end) for busy in held)
    )  # fmt: skip


def other_hours(draft: Draft, zone: str) -> tuple[datetime, ...]:
    """From when on it is at another hour of that zone than until then, since clocks there and here change apart."""
    walls = [one.start.astimezone(ZoneInfo(zone)) for one in visits_of(draft) if not one.moved]
    return tuple(wall for before, wall in pairwise(walls) if before.time() != wall.time())


def left_out(draft: Draft, facts: Facts) -> str:
    """The dates of the rule on which there is no visit, in words."""
    return listing([long_date(one.day, facts.say) for one in draft.apart if one.start is None], facts.say)


def spoken(draft: Draft, facts: Facts, zone: str, other: str = "") -> str:
    """When it takes place, on the reader's wall; with the other's zone, both where the walls differ."""
    start = draft.start or facts.now
    if draft.repeat is None:
        return (
            both_zones(start, draft.minutes, zone, other, facts.say)
            if other
            else stretch(start, draft.minutes, zone, facts.say)
        )
    found, say = visits_of(draft), facts.say
    first, last = (found[0], found[-1]) if found else (Visit(start.date(), start, draft.minutes),) * 2
    begins, ends, final = (at.astimezone(ZoneInfo(zone)) for at in (first.start, first.end, last.start))
    hours = say.plain("house.time_stretch", start=f"{begins:%H:%M}", until=f"{ends:%H:%M}")
    days = {"first": long_date(begins.date(), say), "last": long_date(final.date(), say)}
    if _is_pair(draft):
        return say.plain("coteach.pair", hours=hours, **days)
    return say.plain("coteach.series", every=_every(draft.repeat, facts), hours=hours, **days)


def short(draft: Draft, facts: Facts, zone: str) -> str:
    """The same in few words, for a sentence."""
    if draft.repeat is None:
        return at_time(draft.start, zone, facts.say).replace(",", "") if draft.start else ""
    said = spoken(draft, facts, zone)
    return said if _is_pair(draft) else said[:1].lower() + said[1:]


def _is_pair(draft: Draft) -> bool:
    """Two days, once each."""
    return draft.repeat is not None and draft.repeat.times == PAIR == len(visits_of(draft))


def _every(rule: Repeat, facts: Facts) -> str:
    days = listing([weekday(CODES.index(code), facts.say) for code in rule.byday], facts.say)
    if rule.interval == 1:
        return facts.say.plain("coteach.every", days=days)
    if rule.interval == 2:
        return facts.say.plain("coteach.every_other", days=days)
    return facts.say.plain("coteach.every_n", n=str(rule.interval), days=days)


def _end(school: School, first: date) -> date:
    ends = max((term.last for term in school.terms), default=first + YEAR)
    return ends if ends > first else first + YEAR
