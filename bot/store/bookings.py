"""Co-teaching slots, and the bookings that hold both persons' time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select

from bot.records import Busy, Slot
from bot.store import tables as t
from bot.store.conflict import Conflict
from bot.store.links import Links
from bot.store.work import moment, seconds


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
        people = sorted({slot.coach, slot.teacher})
        await self.lock(people)
        start, end = seconds(slot.start), seconds(slot.start + timedelta(minutes=slot.minutes))
        b = t.booking.c
        taken = await self._row(
            select(b.slot_id).where(
                b.organization_id == self.organization, b.person_id.in_(people), b.starts_at < end, b.ends_at > start
            )
        )
        if taken is not None:
            raise Conflict("that time is booked already")
        for who in people:
            values = {
                "organization_id": self.organization,
                "slot_id": slot.id,
                "person_id": who,
                "starts_at": start,
                "ends_at": end,
            }
            if not await self._insert_new(t.booking, values):
                raise Conflict("that time is booked already")

    async def _slot(self, row: Row[Any]) -> Slot:
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
        )

    async def busy(self, people: Collection[str], since: datetime) -> dict[str, tuple[Busy, ...]]:
        b = t.booking.c
        rows = await self._rows(
            select(t.booking)
            .where(b.organization_id == self.organization, b.person_id.in_(sorted(people)), b.ends_at > seconds(since))
            .order_by(b.starts_at)
        )
        held: dict[str, tuple[Busy, ...]] = {}
        for row in rows:
            held[row.person_id] = (
                *held.get(row.person_id, ()),
                Busy(moment(row.starts_at), moment(row.ends_at), row.slot_id),
            )
        return held

    async def slots(self, thread: str) -> tuple[Slot, ...]:
        s = t.slot.c
        rows = await self._rows(
            select(t.slot).where(s.organization_id == self.organization, s.thread == thread).order_by(s.id)
        )
        return tuple([await self._slot(row) for row in rows])
