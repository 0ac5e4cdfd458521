"""What may be a student's name at a sort is kept as “a student”, unless its writer says otherwise (flows.md, 1.6)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Replace
from bot.effects import Effect, Keep, Say
from bot.events import Pressed
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.naming import Named, name_card, owns, ten_minutes
from bot.flows.sharing import standing
from bot.flows.sort.between import hearing
from bot.flows.sort.states import Sorting
from bot.records import NextStep, Own, Reflection


def noticed(turn: Turn, named: tuple[Named, ...], facts: Facts) -> Turn:
    """The turn with its one kind question, where these words are kept; the rest carries on at once."""
    kept = {own.text for effect in turn.effects if isinstance(effect, Keep) for own in owns(effect.record)}
    named = tuple(one for one in named if one.now.text in kept)
    if not named or not isinstance(turn.state, Sorting):
        return turn
    others = tuple(one for one in turn.state.named if one.was.by != facts.me.id)
    said = Say(to=facts.me.id, card=name_card(facts), name="named")
    state = replace(turn.state, named=(*others, *named))
    return replace(turn, state=state, effects=(said, *turn.effects, ten_minutes(facts)))


def settled(state: Sorting, event: Pressed, facts: Facts) -> Turn:
    """Use “a student”, or it's not a student; after ten minutes, or once the other has read it, only the first."""
    mine = {one.now.text: one.was for one in state.named if one.was.by == facts.me.id}
    done = replace(state, named=tuple(one for one in state.named if one.was.by != facts.me.id))
    if event.verb == "a_student":
        return Turn(done, (), Replace(message(facts.say("house.named_student"))), hearing(state))
    records: tuple[Reflection | NextStep, ...] = (
        *facts.reflections,
        *(one for one in facts.steps.values() if one.thread == facts.thread),
    )
    read = {one.record for one in standing(facts)}
    back: tuple[Effect, ...] = tuple(
        Keep(_back(one, mine)) for one in records if one.id not in read and _back(one, mine) != one
    )
    told = facts.say("house.named_other") if back else facts.say("house.named_late")
    return Turn(done, back, Replace(message(told)), hearing(state))


def forgotten(state: Sorting, facts: Facts) -> Turn:
    """Ten minutes have gone by: nobody keeps the words with the name any longer."""
    left = tuple(one for one in state.named if one.was.by != facts.me.id)
    return Turn(replace(state, named=left), hear=hearing(state))


def _back(record: Reflection | NextStep, was: dict[str, Own]) -> Reflection | NextStep:
    """The record in the words as they were written."""
    words = was.get(record.words.text, record.words)
    if isinstance(record, Reflection):
        about = record.about
        mine = about is not None and about.by == record.person
        return replace(record, words=words, about=was.get(about.text, about) if about and mine else about)
    how = record.how_we_know
    return replace(record, words=words, how_we_know=was.get(how.text, how) if how else None)
