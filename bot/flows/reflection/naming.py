"""What may be a student's name is kept as “a student”, unless its writer says otherwise within ten minutes (1.6)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Replace
from bot.effects import Effect, Keep, Revise, Say
from bot.events import Pressed
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.naming import Named, name_card, owns, ten_minutes
from bot.flows.reflection import cards
from bot.flows.reflection.states import Asking, State, Summed
from bot.records import NextStep, Own, Reflection


def noticed(turn: Turn, named: tuple[Named, ...], facts: Facts) -> Turn:
    """The turn with its one kind question, where these words are kept anywhere; the rest carries on at once."""
    kept = {own.text for effect in turn.effects if isinstance(effect, Keep) for own in owns(effect.record)}
    if isinstance(turn.state, Asking) and turn.state.words is not None:
        kept.add(turn.state.words.text)
    named = tuple(one for one in named if one.now.text in kept)
    if not named:
        return turn
    before = turn.state.walk.named
    state = replace(turn.state, walk=replace(turn.state.walk, named=(*before, *named)))
    said = Say(to=facts.me.id, card=name_card(facts, f"{len(before)}-{len(before) + len(named)}"), name="named")
    return replace(turn, state=state, effects=(said, *turn.effects, ten_minutes(facts)))


def settled(state: State, event: Pressed, facts: Facts) -> Turn:
    """Use “a student”, or it's not a student; after ten minutes only the first is left."""
    first, last = _which(event.value, len(state.walk.named))
    mine = state.walk.named[first:last]
    # Settled either way; what was asked about other words stays open for its ten minutes.
    settled = tuple(Named(one.now, one.now) if first <= n < last else one for n, one in enumerate(state.walk.named))
    walk, hear = replace(state.walk, named=settled), (facts.me.id,) if facts.listening == facts.thread else ()
    if event.verb == "a_student":
        return Turn(replace(state, walk=walk), (), Replace(message(facts.say("house.named_student"))), hear)
    if all(one.was == one.now for one in mine):
        return Turn(replace(state, walk=walk), (), Replace(message(facts.say("house.named_late"))), hear)
    was = {named.now.text: named.was for named in mine}
    back = [*(_back(reply, was) for reply in facts.reflections), *(_back(step, was) for step in facts.steps.values())]
    effects: tuple[Effect, ...] = tuple(Keep(record) for record in back if record is not None)
    made = next((record for record in back if isinstance(record, NextStep) and record.id == walk.made), None)
    if isinstance(state, Summed) and made is not None:
        effects = (*effects, Revise(to=facts.me.id, card=cards.summary(facts, made, state.settled), name="summary"))
    new = replace(state, walk=walk)
    if isinstance(new, Asking) and new.words is not None:
        new = replace(new, words=was.get(new.words.text, new.words), version=facts.version)
    return Turn(new, effects, Replace(message(facts.say("house.named_other"))), hear)


def _which(value: str, number: int) -> tuple[int, int]:
    """Which words a card asks about; one that does not say asks about all."""
    first, _, last = value.partition("-")
    if first.isdecimal() and last.isdecimal() and len(value) < 10:
        return int(first), min(int(last), number)
    return 0, number


def forgotten(state: State, facts: Facts) -> Turn:
    """Ten minutes have gone by: nobody keeps the words with the name any longer."""
    hear = (facts.me.id,) if facts.listening == facts.thread else ()
    return Turn(replace(state, walk=replace(state.walk, named=())), hear=hear)


def _back(record: Reflection | NextStep, was: dict[str, Own]) -> Reflection | NextStep | None:
    """The record in the words as they were written; what was shared meanwhile stays what was shown."""
    if record.visibility != "private" or not any(own.text in was for own in owns(record)):
        return None
    words = was.get(record.words.text, record.words)
    if isinstance(record, Reflection):
        return replace(record, words=words)
    how = record.how_we_know
    return replace(record, words=words, how_we_know=was.get(how.text, how) if how else None)
