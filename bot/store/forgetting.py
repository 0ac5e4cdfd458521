"""What goes for good: a person's words and their key, or a whole organization."""

from __future__ import annotations

from sqlalchemy import delete, or_, update

from bot.store import tables as t
from bot.store.walls import Walls


class Forgetting(Walls):
    async def erase_all(self) -> None:
        """Every row of this organization, in every table."""
        for table in reversed(t.metadata.sorted_tables):
            column = table.c.id if table is t.organization else table.c.organization_id
            await self._run(delete(table).where(column == self.organization))
        self.destroyed = True

    async def forget(self, person: str) -> None:
        """Everything this person wrote goes, and with the key every copy that is left anywhere."""
        of = self.organization
        for table in (t.reflection, t.next_step, t.step_event, t.asked):
            await self._run(delete(table).where(table.c.organization_id == of, table.c.person == person))
        await self._run(delete(t.contact).where(t.contact.c.organization_id == of, t.contact.c.person_id == person))
        r, o, s, k = t.remark.c, t.outbox.c, t.slot.c, t.link.c
        for table in (t.calendar, t.subscription, t.away):
            await self._run(delete(table).where(table.c.organization_id == of, table.c.person_id == person))
        await self._run(delete(t.link).where(k.organization_id == of, k.person_id == person))
        await self._run(delete(t.remark).where(r.organization_id == of, r.person_id == person))
        await self._run(
            delete(t.outbox).where(
                o.organization_id == of, o.person_id == person, or_(o.state != "ready", o.kind != "due")
            )
        )
        # What both booked stays, with the other's words.
        for words, by in ((s.focus_question, s.focus_question_by), (s.listen_to, s.listen_to_by)):
            await self._run(update(t.slot).where(s.organization_id == of, by == person).values({words: None, by: None}))
        await self._destroy_key(person)
