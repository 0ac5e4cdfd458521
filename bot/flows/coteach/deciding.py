"""From an invitation to a slot that both have: yes, another time, not this week, moving and cancelling."""

from __future__ import annotations

from typing import get_args

from msgspec.structs import replace

from bot.cards import Card, Open, Replace, Wrong
from bot.effects import Effect, Keep, Revise, Say
from bot.events import AnyEvent, Due, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import booked, cards, forms, inviting, looking, meanwhile, noting, reminding, replying, serial
from bot.flows.coteach.reading import chosen_moment, read_model, read_moment
from bot.flows.coteach.sending import slot
from bot.flows.coteach.states import Booked, Closed, Draft, Offered
from bot.flows.drawing import message
from bot.records import Apart, LessonPart, Person
from bot.spoken import at_time

ROUNDS = 2


def step(state: Offered | Booked, event: AnyEvent, facts: Facts) -> Turn:
    """Whoever is asked is heard here too: buttons are shortcuts, and typed words always work."""
    turn = _offered(state, event, facts) if isinstance(state, Offered) else booked.step(state, event, facts)
    return replace(turn, hear=meanwhile.hearing(turn.state, facts)) if isinstance(turn.state, Offered) else turn


def _offered(state: Offered, event: AnyEvent, facts: Facts) -> Turn:
    draft, me = state.draft, facts.me
    if state.booked is not None and isinstance(event, Pressed) and event.verb == "cancel":
        # What is booked holds until a move is agreed, and either may cancel it until it starts.
        if booked.started(state.booked, facts):
            return booked.too_late(state, facts)
        return booked.cancel(state.booked, facts)
    if state.booked is not None and isinstance(event, Due):
        return meanwhile.due(state, state.booked, event, facts)
    if (back := meanwhile.step(state, event, facts)) is not None:
        return back
    if me.id == state.by and state.booked is None and isinstance(event, Pressed) and event.verb == "take_back":
        return _take_back(state, facts)
    if me.id != state.asked:
        return Turn(state)
    _, other = cards.reader(draft, facts, me.id)
    match event:
        case Said():
            return replying.answered(
                event,
                state,
                lambda press: _offered(state, press, facts),
                lambda other: _countered(state, other, facts),
                facts,
                plainly=meanwhile.listens(state, facts),
            )
        case Pressed(version=shown) if shown < state.version:
            return Turn(state)
        case Pressed(verb="works") if cards.most_of_it(draft):
            return Turn(state, (), Replace(inviting.invitation(state, facts)))
        case Pressed(verb="works"):
            return _accept(state, facts)
        case Pressed(verb="not_this_week"):
            return _decline(state, facts)
        case Pressed(verb="keep_booked") if state.booked:
            kept = Booked(state.booked, state.asking, state.visit, named=state.named)
            told = Say(to=other.id, card=message(facts.read_by(other).say("coteach.keeps", other=me.first)))
            return Turn(kept, (told,), Replace(cards.booked(kept, facts, me.id)), looking.hearing(kept, facts))
        case Pressed(verb="another") if state.rounds >= ROUNDS:
            return Turn(state, (), Replace(_easier(other, facts)))
        case Pressed(verb="another" | "keep_looking"):
            return Turn(replace(state, looking=True), (), Replace(cards.other_times(state, facts)))
        case Pressed(verb="back"):
            return Turn(replace(state, looking=False), (), Replace(inviting.invitation(state, facts)))
        case Pressed(verb="at", value=value) if at := chosen_moment(value, facts):
            return _counter(state, replace(draft, start=at), facts)
        case Pressed(verb="other_time"):
            return Turn(state, (), Open(forms.time_only(draft, facts, "other_time")))
        case Submitted(verb="other_time", fields=fields):
            return _typed_counter(state, fields, facts)
        case Pressed(verb="change_part"):
            return Turn(state, (), Open(forms.part_and_role(draft, facts)))
        case Submitted(verb="change_part", fields=fields):
            return _changed_part(state, fields, facts)
        case Pressed(verb="note" | "edit_note" | "note_as_it_is") | Submitted(verb="note"):
            return noting.step(state, event, facts)
        case _:
            return Turn(state)


def _take_back(state: Offered, facts: Facts) -> Turn:
    """An invitation that nobody has answered is nobody's business any more; the other is told in its place."""
    draft = state.draft
    _, other = cards.reader(draft, facts, facts.me.id)
    theirs = message(facts.read_by(other).say("coteach.withdrawn", other=facts.me.first))
    kept = Keep(slot(draft, facts, "cancelled"))
    mine = message(facts.say("coteach.taken_back", other=other.first))
    return Turn(Closed(draft, "withdrawn"), (kept, Revise(to=other.id, card=theirs, name="slot")), Replace(mine))


