"""The weekly reflection: last step first, one question, their words back, one next step, kept as theirs."""

from __future__ import annotations

from bot.cards import Card, OnlyYou
from bot.events import AnyEvent, Commanded, Due, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.naming import TOPIC, without
from bot.flows.reflection import answering, asides, asking, beside, branches, cards, closing, last, late, later, naming
from bot.flows.reflection.states import (
    Adding,
    Advised,
    Asked,
    Asking,
    Brief,
    Followed,
    Helping,
    Knowing,
    NotYet,
    Opened,
    Previewed,
    Rested,
    Rewording,
    Shared,
    Smaller,
    Snoozing,
    State,
    Stepping,
    Stuck,
    Summed,
    Tapping,
)  # fmt: skip
from bot.flows.seeing import who_sees
from bot.flows.wording import as_pressed, in_words, pressed
from bot.safety import ask
from bot.safety import command as typed

# What "skip" means where something is asked that has its own way past it; elsewhere it skips the week.
_SKIPS = {Stepping: "no_step", Knowing: "skip_this", Adding: "nothing_more"}
# And "stop here" or "that's all", and having nothing to say.
_ENOUGH = _SKIPS | {
    Followed: "all_today", Smaller: "stop_here", Stuck: "leave_now", Brief: "leave_there", Advised: "leave_advice",
    Helping: "leave_advice", Rewording: "leave_words",
}  # fmt: skip
_NOTHING = _SKIPS | {Tapping: "rather_not", Rewording: "leave_words"}
SILENT = (Summed, Previewed, Shared, Rested)


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """One turn of the reflection, with “a student” where a student may be named (1.6)."""
    if state is not None and isinstance(event, Pressed) and event.verb in ("a_student", "not_student"):
        return naming.settled(state, event, facts)
    event, named = without(event, facts)
    turn = advance(state, event, facts)
    return naming.noticed(turn, named, facts) if named else turn


def advance(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """What is typed may also be what a button says."""
    if isinstance(event, Said) and state is not None and not isinstance(state, SILENT):
        wish, kind = typed(event.text), type(state)
        press = as_pressed(event, current(state, facts), facts)
        if wish and wish.name in ("skip", "enough"):
            past = _SKIPS if wish.name == "skip" else _ENOUGH
            if kind not in past and not isinstance(state, Asking):
                return later.later(state, event, facts)
            press = pressed(event, past.get(kind, "dont_send"), facts)
        elif press is None and kind in _NOTHING and ask(event.text) == "none":
            press = pressed(event, _NOTHING[kind], facts)
        turn = in_words(press, lambda press: _step(state, press, facts), facts)
        if turn is not None:
            return turn
    return _step(state, event, facts)


def _step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """What was answered before stays kept, wherever the person stops."""
    if state is not None and (turn := late.step(state, event, facts)) is not None:
        return turn
    if state is not None and isinstance(event, Said) and (turn := asides.said(state, event.text, facts)) is not None:
        return turn
    match state, event:
        case None, Due():
            return asking.nudge(event, facts)
        case None, Said(text=text):
            return asides.opened(text, facts)
        case None, Commanded():
            return asking.by_hand(facts)
        case _, Due(topic=topic) if topic == TOPIC and state is not None:
            return naming.forgotten(state, facts)
        case _, Pressed(verb="who"):
            return Turn(state, answer=OnlyYou(who_sees(facts)), hear=hearing(state, facts))
        case _, Due(topic="reminder"):
            return later.remind(state, event.day, facts)
        case Snoozing(walk, when), Due(topic="snooze"):
            return later.again(walk, when or facts.now, facts)
        case Opened() | Asked() | Tapping() | Snoozing(when=None), Pressed(verb="not_now" | "skip" | "back"):
            return later.later(state, event, facts)
        case Snoozing(when=None), Pressed(verb=verb) if verb in later.choices(facts):
            return later.snooze(state, verb, facts)
        case Opened() | NotYet() | Rewording(), _:
            return last.step(state, event, facts)
        case Asked(walk) | Snoozing(walk), Said(text=text):
            return answering.reflect(walk, text, facts)
        case Asked(walk), Pressed(verb="else") if not walk.changed_stem:
            return asking.something_else(state, facts)
        case Asked() | Stuck() | Asking() | Smaller() | Tapping() | Adding(), _:
            return branches.step(state, event, facts)
        case Advised() | Helping() | Brief(), _:
            return asides.step(state, event, facts)
        case Rested(), Pressed(verb="delete_notes"):
            return closing.notes_gone(state, facts)
        case Followed(walk), Said(text=text):
            return closing.ask_step(walk, facts, reply=text)
        case Followed(walk), Pressed(verb="all_today"):
            return closing.ask_step(walk, facts)
        case Stepping() | Knowing() | Summed() | Previewed() | Shared(), Said() | Pressed() | Submitted():
            return closing.step(state, event, facts)
        case _:
            return Turn(state, hear=hearing(state, facts))


def hearing(state: State | None, facts: Facts) -> tuple[str, ...]:
    """Who may simply write: the person, until it is over or lies ready to be shared."""
    return () if state is None or isinstance(state, SILENT) else (facts.me.id,)


def current(state: State, facts: Facts) -> Card | None:
    """The card of where it stands, for an old button and for carrying on."""
    match state:
        case Opened(walk) if walk.step in facts.steps:
            return cards.opening(facts, walk, facts.steps[walk.step])
        case Snoozing():
            return later.current(state, facts)
        case NotYet(walk) if walk.step in facts.steps:
            return cards.not_yet(facts, last.not_yet_line(facts, facts.steps[walk.step]))
        case Rewording(_, how):
            return cards.rewording(facts, how)
        case Asked(walk):
            return cards.stem(facts, walk)
        case Followed(walk):
            return answering.follow_up_again(walk, facts)
        case Tapping(walk):
            return cards.light(facts, walk)
        case Adding():
            return cards.light_more(facts)
        case Stuck(walk):
            return beside.stuck(facts, walk)
        case Advised(walk):
            return beside.advised(facts, walk)
        case Helping(walk):
            return beside.helping(facts, walk)
        case Brief(walk, empty):
            return beside.brief(facts, None, empty)
        case Asking(words=words) if coach := cards.coach_of(facts):
            return beside.ask_coach(facts, coach, words)
        case Smaller(walk):
            return beside.small_question(facts, walk)
        case Stepping(walk):
            return cards.next_step(facts, walk)
        case Knowing():
            return cards.how_we_know(facts)
        case Summed(walk, settled) if walk.made in facts.steps:
            return cards.summary(facts, facts.steps[walk.made], settled)
        case Previewed(walk, notes) if walk.made in facts.steps:
            return cards.share_preview(facts, facts.steps[walk.made], notes)
        case Shared(walk) if walk.made in facts.steps:
            return cards.summary(facts, facts.steps[walk.made], settled=True)
        case _:
            return None


flow = Flow(
    name="reflection",
    states=State,
    step=step,
    current=current,
    commands=(Command("beside", "/beside now", word="now"),),
    typed=("now",),
    topics=(asking.NUDGE, asking.AGAIN),
    reads=("asks", "contacts", "showings", "mirrors"),
)
