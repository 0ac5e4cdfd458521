"""Words that nobody asked for: one line of what this can do, and a way to keep them."""

from __future__ import annotations

from msgspec import Struct

from bot.cards import Button, Card, Replace
from bot.effects import Keep, Say
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Flow, Turn, derived
from bot.flows.drawing import message
from bot.records import Own, Reflection


class Offered(Struct, frozen=True, tag="offered"):
    words: Own


class Done(Struct, frozen=True, tag="done"):
    pass


State = Offered | Done


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    me = facts.me
    match state, event:
        case None, Said(text=text):
            return Turn(Offered(Own(text, me.id)), (Say(to=me.id, card=_line(facts), name="line"),))
        case Offered(words), Pressed(verb="keep_note"):
            kept = Reflection(
                id=derived(facts.thread, "note"), organization=me.organization, person=me.id, thread=facts.thread,
                at=facts.now, stem="", question="", words=words,
            )  # fmt: skip
            return Turn(Done(), (Keep(kept),), Replace(message(facts.say("house.note_kept"))))
        case _:
            return Turn(state)


def _line(facts: Facts) -> Card:
    other = next((partner.first for partner in facts.partners), "")
    if facts.me.role == "coach":
        text = facts.say("house.off_topic_coach")
    else:
        text = facts.say("house.off_topic", other=other) if other else facts.say("house.off_topic_alone")
    return message(text, answers=(Button("keep_note", facts.say.button("house.keep_note")),))


def current(state: State, facts: Facts) -> Card | None:
    return _line(facts) if isinstance(state, Offered) else None


flow = Flow(name="note", states=State, step=step, current=current)
