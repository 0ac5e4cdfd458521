"""What people keep: reflections, next steps, asked stems, slots and the bookings that hold their time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, distinct, func, or_, select

from bot.records import Asked, Busy, NextStep, Partnership, Person, Record, Reflection, Slot
from bot.store import tables as t
from bot.store.conflict import Conflict
from bot.store.people import People
from bot.store.work import moment, seconds

_KINDS = {"reflection": t.reflection, "next_step": t.next_step, "asked": t.asked, "slot": t.slot}


class Records(People):
    async def keep(self, record: Record) -> None:
        """Write it, new or changed."""
        match record:
            case Person():
                await self._keep_person(record)
            case Partnership():
                await self._keep_partnership(record)
            case Reflection():
                await self._keep_reflection(record)
            case NextStep():
                await self._keep_step(record)
            case Asked():
                values = {
                    "id": record.id,
                    "organization_id": self.organization,
                    "person": record.person,
                    "at": seconds(record.at),
                    "stem": record.stem,
                    "focus": record.focus,
                    "line": record.line,
                }
                await self._upsert(t.asked, values, "id")
            case Slot():
                await self._keep_slot(record)

    async def drop(self, kind: str, id: str) -> None:
        table = _KINDS[kind]
        await self._run(delete(table).where(table.c.organization_id == self.organization, table.c.id == id))
        if kind == "slot":
            await self._free(id)

    async def _keep_reflection(self, record: Reflection) -> None:
        values = {
            "id": record.id,
            "organization_id": self.organization,
            "person": record.person,
            "thread": record.thread,
            "at": seconds(record.at),
            "stem": record.stem,
            "question": record.question,
            "visibility": record.visibility,
            **await self._seal_own(record.words, "reflection", "words", record.id),
        }
        await self._upsert(t.reflection, values, "id")

    async def _keep_step(self, record: NextStep) -> None:
        values = {
            "id": record.id,
            "organization_id": self.organization,
            "person": record.person,
            "thread": record.thread,
            "at": seconds(record.at),
            "check_on": record.check_on.isoformat() if record.check_on else None,
            "lesson_part": record.lesson_part,
            "origin": record.origin,
            "status": record.status,
            "visibility": record.visibility,
            **await self._seal_own(record.words, "next_step", "words", record.id),
            **await self._seal_own(record.how_we_know, "next_step", "how_we_know", record.id),
        }
        await self._upsert(t.next_step, values, "id")

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

    async def get(self, kind: str, id: str) -> Reflection | NextStep | Slot | None:
        table = _KINDS[kind]
        row = await self._row(select(table).where(table.c.organization_id == self.organization, table.c.id == id))
        if row is None:
            return None
        match kind:
            case "reflection":
                return await self._reflection(row)
            case "next_step":
                return await self._step(row)
            case _:
                return await self._slot(row)

    async def _reflection(self, row: Row[Any]) -> Reflection:
        words = await self._open_own(row, "reflection", "words")
        assert words is not None  # noqa: S101 - the column may not be empty
        return Reflection(
            id=row.id,
            organization=self.organization,
            person=row.person,
            thread=row.thread,
            at=moment(row.at),
            stem=row.stem,
            question=row.question,
            words=words,
            visibility=row.visibility,
        )

    async def _step(self, row: Row[Any]) -> NextStep:
        words = await self._open_own(row, "next_step", "words")
        assert words is not None  # noqa: S101 - the column may not be empty
        return NextStep(
            id=row.id,
            organization=self.organization,
            person=row.person,
            thread=row.thread,
            at=moment(row.at),
            words=words,
            how_we_know=await self._open_own(row, "next_step", "how_we_know"),
            check_on=date.fromisoformat(row.check_on) if row.check_on else None,
            lesson_part=row.lesson_part,
            origin=row.origin,
            status=row.status,
            visibility=row.visibility,
        )

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

    async def recent_steps(self, person: str, limit: int = 6) -> tuple[NextStep, ...]:
        """Latest first."""
        n = t.next_step.c
        rows = await self._rows(
            select(t.next_step)
            .where(n.organization_id == self.organization, n.person == person)
            .order_by(n.at.desc(), n.id)
            .limit(limit)
        )
        return tuple([await self._step(row) for row in rows])

    async def reflections(self, person: str, thread: str | None = None, limit: int = 200) -> tuple[Reflection, ...]:
        """A person's own, oldest first."""
        r = t.reflection.c
        statement = select(t.reflection).where(r.organization_id == self.organization, r.person == person)
        if thread is not None:
            statement = statement.where(r.thread == thread)
        rows = await self._rows(statement.order_by(r.at.desc(), r.id).limit(limit))
        return tuple([await self._reflection(row) for row in reversed(rows)])

    async def asked(self, person: str, since: datetime, limit: int = 40) -> tuple[Asked, ...]:
        """Latest first."""
        a = t.asked.c
        rows = await self._rows(
            select(t.asked)
            .where(a.organization_id == self.organization, a.person == person, a.at >= seconds(since))
            .order_by(a.at.desc(), a.id)
            .limit(limit)
        )
        return tuple(
            Asked(
                id=row.id,
                organization=self.organization,
                person=row.person,
                at=moment(row.at),
                stem=row.stem,
                focus=row.focus,
                line=row.line,
            )
            for row in rows
        )

    async def answered(self, person: str) -> int:
        """In how many conversations this person has answered: for the depth of questions, shown to nobody."""
        r = t.reflection.c
        row = await self._row(
            select(func.count(distinct(r.thread))).where(
                r.organization_id == self.organization, r.person == person, r.stem != ""
            )
        )
        return int(row[0]) if row else 0

    async def team_asked(self, person: str, since: datetime) -> frozenset[str]:
        """Stems that others of the same coach were asked since then."""
        a, q = t.asked.c, t.partnership.c
        coaches = select(q.coach).where(q.organization_id == self.organization, q.teacher == person, q.until.is_(None))
        team = select(q.teacher).where(q.organization_id == self.organization, q.coach.in_(coaches), q.until.is_(None))
        rows = await self._rows(
            select(a.stem).distinct().where(
                a.organization_id == self.organization, a.person.in_(team), a.person != person, a.at >= seconds(since)
            )
        )
        return frozenset(row[0] for row in rows)

    async def busy(self, people: list[str], since: datetime) -> dict[str, tuple[Busy, ...]]:
        b = t.booking.c
        rows = await self._rows(
            select(t.booking)
            .where(b.organization_id == self.organization, b.person_id.in_(people), b.ends_at > seconds(since))
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

    async def forget(self, person: str) -> None:
        """Everything this person wrote goes, and with the key every copy that is left anywhere."""
        of = self.organization
        for table in (t.reflection, t.next_step, t.asked):
            await self._run(delete(table).where(table.c.organization_id == of, table.c.person == person))
        r, o, s = t.remark.c, t.outbox.c, t.slot.c
        await self._run(delete(t.remark).where(r.organization_id == of, r.person_id == person))
        await self._run(
            delete(t.outbox).where(
                o.organization_id == of, o.person_id == person, or_(o.state != "ready", o.kind != "due")
            )
        )
        wiped = {"focus_question": None, "focus_question_by": None, "listen_to": None, "listen_to_by": None}
        await self._run(t.slot.update().where(and_(s.organization_id == of, s.teacher == person)).values(**wiped))
        k = t.data_key.c
        await self._run(delete(t.data_key).where(k.organization_id == of, k.owner_id == person))
        self._destroyed.add(person)
        self._made.pop(person, None)
