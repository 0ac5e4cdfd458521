"""The first half: the nudge, last time's step, one question, and the words handed back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import (
    QUIETLY,
    Lately,
    checkin_at,
    instant,
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
from bot.flows.reflection.keeping import answer
from bot.flows.reflection.states import Asked, Followed, Opened, Rested, Tapping, Walk
from bot.records import Asked as AskedStem
from bot.reflecting import reflect_back
from bot.stems import Stem, pick, pick_follow_up

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
    # Whatever the clock says by now, this day has had its check-in.
    after = max(facts.now, instant(event.day, 24 * 60 - 1, me.zone))
    at, day = next_checkin(me, facts.school, after, weeks_until_next(lately.unanswered + (not held)))
    again = Plan(person=me.id, topic=NUDGE, at=at, day=day)
    if held:
        return Turn(Rested(Walk(day=event.day)), (again,))
    # The next check-in as the cards of this one speak of it is the one just planned.
    turn = opened(Walk(day=event.day, nudged=True), replace(facts, next_checkin=at))
    asked = (replace(said, unasked="nudge") if isinstance(said, Say) else said for said in turn.effects)
    remind = next_school_day(facts.school, facts.here.date())
    reminder = Plan(person=me.id, topic=REMINDER, at=checkin_at(me, facts.school, remind), day=remind)
    return replace(turn, effects=(*asked, again, reminder))


def by_hand(facts: Facts) -> Turn:
    return opened(Walk(day=facts.here.date()), facts)


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


def ask(walk: Walk, facts: Facts, phases: tuple[str, ...] = (), gentle: bool = False) -> Turn:
    """One stem, or the light version's tap where the person chose it or last week was heavy."""
    me = facts.me
    if me.light or me.light_once:
        kept = (Keep(replace(me, light_once=False)),) if me.light_once else ()
        said = Say(to=me.id, card=cards.light(facts, walk), name="light")
        return Turn(Tapping(walk), (said, *kept), hear=(me.id,))
    chosen = _pick(facts, walk, phases=phases, gentle=gentle)
    walk = replace(walk, stem=chosen.id)
    effects = (Say(to=me.id, card=cards.stem(facts, walk), name="stem"), _asked(facts, chosen))
    return Turn(Asked(walk), effects, hear=(me.id,))


def _pick(
    facts: Facts, walk: Walk, *, phases: tuple[str, ...] = (), gentle: bool = False, avoid: Stem | None = None
) -> Stem:
    coach = facts.me.role == "coach"
    week = facts.here.isocalendar()
    part = facts.steps[walk.step].lesson_part if walk.step in facts.steps else "any"
    return pick(
        facts.library,
        moment="coach_reflection" if coach else "weekly_reflection",
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


def _asked(facts: Facts, stem: Stem, line: str = "") -> Keep:
    return Keep(
        AskedStem(
            id=derived(facts.thread, "asked", stem.id),
            organization=facts.me.organization,
            person=facts.me.id,
            at=facts.now,
            stem=stem.id,
            focus=stem.focus,
            line=line,
        )
    )


def something_else(state: Asked, facts: Facts) -> Turn:
    """Offered once: another focus or lesson part, in the place of the first question."""
    stem = _pick(facts, state.walk, avoid=facts.library.stem(state.walk.stem))
    walk = replace(state.walk, stem=stem.id, changed_stem=True)
    return Turn(Asked(walk), (_asked(facts, stem),), Replace(cards.stem(facts, walk)), (facts.me.id,))


def quiet(facts: Facts) -> Unplan:
    """Any answer takes the one reminder back."""
    return Unplan(person=facts.me.id, topic=REMINDER)


def reflect(walk: Walk, text: str, facts: Facts) -> Turn:
    """Kept as it was written; handed back in the same words, with one follow-up (2.3)."""
    me = facts.me
    stem = facts.library.stem(walk.stem) if walk.stem else None
    lines = tuple(asked.line for asked in facts.asked if asked.line)[:5]
    back = reflect_back(
        facts.library, reply=text, by=me.id, stem=stem, tapped_tried=walk.tapped in ("tried", "partly"),
        recent=lines, seed=facts.thread,
    )  # fmt: skip
    question = pick_follow_up(stem) if stem else facts.say.plain("reflection.types_instead")
    asked = (_asked(facts, stem, back.line_id),) if stem else ()
    return Turn(
        Followed(replace(walk, follow_up=question)),
        (
            Keep(answer(facts, text, stem.text if stem else "", stem.id if stem else "")),
            *asked,
            quiet(facts),
            Say(to=me.id, card=cards.follow_up(facts, back.text, question), name="follow_up"),
        ),
        hear=(me.id,),
    )
