"""A person's words in messages to others, and the export that is on its way to them."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import delete, or_, select, update

from bot.cards import Card, Form
from bot.records import Slot
from bot.store import tables as t
from bot.store.lanes import lane_of
from bot.store.sending import Sending
from bot.store.work import seconds


class Copied(Struct, frozen=True, kw_only=True):
    """What stands, or will stand, on somebody's screen with another person's words in it.

    `first` is the parcel that brought the message, `key` the one that says what it says now.
    """

    first: str
    key: str
    person: str
    thread: str
    name: str
    card: Card | Form
    waits: bool


class Copies(Sending):
    async def copies(self, author: str, together: Collection[str]) -> tuple[Copied, ...]:
        """Messages that hold the author's words: everybody else's, and their own in conversations of these flows."""
        o, c = t.outbox.c, t.thread.c
        here = (o.organization_id == self.organization, o.kind.in_(("say", "revise")))
        shared = select(c.id).where(c.organization_id == self.organization, c.flow.in_(sorted(together)))
        named = await self._rows(
            select(o.occurrence_key, o.revises).where(
                *here, o.card.contains(json.dumps(author), autoescape=True),
                or_(o.person_id != author, o.thread_id.in_(shared)),
            )
        )  # fmt: skip
        firsts = sorted({row.revises or row.occurrence_key for row in named})
        rows = await self._rows(
            select(t.outbox).where(*here, or_(o.occurrence_key.in_(firsts), o.revises.in_(firsts))).order_by(o.number)
        )
        latest = {row.revises or row.occurrence_key: row for row in rows if row.card is not None}
        found = []
        for first, row in latest.items():
            if json.dumps(author) in row.card:
                card = msgspec.convert(await self._open(row.card, "outbox", "card", row.occurrence_key), Card | Form)
                found.append(
                    Copied(
                        first=first, key=row.occurrence_key, person=row.person_id, thread=row.thread_id, name=row.name,
                        card=card, waits=row.state == "ready",
                    )
                )  # fmt: skip
        return tuple(found)

    async def reword(self, key: str, card: Card) -> None:
        """What waits to be sent says something else."""
        o = t.outbox.c
        sealed = await self._seal(card, "outbox", "card", key)
        await self._run(
            update(t.outbox)
            .where(o.organization_id == self.organization, o.occurrence_key == key, o.state == "ready")
            .values(card=sealed)
        )

    async def last_said(self, thread: str, person: str) -> tuple[str, str] | None:
        """The name and the parcel of the latest message of that conversation to that person."""
        o = t.outbox.c
        row = await self._row(
            select(o.name, o.occurrence_key)
            .where(
                o.organization_id == self.organization, o.thread_id == thread, o.person_id == person, o.kind == "say"
            )
            .order_by(o.number.desc())
            .limit(1)
        )  # fmt: skip
        return None if row is None else (row.name, row.occurrence_key)

    async def newest(self, said: str, person: str) -> str | None:
        """The parcel that gave that message its latest form: the one that brought it, or one that revises it."""
        o = t.outbox.c
        mine = (o.organization_id == self.organization, o.person_id == person)
        row = await self._row(
            select(o.occurrence_key)
            .where(*mine, or_(o.occurrence_key == said, o.revises == said))
            .order_by(o.number.desc())
            .limit(1)
        )
        return None if row is None else str(row.occurrence_key)

    async def threads_of(self, person: str, flows: Collection[str]) -> tuple[str, ...]:
        c = t.thread.c
        rows = await self._rows(
            select(c.id, c.people).where(
                c.organization_id == self.organization, c.flow.in_(sorted(flows)),
                c.people.contains(person, autoescape=True),
            )
        )  # fmt: skip
        return tuple(row.id for row in rows if person in row.people.split())

    async def visits(self, person: str) -> tuple[Slot, ...]:
        """Every slot of this person, oldest first."""
        s = t.slot.c
        rows = await self._rows(
            select(t.slot)
            .where(s.organization_id == self.organization, or_(s.coach == person, s.teacher == person))
            .order_by(s.start, s.id)
        )
        return tuple([await self._slot(row) for row in rows])

    async def hand_out(self, secret: str, person: str, until: datetime, at: datetime) -> None:
        """A link to all of it, by the hash of its secret; those whose time is over go."""
        h = t.handout.c
        await self._run(delete(t.handout).where(h.organization_id == self.organization, h.expires_at < seconds(at)))
        values = {
            "organization_id": self.organization, "secret": secret, "person_id": person, "expires_at": seconds(until),
            "taken": "",
        }  # fmt: skip
        await self._insert_new(t.handout, values)

    async def take_out(self, secret: str, kind: str, at: datetime) -> bool:
        """Whether this kind of file may be fetched by that link: once, and not for long."""
        h = t.handout.c
        fresh = (h.secret == secret, h.expires_at >= seconds(at), ~h.taken.contains(f" {kind} "))
        taken = update(t.handout).where(h.organization_id == self.organization, *fresh)
        return await self._run(taken.values(taken=h.taken.concat(f" {kind} "))) == 1

    async def hand(self, key: str, person: str, at: datetime) -> None:
        """A parcel without a word in it: what it brings is gathered when it leaves."""
        lane = lane_of(self.organization, await self.account_of(person))
        values = {
            "organization_id": self.organization, "occurrence_key": key, "lane_id": lane, "person_id": person,
            "kind": "export", "name": "", "thread_id": "", "topic": "", "local_date": "", "card": None, "revises": "",
            "visible_at": seconds(at), "expires_at": None, "priority": 1, "state": "ready", "attempts": 0,
            "last_error": "", "fence": 0, "started_at": None, "sent_at": None, "channel": "", "message": "",
        }  # fmt: skip
        if await self._insert_new(t.outbox, values):
            await self._lower((lane,), seconds(at))
