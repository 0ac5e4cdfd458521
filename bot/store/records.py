"""What people keep: reflections, next steps, and which stems they were asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, distinct, func, select

from bot.records import (
    Asked,
    Calendar,
    NextStep,
    Partnership,
    Person,
    Question,
    Record,
    Reflection,
    Showing,
    Slot,
    Subscription,
)
from bot.store import tables as t
from bot.store.steps import Steps
from bot.store.work import moment, seconds

_KINDS = {
    "reflection": t.reflection,
    "next_step": t.next_step,
    "asked": t.asked,
    "slot": t.slot,
    "subscription": t.subscription,
}


class Records(Steps):
    async def keep(self, record: Record, at: datetime | None = None) -> None:
        """Write it, new or changed; `at` says since when it is so, where that is remembered."""
        match record:
            case Person():
                await self._keep_person(record)
            case Partnership():
                await self._keep_partnership(record)
            case Reflection():
                await self._keep_reflection(record)
            case NextStep():
                await self._keep_step(record, at)
            case Showing():
                await self._keep_showing(record)
            case Asked():
                await self._keep_asked(record)
            case Question():
                await self._keep_question(record)
            case Slot():
                await self._keep_slot(record)
            case Calendar():
                await self._keep_calendar(record)
            case Subscription():
                await self._keep_subscription(record)

    async def drop(self, kind: str, id: str) -> None:
        table = _KINDS[kind]
        await self._run(delete(table).where(table.c.organization_id == self.organization, table.c.id == id))
        await self._no_source(id)
        if kind == "slot":
            await self._free(id)
        if kind == "next_step":
            await self._drop_history(id)
        if kind == "subscription":
            await self._drop_away(id)

    async def _keep_asked(self, record: Asked) -> None:
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
            **await self._seal_own(record.about, "reflection", "about", record.id),
        }
        await self._upsert(t.reflection, values, "id")

    async def get(self, kind: str, id: str) -> Reflection | NextStep | Asked | Slot | Subscription | None:
        table = _KINDS[kind]
        row = await self._row(select(table).where(table.c.organization_id == self.organization, table.c.id == id))
        if row is None:
            return None
        match kind:
            case "reflection":
                return await self._reflection(row)
            case "next_step":
                return await self._step(row)
            case "asked":
                return self._asked(row)
            case "subscription":
                return await self._subscription(row)
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
            about=await self._open_own(row, "reflection", "about"),
        )

    async def own(self, person: str, limit: int = 2000) -> tuple[Reflection | NextStep, ...]:
        """All that a person wrote and kept here, latest first."""
        notes = await self.reflections(person, limit=limit)
        steps = await self.recent_steps(person, limit)
        return tuple(sorted((*notes, *steps), key=lambda one: (one.at, one.id), reverse=True))

    async def mirrors(self, people: Collection[str]) -> tuple[Reflection, ...]:
        """What these people wrote about themselves for those they work with, oldest first."""
        r = t.reflection.c
        rows = await self._rows(
            select(t.reflection)
            .where(
                r.organization_id == self.organization, r.person.in_(sorted(people)), r.visibility == "partners"
            )
            .order_by(r.at, r.id)
        )  # fmt: skip
        return tuple([await self._reflection(row) for row in rows])

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
        return tuple(map(self._asked, rows))

    def _asked(self, row: Row[Any]) -> Asked:
        return Asked(
            id=row.id,
            organization=self.organization,
            person=row.person,
            at=moment(row.at),
            stem=row.stem,
            focus=row.focus,
            line=row.line,
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
            select(a.stem)
            .distinct()
            .where(
                a.organization_id == self.organization, a.person.in_(team), a.person != person, a.at >= seconds(since)
            )
        )
        return frozenset(row[0] for row in rows)
