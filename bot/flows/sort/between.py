"""Between the two of a sort: who is asked along, what each sees of the other, and when."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Replace
from bot.effects import Effect, Keep, Revise, Say, Unplan
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.holding import HELD, later, open_to, opens
from bot.flows.reflection import SILENT
from bot.flows.reflection.states import Asking
from bot.flows.sharing import shown_to
from bot.flows.sort import cards
from bot.flows.sort.states import Side, Sorting
from bot.records import Person
from bot.spoken import long_date

_HEARS = ("there", "again", "sort", "names", "rename", "size", "notice", "more", "ideas", "questions", "next")


def put(state: Sorting, side: Side) -> Sorting:
    known = any(one.person == side.person for one in state.sides)
    sides = tuple(side if one.person == side.person else one for one in state.sides)
    return replace(state, sides=sides if known else (*sides, side))


def side_of(state: Sorting, person: str) -> Side | None:
    return next((side for side in state.sides if side.person == person), None)


def hearing(state: Sorting) -> tuple[str, ...]:
    """Whoever is asked something that they may type."""
    return tuple(side.person for side in state.sides if _hears(side)) + _invited(state)


def _hears(side: Side) -> bool:
    if side.at == "ending":
        return side.ending is not None and not isinstance(side.ending, SILENT)
    return side.at in _HEARS and not isinstance(side.aside, Asking)


def _invited(state: Sorting) -> tuple[str, ...]:
    waits = state.other and not state.held and side_of(state, state.other) is None
    return (state.other,) if waits else ()


def pen(state: Sorting, facts: Facts) -> str:
    """Who names the groups: the teacher, where one is among them or may still come."""
    here = [side.person for side in state.sides]
    there = here if not state.other or state.other in here else [*here, state.other]
    teachers = (who for who in there if who in facts.people and facts.people[who].role == "teacher")
    return next(teachers, here[0])


def invited(state: Sorting, other: Person, facts: Facts) -> Turn:
    """Asked now, or once messages to them are open; whoever asks begins in the meantime."""
    me = facts.me
    first = cards.asked(state, state.sides[0], facts)
    asked = (Say(to=me.id, card=first, name="there"),) if first else ()
    if open_to(other, facts):
        card = cards.invitation(facts.read_by(other), me)
        said = Say(to=other.id, card=card, name="invited", unasked="invitation")
        told = message(facts.say("sort.asked", other=other.first))
        return Turn(state, (Say(to=me.id, card=told), said, *asked), hear=hearing(state))
    school = facts.schools.get(other.school, facts.school)
    day = long_date(opens(other, school, facts).astimezone(facts.zone).date(), facts.say)
    held = replace(state, held=True)
    told = message(facts.say("sort.held", other=other.first, day=day))
    return Turn(held, (Say(to=me.id, card=told), later(other, school, facts), *asked), hear=hearing(held))


def due(state: Sorting, facts: Facts) -> Turn:
    """`facts.me` is the one it was held for."""
    if not state.held or state.other != facts.me.id:
        return Turn(state, hear=hearing(state))
    if not open_to(facts.me, facts):
        return Turn(state, (later(facts.me, facts.school, facts),), hear=hearing(state))
    by, new = facts.people.get(state.sides[0].person, facts.me), replace(state, held=False)
    said = Say(to=facts.me.id, card=cards.invitation(facts, by), name="invited", unasked="invitation")
    return Turn(new, (said,), hear=hearing(new))


def joined(state: Sorting, facts: Facts) -> Turn:
    side = Side(person=facts.me.id)
    new = put(state, side)
    first = cards.asked(new, side, facts)
    return Turn(new, (Say(to=facts.me.id, card=first, name="there"),) if first else (), hear=hearing(new))


def declined(state: Sorting, facts: Facts) -> Turn:
    """No reason is asked. What the other wrote in the meantime is theirs alone, and nobody waits."""
    me = facts.me
    by = facts.people[state.sides[0].person]
    side, new = state.sides[0], replace(state, other="", answers=())
    private = tuple(Keep(replace(r, visibility="private")) for r in facts.theirs if r.person == by.id)
    told = [Say(to=by.id, card=message(facts.read_by(by).say("sort.declined", other=me.first)))]
    if side.at == "wait":
        side = replace(side, at="sort")
        new = put(new, side)
        card = cards.asked(new, side, facts.read_by(by))
        told += [Say(to=by.id, card=card, name="sort")] if card else []
    answer = Replace(message(facts.say("sort.no_problem", other=by.first)))
    return Turn(new, (*private, *told), answer, hearing(new))


def alone(state: Sorting, side: Side, facts: Facts) -> Turn | None:
    """Nobody has to be waited for: what was asked of the other is asked no more."""
    if side_of(state, state.other) is not None:
        return None
    new = put(replace(state, other="", held=False, answers=()), replace(side, at="sort"))
    private = tuple(Keep(replace(r, visibility="private")) for r in facts.reflections if r.visibility == "coach")
    card = cards.asked(new, replace(side, at="sort"), facts)
    said = (Say(to=facts.me.id, card=card, name="sort"),) if card else ()
    gone: tuple[Effect, ...] = (Unplan(person=state.other, topic=HELD),)
    if not state.held and (other := facts.people.get(state.other)):
        told = message(facts.read_by(other).say("sort.went_on", first=facts.me.first))
        gone = (Revise(to=other.id, card=told, name="invited"),)
    return Turn(new, (*gone, *private, *said), hear=hearing(new))


def both(
    state: Sorting, side: Side, stem: str, group: str, facts: Facts, effects: tuple[Effect, ...]
) -> tuple[Effect, ...]:
    """What each wrote goes to both, once both have; of an answer that was passed by, nobody sees the other's."""
    of = tuple(one for one in state.answers if one.stem == stem and one.group == group)
    other = next((one for one in state.sides if one.person != side.person), None)
    wrote = {one.person for one in of}
    waits = other is None or (stem == cards.THERE and other.at in ("there", "again"))
    if waits or len(wrote) < 2:
        return effects
    shown: list[Effect] = []
    name = f"both-{stem}-{next((n for n, g in enumerate(state.groups) if g.name == group), 0)}"
    for one in of:
        reader = next(who for who in wrote if who != one.person)
        record = cards.record_of(one.record, facts)
        shown += shown_to(facts, (record,), reader, name=name) if record else ()
    for who in (facts.people[one] for one in sorted(wrote)):
        shown.append(Say(to=who.id, card=cards.both(of, state, who, facts.read_by(who)), name=name))
    return (*effects, *shown)


