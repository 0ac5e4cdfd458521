"""Forgetting a person: others' copies say so, our messages are taken back, and then the words and their key go."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from bot.cards import Card, in_words
from bot.events import AnyEvent
from bot.flow import Facts
from bot.flows import BY_NAME
from bot.flows.sharing import withdrawn
from bot.gathering import gather
from bot.outside.links import Ways
from bot.records import Person
from bot.store import Tx
from bot.words import Lines

# Conversations of two people: what was booked in them stays, without the words.
TOGETHER = tuple(sorted(name for name, flow in BY_NAME.items() if flow.guards_time))
ALONE = tuple(sorted(set(BY_NAME) - set(TOGETHER)))


async def forgotten(tx: Tx, event: AnyEvent, key: str, person: str, facts: Facts) -> None:
    author = await tx.person(person)
    if author is None:
        return
    copies = await tx.copies(person, TOGETHER)
    shared = await tx.threads_of(person, TOGETHER)
    for copy in copies:
        if copy.waits:
            await tx.reword(copy.key, withdrawn(in_words(copy.card), author, await _words(tx, copy.person)))
    await tx.forget(person, own=ALONE, but=facts.thread, at=facts.now)
    done = {
        first for n, one in enumerate(shared) for first in await _redrawn(tx, event, f"{key}/{n}", one, author, facts)
    }
    for n, copy in enumerate(copies):
        if not copy.waits and copy.first not in done:
            card = withdrawn(in_words(copy.card), author, await _words(tx, copy.person))
            await _told(tx, f"{key}/copy-{n}", copy.person, copy.name, copy.thread, copy.first, card, facts)


async def _words(tx: Tx, reader: str) -> Lines:
    """In the reader's own language."""
    known = await tx.person(reader)
    return Lines.load(known.language if known else "en")


async def _redrawn(tx: Tx, event: AnyEvent, key: str, id: str, author: Person, facts: Facts) -> set[str]:
    """A card that was replaced on a screen is known to nobody else: now it stands there without the words."""
    thread, done = await tx.thread(id), set[str]()
    if thread is None:
        return done
    flow = BY_NAME[thread.flow]
    state: Any = msgspec.convert(thread.state, flow.states)
    for reader in (await tx.people(thread.people)).values():
        said = await tx.last_said(id, reader.id)
        if said is None:
            continue
        there = await gather(
            tx, event, reader, flow, thread, state, platform=facts.platform, now=facts.now, heard=facts.listening,
            ways=Ways(facts.public_url, facts.mail),
        )  # fmt: skip
        card = flow.current(state, there)
        if card is not None:
            now = replace(withdrawn(card, author, there.say), thread=id, version=thread.version)
            await _told(tx, f"{key}-{reader.id}", reader.id, said[0], id, said[1], now, facts)
            done.add(said[1])
    return done


async def _told(tx: Tx, key: str, to: str, name: str, thread: str, first: str, card: Card, facts: Facts) -> None:
    await tx.post(
        key=key, person=to, kind="revise", name=name, thread=thread, card=card, at=facts.now, expires_at=None,
        priority=1, revises_key=first,
    )  # fmt: skip
