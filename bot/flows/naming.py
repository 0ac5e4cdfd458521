"""A student's name in what somebody writes: the words without it, the one kind question, and its ten minutes (1.6)."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import Button, Card
from bot.effects import Plan
from bot.events import AnyEvent, Said, Submitted
from bot.flow import Facts
from bot.flows.drawing import message
from bot.records import NextStep, Own, Reflection
from bot.safety import without_names

TOPIC = "names"
_FIELDS = ("words", "how")
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


def without(event: AnyEvent, facts: Facts) -> tuple[AnyEvent, tuple[Named, ...]]:
    """The same event with “a student” in it, and the words as they were, each line by itself too."""
    if isinstance(event, Said):
        now = swapped(event.text, facts)
        return replace(event, text=now), _named(event.text, now, facts)
    if isinstance(event, Submitted):
        fields = {name: swapped(text, facts) if name in _FIELDS else text for name, text in event.fields.items()}
        pairs = (_named(event.fields[name], fields[name], facts) for name in fields)
        return replace(event, fields=fields), tuple(named for pair in pairs for named in pair)
    return event, ()


def _named(was: str, now: str, facts: Facts) -> tuple[Named, ...]:
    by = facts.me.id
    lines = zip(was.splitlines(), now.splitlines(), strict=True) if was.count("\n") == now.count("\n") else ()
    pairs = [(was, now), (was.strip(), now.strip()), *((a.strip(), b.strip()) for a, b in lines)]
    return tuple(Named(Own(a, by), Own(b, by)) for a, b in dict.fromkeys(pairs) if a != b)


def owns(record: object) -> tuple[Own, ...]:
    """Whose words an answer or a step holds."""
    match record:
        case Reflection(words=words):
            return (words,)
        case NextStep(words=words, how_we_know=how):
            return (words, how) if how else (words,)
        case _:
            return ()


def name_card(facts: Facts, value: str = "") -> Card:
    """One tap undoes it; `value` says for which words, where there are several."""
    names = ("a_student", "not_student")
    ways = tuple(Button(name, facts.say.button(f"house.{name}"), value=value) for name in names)
    return message(facts.say("house.student_name"), answers=ways)


def ten_minutes(facts: Facts) -> Plan:
    """After that nobody keeps the words with the name any longer."""
    until = facts.now + _UNDONE_FOR
    return Plan(person=facts.me.id, topic=TOPIC, at=until, day=until.astimezone(facts.zone).date())