def brought(state: Sorting, side: Side, facts: Facts, effects: tuple[Effect, ...]) -> Turn | None:
    """The groups, to whoever has answered after they were named; None while they are not."""
    writer = side_of(state, pen(state, facts))
    if writer is None or writer.at in ("there", "again", "sort", "names", "rename", "size"):
        return None
    new, shown = _arrive(state, side, facts.people[writer.person], facts.me, facts)
    return Turn(new, (*effects, *shown), hear=hearing(new))


def bring(state: Sorting, facts: Facts) -> tuple[Sorting, tuple[Effect, ...]]:
    """The groups, to whoever waited for them."""
    waiting = next((one for one in state.sides if one.person != facts.me.id and one.at == "wait"), None)
    if waiting is None:
        return state, ()
    return _arrive(state, waiting, facts.me, facts.people[waiting.person], facts)


def _arrive(
    state: Sorting, side: Side, writer: Person, reader: Person, facts: Facts
) -> tuple[Sorting, tuple[Effect, ...]]:
    theirs = facts.read_by(reader)
    if not state.groups:
        new = put(state, replace(side, at="done"))
        return new, (Say(to=reader.id, card=message(theirs.say("sort.no_groups", other=writer.first)), name="done"),)
    side = replace(side, at="notice", group=0)
    new = put(state, side)
    names = [record for group in state.groups if (record := cards.record_of(group.name, facts))]
    card = cards.asked(new, side, theirs)
    return new, (
        *shown_to(facts, names, reader.id, name="groups"),
        Say(to=reader.id, card=cards.groups(state, writer, theirs), name="groups"),
        *((Say(to=reader.id, card=card, name="notice"),) if card else ()),
    )
