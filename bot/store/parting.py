"""An organization whose every workspace has shown us out goes for good: its keys at once, its rows a few at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, select, tuple_, update

from bot.store import tables as t
from bot.store.homes import Homes
from bot.store.work import moment, seconds

# The playground is no place that could show us out, or keep us.
PLAYGROUND = "web"
# With these nobody of it is reached, heard or asked any more, whatever else is still to go.
_FIRST = (t.account, t.installation, t.plan, t.link, t.calendar, t.subscription, t.handout)


def parted(before: datetime) -> ColumnElement[bool]:
    """Whether every workspace of an organization, of which there is one at least, has shown us out before then."""
    i = t.installation.c
    of = and_(i.organization_id == t.organization.c.id, i.platform != PLAYGROUND)
    long_gone = and_(i.gone_at.is_not(None), i.gone_at <= seconds(before))
    return and_(exists().where(of, long_gone), ~exists().where(of, ~long_gone))


class Parting(Homes):
    async def part(self, at: datetime, before: datetime) -> bool:
        """If it is so that it has to go: from here on nothing of it can be read, and nobody of it reached."""
        await self._alone()
        o, i = t.organization.c, t.installation.c
        due = select(o.id).where(o.id == self.organization, o.erased_at.is_(None), parted(before))
        if await self._row(due) is None:
            return False
        rows = await self._rows(select(t.installation).where(i.organization_id == self.organization))
        homes = sorted(
            f"{row.platform}:{row.team} {moment(row.gone_at).date()}" for row in rows if row.gone_at is not None
        )
        await self._run(
            update(t.data_key).where(t.data_key.c.organization_id == self.organization).values(wrapped=None)
        )
        self._opened.clear()
        self.destroyed = True
        for table in _FIRST:
            await self._run(delete(table).where(table.c.organization_id == self.organization))
        await self._run(update(t.organization).where(o.id == self.organization).values(erased_at=seconds(at)))
        await self.note("erased", at, who="beside", about=", ".join(homes))
        return True

    async def parting(self) -> bool:
        """Whether it is on its way out."""
        return await self._row(select(t.organization.c.id).where(*self._on_its_way_out())) is not None

    async def clear(self, limit: int) -> bool:
        """So many of its rows go. Whether it was the last of them: only what was noted of it stays."""
        await self._alone()
        if not await self.parting():
            return True
        left = limit
        for table in reversed(t.metadata.sorted_tables):
            if table in (t.organization, t.audit):
                continue
            left -= await self._run(self._some(table, left))
            if left <= 0:
                return False
        await self._run(delete(t.organization).where(t.organization.c.id == self.organization))
        return True

    def _some(self, table: Table, limit: int) -> Any:
        keys = tuple(table.primary_key.columns)
        some = select(*keys).where(table.c.organization_id == self.organization).limit(limit)
        return delete(table).where((tuple_(*keys) if len(keys) > 1 else keys[0]).in_(some))

    async def note(self, what: str, at: datetime, *, who: str, about: str) -> None:
        """Something was done to all of this organization. Ids alone: it is kept longer than anything else."""
        values = {"organization_id": self.organization, "at": seconds(at), "what": what, "who": who, "about": about}
        await self._run(t.audit.insert().values(**values))
