"""The first half: the nudge, last time's step, one question, and the words handed back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import LATE, instant, may_contact, next_checkin, next_school_day, shift
from bot.cards import Card, Replace, Text
from bot.effects import Effect, Keep, Plan, Say, Unplan
from bot.events import AnyEvent, Due, Pressed, Said
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import cards
from bot.flows.reflection.states import (
    Asked,
    Followed,
    NotYet,
    Opened,
    Rested,
    Rewording,
    Snoozing,
    State,
    Tapping,
    Walk,
)
from bot.records import Asked as AskedStem
from bot.records import NextStep, Own, Reflection
from bot.reflecting import reflect_back, reflect_not_yet
from bot.spoken import WEEKDAYS, long_date
from bot.stems import Stem, pick, pick_follow_up

REMINDER, SNOOZE = "reminder", "snooze"
_PHASES = {
    "tried": ("learn", "notice"), "partly": ("learn", "notice"), "changed": ("learn",),
    "not_yet": ("plan",), "dropped": ("wonder", "notice"),
}  # fmt: skip


def nudge(event: Due, facts: Facts) -> Turn:
    """The check-in's hour has come: the next one is planned whatever happens to this one."""
    at, day = next_checkin(facts.me, facts.school, facts.now)
    again = Plan(person=facts.me.id, topic="checkin", at=at, day=day)
    meant = instant(event.day, facts.me.minute + shift(facts.me.id), facts.me.zone)
    if not may_contact(facts.me, facts.school, facts.now) or facts.now - meant > LATE:
        return Turn(Rested(Walk(day=event.day)), (again,))
    # The next check-in as the cards of this one speak of it is the one just planned.
    turn = _open(Walk(day=event.day, nudged=True), replace(facts, next_checkin=at))
    reminder_day = next_school_day(facts.school, facts.here.date())
    remind = instant(reminder_day, facts.me.minute + shift(facts.me.id), facts.me.zone)
    return replace(
        turn,
        effects=(*turn.effects, again, Plan(person=facts.me.id, topic=REMINDER, at=remind, day=reminder_day)),
    )


def by_hand(facts: Facts) -> Turn:
    return _open(Walk(day=facts.here.date()), facts)


def _open(walk: Walk, facts: Facts) -> Turn:
    """The opening: with a step, the step; without one, the question itself, or the light version's one tap."""
    me = facts.me
    if facts.step is not None:
        walk = replace(walk, step=facts.step.id)
        return Turn(
            Opened(walk), (Say(to=me.id, card=cards.opening(facts, walk, facts.step), name="opening"),), hear=(me.id,)
        )
    return ask(walk, facts, facts.say("reflection.opening", first=me.first))


def ask(walk: Walk, facts: Facts, *before: Text, phases: tuple[str, ...] = (), gentle: bool = False) -> Turn:
    """One stem, or the light version's tap where the person chose it or last week was heavy."""
    me = facts.me
    if me.light or me.light_once:
        kept = (Keep(replace(me, light_once=False)),) if me.light_once else ()
        return Turn(Tapping(walk), (Say(to=me.id, card=cards.light(facts, walk, *before), name="light"), *kept))
    chosen = _pick(facts, walk, phases=phases, gentle=gentle)
    walk = replace(walk, stem=chosen.id)
    effects = (Say(to=me.id, card=cards.stem(facts, walk, *before), name="stem"), _asked(facts, chosen))
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
    if state.walk.changed_stem:
        return Turn(state, hear=(facts.me.id,))
    stem = _pick(facts, state.walk, avoid=facts.library.stem(state.walk.stem))
    walk = replace(state.walk, stem=stem.id, changed_stem=True)
    return Turn(Asked(walk), (_asked(facts, stem),), Replace(cards.stem(facts, walk)), (facts.me.id,))


def last_step(state: Opened | NotYet | Rewording, event: AnyEvent, facts: Facts) -> Turn:
    """What became of the step (2.1): a tap sets its status; typed words are the reflection itself."""
    walk, me = state.walk, facts.me
    old = facts.steps.get(walk.step)
    match state, event:
        case Opened(), Said(text=text):
            return reflect(walk, text, facts)
        case Opened(), Pressed(verb="not_yet") if old:
            kept = Keep(replace(old, status="not_yet"))
            card = cards.not_yet(facts, not_yet_line(facts, old))
            return Turn(NotYet(replace(walk, tapped="not_yet")), (kept, _quiet(facts)), Replace(card))
        case Opened(), Pressed(verb="changed") if old:
            kept = Keep(replace(old, status="changed"))
            walk = replace(walk, tapped="changed")
            card = cards.rewording(facts, "changed")
            return Turn(Rewording(walk, "changed"), (kept, _quiet(facts)), Replace(card), (me.id,))
        case Opened(), Pressed(verb="tried" | "partly" | "dropped" as verb) if old:
            turn = ask(replace(walk, tapped=verb), facts, phases=_PHASES[verb])
            return replace(turn, effects=(Keep(replace(old, status=verb)), _quiet(facts), *turn.effects))
        case NotYet(), Pressed(verb="keep_it"):
            return ask(walk, facts, phases=_PHASES["not_yet"], gentle=True)
        case NotYet(), Pressed(verb="smaller" | "swap" as how):
            return Turn(Rewording(walk, how), (), Replace(cards.rewording(facts, how)), (me.id,))
        case Rewording(), Pressed(verb="leave_words"):
            return ask(walk, facts, phases=_PHASES[walk.tapped], gentle=walk.tapped == "not_yet")
        case Rewording(how=how), Said(text=text) if old:
            new = replace(old, words=Own(text.strip()[:240], me.id), status="open")
            if how == "swap":
                new = replace(new, id=derived(facts.key, "step"), at=facts.now, how_we_know=None)
            turn = ask(walk, facts, phases=_PHASES[walk.tapped], gentle=walk.tapped == "not_yet")
            dropped = (Keep(replace(old, status="dropped")),) if how == "swap" else ()
            return replace(turn, effects=(*dropped, Keep(new), *turn.effects))
        case _:
            return Turn(state, hear=() if isinstance(state, NotYet) else (me.id,))


