"""Next steps, and what became of each: the history is kept and shown, and nothing is ever counted in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, select

from bot.flow import derived
from bot.records import NextStep, StepEvent
from bot.store import tables as t
from bot.store.questions import Questions
from bot.store.work import moment, seconds


class Steps(Questions):
    async def _keep_step(self, record: NextStep, at: datetime | None) -> None:
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
        await self._remember_step(record, at or record.at)

    async def _remember_step(self, record: NextStep, at: datetime) -> None:
        """One line more where something became of it; its first line is how it was begun."""
        e = t.step_event.c
        mine = (e.organization_id == self.organization, e.step == record.id)
        rows = await self._rows(select(t.step_event).where(*mine).order_by(e.number.desc()))
        last, said = next(iter(rows), None), next((row for row in rows if row.words is not None), None)
        before = None if said is None else await self._open_own(said, "step_event", "words")
        reworded = before is None or before.text != record.words.text
        if last is not None and last.status == record.status and not reworded:
            return
        number = 0 if last is None else last.number + 1
        event = derived(record.id, "event", str(number))
        values = {
            "id": event,
            "organization_id": self.organization,
            "step": record.id,
            "person": record.person,
            "at": seconds(at),
            "number": number,
            "status": record.status,
            **await self._seal_own(record.words if reworded else None, "step_event", "words", event),
        }
        await self._upsert(t.step_event, values, "id")

    async def step_history(self, step: str) -> tuple[StepEvent, ...]:
        """What became of it, from its beginning."""
        e = t.step_event.c
        rows = await self._rows(
            select(t.step_event).where(e.organization_id == self.organization, e.step == step).order_by(e.number)
        )
        return tuple(
            [
                StepEvent(
                    id=row.id,
                    step=row.step,
                    at=moment(row.at),
                    status=row.status,
                    words=await self._open_own(row, "step_event", "words"),
                )
                for row in rows
            ]
        )

    async def _drop_history(self, step: str) -> None:
        e = t.step_event.c
        await self._run(delete(t.step_event).where(e.organization_id == self.organization, e.step == step))

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
