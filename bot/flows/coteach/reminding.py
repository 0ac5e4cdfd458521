"""What comes by itself about a slot both have: the day before, half an hour before, and when school is over (3.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import EARLIEST, Lately, closes_on, instant, last_school_day, may_contact, next_open, next_school_day
from bot.calendars.series import Visit
from bot.cards import Card, Text
from bot.effects import Effect, Plan, Say, Unplan
from bot.events import Due
from bot.flow import Facts
from bot.flows.coteach import cards, serial
from bot.flows.coteach.states import Draft
from bot.flows.drawing import message
from bot.records import Person
from bot.spoken import at_time

EVE, SOON, DEBRIEF, NOTICING = "eve", "soon", "debrief", "noticing"
SHORTLY = timedelta(minutes=30)
# The coach is asked after the teacher; and after a week nobody is.
AFTER_THE_TEACHER = timedelta(minutes=30)
STALE = timedelta(days=7)


def planned(draft: Draft, facts: Facts) -> tuple[Effect, ...]:
    """Everything that will come by itself next for this visit or series, in place of what was planned before."""
    return tuple(
        next_of(draft, who, topic, facts) for who in cards.sides(draft, facts) for topic in (EVE, SOON, DEBRIEF)
    )


def next_of(draft: Draft, who: Person, topic: str, facts: Facts) -> Effect:
    """That person's next moment of this kind: of the first visit for which it is still ahead."""
    for visit in serial.visits_of(draft):
        at = _moment(draft, visit, who, topic, facts)
        if at is not None and at > facts.now:
            return _plan(who, topic, at)
    return Unplan(person=who.id, topic=topic)


def _moment(draft: Draft, visit: Visit, who: Person, topic: str, facts: Facts) -> datetime | None:
    match topic:
        case "eve":
            return _eve(who, visit.start, facts)
        case "soon":
            return visit.start - SHORTLY
        case _:
            coach, teacher = cards.sides(draft, facts)
            over = _over(teacher, visit.end, facts)
            return over + AFTER_THE_TEACHER if who.id == coach.id else over


def unplanned(draft: Draft, facts: Facts) -> tuple[Effect, ...]:
    return tuple(
        Unplan(person=who.id, topic=topic) for who in cards.sides(draft, facts) for topic in (EVE, SOON, DEBRIEF)
    )


def reminded(draft: Draft, event: Due, facts: Facts) -> tuple[Effect, ...]:
    """The reminder now, at the next open moment before the lesson, or not at all once it has begun; then the next."""
    me = facts.me
    visit = next(iter(serial.ahead(draft, facts.now)), None)
    again = next_of(draft, me, event.topic, facts)
    if visit is None:
        return ()
    if may_contact(me, facts.school, facts.now, Lately()):
        return (Say(to=me.id, card=reminder(draft, visit.start, facts), name="reminder", until=visit.end), again)
    at = _open(facts)
    return (_plan(me, event.topic, at),) if at < visit.start else (again,)


def waits(event: Due, facts: Facts) -> tuple[Effect, ...] | None:
    """Looking back asks within school hours: None where it may ask now."""
    if may_contact(facts.me, facts.school, facts.now, Lately()):
        return None
    return (_plan(facts.me, event.topic, _open(facts)),)


def reminder(draft: Draft, start: datetime, facts: Facts) -> Card:
    """When and which part, the question and what both listen to; a coach is told how to listen."""
    me, say = facts.me, facts.say
    coach, teacher = cards.sides(draft, facts)
    slot = cards.slot_of(draft, facts)
    when = at_time(start, me.zone, facts.say).replace(",", "")
    lines: list[Text] = [
        say("coteach.reminder_any", when=when)
        if draft.part == "any"
        else say("coteach.reminder", when=when, part=cards.part(draft, facts))
    ]
    if slot and slot.focus_question:
        if me.id == teacher.id:
            lines.append(say("coteach.reminder_question", words=slot.focus_question))
        else:
            lines.append(say("coteach.reminder_their_question", teacher=teacher.first, words=slot.focus_question))
    if slot and slot.listen_to:
        lines.append(say("coteach.reminder_listening", words=slot.listen_to))
    if me.id == coach.id:
        lines.append(say("coteach.reminder_coach"))
    return message(*lines)


def later(who: Person, topic: str, facts: Facts, *, tomorrow: bool = False) -> Plan:
    """The next moment at which that person may be written to, on this day or from the next one on."""
    school = facts.schools.get(who.school, facts.school)
    after = facts.now + timedelta(minutes=1)
    if tomorrow:
        day = next_school_day(school, facts.now.astimezone(ZoneInfo(who.zone)).date())
        after = instant(day, EARLIEST, who.zone)
    return _plan(who, topic, next_open(who, school, after))


def _plan(who: Person, topic: str, at: datetime) -> Plan:
    return Plan(person=who.id, topic=topic, at=at, day=at.astimezone(ZoneInfo(who.zone)).date())


def _open(facts: Facts) -> datetime:
    return next_open(facts.me, facts.school, facts.now + timedelta(minutes=1))


def _eve(who: Person, start: datetime, facts: Facts) -> datetime | None:
    """When school ends on the last school day before."""
    school = facts.schools.get(who.school, facts.school)
    day = last_school_day(school, start.astimezone(ZoneInfo(who.zone)).date())
    return instant(day, closes_on(school, day), who.zone) if day else None


def _over(teacher: Person, ends: datetime, facts: Facts) -> datetime:
    """When the teacher's school day is over, or the lesson where that ends later."""
    school = facts.schools.get(teacher.school, facts.school)
    day = ends.astimezone(ZoneInfo(teacher.zone)).date()
    return max(ends, instant(day, closes_on(school, day), teacher.zone))
