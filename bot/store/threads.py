"""Conversations: repeats and their answers, threads with their versions, and who is heard where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import delete, func, select, update

from bot.cards import NOTHING, Answer
from bot.store import tables as t
from bot.store.conflict import Conflict
from bot.store.records import Records
from bot.store.work import seconds

_HEARERS = 5


class Thread(Struct, frozen=True):
    """One conversation about one thing. `state` is JSON builtins with words opened; `people` may press its buttons."""

    id: str
    flow: str
    state: Any
    version: int
    people: tuple[str, ...]


class Threads(Records):
    async def first(self, key: str, at: datetime) -> Answer | None:
        """None the first time a key is told; after that, the answer it got."""
        values = {
            "organization_id": self.organization,
            "key": key,
            "at": seconds(at),
            "answer": None,
            "person_id": "",
            "asked": "",
        }
        if await self._insert_new(t.seen, values):
            return None
        return await self.told(key)

    async def told(self, key: str) -> Answer:
        s = t.seen.c
        row = await self._row(select(s.answer).where(s.organization_id == self.organization, s.key == key))
        if row is None or row.answer is None:
            return NOTHING
        opened = await self._open(row.answer, "seen", "answer", key)
        answer: Answer = msgspec.convert(opened, Answer)
        return answer

    async def remember(self, key: str, answer: Answer) -> None:
        if answer == NOTHING:
            return
        s = t.seen.c
        sealed = await self._seal(answer, "seen", "answer", key)
        await self._run(
            update(t.seen).where(s.organization_id == self.organization, s.key == key).values(answer=sealed)
        )

    async def recent_command(self, person: str, command: str, text: str, since: datetime) -> str | None:
        """The key of the same command, typed by the same person since then."""
        s = t.seen.c
        row = await self._row(
            select(s.key)
            .where(
                s.organization_id == self.organization,
                s.person_id == person,
                s.asked == await self._looked_up(f"{command} {text}"),
                s.at >= seconds(since),
            )
            .order_by(s.at.desc())
            .limit(1)
        )
        return None if row is None else str(row.key)

    async def note_command(self, key: str, person: str, command: str, text: str) -> None:
        s = t.seen.c
        asked = await self._looked_up(f"{command} {text}")
        await self._run(
            update(t.seen)
            .where(s.organization_id == self.organization, s.key == key)
            .values(person_id=person, asked=asked)
        )

    async def thread(self, id: str) -> Thread | None:
        c = t.thread.c
        row = await self._row(select(t.thread).where(c.organization_id == self.organization, c.id == id))
        if row is None:
            return None
        state = await self._open(row.state, "thread", "state", id)
        return Thread(id, row.flow, state, row.version, tuple(row.people.split()))

    async def put_thread(self, thread: Thread, expected: int, at: datetime) -> None:
        """Insert where `expected` is 0, else change the row of that version; who comes late gets `Conflict`."""
        values = {
            "flow": thread.flow,
            "state": await self._seal(thread.state, "thread", "state", thread.id),
            "version": thread.version,
            "people": " ".join(thread.people),
            "at": seconds(at),
        }
        if expected == 0:
            new = await self._insert_new(t.thread, {"id": thread.id, "organization_id": self.organization, **values})
        else:
            c = t.thread.c
            new = (
                await self._run(
                    update(t.thread)
                    .where(c.organization_id == self.organization, c.id == thread.id, c.version == expected)
                    .values(**values)
                )
                == 1
            )
        if not new:
            raise Conflict("another event changed this conversation first")

    async def hear(
        self, thread: str, people: tuple[str, ...], at: datetime, *, anew: Collection[str] | None = None
    ) -> None:
        """From now on exactly these people's free text comes to this thread.

        Of those who are heard here already only who is asked `anew` is heard here first; without it everybody is.
        """
        c = t.listening.c
        mine = c.organization_id == self.organization
        kept: set[str] = set()
        if stays := sorted(set(people) - set(people if anew is None else anew)):
            heard = await self._rows(select(c.person_id).where(mine, c.thread_id == thread, c.person_id.in_(stays)))
            kept = {row.person_id for row in heard}
        await self._run(delete(t.listening).where(mine, c.thread_id == thread, c.person_id.not_in(sorted(kept))))
        for person in people:
            if person in kept:
                continue
            latest = await self._row(select(func.max(c.turn)).where(mine, c.person_id == person))
            turn = (latest[0] or 0) + 1 if latest else 1
            values = {
                "organization_id": self.organization,
                "thread_id": thread,
                "person_id": person,
                "since": seconds(at),
                "turn": turn,
            }
            await self._insert_new(t.listening, values)

    async def listening(self, person: str) -> tuple[str, ...]:
        """The threads that asked this person, latest first."""
        c = t.listening.c
        rows = await self._rows(
            select(c.thread_id)
            .where(c.organization_id == self.organization, c.person_id == person)
            .order_by(c.turn.desc())
            .limit(_HEARERS)
        )
        return tuple(str(row.thread_id) for row in rows)
