"""Answers as parcels: what cannot be given where it was asked for, and what only one screen would show."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.answering import to_post
from bot.cadence import LATE
from bot.cards import Answer, Buttons, Card, Nothing, Replace, settled
from bot.effects import Say
from bot.events import AnyEvent, Due, FromPlatform, Pressed
from bot.flow import Facts
from bot.records import Person
from bot.store import Tx

# What is of no use when it comes late (`bot.cadence.is_late`), and how long somebody waits for an answer.
_PASSING = ("nudge", "reminder", "goodbye")
ANSWER_LIVES = timedelta(days=1)


def lives_until(event: AnyEvent, said: Say, facts: Facts) -> datetime | None:
    """When this message is of no use any more: as its conversation says, else by what it is.

    What one person sends another keeps for ever.
    """
    if said.until is not None:
        return said.until
    if said.unasked in _PASSING:
        return facts.now + LATE
    return facts.now + ANSWER_LIVES if said.to == facts.me.id and not isinstance(event, Due) else None


async def copied(tx: Tx, event: FromPlatform, me: Person) -> str | None:
    """The message that has the button too, where it was pressed on a copy of the card."""
    if not isinstance(event, Pressed) or not event.aside:
        return None
    said = await tx.last_said(event.thread, me.id)
    card = await tx.card(said[1]) if said else None
    rows = [block.row for block in card.blocks if isinstance(block, Buttons)] if isinstance(card, Card) else []
    return said[1] if said and any(button.verb == event.verb for row in rows for button in row) else None


async def posted(
    tx: Tx, event: FromPlatform, me: Person, answer: Answer, now: datetime, copy_of: str | None = None
) -> Answer:
    """An answer that cannot be given where it was asked for is a parcel like any other, in the same commit."""
    shown = to_post(event, answer)
    there = await tx.said_on(me.id, event.on) if event.on else copy_of
    if isinstance(answer, Replace):
        await _revised(tx, event, me, answer.card, now, there)
    elif isinstance(event, Pressed) and event.on and isinstance(answer, Nothing) and not answer.stays and there:
        await _settled(tx, event, me, now, there)
    if shown is None:
        return answer
    await tx.post(
        key=f"{event.key}/answer", person=me.id, kind="say", name="", thread=shown.thread, card=shown, at=now,
        expires_at=now + ANSWER_LIVES, priority=1,
    )  # fmt: skip
    return Nothing(stays=True)


async def _settled(tx: Tx, event: Pressed, me: Person, now: datetime, said: str) -> None:
    """A press whose answer comes as messages leaves no buttons on their other screens either.

    What the turn itself has made of that message stands.
    """
    newest = await tx.newest(said, me.id)
    card = await tx.card(newest) if newest and not newest.startswith(f"{event.key}/") else None
    rows = [block.row for block in card.blocks if isinstance(block, Buttons)] if isinstance(card, Card) else []
    here = (one.label for row in rows for one in row if (one.verb, one.value) == (event.verb, event.value))
    label = next(here, None)
    if isinstance(card, Card) and label is not None:
        await _revised(tx, event, me, settled(card, label), now, said)


async def _revised(tx: Tx, event: FromPlatform, me: Person, card: Card, now: datetime, said: str | None) -> None:
    """What one screen shows at once, the message shows for good."""
    if said is not None:
        await tx.post(
            key=f"{event.key}/shown", person=me.id, kind="revise", name="", thread=card.thread, card=card, at=now,
            expires_at=now + ANSWER_LIVES, priority=1, revises_key=said,
        )  # fmt: skip
