"""Homes on platforms that keep one: what somebody sees who opens theirs, and what it says whenever that has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from bot.cards import NOTHING, Answer, Card, OnlyYou
from bot.events import Account, AnyEvent, Joined
from bot.flow import derived
from bot.flows import home
from bot.gathering import gather
from bot.outside.links import Ways
from bot.records import Person
from bot.store import Store, Thread, Tx


async def opened(tx: Tx, event: Joined, person: str, now: datetime, ways: Ways) -> Answer:
    """The home as it is now; from here on it is drawn again by itself."""
    await tx.open_home(person, event.by.platform, now)
    card = await drawn(tx, person, event.by.platform, now, ways, event)
    return NOTHING if card is None else OnlyYou(card)


async def drawn(
    tx: Tx, person: str, platform: str, now: datetime, ways: Ways, event: AnyEvent | None = None
) -> Card | None:
    """Drawn from what is so at this moment: whoever draws it last draws the newest. None where there is nobody."""
    me = await tx.person(person)
    if me is None:
        return None
    thread = await _thread(tx, me, now)
    event = event or Joined(key=f"home:{person}", by=Account(platform=platform, team="", user=""))
    facts = await gather(
        tx, event, me, home.flow, thread, home.At(), platform=platform, now=now, heard="", ways=ways
    )  # fmt: skip
    return replace(home.card(facts), thread=thread.id, version=thread.version)


Draw = Callable[[str, str, str], Awaitable[Card | None]]


def drawing(store: Store, now: Callable[[], datetime], address: str) -> Draw:
    """For whoever draws homes: by organization, person and platform, each in a transaction of its own."""

    async def draw(organization: str, person: str, platform: str) -> Card | None:
        async with store.begin(organization) as tx:
            return await drawn(tx, person, platform, now(), Ways(address))

    return draw


async def _thread(tx: Tx, me: Person, now: datetime) -> Thread:
    """A person's home is one conversation, wherever it stands."""
    name = derived("home", me.organization, me.id)
    known = await tx.thread(name)
    if known is not None:
        return known
    new = Thread(id=name, flow=home.flow.name, state=msgspec.to_builtins(home.At()), version=1, people=(me.id,))
    await tx.put_thread(new, 0, now)
    return new
