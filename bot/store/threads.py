"""Conversations: repeats and their answers, threads with their versions, and who is heard where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import delete, select

from bot.cards import NOTHING, Answer
from bot.store import asking
from bot.store import tables as t
from bot.store.conflict import Conflict
from bot.store.records import Records
from bot.store.work import seconds


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
        row = await self._row(asking.answer_to, its_key=key)
        if row is None or row.answer is None:
            return NOTHING
        opened = await self._open(row.answer, "seen", "answer", key)
        answer: Answer = msgspec.convert(opened, Answer)
        return answer

    async def remember(self, key: str, answer: Answer) -> None:
        if answer == NOTHING:
            return
        await self._run(asking.answered, its_key=key, sealed=await self._seal(answer, "seen", "answer", key))

    async def recent_command(self, person: str, command: str, text: str, since: datetime) -> str | None:
        """The key of the same command, typed by the same person since then."""
        words = await self._command_print(f"{command} {text}")
        row = await self._row(asking.same_command, who=person, words=words, since_then=seconds(since))
        return None if row is None else str(row.key)

    async def note_command(self, key: str, person: str, command: str, text: str) -> None:
        words = await self._command_print(f"{command} {text}")
        await self._run(asking.commanded, its_key=key, who=person, words=words)

    async def thread(self, id: str) -> Thread | None:
        row = await self._row(asking.thread, conversation=id)
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
            changed = {f"new_{name}": value for name, value in values.items()}
            new = await self._run(asking.next_version, conversation=thread.id, expected=expected, **changed) == 1
        if not new:
            raise Conflict("another event changed this conversation first")

    async def hear(
        self, thread: str, people: tuple[str, ...], at: datetime, *, anew: Collection[str] | None = None
    ) -> None:
        """From now on exactly these people's free text comes to this thread.

        Of those who are heard here already only who is asked `anew` is heard here first; without it everybody is.
        """
        kept = await self._heard(thread, set(people) - set(people if anew is None else anew))
        if kept:
            c = t.listening.c
            others = (c.organization_id == self.organization, c.thread_id == thread, c.person_id.not_in(sorted(kept)))
            await self._run(delete(t.listening).where(*others))
        else:
            await self._run(asking.hears_no_more, conversation=thread)
        for person in people:
            if person in kept:
                continue
            latest = await self._row(asking.last_turn, who=person)
            turn = (latest[0] or 0) + 1 if latest else 1
            values = {
                "organization_id": self.organization,
                "thread_id": thread,
                "person_id": person,
                "since": seconds(at),
                "turn": turn,
            }
            await self._insert_new(t.listening, values)

    async def _heard(self, thread: str, people: set[str]) -> set[str]:
        """Which of these people's free text comes to this thread already."""
        if not people:
            return set()
        c = t.listening.c
        mine = (c.organization_id == self.organization, c.thread_id == thread, c.person_id.in_(sorted(people)))
        return {row.person_id for row in await self._rows(select(c.person_id).where(*mine))}

    async def listening(self, person: str) -> tuple[str, ...]:
        """The threads that asked this person, latest first."""
        return tuple(str(row.thread_id) for row in await self._rows(asking.hears, who=person))
