"""The words that `/coteach` knows by itself: help, what lies ahead, and the times a coach is open to be asked."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from bot.calendars.series import next_visit
from bot.cards import Button, Card, OnlyYou, Text
from bot.effects import Return
from bot.events import Pressed, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import opening
from bot.flows.coteach.states import Closed, Draft
from bot.flows.drawing import message
from bot.records import Slot
from bot.spoken import at_time, stretch

# Some are commands only as the whole text: "open" and "week" are words of a line too.
WHOLE = ("open", "week")
NAMES = ("help", "list", "week", "move", "cancel", "undo", "open")
CHANGES = ("move", "cancel")
MOST = 8


def told(name: str, facts: Facts, text: str = "") -> Turn:
    state = Closed(Draft(proposer=facts.me.id), name)
    if name == "open":
        return Turn(state, (), OnlyYou(opening.card(facts)))
    if name == "help":
        example = facts.partners[0].handle if facts.partners else "ana"
        lines = (facts.say(f"coteach.{key}") for key in ("help_role", "help_words"))
        return Turn(state, (), OnlyYou(message(facts.say("coteach.help", example=example), *lines)))
    ahead = _named(text, _ahead(name, facts), facts)
    waits = () if ahead or name not in CHANGES else _named(text, _waiting(facts), facts)
    if not ahead and not waits:
        return Turn(state, (), OnlyYou(message(facts.say(f"coteach.{name}_none"))))
    if name == "undo" or (name in CHANGES and len(ahead or waits) == 1):
        # There is one thing it can mean: its card, and how it is done there.
        slot = (ahead or waits)[0]
        return Turn(state, (Return(to=facts.me.id, thread=slot.thread),), OnlyYou(_how(name, slot, facts)))
    return Turn(state, (), OnlyYou(_list(name, ahead or waits, facts)))


def _how(name: str, slot: Slot, facts: Facts) -> Card:
    """What to press on the card that follows; a time or a name behind the word changes nothing by itself."""
    if slot.status == "confirmed" and name == "move":
        return message(facts.say("coteach.move_here", other=_other(slot, facts)))
    if slot.status == "confirmed" and name == "cancel":
        return message(facts.say("coteach.cancel_here"))
    if slot.status == "proposed" and slot.proposer == facts.me.id:
        return message(facts.say("coteach.waits_here", other=_other(slot, facts)))
    return message(facts.say("coteach.undo_here"))


def step(state: Closed, event: Pressed | Submitted, facts: Facts) -> Turn:
    if facts.me.id != state.draft.proposer:
        return Turn(state)
    if isinstance(event, Pressed) and event.verb == "open_slot":
        return Turn(state, (Return(to=facts.me.id, thread=event.value),))
    return opening.step(state, event, facts)


def _ahead(name: str, facts: Facts) -> tuple[Slot, ...]:
    """What the word is about: booked ones for moving and cancelling, the last thing done for undoing."""
    live = [slot for slot in facts.coming if slot.status != "cancelled"]
    if name == "undo":
        return facts.coming[:1]
    if name in CHANGES:
        live = [slot for slot in live if slot.status == "confirmed" and _at(slot, facts) > facts.now]
    if name == "week":
        monday = facts.here.date() - timedelta(days=facts.here.weekday())
        live = [slot for slot in live if _day(slot, facts) < monday + timedelta(days=7)]
    return tuple(sorted(live, key=lambda slot: (_at(slot, facts), slot.id))[:MOST])


def _waiting(facts: Facts) -> tuple[Slot, ...]:
    """What this person has offered, and nobody has answered yet."""
    mine = (slot for slot in facts.coming if slot.status == "proposed" and slot.proposer == facts.me.id)
    return tuple(sorted(mine, key=lambda slot: (_at(slot, facts), slot.id))[:MOST])


def _named(text: str, ahead: tuple[Slot, ...], facts: Facts) -> tuple[Slot, ...]:
    """Those with somebody who is named in the line; where that is nobody, all of them."""
    words = set(re.findall(r"\w+", text.casefold()))
    found = tuple(slot for slot in ahead if words & _names(slot, facts))
    return found or ahead


def _names(slot: Slot, facts: Facts) -> set[str]:
    other = facts.people.get(slot.teacher if facts.me.id == slot.coach else slot.coach)
    return {other.handle.casefold(), *other.name.casefold().split()} if other else set()


def _day(slot: Slot, facts: Facts) -> date:
    return _at(slot, facts).astimezone(facts.zone).date()


def _at(slot: Slot, facts: Facts) -> datetime:
    """Its start, or that of a series' next visit."""
    visit = next_visit(slot, facts.now)
    return visit.start if visit else slot.start


def _list(name: str, ahead: tuple[Slot, ...], facts: Facts) -> Card:
    """By date: when, with whom, which part, and whether it is booked or who is still to answer."""
    which = name in CHANGES
    lines = () if which else tuple(_line(slot, facts) for slot in ahead)
    buttons = tuple(Button("open_slot", _label(slot, facts), value=slot.thread) for slot in ahead)
    return message(facts.say("coteach.which_slot" if which else f"coteach.{name}"), *lines, answers=buttons)


def _line(slot: Slot, facts: Facts) -> Text:
    stands = "booked" if slot.status == "confirmed" else "waiting"
    if slot.lesson_part == "any":
        when = stretch(_at(slot, facts), slot.minutes, facts.me.zone, facts.say)
        return facts.say(f"coteach.line_{stands}_any", when=when, other=_other(slot, facts))
    part = facts.say.plain(f"coteach.part_{slot.lesson_part}")
    return facts.say(
        f"coteach.line_{stands}",
        when=stretch(slot.start, slot.minutes, facts.me.zone, facts.say),
        other=_other(slot, facts),
        part=part,
    )


def _label(slot: Slot, facts: Facts) -> str:
    return f"{at_time(_at(slot, facts), facts.me.zone, facts.say)}, {_other(slot, facts)}"


def _other(slot: Slot, facts: Facts) -> str:
    other = facts.people.get(slot.teacher if facts.me.id == slot.coach else slot.coach)
    return other.first if other else ""