def _quiet(facts: Facts) -> Unplan:
    """Any answer takes the one reminder back."""
    return Unplan(person=facts.me.id, topic=REMINDER)


def not_yet_line(facts: Facts, old: NextStep) -> Text:
    recent = tuple(asked.line for asked in facts.asked if asked.line)[:5]
    return reflect_not_yet(facts.library, step=old.words.text, by=old.words.by, recent=recent, seed=facts.thread).text


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
            _quiet(facts),
            Say(to=me.id, card=cards.follow_up(facts, back.text, question), name="follow_up"),
        ),
        hear=(me.id,),
    )


def answer(facts: Facts, text: str, question: str, stem: str) -> Reflection:
    """The words as they were written, private at birth."""
    return Reflection(
        id=derived(facts.key, "reflection"),
        organization=facts.me.organization,
        person=facts.me.id,
        thread=facts.thread,
        at=facts.now,
        stem=stem,
        question=question,
        words=Own(text, facts.me.id),
    )


def remind(state: State | None, facts: Facts) -> Turn:
    """One reminder, and only while the opening stands unanswered."""
    waiting = isinstance(state, Opened | Asked | Tapping)
    hear = (facts.me.id,) if isinstance(state, Opened | Asked) else ()
    if not waiting or not may_contact(facts.me, facts.school, facts.now):
        return Turn(state, hear=hear)
    return Turn(
        state, (Say(to=facts.me.id, card=message(facts.say("reflection.still_here")), name="still"),), hear=hear
    )


def open_again(walk: Walk, facts: Facts) -> Turn:
    """After not now: the same opening, as a new message."""
    if not may_contact(facts.me, facts.school, facts.now):
        return Turn(Rested(walk))
    return _open(walk, facts)


def later(state: Opened | Asked | Tapping | Snoozing, event: AnyEvent, facts: Facts) -> Turn:
    walk = state.walk
    match event:
        case Pressed(verb="not_now") if walk.nudged and walk.snoozes < 2:
            return Turn(Snoozing(walk), (), Replace(cards.snooze(facts)))
        case Pressed(verb="back"):
            return _back(walk, facts)
        case _:
            day = WEEKDAYS[(facts.next_checkin or facts.now).astimezone(facts.zone).weekday()]
            said = message(facts.say("reflection.skipped", day=day))
            effects: tuple[Effect, ...] = (_quiet(facts),)
            if isinstance(event, Pressed):
                return Turn(Rested(walk), effects, Replace(said))
            return Turn(Rested(walk), (*effects, Say(to=facts.me.id, card=said)))


def _back(walk: Walk, facts: Facts) -> Turn:
    me = facts.me
    if walk.stem:
        return Turn(Asked(walk), (), Replace(cards.stem(facts, walk)), (me.id,))
    if walk.step in facts.steps:
        return Turn(Opened(walk), (), Replace(cards.opening(facts, walk, facts.steps[walk.step])), (me.id,))
    return Turn(Tapping(walk), (), Replace(cards.light(facts, walk)))


def snooze(state: Snoozing, verb: str, facts: Facts) -> Turn:
    """Later today, tomorrow morning or the next school day; at most twice for one nudge."""
    here, zone = facts.here, facts.me.zone
    today = here.date()
    school_day = next_school_day(facts.school, today)
    match verb:
        case "later_today" if here.hour < 16:
            at, day = facts.now + timedelta(hours=2), today
        case "tomorrow":
            day = school_day
            at = instant(day, 7 * 60 + 30, zone)
        case _:
            day = school_day
            at = instant(day, facts.me.minute, zone)
    walk = replace(state.walk, snoozes=state.walk.snoozes + 1)
    clock = f"{at.astimezone(facts.zone):%H:%M}"
    when = (
        facts.say.plain("reflection.today_at", time=clock)
        if day == today
        else facts.say.plain("reflection.day_at", day=long_date(day), time=clock)
    )
    plan = Plan(person=facts.me.id, topic=SNOOZE, at=at, day=day)
    said = facts.say("reflection.come_back", when=when)
    return Turn(Snoozing(walk), (plan, _quiet(facts)), Replace(Card(blocks=(said,))))
