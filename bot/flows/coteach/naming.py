"""What may be a student's name in what is said of a visit is kept as “a student” (flows.md, 1.6)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bot.cards import Replace
from bot.effects import Effect, Keep, Revise, Say
from bot.events import AnyEvent, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import cards
from bot.flows.coteach.looking import hearing
from bot.flows.coteach.states import Booked, Look
from bot.flows.drawing import message
from bot.flows.naming import Named, name_card, swapped, ten_minutes
from bot.records import NextStep, Own, Reflection, Slot

# What people write in the forms of a visit; the other fields are names, days and hours.
_WRITTEN = ("saw", "students", "question", "note")


def without(event: AnyEvent, facts: Facts) -> tuple[AnyEvent, tuple[Named, ...]]:
    """The same event with “a student” in it, and the words as they were."""
    if isinstance(event, Said):
        now = swapped(event.text, facts)
        return replace(event, text=now), _named(event.text, now, facts)
    if isinstance(event, Submitted) and any(name in event.fields for name in _WRITTEN):
        fields = {name: swapped(text, facts) if name in _WRITTEN else text for name, text in event.fields.items()}
        return replace(event, fields=fields), ()
    return event, ()


def noticed(turn: Turn, named: tuple[Named, ...], facts: Facts) -> Turn:
    """The turn with its one kind question, where these words are kept; the rest carries on at once."""
    kept = {own.text for effect in turn.effects if isinstance(effect, Keep) for own in _owns(effect.record)}
    named = tuple(one for one in named if one.now.text in kept)
    if not named or not isinstance(turn.state, Booked):
        return turn
    said = Say(to=facts.me.id, card=name_card(facts), name="named")
    return replace(
        turn, state=replace(turn.state, named=named), effects=(said, *turn.effects, ten_minutes(facts))
    )  # fmt: skip


def settled(state: Booked, event: Pressed, facts: Facts) -> Turn:
    """Use “a student”, or it's not a student; after ten minutes only the first is left."""
    mine = tuple(one for one in state.named if one.was.by == facts.me.id)
    done = replace(state, named=tuple(one for one in state.named if one not in mine))
    hear = hearing(state, facts)
    if event.verb == "a_student":
        return Turn(done, (), Replace(message(facts.say("house.named_student"))), hear)
    if not mine:
        return Turn(done, (), Replace(message(facts.say("house.named_late"))), hear)
    was = {one.now.text: one.was for one in mine}
    effects: list[Effect] = []
    records: tuple[Reflection | NextStep | Slot, ...] = (
        *facts.slots,
        *(r for r in facts.reflections if r.visibility == "private"),
        *facts.steps.values(),
    )
    for record in records:
        back = _back(record, was)
        if back != record:
            effects.append(Keep(back))
            if isinstance(back, Slot):
                facts = replace(facts, slots=(back,))
                effects += _revised(state, facts)
    if done.visit is not None:
        private = frozenset(reply.words.text for reply in facts.reflections if reply.visibility == "private")
        looks = {name: _look(getattr(done.visit, name), was, private) for name in ("teacher", "coach")}
        done = replace(done, visit=replace(done.visit, **looks))
    return Turn(done, tuple(effects), Replace(message(facts.say("house.named_other"))), hear)


def _revised(state: Booked, facts: Facts) -> list[Effect]:
    both = cards.sides(state.draft, facts)
    return [Revise(to=p.id, card=cards.booked(state, facts.read_by(p), p.id), name="slot") for p in both]


def forgotten(state: Booked, facts: Facts) -> Turn:
    """Ten minutes have gone by: nobody keeps the words with the name any longer."""
    return Turn(replace(state, named=()), hear=hearing(state, facts))


def _named(was: str, now: str, facts: Facts) -> tuple[Named, ...]:
    by = facts.me.id
    pairs = {(was, now), (was.strip(), now.strip())} if was != now else set()
    return tuple(Named(Own(a, by), Own(b, by)) for a, b in sorted(pairs))


def _owns(record: object) -> tuple[Own, ...]:
    match record:
        case Reflection(words=words) | NextStep(words=words):
            return (words,)
        case Slot(focus_question=focus, listen_to=listen):
            return tuple(one for one in (focus, listen) if one)
        case _:
            return ()


def _back(record: Reflection | NextStep | Slot, was: Mapping[str, Own]) -> Reflection | NextStep | Slot:
    """The record in the words as they were written."""
    if isinstance(record, Slot):
        focus, listen = record.focus_question, record.listen_to
        return replace(
            record,
            focus_question=was.get(focus.text, focus) if focus else None,
            listen_to=was.get(listen.text, listen) if listen else None,
        )
    return replace(record, words=was.get(record.words.text, record.words))


def _look(look: Look, was: Mapping[str, Own], private: frozenset[str]) -> Look:
    """What is shared meanwhile stays what was shown."""
    words = look.words
    return replace(look, words=was.get(words.text, words)) if words and words.text in private else look
