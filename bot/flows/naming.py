"""A student's name in what somebody writes: the words without it, the one kind question, and its ten minutes (1.6)."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from bot.cards import Button, Card
from bot.effects import Plan
from bot.flow import Facts
from bot.flows.drawing import message
from bot.records import Own
from bot.safety import without_names

TOPIC = "names"
_UNDONE_FOR = timedelta(minutes=10)


class Named(Struct, frozen=True):
    """Words as they were written with what may be a student's name, and as they are kept until somebody says not so."""

    was: Own
    now: Own


def swapped(text: str, facts: Facts) -> str:
    """The same words with “a student” where one may be named. Whoever works here is no student."""
    near = (facts.me, *facts.partners)
    known = {word.casefold() for person in near for word in (*person.name.split(), person.handle)}
    return without_names(text, known | facts.colleagues, facts.me.language)


def name_card(facts: Facts, value: str = "") -> Card:
    """One tap undoes it; `value` says for which words, where there are several."""
    names = ("a_student", "not_student")
    ways = tuple(Button(name, facts.say.button(f"house.{name}"), value=value) for name in names)
    return message(facts.say("house.student_name"), answers=ways)


def ten_minutes(facts: Facts) -> Plan:
    """After that nobody keeps the words with the name any longer."""
    until = facts.now + _UNDONE_FOR
    return Plan(person=facts.me.id, topic=TOPIC, at=until, day=until.astimezone(facts.zone).date())
