"""Being quiet for a while: pause and leave."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec.structs import replace

from bot.cadence import instant, next_checkin, next_school_day
from bot.cards import Card, DateField, Form, Wrong
from bot.effects import Effect, Keep, Plan, Say, Unplan
from bot.events import Commanded, Said
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.house.shown import Shown, State, button, reply
from bot.spoken import at_time, listing, long_date
from bot.when.clean import Rest, clean
from bot.when.days import days

FOREVER = date(9999, 12, 31)
_COUNT = re.compile(r"(?:for\s+)?(\d{1,2}|one|two|three|a)\s+(day|week)s?", re.IGNORECASE)
_NUMBER = {"a": 1, "one": 1, "two": 2, "three": 3}


def pause(about: str, rest: str, event: Said | Commanded, facts: Facts) -> Turn:
    counted = _COUNT.fullmatch(rest.strip())
    if counted:
        number = _NUMBER.get(counted[1].lower()) or int(counted[1])
        days = number * (7 if counted[2].lower() == "week" else 1)
        effects, card = quiet(facts.here.date() + timedelta(days=days), about, facts)
        return reply(event, facts, card, effects)
    if (until := _named(rest, facts)) is not None:
        effects, card = quiet(until, about, facts)
        return reply(event, facts, card, effects)
    verbs = (
        ("one_week", "two_weeks", "until_date", "until_say")
        if about == "pause"
        else ("one_week", "two_weeks", "until_date")
    )
    text = facts.say("house.quiet_ask" if about == "pause" else "house.leave_ask")
    return reply(event, facts, message(text, answers=tuple(button(facts, verb) for verb in verbs)), about=about)


def _named(rest: str, facts: Facts) -> date | None:
    """The one day that was typed, where it lies ahead: "until 26 October", "until Monday"."""
    today = facts.here.date()
    try:
        found = days(Rest(clean(rest).lower()), today, facts.me.locale).found
    except (OverflowError, ValueError):
        return None
    if len(found) != 1 or (found[0].bare is None and len(found[0].days) != 1):
        return None
    bare = found[0].bare
    named = found[0].days[0] if bare is None else today + timedelta(days=(bare - today.weekday() - 1) % 7 + 1)
    return named if today < named < FOREVER else None


def quiet(until: date, about: str, facts: Facts) -> tuple[tuple[Effect, ...], Card]:
    """Quiet up to that day; on that day messages are open again."""
    say = facts.say
    last = until - timedelta(days=1)
    me = replace(facts.me, quiet_until=last, quiet_for="leave" if about == "leave" else "pause")
    if until == FOREVER:
        return (Keep(me), Unplan(person=me.id, topic="checkin")), message(say("house.quiet_open"))
    effects: tuple[Effect, ...] = (Keep(me),)
    if me.role == "teacher" and me.chat == "on":
        at, day = next_checkin(me, facts.school, facts.now, had=facts.had)
        effects = (*effects, Plan(person=me.id, topic="checkin", at=at, day=day))
    if about != "leave":
        return effects, message(say("house.quiet", date=long_date(until, say)))
    booked = _booked(until, facts)
    lines = (say("house.leave_booked", slots=booked),) if booked else ()
    return (*effects, *_waiting(until, facts)), message(say("house.leave"), *lines)


def _waiting(until: date, facts: Facts) -> tuple[Effect, ...]:
    """A step due while its teacher is away waits until two days after the first school day back."""
    step = facts.step
    if step is None or step.check_on is None or step.check_on > until:
        return ()
    back = next_school_day(facts.school, until - timedelta(days=1))
    return (Keep(replace(step, check_on=back + timedelta(days=2))),)


def _booked(until: date, facts: Facts) -> str:
    """What both booked in that time is theirs to decide: it is listed, and nothing happens to it by itself."""
    end = instant(until, 0, facts.me.zone)
    inside = sorted(b.start for b in facts.busy.get(facts.me.id, ()) if facts.now < b.start < end)
    return listing([at_time(start, facts.me.zone, facts.say) for start in inside], facts.say)


def date_form(facts: Facts) -> Form:
    return Form(
        verb="until",
        title=facts.say.button("house.until_date"),
        fields=(
            DateField("day", facts.say.plain("house.date_label"), (facts.here.date() + timedelta(weeks=1)).isoformat()),
        ),
        submit=facts.say.button("house.keep_date"),
        cancel=facts.say.button("house.close_form"),
    )


def until_day(about: str, chosen: str, state: State, facts: Facts) -> Turn:
    try:
        until = date.fromisoformat(chosen)
    except ValueError:
        until = facts.here.date()
    if not facts.here.date() < until < FOREVER:
        return Turn(state, (), Wrong({"day": facts.say.plain("house.bad_date")}))
    effects, card = quiet(until, about, facts)
    return Turn(Shown("quiet"), (*effects, Say(to=facts.me.id, card=card)))
