"""A note to the one beside you, where settling a time in person is easier."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Card, Open, Replace, Wrong
from bot.effects import Effect, Say
from bot.events import Pressed, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, forms
from bot.flows.coteach.states import Offered
from bot.flows.drawing import message
from bot.flows.sharing import sent as sent_to
from bot.flows.suggesting import suggestion
from bot.records import Own, Person

NOTE = 500


def step(state: Offered, event: Pressed | Submitted, facts: Facts) -> Turn:
    """Written, then sent: what a coach might rather ask is said to them first, and goes as it is if they like."""
    me = facts.me
    _, other = cards.reader(state.draft, facts, me.id)
    match event:
        case Pressed(verb="note"):
            return Turn(state, (), Open(forms.note(facts, other)))
        case Pressed(verb="edit_note") if state.note:
            return Turn(state, (), Open(forms.note(facts, other, state.note)))
        case Pressed(verb="note_as_it_is") if state.note:
            note, sent = _cards(state.note, other, facts)
            return Turn(replace(state, note=None), _sent(note, other, facts), Replace(sent))
        case Submitted(fields=fields):
            return _written(state, other, fields.get("note", "").strip(), facts)
        case _:
            return Turn(state)


def _written(state: Offered, other: Person, text: str, facts: Facts) -> Turn:
    me = facts.me
    if not text:
        return Turn(state, (), Wrong({"note": facts.say.plain("coteach.note_empty")}))
    if len(text) > NOTE:
        return Turn(state, (), Wrong({"note": facts.say.plain("coteach.note_long")}))
    words = Own(text, me.id)
    if thought := suggestion(words, other, facts, edit="edit_note", send="note_as_it_is"):
        return Turn(replace(state, note=words), (Say(to=me.id, card=thought, name="thought"),))
    note, sent = _cards(words, other, facts)
    return Turn(replace(state, note=None), (*_sent(note, other, facts), Say(to=me.id, card=sent)))


def _sent(note: Card, other: Person, facts: Facts) -> tuple[Effect, ...]:
    """To the other, and into the list of what they were shown."""
    return Say(to=other.id, card=note, name="note"), sent_to(facts, other.id, "note")


def _cards(words: Own, other: Person, facts: Facts) -> tuple[Card, Card]:
    note = message(facts.read_by(other).say("coteach.note_from", other=facts.me.first, words=words))
    return note, message(facts.say("coteach.note_sent", other=other.first))
