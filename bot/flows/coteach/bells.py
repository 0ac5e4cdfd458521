"""When a school has other times: both are asked whether their visit still fits."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import Lately, may_contact, next_open
from bot.effects import Plan, Say
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, serial
from bot.flows.coteach.looking import hearing
from bot.flows.coteach.states import Booked


def changed(state: Booked, facts: Facts) -> Turn:
    """The school has other times: both are asked whether this one still fits. Nothing moves by itself."""
    draft, me = state.draft, facts.me
    if not serial.ahead(draft, facts.now):
        return Turn(state, hear=hearing(state, facts))
    if not may_contact(me, facts.school, facts.now, Lately()):
        at = next_open(me, facts.school, facts.now + timedelta(minutes=1))
        return Turn(
            state,
            (Plan(person=me.id, topic="bells", at=at, day=at.astimezone(facts.zone).date()),),
            hear=hearing(state, facts),
        )
    _, teacher = cards.sides(draft, facts)
    school = facts.schools.get(teacher.school, facts.school)
    card = cards.booked(state, facts, me.id)
    asked = facts.say("coteach.bells_changed", school=school.name)
    said = Say(to=me.id, card=replace(card, blocks=(asked, *card.blocks)), name="slot")
    return Turn(state, (said,), hear=hearing(state, facts))
