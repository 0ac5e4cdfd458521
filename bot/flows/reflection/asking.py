"""The first half: the nudge, last time's step, one question, and the words handed back."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.cadence import (
    QUIETLY,
    Lately,
    checkin_at,
    is_late,
    may_contact,
    next_checkin,
    next_school_day,
    weeks_until_next,
)
from bot.cards import Replace
from bot.effects import Keep, Plan, Say, Unplan
from bot.events import Due
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import cards
from bot.flows.reflection.states import Asked, Opened, Rested, Tapping, Walk
from bot.records import Asked as AskedStem
from bot.stems import Stem, pick

NUDGE, AGAIN, REMINDER, SNOOZE = "checkin", "again", "reminder", "snooze"


def nudge(event: Due, facts: Facts) -> Turn:
    """The check-in's hour has come: the next one is planned whatever happens to this one, unless this is goodbye."""
    me, lately = facts.me, facts.lately.get(facts.me.id, Lately())
    held = (
        event.topic != NUDGE
        or is_late(checkin_at(me, facts.school, event.day), facts.now)
        or not may_contact(me, facts.school, facts.now, lately)
    )
    if not held and lately.unanswered >= QUIETLY:
        said = Say(to=me.id, card=message(facts.say("reflection.goodbye")), name="goodbye", unasked="goodbye")
        return Turn(Rested(Walk(day=event.day)), (said,))
    weeks = weeks_until_next(lately.unanswered + (not held))
    at, day = next_checkin(me, facts.school, facts.now, weeks, had=event.day)
    again = Plan(person=me.id, topic=NUDGE, at=at, day=day)
    if held:
        return Turn(Rested(Walk(day=event.day)), (again,))
    # The next check-in as the cards of this one speak of it is the one just planned.
    walk = Walk(day=event.day, nudged=True, since=begun(facts), until=at)
    turn = opened(walk, replace(facts, next_checkin=at))
    asked = (replace(said, unasked="nudge") if isinstance(said, Say) else said for said in turn.effects)
    remind = next_school_day(facts.school, facts.here.date())
    reminder = Plan(person=me.id, topic=REMINDER, at=checkin_at(me, facts.school, remind), day=remind)
    return replace(turn, effects=(*asked, again, reminder))


def begun(facts: Facts) -> datetime:
    """When a conversation begins: never before what was asked in an earlier one."""
    return max(facts.now, facts.asked[0].at) if facts.asked else facts.now


def by_hand(facts: Facts) -> Turn:
    return opened(Walk(day=facts.here.date(), since=begun(facts)), facts)


def opened(walk: Walk, facts: Facts) -> Turn:
    """The opening: with a step, the step; without one, the question itself, or the light version's one tap.

    A step that was put off to a later day waits for that day, unless they come by themselves.
    """
    me, step = facts.me, facts.step
    waits = walk.nudged and step is not None and step.check_on is not None and step.check_on > facts.here.date()
    if step is None or waits:
        return ask(walk, facts)
    walk = replace(walk, step=step.id)
    said = Say(to=me.id, card=cards.opening(facts, walk, step), name="opening")
    return Turn(Opened(walk), (said,), hear=(me.id,))


def ask(
    walk: Walk, facts: Facts, phases: tuple[str, ...] = (), gentle: bool = False, avoid: Stem | None = None
) -> Turn:
    """One stem, or the light version's tap where the person chose it or last week was heavy."""
    me = facts.me
    if me.light or me.light_once:
        kept = (Keep(replace(me, light_once=False)),) if me.light_once else ()
        said = Say(to=me.id, card=cards.light(facts, walk), name="light")
        return Turn(Tapping(walk), (said, *kept), hear=(me.id,))
    chosen = choose(facts, walk, phases=phases, gentle=gentle, avoid=avoid)
    walk = replace(walk, stem=chosen.id)
    effects = (Say(to=me.id, card=cards.stem(facts, walk), name="stem"), noted(facts, chosen))
    return Turn(Asked(walk), effects, hear=(me.id,))


def choose(
    facts: Facts,
    walk: Walk,
    *,
    phases: tuple[str, ...] = (),
    gentle: bool = False,
    avoid: Stem | None = None,
    moment: str = "weekly_reflection",
) -> Stem:
    """The stem for this person now. After a step that was tried, extra time is spoken of only where the step does."""
    coach = facts.me.role == "coach"
    week = facts.here.isocalendar()
    part = facts.steps[walk.step].lesson_part if walk.step in facts.steps else "any"
    library = facts.library
    if walk.tapped in ("tried", "partly", "changed"):
        fit = tuple(stem for stem in library.stems if stem.focus != "intervention" or stem.audience == "coach")
        library = replace(library, stems=fit)
    return pick(
        library,
        moment="coach_reflection" if coach else moment,
        audience="coach" if coach else "teacher",
        person=facts.me.id,
        iso_week=f"{week.year}-W{week.week:02d}",
        asked=tuple(asked.stem for asked in facts.asked),
        answered=facts.answered,
        focus_counts=Counter(asked.focus for asked in facts.asked if asked.at > facts.now - timedelta(weeks=4)),
        phases=phases,
        lesson_part=None if part in ("any", "whole") else part,
        depth_max=1 if gentle else None,
        avoid=avoid,
        team_asked=facts.team_asked,
    )


def noted(facts: Facts, stem: Stem, line: str = "") -> Keep:
    """That it was asked and, once there is a reply, what answered it. Two within one second still have an order."""
    name = derived(facts.thread, "asked", stem.id)
    last = facts.asked[0].at if facts.asked else None
    at = facts.now if last is None else max(facts.now, last + timedelta(seconds=1))
    at = next((asked.at for asked in facts.asked if asked.id == name), at)
    return Keep(
        AskedStem(
            id=name,
            organization=facts.me.organization,
            person=facts.me.id,
            at=at,
            stem=stem.id,
            focus=stem.focus,
            line=line,
        )
    )


def something_else(state: Asked, facts: Facts) -> Turn:
    """Offered once: another focus or lesson part, in the place of the first question."""
    stem = choose(facts, state.walk, avoid=facts.library.stem(state.walk.stem))
    walk = replace(state.walk, stem=stem.id, changed_stem=True)
    return Turn(Asked(walk), (noted(facts, stem),), Replace(cards.stem(facts, walk)), (facts.me.id,))


def quiet(facts: Facts) -> Unplan:
    """Any answer takes the one reminder back."""
    return Unplan(person=facts.me.id, topic=REMINDER)
