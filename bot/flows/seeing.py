"""Who can see this: always the straight answer, read from what others were really shown."""

from __future__ import annotations

from bot.cards import Card, Text
from bot.flow import Facts
from bot.flows.drawing import message
from bot.flows.sharing import standing
from bot.records import Own


def who_sees(facts: Facts) -> Card:
    return message(*who_sees_lines(facts))


def who_sees_lines(facts: Facts) -> tuple[Text, ...]:
    """Only you, or you and whoever has a copy; then what the platform itself may keep (flows.md, 1.5)."""
    admin = facts.say.plain(f"care.admin_line_{facts.platform}")
    other = next((partner.first for partner in facts.partners), "")
    copies = _copies(facts)
    if facts.me.role == "teacher" and other:
        key = "care.who_sees_shared" if copies else "care.who_sees"
        return (facts.say(key, coach=other, admin_line=admin), *copies)
    key = "house.who_sees_shared" if copies else "house.who_sees_alone"
    return (facts.say(key, admin_line=admin), *copies)


def readers(facts: Facts, record: str) -> str:
    """Who has this record beside its writer, by name."""
    names = dict.fromkeys(name_of(facts, one.reader) for one in standing(facts, record))
    return ", ".join(names)


def _copies(facts: Facts) -> tuple[Text, ...]:
    lines: list[Text] = []
    words = {record.id: record.words for record in facts.own}
    there = standing(facts)
    for reader in dict.fromkeys(one.reader for one in there):
        quoted = [words[one.record] for one in there if one.reader == reader and one.record in words]
        lines.append(_listed(facts.say.plain("house.has_copies", reader=name_of(facts, reader)), quoted))
    if len({one.record for one in there} - set(words)) > 0:
        lines.append(facts.say("house.more_in_mine"))
    if any(record.visibility == "partners" for record in facts.mirrors if record.person == facts.me.id):
        lines.append(facts.say("house.mirror_seen"))
    lines += [facts.say("house.on_visits", reader=name_of(facts, reader)) for reader in facts.visiting]
    return tuple(lines)


def _listed(before: str, words: list[Own]) -> Text:
    parts: list[str | Own] = [f"{before} "]
    for n, own in enumerate(words):
        parts += [", ", own] if n else [own]
    return Text(tuple(parts))


def name_of(facts: Facts, person: str) -> str:
    known = facts.people.get(person) or next((one for one in facts.partners if one.id == person), None)
    return known.first if known else facts.say.plain("house.somebody")
