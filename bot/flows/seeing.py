"""Who can see this: always the straight answer."""

from __future__ import annotations

from bot.cards import Card, Text
from bot.flow import Facts
from bot.flows.drawing import message


def who_sees(facts: Facts) -> Card:
    return message(*who_sees_lines(facts))


def who_sees_lines(facts: Facts) -> tuple[Text, ...]:
    """Only you, then what the platform itself may keep (flows.md, 1.5)."""
    admin = facts.say.plain(f"care.admin_line_{facts.platform}")
    other = next((partner.first for partner in facts.partners), "")
    if facts.me.role == "teacher" and other:
        return (facts.say("care.who_sees", coach=other, admin_line=admin),)
    return (facts.say("house.who_sees_alone", admin_line=admin),)
