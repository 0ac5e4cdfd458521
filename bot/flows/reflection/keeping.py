"""What is kept of a reflection: answers and steps, in the words they were written in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.cadence import instant, next_checkin
from bot.effects import Effect, Keep, Say
from bot.flow import Facts, derived
from bot.flows.drawing import message
from bot.records import NextStep, Own, Reflection

SHORTEST, LONGEST = 3, 240


def answer(facts: Facts, text: str, question: str, stem: str) -> Reflection:
    """The words as they were written, private at birth."""
    return Reflection(
        id=derived(facts.key, "reflection"),
        organization=facts.me.organization,
        person=facts.me.id,
        thread=facts.thread,
        at=_after_the_last(facts),
        stem=stem,
        question=question,
        words=Own(text, facts.me.id),
    )


def _after_the_last(facts: Facts) -> datetime:
    """What is kept knows whole seconds: two things said within one still have an order."""
    if not facts.reflections:
        return facts.now
    return max(facts.now, facts.reflections[-1].at + timedelta(seconds=1))


def misfit(facts: Facts, text: str, question: str) -> tuple[Effect, ...]:
    """What is done with words that are no step: too many are kept whole as a note, and fewer are asked for."""
    if SHORTEST <= len(text) <= LONGEST:
        return ()
    me = facts.me.id
    if len(text) < SHORTEST:
        return (Say(to=me, card=message(facts.say("reflection.too_short")), name="step"),)
    note = Keep(answer(facts, text, question, ""))
    return note, Say(to=me, card=message(facts.say("reflection.too_long")), name="step")


def next_day(facts: Facts) -> date:
    """The local day of the next check-in after today: a step is not brought back on the day it was made."""
    at = facts.next_checkin or next_checkin(facts.me, facts.school, facts.now)[0]
    day, today = at.astimezone(facts.zone).date(), facts.here.date()
    return day if day > today else next_checkin(facts.me, facts.school, facts.now, had=today)[1]


def brought_back(facts: Facts, day: date) -> date:
    """The day on which a step for that day comes back: a teacher's steps come with the check-in, never before it."""
    if facts.me.role == "coach":
        return day
    return next_checkin(facts.me, facts.school, instant(day, 0, facts.me.zone) - timedelta(seconds=1))[1]


def new_step(facts: Facts, words: str, like: NextStep | None = None, part: str = "any") -> NextStep:
    """A step of their own, private at birth; `like` is the one it takes the place of."""
    return NextStep(
        id=derived(facts.key, "step"),
        organization=facts.me.organization,
        person=facts.me.id,
        thread=facts.thread,
        at=_after_the_last(facts),
        words=Own(words, facts.me.id),
        how_we_know=like.how_we_know if like else None,
        check_on=next_day(facts),
        lesson_part=like.lesson_part if like else part,  # type: ignore[arg-type]  # a stem's part is one of them
    )
