"""What is held until messages to somebody are open, without a word of why they are not."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.cadence import EARLIEST, Lately, instant, may_contact, next_open, next_school_day
from bot.effects import Plan
from bot.flow import Facts
from bot.records import Person, School

HELD = "held"


def open_to(other: Person, facts: Facts) -> bool:
    school = facts.schools.get(other.school, facts.school)
    return may_contact(other, school, facts.now, facts.lately.get(other.id, Lately()))


def opens(other: Person, school: School, facts: Facts) -> datetime:
    """When messages to anyone at that school are next open. What this person chose does not show in it."""
    anyone = replace(other, chat="on", quiet_until=None)
    if may_contact(anyone, school, facts.now, Lately()):
        # They are open now, though not to this person: the next school day is the next chance.
        day = next_school_day(school, facts.now.astimezone(ZoneInfo(anyone.zone)).date())
        return instant(day, EARLIEST, anyone.zone)
    return next_open(anyone, school, facts.now + timedelta(minutes=1))


def later(other: Person, school: School, facts: Facts) -> Plan:
    at = next_open(other, school, opens(replace(other, chat="on", quiet_until=None), school, facts))
    return Plan(person=other.id, topic=HELD, at=at, day=at.astimezone(ZoneInfo(other.zone)).date())
