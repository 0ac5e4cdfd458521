"""Sharing: what somebody else gets of a person's words, what is known of it, and how it is taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from bot.cards import Block, Buttons, Card, Details, Exact, Quote, Text
from bot.effects import Effect, Keep, Revise
from bot.flow import Facts, derived
from bot.flows.drawing import message
from bot.records import NextStep, Own, Person, Reflection, Showing
from bot.words import Lines

Kept = Reflection | NextStep


def shown(
    facts: Facts, records: Iterable[Kept], reader: str, *, name: str, thread: str = ""
) -> tuple[Effect, ...]:  # fmt: skip
    """These records are that reader's to see, in the message `name` of this conversation."""
    effects: list[Effect] = []
    for record in records:
        effects.append(Keep(replace(record, visibility="coach")))
        effects.append(Keep(_showing(facts, record, reader, name, thread or facts.thread)))
    return tuple(effects)


def shown_to(facts: Facts, records: Iterable[Kept], reader: str, *, name: str) -> tuple[Effect, ...]:
    """What is so already to both of a conversation is now in front of the other, whoever wrote it."""
    return tuple(Keep(_showing(facts, record, reader, name, facts.thread)) for record in records)


def opened(facts: Facts, records: Iterable[Kept]) -> tuple[Effect, ...]:
    """What others let me read, and I now have read: its writer finds that among who saw what, once a day."""
    me, day = facts.me, facts.here.date().isoformat()
    return tuple(
        Keep(
            replace(
                _showing(facts, record, me.id, "", facts.thread),
                id=derived("opened", record.id, me.id, day), way="opened",
            )
        )
        for record in records
    )  # fmt: skip


def sent(facts: Facts, reader: str, name: str) -> Keep:
    """Words that went to somebody as a message of their own."""
    return Keep(
        Showing(
            id=derived(facts.key, "sent", reader), organization=facts.me.organization, person=facts.me.id,
            reader=reader, way="sent", kind="message", record="", at=facts.now, thread=facts.thread, name=name,
        )
    )  # fmt: skip


def _showing(facts: Facts, record: Kept, reader: str, name: str, thread: str) -> Showing:
    return Showing(
        id=derived(facts.key, "showing", record.id, reader), organization=record.organization, person=record.person,
        reader=reader, way="shared", kind="reflection" if isinstance(record, Reflection) else "next_step",
        record=record.id, at=facts.now, thread=thread, name=name,
    )  # fmt: skip


def standing(facts: Facts, record: str = "") -> tuple[Showing, ...]:
    """What others have of this person's words now, or of that record."""
    return tuple(s for s in facts.showings if s.way == "shared" and s.until is None and record in ("", s.record))


def together(facts: Facts, record: str) -> tuple[str, ...]:
    """All that stands on the same cards as this record: a card goes whole."""
    cards = {(s.reader, s.thread, s.name) for s in standing(facts, record)}
    return tuple(dict.fromkeys(s.record for s in standing(facts) if (s.reader, s.thread, s.name) in cards))


def taken_back(facts: Facts, records: Collection[str], kept: Iterable[Kept]) -> tuple[Effect, ...]:
    """The cards with these records say that they were withdrawn, and whatever stood on them is private again.

    `kept` are the records as they are to be kept, those of them that are still there.
    """
    names = {other for record in records for other in together(facts, record)} | set(records)
    gone = [s for s in standing(facts) if s.record in names]
    places = dict.fromkeys((s.reader, s.thread, s.name) for s in gone)
    return (
        *(Keep(replace(s, until=facts.now)) for s in gone),
        *(Keep(replace(one, visibility="private")) for one in kept if one.id in names and one.visibility == "coach"),
        *(
            Revise(to=reader, card=_gone_for(reader, facts), name=name, thread=thread)
            for reader, thread, name in places
        ),
    )


def reworded(facts: Facts, record: str) -> tuple[Effect, ...]:
    """After `taken_back`: what others saw were other words than the record has now, and is not told as these."""
    return tuple(
        Keep(replace(s, record="", until=s.until or (facts.now if s.way == "shared" else None)))
        for s in facts.showings
        if s.record == record
    )


def _gone_for(reader: str, facts: Facts) -> Card:
    """In the reader's own language."""
    say = facts.read_by(facts.people.get(reader, facts.me)).say
    return message(say("reflection.gone", first=facts.me.first))


def withdrawn(card: Card, author: Person, say: Lines) -> Card:
    """The card without what this person wrote; where that is all it was about, it says so and nothing else."""
    if not any(isinstance(block, Buttons) for block in card.blocks):
        return Card(blocks=(say("reflection.gone", first=author.first),), thread=card.thread, version=card.version)
    gone = say.plain("house.withdrawn", first=author.first)
    return replace(card, blocks=tuple(_without(block, author.id, gone) for block in card.blocks))


def _without(block: Block, author: str, gone: str) -> Block:
    def other(value: str | Own) -> str | Own:
        return gone if isinstance(value, Own) and value.by == author else value

    match block:
        case Text(parts):
            return Text(tuple(other(part) for part in parts))
        case Quote(words) if words.by == author:
            return Text((gone,))
        case Exact(words, foot):
            left = tuple(own for own in words if own.by != author)
            return Exact(left, foot) if left else Text((gone,))
        case Details(facts):
            return Details(tuple(replace(fact, value=other(fact.value)) for fact in facts))
        case _:
            return block
