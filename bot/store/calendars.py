"""Calendars outside: people's feeds, where invitations go, and what their own calendars take of their time."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from bot.records import Busy, Calendar, Own, Slot, Subscription
from bot.store import asking
from bot.store import tables as t
from bot.store.showings import Showings
from bot.store.work import moment, seconds

SLOTS_MOST = 500


class Calendars(Showings):
    async def calendar(self, person: str) -> Calendar:
        """What they chose; somebody who chose nothing has no feed and no invitations."""
        c = t.calendar.c
        row = await self._row(select(t.calendar).where(c.organization_id == self.organization, c.person_id == person))
        if row is None:
            return Calendar(person=person, organization=self.organization)
        keys = await self._data_keys((row.mail_by,)) if row.mail_by else {}
        about = self._about("calendar", "mail", person)
        mail = keys[row.mail_by].unseal(row.mail, about) if row.mail_by in keys else ""
        return Calendar(
            person=person, organization=self.organization, feed=row.feed, turn=row.turn, question=row.question,
            mail=Own(mail, person) if mail else None,
        )  # fmt: skip

    async def _keep_calendar(self, record: Calendar) -> None:
        """Of the feed's secret only its hash is kept: it is made again from the organization's key when it is shown."""
        secret = await self._secret(record.person, record.turn) if record.feed else ""
        values = {
            "organization_id": self.organization,
            "person_id": record.person,
            "feed": record.feed,
            "turn": record.turn,
            "question": record.question,
            "secret_hash": hashed(secret) if secret else "",
            **await self._seal_own(record.mail, "calendar", "mail", record.person),
        }
        await self._upsert(t.calendar, values, "organization_id", "person_id")

    async def feed_secret(self, person: str) -> str:
        """What their feed's address holds, or nothing where it is off."""
        chosen = await self.calendar(person)
        return await self._secret(person, chosen.turn) if chosen.feed else ""

    async def _secret(self, person: str, turn: int) -> str:
        print_ = await self._looked_up(f"calendar feed|{self.organization}|{person}|{turn}")
        return urlsafe_b64encode(bytes.fromhex(print_)).decode().rstrip("=")

    async def file_seal(self, person: str, slot: str) -> str:
        """What proves that this reader was given this slot's file; a new feed address ends the old links too."""
        chosen = await self.calendar(person)
        print_ = await self._looked_up(f"calendar file|{self.organization}|{person}|{slot}|{chosen.turn}")
        return urlsafe_b64encode(bytes.fromhex(print_)).decode().rstrip("=")

    async def slots_of(self, person: str) -> tuple[Slot, ...]:
        """Theirs that were ever booked, the latest first."""
        s = t.slot.c
        rows = await self._rows(
            select(t.slot)
            .where(
                s.organization_id == self.organization,
                or_(s.coach == person, s.teacher == person),
                s.status.in_(("confirmed", "cancelled", "happened")),
            )
            .order_by(s.start.desc(), s.id)
            .limit(SLOTS_MOST)
        )
        return tuple([await self._slot(row) for row in rows])

    async def slots_booked(self, people: Collection[str], since: datetime) -> tuple[Slot, ...]:
        """Confirmed slots of these people that hold time after that moment."""
        s, b = t.slot.c, t.booking.c
        ahead = select(b.slot_id).where(
            b.organization_id == self.organization, b.person_id.in_(sorted(people)), b.ends_at > seconds(since)
        )
        rows = await self._rows(
            select(t.slot)
            .where(s.organization_id == self.organization, s.status == "confirmed", s.id.in_(ahead))
            .order_by(s.start, s.id)
        )
        return tuple([await self._slot(row) for row in rows])

    # ── their own calendars ──

    async def subscriptions(self, person: str) -> tuple[Subscription, ...]:
        s = t.subscription.c
        rows = await self._rows(
            select(t.subscription)
            .where(s.organization_id == self.organization, s.person_id == person)
            .order_by(s.host, s.id)
        )
        return tuple([await self._subscription(row) for row in rows])

    async def subscription(self, id: str) -> tuple[Subscription, str] | None:
        """It and the mark its server gave the last version that was read."""
        s = t.subscription.c
        row = await self._row(select(t.subscription).where(s.organization_id == self.organization, s.id == id))
        return None if row is None else (await self._subscription(row), row.etag)

    async def _subscription(self, row: Row[Any]) -> Subscription:
        address = await self._open_own(row, "subscription", "address")
        return Subscription(
            id=row.id, organization=self.organization, person=row.person_id,
            address=address or Own("", row.person_id), host=row.host, fault=row.fault, odd_zone=row.odd_zone,
        )  # fmt: skip

    async def _keep_subscription(self, record: Subscription) -> None:
        """It is read at the next tick."""
        values = {
            "id": record.id,
            "organization_id": self.organization,
            "person_id": record.person,
            "host": record.host,
            "fault": record.fault,
            "odd_zone": record.odd_zone,
            "etag": "",
            "due_at": 0,
            **await self._seal_own(record.address, "subscription", "address", record.id),
        }
        await self._upsert(t.subscription, values, "id")

    async def _drop_away(self, subscription: str) -> None:
        a = t.away.c
        await self._run(delete(t.away).where(a.organization_id == self.organization, a.subscription_id == subscription))

    async def looked(self, id: str, again: datetime, *, fault: str = "") -> None:
        """It was looked at: nothing new, or not to be had; what is known of it stays."""
        s = t.subscription.c
        mine = (s.organization_id == self.organization, s.id == id)
        await self._run(update(t.subscription).where(*mine).values(fault=fault, due_at=seconds(again)))

    async def took(
        self, id: str, person: str, taken: Iterable[Busy], again: datetime, *, etag: str = "", odd_zone: bool = False,
        fault: str = "",
    ) -> None:  # fmt: skip
        """What it takes from now on, in place of what was known; one that was removed meanwhile takes nothing."""
        s = t.subscription.c
        mine = (s.organization_id == self.organization, s.id == id, s.person_id == person)
        values = {"fault": fault, "odd_zone": odd_zone, "etag": etag, "due_at": seconds(again)}
        if not await self._run(update(t.subscription).where(*mine).values(**values)):
            return
        await self._drop_away(id)
        rows = [
            {"organization_id": self.organization, "subscription_id": id, "person_id": person,
             "starts_at": seconds(one.start), "ends_at": seconds(one.end)}
            for one in taken
        ]  # fmt: skip
        if rows:
            await self._connection.execute(insert(t.away), rows)

    async def away(self, people: Collection[str], since: datetime) -> dict[str, tuple[Busy, ...]]:
        """What their own calendars take: from when to when, and nothing else is known."""
        rows = await self._rows(asking.away, ids=sorted(people), since_then=seconds(since))
        taken: dict[str, list[Busy]] = {}
        for row in rows:
            taken.setdefault(row.person_id, []).append(Busy(moment(row.starts_at), moment(row.ends_at)))
        return {person: tuple(all_) for person, all_ in taken.items()}


def hashed(secret: str) -> str:
    """How a secret is found again without being kept. It is 256 bits of a keyed hash, so no salt is needed."""
    return sha256(f"beside calendar {secret}".encode()).hexdigest()
