"""Words that nobody asked for: one line of what this can do, and a way to keep them."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import Button, Card, Replace
from bot.effects import Drop, Keep, Say
from bot.events import AnyEvent, Due, Edited, Pressed, Removed, Said
from bot.flow import Facts, Flow, Turn, derived
from bot.flows.drawing import message
from bot.flows.naming import TOPIC, name_card, swapped, ten_minutes
from bot.records import Own, Reflection


class Offered(Struct, frozen=True, tag="offered"):
    """`words` are what would be kept; `was` what was written, where that may name a student."""

    words: Own
    was: Own | None = None


class Done(Struct, frozen=True, tag="done"):
    """Kept. For ten minutes `was` can take the place of what was kept."""

    was: Own | None = None


State = Offered | Done


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    me = facts.me
    match state, event:
        case None, Said(text=text):
            now = swapped(text, facts)
            was = Own(text, me.id) if now != text else None
            forgets = (ten_minutes(facts),) if was else ()
            return Turn(Offered(Own(now, me.id), was), (Say(to=me.id, card=_line(facts), name="line"), *forgets))
        case Offered(words), Due(topic=topic) if topic == TOPIC:
            return Turn(Offered(words))
        case Offered(words, was), Pressed(verb="keep_note"):
            named = (Say(to=me.id, card=name_card(facts), name="named"), ten_minutes(facts)) if was else ()
            return Turn(Done(was), (kept(words, facts), *named), Replace(message(facts.say("house.note_kept"))))
        case Offered(), Edited(text=text) if text.strip():
            return Turn(Offered(Own(swapped(text, facts), me.id)))
        case Done(), Edited(text=text, back=True) if text.strip() and not facts.reflections:
            return Turn(
                Offered(Own(swapped(text, facts), me.id)), (Say(to=me.id, card=brought_back(facts), name="line"),)
            )
        case Done(), Edited(text=text) if text.strip():
            again = tuple(Keep(replace(note, words=Own(swapped(text, facts), me.id))) for note in _fresh(facts))
            return Turn(Done() if again else state, again)
        case Offered(), Removed():
            return Turn(Done())
        case Done(), Removed():
            return Turn(Done(), tuple(Drop(kind="reflection", id=note.id) for note in facts.reflections))
        case Done(), Pressed(verb="a_student"):
            return Turn(Done(), (), Replace(message(facts.say("house.named_student"))))
        case Done(was), Pressed(verb="not_student"):
            back = tuple(Keep(replace(note, words=was)) for note in facts.reflections) if was else ()
            told = facts.say("house.named_other") if back else facts.say("house.named_late")
            return Turn(Done(), back, Replace(message(told)))
        case Done(), Due(topic=topic) if topic == TOPIC:
            return Turn(Done())
        case _:
            return Turn(state)


def _fresh(facts: Facts) -> tuple[Reflection, ...]:
    """A message that is changed within a day is kept in its last version; what was shared stays what was shown."""
    recent = facts.now - timedelta(days=1)
    return tuple(note for note in facts.reflections if note.at >= recent and note.visibility == "private")


def brought_back(facts: Facts) -> Card:
    """What was deleted was let go: only they know whether it is wanted again."""
    return message(facts.say("house.brought_back"), answers=(_keep(facts),))


def kept(words: Own, facts: Facts) -> Keep:
    me = facts.me
    return Keep(Reflection(
        id=derived(facts.thread, "note"), organization=me.organization, person=me.id, thread=facts.thread,
        at=facts.now, stem="", question="", words=words,
    ))  # fmt: skip


def _keep(facts: Facts) -> Button:
    return Button("keep_note", facts.say.button("house.keep_note"))


def _line(facts: Facts) -> Card:
    other = next((partner.first for partner in facts.partners), "")
    if facts.me.role == "coach":
        text = facts.say("house.off_topic_coach")
    else:
        text = facts.say("house.off_topic", other=other) if other else facts.say("house.off_topic_alone")
    return message(text, answers=(_keep(facts),))


def current(state: State, facts: Facts) -> Card | None:
    return _line(facts) if isinstance(state, Offered) else None


flow = Flow(name="note", states=State, step=step, current=current, reads=("asks",))
