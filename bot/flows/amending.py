"""A message that was changed or deleted where it was written: what was kept of it follows (flows.md, 1.12)."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import Card, Replace
from bot.effects import Drop, Effect, Keep, Redraw, Revise, Say
from bot.events import AnyEvent, Edited, Pressed, Removed
from bot.flow import Facts, Flow, Made, Turn, derived
from bot.flows.drawing import message
from bot.flows.naming import swapped
from bot.flows.note import brought_back, kept
from bot.flows.reflection.keeping import LONGEST, SHORTEST
from bot.flows.sharing import reworded, taken_back
from bot.records import NextStep, Own, Person, Reflection
from bot.safety import command

A_DAY = timedelta(days=1)


class Amended(Struct, frozen=True, tag="amended"):
    """It is done."""


class Back(Struct, frozen=True, tag="back"):
    """A message that they had deleted stands in the chat again; `words` are what would be kept."""

    words: Own


State = Amended | Back


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """Within a day the last version is kept; what is deleted there is deleted here, however old it is."""
    me = facts.me
    match event:
        case Edited(text=text, back=True) if state is None and not facts.made and _listens(me) and not command(text):
            now = swapped(text, facts)
            said = Say(to=me.id, card=brought_back(facts), name="line")
            return Turn(Back(Own(now, me.id)), (said, *_named(now, text, facts)))
        case Pressed(verb="keep_note") if isinstance(state, Back):
            return Turn(Amended(), (kept(state.words, facts),), Replace(message(facts.say("house.note_kept"))))
        case Edited(text=text):
            late = tuple(made for made in facts.made if facts.now - made.at <= A_DAY)
            effects = tuple(effect for made in late for effect in _changed(made, text, facts))
        case Removed():
            effects = tuple(effect for made in facts.made for effect in _gone(made, facts))
        case _:
            effects = ()
    return Turn(Amended(), effects) if effects else Turn(state)


def _listens(me: Person) -> bool:
    return me.role == "coach" or (me.role == "teacher" and me.chat == "on")


def _named(now: str, was: str, facts: Facts) -> tuple[Effect, ...]:
    return (Say(to=facts.me.id, card=message(facts.say("house.named_student"))),) if now != was else ()


def _changed(made: Made, text: str, facts: Facts) -> tuple[Effect, ...]:
    me = facts.me.id
    now = swapped(text, facts)
    told = _named(now, text, facts)
    match made.record:
        case Reflection() as note:
            if not now.strip() or note.words.text == now:
                return ()
            return (*_kept(replace(note, words=Own(now, me)), facts), *told)
        case NextStep() as old if SHORTEST <= len(now.strip()) <= LONGEST:
            words = Own(now.strip(), me)
            new = replace(old, words=words) if made.part == "words" else replace(old, how_we_know=words)
            return (*_kept(new, facts), *told) if new != old else ()
        case NextStep() as old:
            # No step, and yet nothing that was written is lost: it is kept beside the step as it was.
            note = Reflection(
                id=derived(facts.key, "reflection", old.id), organization=old.organization, person=me,
                thread=old.thread, at=facts.now, stem="", question="", words=Own(now, me),
            )  # fmt: skip
            return (Keep(note), *told) if now.strip() else ()


def _kept(new: Reflection | NextStep, facts: Facts) -> tuple[Effect, ...]:
    """What others have were other words; these are shown when they are shared."""
    back = taken_back(facts, (new.id,), tuple(one for one in facts.own if one.id != new.id))
    again = (Redraw(to=facts.me.id, thread=new.thread, name="summary"),) if isinstance(new, NextStep) else ()
    return (*back, Keep(replace(new, visibility="private")), *reworded(facts, new.id), *again)


def _gone(made: Made, facts: Facts) -> tuple[Effect, ...]:
    record = made.record
    if isinstance(record, NextStep) and made.part == "how_we_know":
        return _kept(replace(record, how_we_know=None), facts)
    back = taken_back(facts, (record.id,), tuple(one for one in facts.own if one.id != record.id))
    if isinstance(record, Reflection):
        return (*back, Drop(kind="reflection", id=record.id))
    gone = Revise(to=facts.me.id, card=message(facts.say("reflection.step_gone")), name="summary", thread=record.thread)
    return (*back, Drop(kind="next_step", id=record.id), gone)


def current(state: State, facts: Facts) -> Card | None:
    return brought_back(facts) if isinstance(state, Back) else None


flow = Flow(name="amending", states=State, step=step, current=current, reads=("own", "made"))
