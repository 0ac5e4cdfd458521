"""A slot that both have: the teacher's questions about it, moving it with the other's yes, and cancelling."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from bot.calendars.series import Visit
from bot.cards import Open, Replace, Wrong
from bot.effects import Effect, Keep, Revise, Say
from bot.events import AnyEvent, Due, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, debrief, forms, inviting, looking, passing, reminding, serial
from bot.flows.coteach.reading import read_moment
from bot.flows.coteach.sending import slot
from bot.flows.coteach.states import Booked, Closed, Draft, Offered
from bot.flows.drawing import message
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import Own, Slot
from bot.safety import command as typed
from bot.spoken import at_time


def started(draft: Draft, facts: Facts) -> bool:
    """Whether nothing of it is left to move or cancel."""
    return not serial.ahead(draft, facts.now)


def too_late(state: Offered | Booked, facts: Facts, hear: tuple[str, ...] = ()) -> Turn:
    return Turn(state, (Say(to=facts.me.id, card=message(facts.say("coteach.started"))),), hear=hear)


def step(state: Booked, event: AnyEvent, facts: Facts) -> Turn:
    draft, me = state.draft, facts.me
    _, teacher = cards.sides(draft, facts)
    hear = looking.hearing(state, facts)
    if (back := debrief.step(state, event, facts)) is not None:
        return back
    match event:
        case Due(topic=reminding.EVE | reminding.SOON):
            return Turn(state, reminding.reminded(draft, event, facts), hear=hear)
        case Due(topic=reminding.DEBRIEF):
            return debrief.due(state, event, facts)
        case Due(topic=reminding.NOTICING):
            return passing.pass_on(state, event, facts)
        case Pressed(verb="move" | "cancel") | Submitted(verb="move") if started(draft, facts):
            return too_late(state, facts, hear)
        case Pressed(verb="calendar_file"):
            # Pressed, and not followed as a link: there was no address to make one with.
            told = Say(to=me.id, card=message(facts.say("calendars.file_none")))
            return Turn(state, (told,), Replace(cards.booked(state, facts, me.id)), hear)
        case Pressed(verb="move" | "cancel" as verb) if draft.repeat is not None:
            # The card keeps its buttons: nobody has chosen anything yet.
            which = Say(to=me.id, card=cards.which_visit(draft, facts, verb), name="which")
            return Turn(state, (which,), Replace(cards.booked(state, facts, me.id)), hear)
        case Pressed(verb="move_one", value=day) if visit := serial.of_day(draft, day_of(day)):
            chosen = replace(state, picked=visit.day)
            return Turn(chosen, (), Open(forms.time_only(serial.once(draft, visit), facts, "move")), hear)
        case Pressed(verb="move_all") if draft.repeat is not None:
            left = serial.ahead(draft, facts.now)[0]
            chosen = replace(state, picked=None)
            return Turn(chosen, (), Open(forms.time_only(serial.once(draft, left), facts, "move")), hear)
        case Pressed(verb="cancel_one", value=day) if visit := serial.of_day(draft, day_of(day)):
            return _cancel_one(state, visit, facts)
        case Pressed(verb="cancel_all"):
            return cancel(draft, facts)
        case Pressed(verb="move"):
            return Turn(state, (), Open(forms.time_only(draft, facts, "move")), hear)
        case Submitted(verb="move", fields=fields):
            return _move(state, fields, facts)
        case Pressed(verb="cancel", value=value):
            return cancel(draft, facts, copy=value == cards.COPY)
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
    turn = in_words(press, lambda press: step(state, press, facts), facts)
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
    booked = replace(state, asking="listen" if focus else "")
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
    """A move needs the other's yes; until then the booked time holds. Of a series one moves, or all that are left."""
    draft = state.draft
    visit = serial.of_day(draft, state.picked) if state.picked else next(iter(serial.ahead(draft, facts.now)), None)
    was = draft if draft.repeat is None or visit is None else serial.once(draft, visit)
    moved, wrong = read_moment(was, fields, facts)
    if wrong:
        return Turn(state, (), Wrong(wrong))
    one = state.picked if draft.repeat is not None else None
    if draft.repeat is not None and one is None:
        was, moved = draft, serial.from_here(draft, moved, facts)
    me = facts.me
    _, other = cards.reader(draft, facts, me.id)
    if cards.clashes(moved, moved.start or facts.now, facts):
        return Turn(state, (), Wrong({"time": facts.say.plain("coteach.overlap_none")}))
    new = Offered(
        moved, by=me.id, asked=other.id, was=was, booked=draft, version=facts.version, one=one, visit=state.visit,
        named=state.named, asking=state.asking,
    )  # fmt: skip
    return Turn(
        new,
        (
            Say(to=other.id, card=inviting.invitation(new, facts.read_by(other)), name="slot"),
            Say(to=me.id, card=cards.settled(moved, facts, facts.say("coteach.asked", other=other.first))),
        ),
    )


def day_of(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _cancel_one(state: Booked, visit: Visit, facts: Facts) -> Turn:
    """One visit is called off; the others stay, and so does the card."""
    me, draft = facts.me, serial.without(state.draft, (visit.day,))
    if visit.start <= facts.now:
        return too_late(state, facts)
    if not serial.ahead(draft, facts.now):
        return cancel(state.draft, facts)
    _, other = cards.reader(draft, facts, me.id)
    kept = slot(draft, facts, "confirmed")
    new, facts = replace(state, draft=draft), replace(facts, slots=(kept,))
    there = facts.read_by(other)
    when = at_time(visit.start, other.zone, there.say)
    theirs = message(there.say("coteach.one_cancelled_by", other=me.first, when=when))
    mine = message(facts.say("coteach.one_cancelled", when=at_time(visit.start, me.zone, facts.say)))
    both = (me, other)
    cards_now = (Revise(to=p.id, card=cards.booked(new, facts.read_by(p), p.id), name="slot") for p in both)
    told = (Keep(kept), *cards_now, Say(to=other.id, card=theirs), *reminding.planned(draft, facts))
    return Turn(new, told, Replace(mine), looking.hearing(new, facts))


def cancel(draft: Draft, facts: Facts, *, copy: bool = False) -> Turn:
    """A cancel needs no yes and no reason. Where a copy of the card was pressed, the card itself says it too."""
    me = facts.me
    _, other = cards.reader(draft, facts, me.id)
    there = facts.read_by(other)
    when = at_time(draft.start or facts.now, other.zone, there.say)
    if draft.repeat is not None:
        when = serial.short(draft, there, other.zone)
    theirs = message(there.say("coteach.cancelled_by", other=me.first, when=when))
    return Turn(
        Closed(draft, "cancelled"),
        (
            Keep(slot(draft, facts, "cancelled")),
            *reminding.unplanned(draft, facts),
            Revise(to=other.id, card=cards.cancelled(draft, there, other.id), name="slot"),
            Say(to=other.id, card=theirs),
            *((Revise(to=me.id, card=cards.cancelled(draft, facts, me.id), name="slot"),) if copy else ()),
        ),
        Replace(cards.gone(draft, facts)),
    )
