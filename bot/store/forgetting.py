"""What goes for good: a person's words and their key, or a whole organization."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.store import tables as t
from bot.store.walls import Walls
from bot.store.work import seconds
from bot.vault import emptied_words

# Where words stand inside of something else, and by what its row is found.
_BODIES = (
    (t.thread, "state", "id"), (t.seen, "answer", "key"), (t.outbox, "card", "occurrence_key"),
    (t.remark, "body", "key"),
)  # fmt: skip


class Forgetting(Walls):
    async def erase_all(self) -> None:
        """Every row of this organization, in every table."""
        for table in reversed(t.metadata.sorted_tables):
            column = table.c.id if table is t.organization else table.c.organization_id
            await self._run(delete(table).where(column == self.organization))
        self.destroyed = True

    async def forget(
        self, person: str, *, own: Collection[str] = (), but: str = "", at: datetime | None = None
    ) -> None:
        """Everything this person wrote goes, and with the key every copy that is left anywhere.

        Conversations of these `own` flows go whole, all but one; what was said in them is taken back on its platform.
        Of the others only this person's words go.
        """
        of = self.organization
        for table in (t.reflection, t.next_step, t.step_event, t.asked, t.showing):
            await self._run(delete(table).where(table.c.organization_id == of, table.c.person == person))
        for table in (
            t.contact,
            t.link,
            t.source,
            t.handout,
            t.remark,
            t.calendar,
            t.subscription,
            t.away,
        ):
            await self._run(delete(table).where(table.c.organization_id == of, table.c.person_id == person))
        gone = await self._conversations_go(person, own, but)
        await self._unsaid(person, gone, but, at)
        s = t.slot.c
        # What both booked stays, with the other's words.
        for words, by in ((s.focus_question, s.focus_question_by), (s.listen_to, s.listen_to_by)):
            await self._run(update(t.slot).where(s.organization_id == of, by == person).values({words: None, by: None}))
        if at is not None:
            await self._unread(person, at)
        r = t.reflection.c
        named = update(t.reflection).where(r.organization_id == of, r.about_by == person)
        await self._run(named.values(about=None, about_by=None))
        await self._emptied(person)
        await self._destroy_key(person)

    async def _unread(self, person: str, at: datetime) -> None:
        """What others showed them they have no more: their messages go. What nobody else has is private again."""
        w = t.showing.c
        shared = (w.organization_id == self.organization, w.way == "shared", w.until.is_(None))
        mine = [row.record for row in await self._rows(select(w.record).where(*shared, w.reader == person))]
        read = (w.organization_id == self.organization, w.reader == person, w.until.is_(None))
        await self._run(update(t.showing).where(*read).values(until=seconds(at)))
        others = {row.record for row in await self._rows(select(w.record).where(*shared, w.record.in_(mine)))}
        alone = sorted(set(mine) - others)
        for table in (t.reflection, t.next_step):
            here = (table.c.organization_id == self.organization, table.c.id.in_(alone), table.c.visibility == "coach")
            await self._run(update(table).where(*here).values(visibility="private"))

    async def _conversations_go(self, person: str, own: Collection[str], but: str) -> list[str]:
        c, of = t.thread.c, self.organization
        rows = await self._rows(
            select(c.id, c.people).where(
                c.organization_id == of,
                c.flow.in_(sorted(own)),
                c.id != but,
                c.people.contains(person, autoescape=True),
            )
        )
        gone = [row.id for row in rows if person in row.people.split()]
        p = t.plan.c
        for table, column in ((t.thread, c.id), (t.listening, t.listening.c.thread_id), (t.plan, p.thread_id)):
            await self._run(delete(table).where(table.c.organization_id == of, column.in_(gone)))
        if own:
            # Nothing comes to them by itself any more; what comes to the others of a visit stays theirs.
            await self._run(delete(t.plan).where(p.organization_id == of, p.person_id == person))
        return gone

    async def _unsaid(self, person: str, gone: Collection[str], but: str, at: datetime | None) -> None:
        """What waits for them is not sent; what stands on a platform goes there too, where its conversation goes."""
        o, of = t.outbox.c, self.organization
        mine = (o.organization_id == of, o.person_id == person)
        waits = or_(o.state != "ready", o.kind != "due")
        if at is None:
            await self._run(delete(t.outbox).where(*mine, waits))
            return
        rows = await self._rows(
            select(t.outbox).where(*mine, o.thread_id.in_(gone), o.kind == "say", o.message != "").order_by(o.number)
        )
        await self._run(delete(t.outbox).where(*mine, o.thread_id.in_(gone)))
        for row in rows:
            values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
            del values["number"]
            values |= {
                "occurrence_key": f"unsay:{row.occurrence_key}", "kind": "unsay", "card": None, "state": "ready",
                "visible_at": seconds(at), "expires_at": None, "attempts": 0, "priority": 0, "fence": 0, "topic": "",
                "last_error": "", "started_at": None,
            }  # fmt: skip
            await self._insert_new(t.outbox, values)
        await self._lower({row.lane_id for row in rows}, seconds(at))

    async def _emptied(self, person: str) -> None:
        """Their words, sealed as they are, are taken out of whatever else they stand in."""
        for table, column, key in _BODIES:
            c: Any = table.c
            named = c[column].contains(json.dumps(person), autoescape=True)
            holds = select(c[key].label("name"), c[column].label("body"))
            for row in await self._rows(holds.where(c.organization_id == self.organization, named)):
                here = (c.organization_id == self.organization, c[key] == row.name)
                await self._run(update(table).where(*here).values({column: emptied_words(row.body, person)}))
