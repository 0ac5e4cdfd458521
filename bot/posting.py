"""Answers as parcels: what cannot be given where it was asked for, and what only one screen would show."""

from __future__ import annotations

from datetime import datetime

from bot.answering import to_post
from bot.cards import Answer, Card, Nothing, Replace
from bot.events import FromPlatform
from bot.records import Person
from bot.store import Tx


async def posted(tx: Tx, event: FromPlatform, me: Person, answer: Answer, now: datetime) -> Answer:
    """An answer that cannot be given where it was asked for is a parcel like any other, in the same commit."""
    shown = to_post(event, answer)
    if isinstance(answer, Replace) and event.on:
        await _revised(tx, event, me, answer.card, now)
    if shown is None:
        return answer
    await tx.post(
        key=f"{event.key}/answer", person=me.id, kind="say", name="", thread=shown.thread, card=shown, at=now,
        expires_at=None, priority=1,
    )  # fmt: skip
    return Nothing(stays=True)


async def _revised(tx: Tx, event: FromPlatform, me: Person, card: Card, now: datetime) -> None:
    """What one screen shows at once, the message shows for good."""
    said = await tx.said_on(me.id, event.on)
    if said is not None:
        await tx.post(
            key=f"{event.key}/shown", person=me.id, kind="revise", name="", thread=card.thread, card=card, at=now,
            expires_at=None, priority=1, revises_key=said,
        )  # fmt: skip
