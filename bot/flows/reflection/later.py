"""Not now, another hour, skipping the week, and the one reminder."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from bot.cadence import (
    LATEST,
    Lately,
    checkin_at,
    instant,
    is_late,
    is_school_day,
    may_contact,
    next_school_day,
)
from bot.cards import Card, Replace
from bot.effects import Effect, Plan, Say, Unplan
from bot.events import AnyEvent, Pressed
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.reflection import cards
from bot.flows.reflection.asking import REMINDER, SNOOZE, opened, quiet
from bot.flows.reflection.states import Asked, Opened, Rested, Snoozing, State, Tapping, Walk
from bot.spoken import long_date, weekday

SNOOZES = 2


def remind(state: State | None, day: date, facts: Facts) -> Turn:
    """One reminder, only while the opening stands unanswered, and never after a week that was too heavy."""
    me = facts.me
    hear = (me.id,) if isinstance(state, Opened | Asked | Tapping) else ()
    if not hear or me.light_once or _held(checkin_at(me, facts.school, day), facts):
        return Turn(state, hear=hear)
    said = Say(to=me.id, card=message(facts.say("reflection.still_here")), name="still", unasked="reminder")
    return Turn(state, (said,), hear=hear)


def again(walk: Walk, when: datetime, facts: Facts) -> Turn:
    """After not now: the same opening, as a new message. They asked for it, so it counts for nothing."""
    return Turn(Rested(walk)) if _held(when, replace(facts, lately={})) else opened(walk, facts)


def _held(meant: datetime, facts: Facts) -> bool:
    lately = facts.lately.get(facts.me.id, Lately())
    return is_late(meant, facts.now) or not may_contact(facts.me, facts.school, facts.now, lately)


def later(state: State, event: AnyEvent, facts: Facts) -> Turn:
    walk = state.walk
    match event:
        case Pressed(verb="not_now") if walk.nudged and walk.snoozes < SNOOZES:
            return Turn(Snoozing(walk), (), Replace(cards.snooze(facts, choices(facts))), (facts.me.id,))
        case Pressed(verb="back"):
            return _back(walk, facts)
        case Pressed(verb="not_now"):
            day = long_date((facts.next_checkin or facts.now).astimezone(facts.zone).date(), facts.say)
            return _rest(walk, message(facts.say("reflection.rests", day=day)), event, facts)
        case _:
            day = weekday((facts.next_checkin or facts.now).astimezone(facts.zone).weekday(), facts.say)
            return _rest(walk, message(facts.say("reflection.skipped", day=day)), event, facts)


def _rest(walk: Walk, said: Card, event: AnyEvent, facts: Facts) -> Turn:
    effects: tuple[Effect, ...] = (quiet(facts), Unplan(person=facts.me.id, topic=SNOOZE))
    if isinstance(event, Pressed):
        return Turn(Rested(walk), effects, Replace(said))
    return Turn(Rested(walk), (*effects, Say(to=facts.me.id, card=said)))


def _back(walk: Walk, facts: Facts) -> Turn:
    me = facts.me
    if walk.stem:
        return Turn(Asked(walk), (), Replace(cards.stem(facts, walk)), (me.id,))
    if walk.step in facts.steps and not walk.tapped:
        return Turn(Opened(walk), (), Replace(cards.opening(facts, walk, facts.steps[walk.step])), (me.id,))
    return Turn(Tapping(walk), (), Replace(cards.light(facts, walk)), (me.id,))


def choices(facts: Facts) -> tuple[str, ...]:
    """Those of the three hours that are what they say: not every evening has a later, nor every day a tomorrow."""
    here = facts.here + timedelta(hours=2)
    today = ("later_today",) if here.hour * 60 + here.minute < LATEST and here.date() == facts.here.date() else ()
    morning = is_school_day(facts.school, facts.here.date() + timedelta(days=1))
    return (*today, *(("tomorrow",) if morning else ()), "next_school_day")


def snooze(state: Snoozing, verb: str, facts: Facts) -> Turn:
    """Later today, tomorrow morning or the next school day; at most twice for one nudge."""
    day = next_school_day(facts.school, facts.here.date())
    match verb:
        case "later_today":
            at, day = facts.now + timedelta(hours=2), facts.here.date()
        case "tomorrow":
            at = instant(day, 7 * 60 + 30, facts.me.zone)
        case _:
            at = instant(day, facts.me.minute, facts.me.zone)
    walk = replace(state.walk, snoozes=state.walk.snoozes + 1)
    plan = Plan(person=facts.me.id, topic=SNOOZE, at=at, day=day)
    card = message(facts.say("reflection.come_back", when=_when(at, facts)))
    # The reminder belongs to this nudge, and this nudge comes again by itself.
    reminder = Unplan(person=facts.me.id, topic=REMINDER)
    return Turn(Snoozing(walk, at), (plan, reminder), Replace(card), (facts.me.id,))


def current(state: Snoozing, facts: Facts) -> Card:
    if state.when is None:
        return cards.snooze(facts, choices(facts))
    return message(facts.say("reflection.come_back", when=_when(state.when, facts)))


def _when(at: datetime, facts: Facts) -> str:
    wall = at.astimezone(facts.zone)
    clock = f"{wall:%H:%M}"
    if wall.date() == facts.here.date():
        return facts.say.plain("reflection.today_at", time=clock)
    return facts.say.plain("reflection.day_at", day=long_date(wall.date(), facts.say), time=clock)
