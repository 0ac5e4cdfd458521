"""Co-teaching slots, and the bookings that hold both persons' time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, delete, insert, or_, select

from bot.calendars.free import meeting, meeting_itself
from bot.calendars.series import held, next_visit
from bot.records import Apart, Busy, Repeat, Slot
from bot.store import asking
from bot.store import tables as t
from bot.store.conflict import Conflict
from bot.store.links import Links
from bot.store.work import maybe, moment, seconds

# A slot is never longer, in seconds; and more of them than this nobody reads.
LONGEST, MOST = 4 * 60 * 60, 60


class Bookings(Links):
    async def _keep_slot(self, record: Slot) -> None:
        """A confirmed slot holds both persons' time, one row each; any other state holds nothing."""
        values = {
            "id": record.id,
            "organization_id": self.organization,
            "thread": record.thread,
            "coach": record.coach,
            "teacher": record.teacher,
            "proposer": record.proposer,
            "start": seconds(record.start),
            "minutes": record.minutes,
            "lesson_part": record.lesson_part,
            "role": record.role,
            "model_minutes": record.model_minutes,
            "status": record.status,
            "sequence": record.sequence,
            "repeat": msgspec.json.encode(record.repeat).decode(),
            "apart": msgspec.json.encode(record.apart).decode(),
            "changed_at": seconds(record.at) if record.at else None,
            **await self._seal_own(record.focus_question, "slot", "focus_question", record.id),
            **await self._seal_own(record.listen_to, "slot", "listen_to", record.id),
        }
        await self._upsert(t.slot, values, "id")
        await self._free(record.id)
        if record.status == "confirmed":
            await self._book(record)

    async def _free(self, slot: str) -> None:
        b = t.booking.c
        await self._run(delete(t.booking).where(b.organization_id == self.organization, b.slot_id == slot))

    async def _book(self, slot: Slot) -> None:
        """Each of its visits takes both persons' time, or none does."""
        people, taken = sorted({slot.coach, slot.teacher}), held(slot)
        await self.lock(people)
        b = t.booking.c
        rows = await self._rows(
            select(b.starts_at, b.ends_at).where(
                b.organization_id == self.organization,
                b.person_id.in_(people),
                b.starts_at < seconds(max(one.end for one in taken)),
                b.ends_at > seconds(min(one.start for one in taken)),
            )
            if taken
            else select(b.starts_at, b.ends_at).where(b.slot_id == "")
        )
        others = [Busy(moment(row.starts_at), moment(row.ends_at)) for row in rows]
        if meeting(taken, others) or meeting_itself(taken):
            raise Conflict("that time is booked already")
        values = [
            {"organization_id": self.organization, "slot_id": slot.id, "person_id": who,
             "starts_at": seconds(one.start), "ends_at": seconds(one.end)}
            for who in people
            for one in taken
        ]  # fmt: skip
        if len(values) > 2:
            # A lost race is the database's own refusal, which `begin` calls a conflict.
            await self._connection.execute(insert(t.booking), values)
            return
        for one in values:
            if not await self._insert_new(t.booking, one):
                raise Conflict("that time is booked already")

    async def _slot(self, row: Any) -> Slot:
        return Slot(
            id=row.id,
            organization=self.organization,
            thread=row.thread,
            coach=row.coach,
            teacher=row.teacher,
            proposer=row.proposer,
            start=moment(row.start),
            minutes=row.minutes,
            lesson_part=row.lesson_part,
            role=row.role,
            model_minutes=row.model_minutes,
            focus_question=await self._open_own(row, "slot", "focus_question"),
            listen_to=await self._open_own(row, "slot", "listen_to"),
            status=row.status,
            sequence=row.sequence,
            repeat=msgspec.json.decode(row.repeat, type=Repeat | None),
            apart=msgspec.json.decode(row.apart, type=tuple[Apart, ...]),
            at=maybe(row.changed_at),
        )

    async def busy(self, people: Collection[str], since: datetime) -> dict[str, tuple[Busy, ...]]:
        rows = await self._rows(asking.busy, ids=sorted(people), since_then=seconds(since))
        held: dict[str, tuple[Busy, ...]] = {}
        for row in rows:
            held[row.person_id] = (
                *held.get(row.person_id, ()),
                Busy(moment(row.starts_at), moment(row.ends_at), row.slot_id),
            )
        return held

    async def coming(self, person: str, since: datetime) -> tuple[Slot, ...]:
        """This person's slots that are not over, booked or not; the one whose conversation moved last comes first."""
        s, c = t.slot.c, t.thread.c
        rows = await self._rows(
            select(t.slot, c.at)
            .join(t.thread, and_(c.id == s.thread, c.organization_id == s.organization_id))
            .where(
                s.organization_id == self.organization,
                or_(s.coach == person, s.teacher == person),
                or_(s.start >= seconds(since) - LONGEST, s.repeat != "null"),
                s.status.in_(("proposed", "countered", "confirmed", "cancelled")),
            )
            .order_by(c.at.desc(), s.id)
            .limit(MOST)
        )
        slots = [await self._slot(row) for row in rows]
        return tuple(one for one in slots if next_visit(one, since) is not None)

    async def slots(self, thread: str) -> tuple[Slot, ...]:
        rows = await self._rows(asking.slots, conversation=thread)
        return tuple([await self._slot(row) for row in rows])
