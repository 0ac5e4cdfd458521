"""The weekly reflection: last step first, one question, their words back, one next step, kept as theirs."""

from __future__ import annotations

from bot.cards import Card, OnlyYou
from bot.events import AnyEvent, Commanded, Due, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.reflection import asking, branches, cards, closing
from bot.flows.reflection.states import (
    Adding,
    Asked,
    Followed,
    Knowing,
    NotYet,
    Opened,
    Previewed,
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

NUDGE, REMINDER, SNOOZE = "checkin", asking.REMINDER, asking.SNOOZE


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """One turn of the reflection. What was answered before stays kept, wherever the person stops."""
    match state, event:
        case None, Due():
            return asking.nudge(event, facts)
        case None, Commanded() | Said():
            return asking.by_hand(facts)
        case _, Pressed(verb="who"):
            return Turn(state, answer=OnlyYou(who_sees(facts)), hear=hearing(state, facts))
        case _, Due(topic="reminder"):
            return asking.remind(state, facts)
        case Snoozing(walk), Due(topic="snooze"):
            return asking.open_again(walk, facts)
        case Opened() | Asked() | Tapping() | Snoozing(), Pressed(verb="not_now" | "skip" | "back") | Said(text="skip"):
            return asking.later(state, event, facts)
        case Snoozing(), Pressed(verb=verb) if verb in cards.LATER:
            return asking.snooze(state, verb, facts)
        case Opened() | NotYet() | Rewording(), _:
            return asking.last_step(state, event, facts)
        case Asked(walk), Said(text=text):
            return asking.reflect(walk, text, facts)
        case Asked(), Pressed(verb="else"):
            return asking.something_else(state, facts)
        case Asked() | Stuck() | Smaller() | Tapping() | Adding(), _:
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
    """Who may simply write: the person, while a question stands."""
    asked = (Opened, Rewording, Asked, Followed, Smaller, Stepping, Knowing, Adding)
    return (facts.me.id,) if isinstance(state, asked) else ()


def current(state: State, facts: Facts) -> Card | None:
    """The card of where it stands, for an old button and for carrying on."""
    match state:
        case Opened(walk) if walk.step in facts.steps:
            return cards.opening(facts, walk, facts.steps[walk.step])
        case Snoozing():
            return cards.snooze(facts)
        case NotYet(walk) if walk.step in facts.steps:
            return cards.not_yet(facts, asking.not_yet_line(facts, facts.steps[walk.step]))
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
    topics=(NUDGE,),
    reads=("asks",),
)
