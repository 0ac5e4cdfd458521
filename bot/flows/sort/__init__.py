"""A sort of student work: what is there first, groups named by the thinking in them, and a next step (flows.md, 5)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Card, Replace
from bot.events import AnyEvent, Commanded, Due, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.holding import HELD
from bot.flows.naming import TOPIC, without
from bot.flows.sort import between, cards, naming, walking
from bot.flows.sort.between import hearing, side_of
from bot.flows.sort.states import Beginning, Side, Sorting, State
from bot.flows.telling import reply
from bot.flows.wording import as_pressed, in_words


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """One turn, with “a student” where a student may be named."""
    if not isinstance(state, Sorting):
        return _begin(state, event, facts)
    if isinstance(event, Pressed) and event.verb in ("a_student", "not_student"):
        return naming.settled(state, event, facts)
    if isinstance(event, Due):
        return _due(state, event, facts)
    event, named = without(event, facts)
    turn = _step(state, event, facts)
    return naming.noticed(turn, named, facts) if named else turn


def _begin(state: Beginning | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Said() | Commanded():
            turn = reply(event, facts, cards.beginning(facts), Beginning())
            return replace(turn, hear=(facts.me.id,))
        case Beginning(), Said():
            press = as_pressed(event, cards.beginning(facts), facts)
            return in_words(press, lambda one: _begin(state, one, facts), facts) or Turn(state)
        case Beginning(), Pressed(verb="what"):
            return Turn(state, (), Replace(cards.beginning(facts, told=True)), (facts.me.id,))
        case Beginning(), Pressed(verb="ready"):
            side = Side(person=facts.me.id)
            return walking.go(Sorting((side,)), side, facts)
        case Beginning(), Pressed(verb="along", value=value):
            other = next((one for one in facts.partners if one.id == value), None)
            along = Sorting((Side(person=facts.me.id),), other=value)
            return between.invited(along, other, facts) if other else Turn(state)
        case _:
            return Turn(state)


def _due(state: Sorting, event: Due, facts: Facts) -> Turn:
    match event.topic:
        case topic if topic == TOPIC:
            return naming.forgotten(state, facts)
        case topic if topic == HELD:
            return between.due(state, facts)
        case _:
            return Turn(state, hear=hearing(state))


def _step(state: Sorting, event: AnyEvent, facts: Facts) -> Turn:
    side = side_of(state, facts.me.id)
    if not isinstance(event, Said | Pressed | Submitted):
        return Turn(state)
    if side is None:
        return _answer(state, event, facts)
    return walking.step(state, side, event, facts) or Turn(state)


def _answer(state: Sorting, event: AnyEvent, facts: Facts) -> Turn:
    """Whoever was asked along says yes or no, in words too."""
    if state.other != facts.me.id or state.held:
        return Turn(state)
    match event:
        case Said():
            press = as_pressed(event, current(state, facts), facts)
            return in_words(press, lambda one: _answer(state, one, facts), facts) or Turn(state)
        case Pressed(verb="join"):
            return between.joined(state, facts)
        case Pressed(verb="not_this_time"):
            return between.declined(state, facts)
        case _:
            return Turn(state)


def current(state: State, facts: Facts) -> Card | None:
    if isinstance(state, Beginning):
        return cards.beginning(facts)
    side = side_of(state, facts.me.id)
    if side is not None:
        return walking.current(state, side, facts)
    by = facts.people.get(state.sides[0].person)
    asked = state.other == facts.me.id and not state.held
    return cards.invitation(facts, by) if by and asked else None


def names(state: State) -> tuple[str, ...]:
    """The people it is about, also before anything was sent."""
    if isinstance(state, Beginning):
        return ()
    return tuple(dict.fromkeys((*(side.person for side in state.sides), *((state.other,) if state.other else ()))))


flow = Flow(
    name="sort",
    states=State,
    step=step,
    current=current,
    names=names,
    commands=(Command("beside", "/beside sort", word="sort"),),
    typed=("sort",),
    passes_on=True,
    reads=("asks", "contacts", "theirs", "showings"),
)
