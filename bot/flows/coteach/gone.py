"""When the one beside somebody is in no chat any more: said once on what they have, and nothing moves by itself."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import Lately, may_contact, next_open
from bot.cards import Card
from bot.effects import Plan, Say
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, inviting, looking, meanwhile, serial
from bot.flows.coteach.states import Booked, Held, Offered

GONE = "gone"


def told(state: Booked | Offered | Held, facts: Facts) -> Turn:
    """In their hours, and only while the time is still ahead."""
    me, draft = facts.me, state.draft
    hear = _hearing(state, facts)
    if not serial.ahead(draft, facts.now):
        return Turn(state, hear=hear)
    if not may_contact(me, facts.school, facts.now, Lately()):
        at = next_open(me, facts.school, facts.now + timedelta(minutes=1))
        return Turn(state, (Plan(person=me.id, topic=GONE, at=at, day=at.astimezone(facts.zone).date()),), hear=hear)
    _, other = cards.reader(draft, facts, me.id)
    card = _card(state, facts)
    said = facts.say("coteach.unreachable", other=other.first)
    return Turn(state, (Say(to=me.id, card=replace(card, blocks=(said, *card.blocks)), name="slot"),), hear=hear)


def _hearing(state: Booked | Offered | Held, facts: Facts) -> tuple[str, ...]:
    match state:
        case Booked():
            return looking.hearing(state, facts)
        case Offered():
            return meanwhile.hearing(state, facts)
        case _:
            return ()


def _card(state: Booked | Offered | Held, facts: Facts) -> Card:
    match state:
        case Booked():
            return cards.booked(state, facts, facts.me.id)
        case Offered(asked=asked) if asked == facts.me.id:
            return inviting.invitation(state, facts)
        case _:
            return cards.waiting(state, facts)