def _accept(state: Offered, facts: Facts) -> Turn:
    """Booked at once; the loser of a race, and a time that has passed, get other times instead."""
    draft, me = state.draft, facts.me
    start = draft.start or facts.now
    _, other = cards.reader(draft, facts, me.id)
    if start <= facts.now:
        say = facts.read_by(other).say
        late = message(say("coteach.late", other=me.first, when=at_time(start, other.zone, say)))
        told = () if state.late else (Say(to=other.id, card=late),)
        new = replace(state, looking=True, late=True)
        return Turn(new, told, Replace(cards.other_times(new, facts, "gone")))
    if cards.clashes(draft, start, facts):
        return Turn(replace(state, looking=True), (), Replace(cards.other_times(state, facts, "taken")))
    if state.one is not None and state.booked is not None:
        # One visit of a series is elsewhen; the others stay.
        draft = serial.with_one(state.booked, Apart(state.one, start, draft.minutes))
    _, teacher = cards.sides(draft, facts)
    old = cards.slot_of(draft, facts)
    known = old is not None and (state.booked or old.focus_question or old.listen_to)
    # Of a visit that is moved nothing is asked again; a question that stands open may still be answered.
    asking = state.asking if known else "focus"
    confirmed = slot(draft, facts, "confirmed")
    both = Booked(draft, asking, state.visit, named=state.named)
    facts = replace(facts, slots=(confirmed,))
    effects: tuple[Effect, ...] = (
        Keep(confirmed),
        Say(to=other.id, card=cards.booked(both, facts.read_by(other), other.id), name="slot"),
        *reminding.planned(draft, facts),
    )
    if not known:
        effects = (*effects, Say(to=teacher.id, card=cards.focus(facts.read_by(teacher)), name="focus"))
    return Turn(both, effects, Replace(cards.booked(both, facts, me.id)), looking.hearing(both, facts))


def _decline(state: Offered, facts: Facts) -> Turn:
    draft, me = state.draft, facts.me
    _, other = cards.reader(draft, facts, me.id)
    told = Say(to=other.id, card=message(facts.read_by(other).say("coteach.not_this_week", other=me.first)))
    answer = Replace(message(facts.say("coteach.no_problem", other=other.first)))
    return Turn(Closed(draft, "declined"), (Keep(slot(draft, facts, "declined")), told), answer)


def _counter(state: Offered, draft: Draft, facts: Facts) -> Turn:
    """The other side gets the same card with the change marked."""
    me = facts.me
    _, other = cards.reader(draft, facts, me.id)
    looking = replace(state, looking=True)
    if draft.start is None or draft.start <= facts.now:
        return Turn(looking, (), Replace(cards.other_times(state, facts, "gone")))
    if cards.clashes(draft, draft.start, facts):
        return Turn(looking, (), Replace(cards.other_times(state, facts, "taken")))
    new = Offered(
        draft,
        by=me.id,
        asked=other.id,
        was=state.draft,
        rounds=state.rounds + 1,
        booked=state.booked,
        version=facts.version,
        one=state.one,
        visit=state.visit,
        named=state.named,
        asking=state.asking,
    )
    said = Say(to=other.id, card=inviting.invitation(new, facts.read_by(other)), name="slot")
    kept: tuple[Effect, ...] = () if state.booked else (Keep(slot(draft, facts, "countered")),)
    asked = facts.say("coteach.asked", other=other.first)
    return Turn(new, (*kept, said), Replace(cards.settled(draft, facts, asked)))


def _countered(state: Offered, draft: Draft, facts: Facts) -> Turn:
    """Another time in words: after two rounds, settling it in person is offered first."""
    _, other = cards.reader(draft, facts, facts.me.id)
    if state.rounds >= ROUNDS and not state.looking:
        return Turn(state, (), Replace(_easier(other, facts)))
    return _counter(state, draft, facts)


def _easier(other: Person, facts: Facts) -> Card:
    buttons = (cards.button(facts, "note", other=other.first), cards.button(facts, "keep_looking"))
    return message(facts.say("coteach.easier"), answers=buttons)


def _typed_counter(state: Offered, fields: dict[str, str], facts: Facts) -> Turn:
    draft, wrong = read_moment(state.draft, fields, facts)
    return Turn(state, (), Wrong(wrong)) if wrong else _counter(state, draft, facts)


def _changed_part(state: Offered, fields: dict[str, str], facts: Facts) -> Turn:
    draft = state.draft
    part, role = fields.get("part", draft.part), fields.get("role", draft.role)
    draft = replace(
        draft,
        part=part if part in get_args(LessonPart) else draft.part,
        role=role if role in cards.ROLES else draft.role,
        model_minutes=0,
    )
    if draft.role == "model_a_move":
        minutes, wrong = read_model(draft, fields, facts)
        if wrong:
            return Turn(state, (), Wrong(wrong))
        draft = replace(draft, model_minutes=minutes)
    return _counter(state, draft, facts)
