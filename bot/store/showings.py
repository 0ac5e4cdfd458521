"""Who was shown whose words, and which of a person's messages made which of their records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, delete, or_, select

from bot.records import NextStep, Reflection, Showing
from bot.store import tables as t
from bot.store.bookings import Bookings
from bot.store.work import maybe, moment, seconds


class Source(Struct, frozen=True):
    """What a message made: the conversation that heard it and, where it was kept, the record and the part of it."""

    thread: str
    kind: str
    record: str
    part: str
    at: datetime


class Showings(Bookings):
    async def _keep_showing(self, record: Showing) -> None:
        values = {
            "id": record.id, "organization_id": self.organization, "person": record.person, "reader": record.reader,
            "way": record.way, "kind": record.kind, "record": record.record, "at": seconds(record.at),
            "thread": record.thread, "name": record.name, "until": seconds(record.until) if record.until else None,
        }  # fmt: skip
        await self._upsert(t.showing, values, "id")

    async def showings(self, person: str, limit: int = 1000) -> tuple[Showing, ...]:
        """Latest first."""
        s = t.showing.c
        rows = await self._rows(
            select(t.showing)
            .where(s.organization_id == self.organization, s.person == person)
            .order_by(s.at.desc(), s.id)
            .limit(limit)
        )
        return tuple(map(self._showing, rows))

    def _showing(self, row: Row[Any]) -> Showing:
        return Showing(
            id=row.id, organization=self.organization, person=row.person, reader=row.reader, way=row.way,
            kind=row.kind, record=row.record, at=moment(row.at), thread=row.thread, name=row.name,
            until=maybe(row.until),
        )  # fmt: skip

    async def read_on_visits(self, person: str) -> tuple[str, ...]:
        """Who has this person's words on the card of a visit that they both keep."""
        s = t.slot.c
        mine = or_(s.focus_question_by == person, s.listen_to_by == person)
        rows = await self._rows(
            select(s.coach, s.teacher).distinct().where(s.organization_id == self.organization, mine)
        )  # fmt: skip
        return tuple(sorted({side for row in rows for side in row} - {person}))

    async def came_from(self, message: str, person: str, thread: str, at: datetime) -> None:
        """This conversation heard that message."""
        await self._source(message, person, thread, "", "", "", at)

    async def made_by(
        self, message: str, person: str, thread: str, new: Reflection | NextStep, before: object, at: datetime
    ) -> None:
        """A record, or the part of it that is new, was made of that message."""
        match new, before:
            case Reflection(id=id), None:
                await self._source(message, person, thread, "reflection", id, "words", at)
            case NextStep(id=id), None:
                await self._source(message, person, thread, "next_step", id, "words", at)
            case NextStep(id=id, how_we_know=how), NextStep(how_we_know=was) if how is not None and how != was:
                await self._source(message, person, thread, "next_step", id, "how_we_know", at)
            case _:
                return

    async def _source(
        self, message: str, person: str, thread: str, kind: str, record: str, part: str, at: datetime
    ) -> None:
        values = {
            "organization_id": self.organization, "message": message, "person_id": person, "thread_id": thread,
            "kind": kind, "record": record, "part": part, "at": seconds(at),
        }  # fmt: skip
        await self._insert_new(t.source, values)

    async def sources(self, message: str, person: str) -> tuple[Source, ...]:
        """What became of that message of this person."""
        s = t.source.c
        rows = await self._rows(
            select(t.source)
            .where(s.organization_id == self.organization, s.message == message, s.person_id == person)
            .order_by(s.record, s.part)
        )
        return tuple(Source(row.thread_id, row.kind, row.record, row.part, moment(row.at)) for row in rows)

    async def _no_source(self, record: str) -> None:
        s = t.source.c
        await self._run(delete(t.source).where(s.organization_id == self.organization, s.record == record))
