"""Plans follow the wall: the instant of a check-in is computed again when its zone, or the zone's rules, changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.cadence import checkin_at
from bot.records import Person, School
from bot.store import tables as t
from bot.store.work import Work, seconds

# The reminder comes at the hour of the check-in.
_ON_THE_WALL = ("checkin", "reminder")


class Walls(Work):
    async def _follow_the_wall(self, people: Iterable[Person], schools: Mapping[str, School]) -> int:
        """The local date stays, so that nothing comes twice on one day; returns how many plans moved."""
        p = t.plan.c
        known = {person.id: person for person in people}
        planned = select(p.id, p.person_id, p.local_date, p.next_due_at).where(
            p.organization_id == self.organization, p.status == "active", p.topic.in_(_ON_THE_WALL)
        )
        if len(known) == 1:
            planned = planned.where(p.person_id.in_(known))
        moved: list[dict[str, Any]] = []
        for row in await self._rows(planned):
            person = known.get(row.person_id)
            school = schools.get(person.school) if person else None
            if person is None or school is None:
                continue
            at = seconds(checkin_at(person, school, date.fromisoformat(row.local_date)))
            if at != row.next_due_at:
                moved.append({"plan_id": row.id, "at": at})
        if moved:
            statement = update(t.plan).where(p.id == bindparam("plan_id"), p.organization_id == self.organization)
            await self._connection.execute(statement.values(next_due_at=bindparam("at")), moved)
        return len(moved)
