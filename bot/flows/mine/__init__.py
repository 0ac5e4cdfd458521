"""What is mine: all that a person wrote, to read, change, delete, share and take back; who saw what; and all of it."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Card, Open, Replace, Wrong
from bot.effects import Drop, Effect, Hand, Keep, Redraw, Revise, Say
from bot.events import AnyEvent, Commanded, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.drawing import message
from bot.flows.mine import cards
from bot.flows.mine.states import Deleting, Handed, Listed, Logged, Opened, Previewed, State
from bot.flows.naming import swapped
from bot.flows.reflection.cards import coach_of
from bot.flows.reflection.keeping import LONGEST, SHORTEST
from bot.flows.sharing import Kept, reworded, shown, taken_back
from bot.flows.telling import reply
from bot.records import NextStep, Own, Reflection, Showing
from bot.safety import command as typed


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Said(text=text):
            wish = typed(text)
            return _asked(wish.name if wish else "mine", event, facts)
        case None, Commanded(text=text):
            return _asked(text.strip().partition(" ")[0].lower(), event, facts)
        case None, _:
            return Turn(state)
        case _, Pressed():
            return _pressed(state, event, facts)
        case Opened(id, page), Submitted(verb="change", fields=fields) if record := _of(facts, id):
            return _changed(record, page, fields, facts)
        case _:
            return Turn(state)


def _asked(word: str, event: Said | Commanded, facts: Facts) -> Turn:
    if word == "export":
        return reply(event, facts, _handed(facts), Handed(), (Hand(person=facts.me.id),))
    return reply(event, facts, cards.listed(facts, 0), Listed())


def _pressed(state: State | None, event: Pressed, facts: Facts) -> Turn:
    page = 0 if state is None or isinstance(state, Handed) else state.page
    record = _of(facts, event.value)
    match event.verb:
        case "newer" | "older" | "back":
            page = _number(event.value, page if event.verb == "back" and not isinstance(state, Logged) else 0)
            return Turn(Listed(page), (), Replace(cards.listed(facts, page)))
        case "log" | "log_newer" | "log_older":
            page = _number(event.value, 0)
            return Turn(Logged(page), (), Replace(cards.log(facts, page)))
        case "export":
            return Turn(Handed(), (Hand(person=facts.me.id),), Replace(_handed(facts)))
        case _ if record is not None:
            return _on_one(state, event, record, page, facts)
        case _:
            return Turn(state)


def _on_one(state: State | None, event: Pressed, record: Kept, page: int, facts: Facts) -> Turn:
    coach = coach_of(facts)
    opened = Opened(record.id, page)
    match state, event.verb:
        case _, "open" | "keep_it" | "keep_private":
            return Turn(opened, (), Replace(cards.one(facts, record)))
        case Opened(), "change":
            return Turn(opened, (), Open(cards.words_form(facts, record)))
        case Opened(), "share" if coach is not None and record.visibility == "private":
            return Turn(Previewed(record.id, page, facts.version), (), Replace(cards.preview(facts, record)))
        case Previewed(id=id, version=version), "share_this" if coach and id == record.id and event.version >= version:
            said = Say(to=coach.id, card=cards.arrived(facts.read_by(coach), record), name=f"mine:{record.id}")
            effects = (*shown(facts, (record,), coach.id, name=said.name), said, *_redrawn(record, facts))
            there = replace(record, visibility="coach")
            told = facts.say("reflection.shared", coach=coach.first)
            after = _after(facts, effects)
            return Turn(opened, effects, Replace(cards.one(after, there, told)))
        case Opened(), "take_back" if record.visibility != "private":
            effects = (*_private(record, facts), *_redrawn(record, facts))
            after = _after(facts, effects)
            there = replace(record, visibility="private")
            return Turn(opened, effects, Replace(cards.one(after, there, facts.say("reflection.taken_back"))))
        case Opened(), "delete":
            return Turn(Deleting(record.id, page), (), Replace(cards.deleting(facts, record)))
        case Deleting(id=id), "delete_it" if id == record.id:
            effects = (*_private(record, facts), *_dropped(record, facts))
            left = replace(facts, own=tuple(one for one in facts.own if one.id != record.id))
            return Turn(Listed(page), effects, Replace(cards.listed(left, page)))
        case _:
            return Turn(state)


def _changed(record: Kept, page: int, fields: dict[str, str], facts: Facts) -> Turn:
    """What others have were other words: their copy goes, and the new ones are private."""
    state, say, me = Opened(record.id, page), facts.say, facts.me.id
    words = swapped(fields.get("words", "").strip(), facts)
    new: Kept
    if isinstance(record, NextStep):
        how = swapped(fields.get("how", "").strip(), facts)
        if not SHORTEST <= len(words) <= LONGEST:
            return Turn(state, (), Wrong({"words": say.plain("reflection.empty_words")}))
        if len(how) > LONGEST:
            return Turn(state, (), Wrong({"how": say.plain("reflection.how_size")}))
        new = replace(record, words=Own(words, me), how_we_know=Own(how, me) if how else None)
    elif not words or len(words) > cards.IN_A_FORM:
        return Turn(state, (), Wrong({"words": say.plain("mine.words_size")}))
    else:
        new = replace(record, words=Own(words, me))
    if new == record:
        return Turn(state, (Say(to=me, card=cards.one(facts, record), name="one"),))
    shared = record.visibility != "private"
    new = replace(new, visibility="private")
    effects = (*(_private(record, facts) if shared else ()), Keep(new), *reworded(facts, record.id))
    after = _after(facts, effects)
    card = cards.one(after, new, say("mine.changed_shared" if shared else "mine.changed"))
    return Turn(state, (*effects, *_redrawn(new, facts), Say(to=me, card=card, name="one")))


def _private(record: Kept, facts: Facts) -> tuple[Effect, ...]:
    own = () if record.visibility == "coach" else (Keep(replace(record, visibility="private")),)
    return (*own, *taken_back(facts, (record.id,), facts.own))


def _redrawn(record: Kept, facts: Facts) -> tuple[Effect, ...]:
    """The card of the conversation in which a step was made says what is so now."""
    if not isinstance(record, NextStep):
        return ()
    return (Redraw(to=facts.me.id, thread=record.thread, name="summary"),)


def _dropped(record: Kept, facts: Facts) -> tuple[Effect, ...]:
    if not isinstance(record, NextStep):
        return (Drop(kind="reflection", id=record.id),)
    gone = message(facts.say("reflection.step_gone"))
    return (
        Drop(kind="next_step", id=record.id),
        Revise(to=facts.me.id, card=gone, name="summary", thread=record.thread),
    )


def _after(facts: Facts, effects: tuple[Effect, ...]) -> Facts:
    """The facts as they are once these effects are carried out."""
    records = [effect.record for effect in effects if isinstance(effect, Keep)]
    kept = {one.id: one for one in records if isinstance(one, Reflection | NextStep | Showing)}
    own = tuple(kept.get(one.id, one) for one in facts.own)
    known = tuple(kept.get(one.id, one) for one in facts.showings)
    new = tuple(one for name, one in kept.items() if name not in {old.id for old in (*facts.own, *facts.showings)})
    return replace(facts, own=own, showings=(*new, *known))


def _handed(facts: Facts) -> Card:
    return message(facts.say("mine.on_its_way"))


def _of(facts: Facts, id: str) -> Kept | None:
    return next((record for record in facts.own if record.id == id), None)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else otherwise


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Listed(page):
            return cards.listed(facts, page)
        case Logged(page):
            return cards.log(facts, page)
        case Opened(id) if record := _of(facts, id):
            return cards.one(facts, record)
        case Previewed(id) if record := _of(facts, id):
            return cards.preview(facts, record)
        case Deleting(id) if record := _of(facts, id):
            return cards.deleting(facts, record)
        case _:
            return None


flow = Flow(
    name="mine",
    states=State,
    step=step,
    current=current,
    commands=(
        Command("beside", "/beside mine", word="mine"),
        Command("beside", "/beside export", word="export"),
    ),
    typed=("mine", "export"),
    looks_anew=True,
    reads=("own",),
)
