"""Homes of people: who has one open on a platform, what they were shown by others, and that it is to be drawn again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Executable, Text, bindparam, select, text, update

from bot.events import Account
from bot.records import Showing
from bot.store import asking
from bot.store import tables as t
from bot.store.lanes import lane_of
from bot.store.made import Made
from bot.store.parting import Parting
from bot.store.taking import HOME
from bot.store.work import seconds


@Made
def _waits(_: bool) -> Executable:
    o = t.outbox.c
    there = (o.lane_id == bindparam("lane", type_=Text), o.person_id == bindparam("who", type_=Text))
    return select(o.number).where(*there, text(t.BEFORE), o.kind == "home", o.state == "ready").limit(1)


class Redrawing(Parting):
    async def open_home(self, person: str, platform: str, at: datetime) -> None:
        """From now on it is drawn there whenever something on it has changed."""
        a = t.account.c
        mine = (a.organization_id == self.organization, a.person_id == person, a.platform == platform)
        await self._run(update(t.account).where(*mine).values(home_at=seconds(at)))

    async def redraw_homes(self, key: str, people: Collection[str], at: datetime) -> None:
        """Once for each of these people's homes. One that waits to be drawn is drawn as things are by then."""
        for home in await self._rows(asking.open_homes, ids=sorted(people)):
            lane = lane_of(self.organization, Account(platform=home.platform, team=home.team, user=home.person_id))
            if await self._row(_waits, lane=lane, who=home.person_id) is not None:
                continue
            values = {
                "organization_id": self.organization, "occurrence_key": f"home:{home.person_id}:{key}",
                "lane_id": lane, "person_id": home.person_id, "kind": "home", "name": "", "thread_id": "", "topic": "",
                "local_date": "", "card": None, "revises": "", "visible_at": seconds(at), "expires_at": None,
                "priority": HOME, "state": "ready", "attempts": 0, "last_error": "", "fence": 0, "started_at": None,
                "sent_at": None, "channel": "", "message": "",
            }  # fmt: skip
            if await self._insert_new(t.outbox, values):
                await self._lower((lane,), seconds(at))

    async def shown_to(self, reader: str, limit: int = 200) -> tuple[Showing, ...]:
        """What others let this person read and have not taken back, latest first."""
        s = t.showing.c
        rows = await self._rows(
            select(t.showing)
            .where(s.organization_id == self.organization, s.reader == reader, s.way == "shared", s.until.is_(None))
            .order_by(s.at.desc(), s.id)
            .limit(limit)
        )
        return tuple(map(self._showing, rows))


Tx = Redrawing
