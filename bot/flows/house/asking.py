"""Straight answers about the product: the next check-in, the next visit, the step that stands."""

from __future__ import annotations

from bot.cards import Card
from bot.flow import Facts
from bot.flows.drawing import message
from bot.spoken import at_time, stretch


def answered(about: str, facts: Facts) -> Card:
    match about:
        case "next" | "here" if facts.me.role == "coach":
            return message(facts.say("house.next_by_hand" if about == "next" else "house.here_coach"))
        case "next" | "here":
            return _next(about, facts)
        case "visit":
            return _visit(facts)
        case _:
            step = facts.step
            return message(facts.say("house.your_step", step=step.words) if step else facts.say("house.no_step"))


def _next(about: str, facts: Facts) -> Card:
    planned = facts.next_checkin if facts.me.chat == "on" else None
    if planned is None:
        return message(facts.say("house.next_none"))
    when = at_time(planned, facts.me.zone, facts.say)
    return message(facts.say("house.here", when=when) if about == "here" else facts.say("house.next", when=when))


def _visit(facts: Facts) -> Card:
    ahead = sorted((b.start, b.end) for b in facts.busy.get(facts.me.id, ()) if b.end > facts.now)
    if ahead:
        start, end = ahead[0]
        minutes = int((end - start).total_seconds()) // 60
        return message(facts.say("house.visit", when=stretch(start, minutes, facts.me.zone, facts.say)))
    partner = next(iter(facts.partners), None)
    if partner is None:
        return message(facts.say("house.visit_none"))
    return message(facts.say("house.visit_invite", handle=partner.handle, other=partner.first))
