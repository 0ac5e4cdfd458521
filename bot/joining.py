"""Joining two chats of one person: what has to be read and drawn before it can be decided."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.cards import Card
from bot.events import AnyEvent, Found, FromPlatform
from bot.flow import Facts
from bot.flows import link
from bot.flows.drawing import message
from bot.linking import Linking, typed
from bot.records import Own
from bot.store import Tx
from bot.words import Lines


async def chats(tx: Tx, event: AnyEvent, state: object, facts: Facts) -> Facts:
    """Where this person is, what became of the code they typed, and whose the other account is."""
    linking = None if state is not None else await linked(tx, event, facts.me.id, facts.now)
    other = linking.account if linking is not None else None
    match state, event:
        case link.Asked(account), _:
            other = account
        case None, Found(by=by):
            other = by
        case _:
            pass
    holder = "" if other is None else await tx.holder(other)
    return replace(facts, accounts=await tx.accounts(facts.me.id), linking=linking, holder=holder)


async def linked(tx: Tx, event: AnyEvent, person: str, now: datetime) -> Linking | None:
    """A code drawn or a code looked for; None where the event is about something else."""
    code = typed(event)
    if code is None or not isinstance(event, FromPlatform):
        return None
    if code:
        return await tx.guess(event.by, person, code, now)
    return Linking("drawn", code=await tx.draw_code(event.by, person, now))


def stranger(linking: Linking, organization: str, say: Lines) -> Card:
    """What an account that nobody knows is told. Its code is sealed under the organization's key."""
    if linking.outcome == "found":
        return link.line("asked", say)
    if linking.outcome == "drawn":
        return message(say("house.link_code_stranger", line=Own(link.to_type(linking), organization)))
    return link.line(linking.outcome, say)
