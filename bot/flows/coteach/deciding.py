"""From an invitation to a slot that both have: yes, another time, not this week, moving and cancelling."""

from __future__ import annotations

from typing import get_args

from msgspec.structs import replace

from bot.cards import Card, Open, Replace, Wrong
from bot.effects import Effect, Keep, Revise, Say
from bot.events import AnyEvent, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, forms, inviting, noting, replying
from bot.flows.coteach.proposing import slot
from bot.flows.coteach.reading import chosen_moment, read_model, read_moment
from bot.flows.coteach.states import Booked, Closed, Draft, Offered
from bot.flows.drawing import message
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import LessonPart, Own, Person, Slot
from bot.safety import command as typed
from bot.spoken import at_time

ROUNDS = 2


def step(state: Offered | Booked, event: AnyEvent, facts: Facts) -> Turn:
    """Whoever is asked is heard here too: buttons are shortcuts, and typed words always work."""
    turn = _offered(state, event, facts) if isinstance(state, Offered) else _booked(state, event, facts)
    return replace(turn, hear=(turn.state.asked,)) if isinstance(turn.state, Offered) else turn


def _offered(state: Offered, event: AnyEvent, facts: Facts) -> Turn:
    draft, me = state.draft, facts.me
    if state.booked is not None and isinstance(event, Pressed) and event.verb == "cancel":
        # What is booked holds until a move is agreed, and either may cancel it until it starts.
        return _cancel(state.booked, facts) if not _started(state.booked, facts) else _too_late(state, facts)
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
            kept = Booked(state.booked)
            told = Say(to=other.id, card=message(facts.read_by(other).say("coteach.keeps", other=me.first)))
            return Turn(kept, (told,), Replace(cards.booked(kept, facts, me.id)))
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
    _, teacher = cards.sides(draft, facts)
    old = cards.slot_of(draft, facts)
    asking = "" if old is not None and (state.booked or old.focus_question or old.listen_to) else "focus"
    confirmed = slot(draft, facts, "confirmed")
    booked = Booked(draft, asking)
    facts = replace(facts, slots=(confirmed,))
    effects: tuple[Effect, ...] = (
        Keep(confirmed),
        Say(to=other.id, card=cards.booked(booked, facts.read_by(other), other.id), name="slot"),
    )
    if asking:
        effects = (*effects, Say(to=teacher.id, card=cards.focus(facts.read_by(teacher)), name="focus"))
    return Turn(booked, effects, Replace(cards.booked(booked, facts, me.id)), (teacher.id,) if asking else ())


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


def _started(draft: Draft, facts: Facts) -> bool:
    return draft.start is not None and draft.start <= facts.now


def _too_late(state: Offered | Booked, facts: Facts, hear: tuple[str, ...] = ()) -> Turn:
    return Turn(state, (Say(to=facts.me.id, card=message(facts.say("coteach.started"))),), hear=hear)


def _booked(state: Booked, event: AnyEvent, facts: Facts) -> Turn:
    draft, me = state.draft, facts.me
    _, teacher = cards.sides(draft, facts)
    hear = (teacher.id,) if state.asking else ()
    match event:
        case Pressed(verb="move" | "cancel") | Submitted(verb="move") if _started(draft, facts):
            return _too_late(state, facts, hear)
        case Pressed(verb="calendar_file"):
            # Pressed, and not followed as a link: there was no address to make one with.
            return Turn(state, (Say(to=me.id, card=message(facts.say("calendars.file_none"))),), hear=hear)
        case Pressed(verb="move"):
            return Turn(state, (), Open(forms.time_only(draft, facts, "move")), hear)
        case Submitted(verb="move", fields=fields):
            return _move(state, fields, facts)
        case Pressed(verb="cancel"):
            return _cancel(draft, facts)
        case Said(text=text) if state.asking and me.id == teacher.id:
            return _said(state, text, event, facts)
        case Pressed(verb="decide" | "skip") if state.asking and me.id == teacher.id:
            return _heard(state, None, facts)
        case Pressed(verb=verb) if verb in cards.LISTEN and state.asking == "listen" and me.id == teacher.id:
            return _heard(state, Own(facts.say.button(f"coteach.{verb}"), me.id), facts)
        case _:
            return Turn(state, hear=hear)


def _said(state: Booked, text: str, event: Said, facts: Facts) -> Turn:
    """Their own words, or those of a button."""
    shown = cards.focus(facts) if state.asking == "focus" else cards.listen(facts)
    press = as_pressed(event, shown, facts)
    if (wish := typed(text)) and wish.name == "skip":
        press = pressed(event, "skip", facts)
    turn = in_words(press, lambda press: _booked(state, press, facts), facts)
    return turn or _heard(state, Own(text, facts.me.id), facts)


def _heard(state: Booked, words: Own | None, facts: Facts) -> Turn:
    """The teacher's focus question, then what to listen to; both only add to the card."""
    draft = state.draft
    old: Slot | None = cards.slot_of(draft, facts)
    if old is None:
        return Turn(state)
    _, teacher = cards.sides(draft, facts)
    focus = state.asking == "focus"
    changed = replace(old, at=facts.now)
    new = replace(changed, **{"focus_question" if focus else "listen_to": words}) if words else old
    booked = Booked(draft, "listen" if focus else "")
    facts = replace(facts, slots=(new,))
    effects: tuple[Effect, ...] = ()
    if words:
        both = (facts.people[draft.proposer], facts.people[draft.other])
        revised = (Revise(to=p.id, card=cards.booked(booked, facts.read_by(p), p.id), name="slot") for p in both)
        effects = (Keep(new), *revised)
    if focus:
        effects = (*effects, Say(to=teacher.id, card=cards.listen(facts.read_by(teacher)), name="listen"))
    return Turn(booked, effects, hear=(teacher.id,) if focus else ())


def _move(state: Booked, fields: dict[str, str], facts: Facts) -> Turn:
    """A move needs the other's yes; until then the booked time holds."""
    draft, wrong = read_moment(state.draft, fields, facts)
    if wrong:
        return Turn(state, (), Wrong(wrong))
    me = facts.me
    _, other = cards.reader(draft, facts, me.id)
    if cards.clashes(draft, draft.start or facts.now, facts):
        return Turn(state, (), Wrong({"time": facts.say.plain("coteach.overlap_none")}))
    new = Offered(draft, by=me.id, asked=other.id, was=state.draft, booked=state.draft, version=facts.version)
    return Turn(
        new,
        (
            Say(to=other.id, card=inviting.invitation(new, facts.read_by(other)), name="slot"),
            Say(to=me.id, card=cards.settled(draft, facts, facts.say("coteach.asked", other=other.first))),
        ),
    )


def _cancel(draft: Draft, facts: Facts) -> Turn:
    """A cancel needs no yes and no reason."""
    me = facts.me
    _, other = cards.reader(draft, facts, me.id)
    start = draft.start or facts.now
    again = cards.button(facts, "offer_again")
    mine = message(facts.say("coteach.cancelled", when=at_time(start, me.zone, facts.say)), answers=(again,))
    there = facts.read_by(other)
    when = at_time(start, other.zone, there.say)
    theirs = message(there.say("coteach.cancelled_by", other=me.first, when=when))
    return Turn(
        Closed(draft, "cancelled"),
        (
            Keep(slot(draft, facts, "cancelled")),
            Revise(to=other.id, card=cards.cancelled(draft, there, other.id), name="slot"),
            Say(to=other.id, card=theirs),
        ),
        Replace(mine),
    )
