"""The weekly reflection: last step first, one question, their words back, one next step, kept as theirs."""

from __future__ import annotations

from bot.cards import Card, OnlyYou
from bot.events import AnyEvent, Commanded, Due, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.reflection import asking, branches, cards, closing, last, later
from bot.flows.reflection.states import (
    Adding,
    Asked,
    Asking,
    Followed,
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
from bot.safety import command as typed

# What "skip" means where something is asked that has its own way past it; elsewhere it skips the week.
_SKIPS = {Stepping: "no_step", Knowing: "skip_this", Adding: "nothing_more"}
_SILENT = (Asking, Summed, Previewed, Shared, Rested)


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """One turn of the reflection; what is typed may also be what a button says."""
    if isinstance(event, Said) and state is not None and not isinstance(state, _SILENT):
        wish = typed(event.text)
        press = as_pressed(event, current(state, facts), facts)
        if wish and wish.name == "skip":
            if type(state) not in _SKIPS:
                return later.later(state, event, facts)
            press = pressed(event, _SKIPS[type(state)], facts)
        turn = in_words(press, lambda press: _step(state, press, facts), facts)
        if turn is not None:
            return turn
    return _step(state, event, facts)


def _step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """What was answered before stays kept, wherever the person stops."""
    match state, event:
        case None, Due():
            return asking.nudge(event, facts)
        case None, Commanded() | Said():
            return asking.by_hand(facts)
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
            return asking.reflect(walk, text, facts)
        case Asked(walk), Pressed(verb="else") if not walk.changed_stem:
            return asking.something_else(state, facts)
        case Asked() | Stuck() | Asking() | Smaller() | Tapping() | Adding(), _:
            return branches.step(state, event, facts)
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
    return () if state is None or isinstance(state, _SILENT) else (facts.me.id,)


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
            return closing.follow_up_again(walk, facts)
        case Tapping(walk):
            return cards.light(facts, walk)
        case Adding():
            return cards.light_more(facts)
        case Stuck():
            return cards.stuck(facts)
        case Asking(words=words) if coach := cards.coach_of(facts):
            return cards.ask_coach(facts, coach, words)
        case Smaller(walk):
            return cards.small_question(facts, walk)
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
    commands=(Command("beside", "/beside now", "Start a reflection now", word="now"),),
    typed=("now",),
    topics=(asking.NUDGE, asking.AGAIN),
    reads=("asks", "contacts"),
)
