"""The one exception: the clock's transaction, across organizations. It sees ids, times and states, never words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.platform import Receipt
from bot.store import tables as t
from bot.store.sending import NOWHERE
from bot.store.work import insert_of, moment, seconds

LATE = timedelta(hours=2)


class Taken(Struct, frozen=True, kw_only=True):
    """One row in the hands of a lane's drainer. `fate` is unsure where an earlier drainer may have sent it."""

    key: str
    organization: str
    kind: str
    person: str
    attempts: int
    fate: Literal["fresh", "unsure"]
    topic: str
    day: date
    thread: str


class ClockTx:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"

    async def due_plans(self, now: datetime, limit: int = 500) -> int:
        """Due plans become rows of the outbox, each occurrence once; in one transaction, so nothing falls between."""
        p, a = t.plan.c, t.account.c
        claimed = (
            select(t.plan)
            .where(p.status == "active", p.next_due_at <= seconds(now))
            .order_by(p.next_due_at)
            .limit(limit)
        )
        if not self._sqlite:
            claimed = claimed.with_for_update(skip_locked=True)
        rows = (await self._connection.execute(claimed)).all()
        if not rows:
            return 0
        people = sorted({row.person_id for row in rows})
        accounts = await self._connection.execute(
            select(a.person_id, a.platform, a.team)
            .where(a.person_id.in_(people), a.gone == "", a.user_id != "")
            .order_by(a.used_at)
        )
        lanes = {row.person_id: f"{row.platform}:{row.team}" for row in accounts}
        values = [self._due(row, lanes.get(row.person_id, NOWHERE)) for row in rows]
        insert = insert_of(self._sqlite)
        await self._connection.execute(insert(t.outbox).values(values).on_conflict_do_nothing())
        await self._connection.execute(update(t.plan).where(p.id.in_([row.id for row in rows])).values(status="done"))
        for lane, organization in {(v["lane_id"], v["organization_id"]) for v in values if v["lane_id"] != NOWHERE}:
            await self._ready(lane, organization, seconds(now))
        return len(rows)

    def _due(self, row: Any, lane: str) -> dict[str, Any]:
        key = f"due:{row.person_id}:{row.topic}:{row.local_date}"
        if row.topic != "checkin":
            # A check-in happens once a local day; whatever else is looked at again has a moment of its own.
            key = f"{key}:{row.next_due_at}:{row.thread_id}"
        return {
            "organization_id": row.organization_id, "occurrence_key": key, "lane_id": lane, "person_id": row.person_id,
            "kind": "due", "name": "", "thread_id": row.thread_id, "topic": row.topic, "local_date": row.local_date,
            "card": None, "revises": "", "visible_at": row.next_due_at, "expires_at": None, "priority": 0,
            "state": "ready", "attempts": 0, "last_error": "", "fence": 0, "started_at": None, "sent_at": None,
            "channel": "", "message": "",
        }  # fmt: skip

    async def _ready(self, lane: str, organization: str, at: int) -> None:
        values = {
            "id": lane, "organization_id": organization, "ready_at": at, "leased_until": None, "owner": "", "fence": 0,
            "paused_until": None,
        }  # fmt: skip
        insert = insert_of(self._sqlite)(t.lane).values(**values)
        c = t.lane.c
        earlier = or_(c.ready_at.is_(None), c.ready_at > at)
        await self._connection.execute(
            insert.on_conflict_do_update(index_elements=["id"], set_={"ready_at": at}, where=earlier)
        )

    async def ready_lanes(self, now: datetime) -> tuple[str, ...]:
        c = t.lane.c
        ripe = and_(c.ready_at <= seconds(now), func.coalesce(c.paused_until, 0) <= seconds(now))
        rows = await self._connection.execute(select(c.id).where(ripe).order_by(c.ready_at))
        return tuple(row.id for row in rows)

    async def lease(self, lane: str, owner: str, until: datetime, now: datetime) -> int | None:
        """The fence of a new drainer, or None while another holds the lane."""
        c = t.lane.c
        free = or_(c.leased_until.is_(None), c.leased_until <= seconds(now), c.owner == owner)
        statement = (
            update(t.lane)
            .where(c.id == lane, free)
            .values(owner=owner, leased_until=seconds(until), fence=c.fence + 1)
            .returning(c.fence)
        )
        row = (await self._connection.execute(statement)).first()
        return None if row is None else int(row.fence)

    async def release(self, lane: str, owner: str) -> None:
        """Give the lane back, and leave behind when it is next worth looking at."""
        c, o = t.lane.c, t.outbox.c
        row = (
            await self._connection.execute(
                select(func.min(o.visible_at)).where(o.lane_id == lane, o.state.in_(("ready", "sending")))
            )
        ).first()
        await self._connection.execute(
            update(t.lane)
            .where(c.id == lane, c.owner == owner)
            .values(owner="", leased_until=None, ready_at=row[0] if row else None)
        )

    async def take(self, lane: str, fence: int, owner: str, now: datetime, until: datetime) -> Taken | None:
        """The next row of this lane, now being sent: a person's messages in order, who waits before who was nudged."""
        c, o = t.lane.c, t.outbox.c
        held = await self._connection.execute(
            update(t.lane).where(c.id == lane, c.fence == fence, c.owner == owner).values(leased_until=seconds(until))
        )
        if held.rowcount != 1:
            return None
        left = (
            await self._connection.execute(
                select(t.outbox)
                .where(o.lane_id == lane, o.state == "sending", o.fence < fence)
                .order_by(o.number)
                .limit(1)
            )
        ).first()
        if left is not None:
            await self._set(left.organization_id, left.occurrence_key, fence=fence)
            return self._taken(left, "unsure" if left.kind != "due" else "fresh")
        before = t.outbox.alias("before")
        b = before.c
        waiting = exists().where(
            b.lane_id == o.lane_id, b.person_id == o.person_id, b.number < o.number, b.kind != "due",
            b.state.in_(("ready", "sending")),
        )  # fmt: skip
        row = (
            await self._connection.execute(
                select(t.outbox)
                .where(
                    o.lane_id == lane, o.state == "ready", o.visible_at <= seconds(now), or_(o.kind == "due", ~waiting)
                )
                .order_by(o.priority.desc(), o.visible_at, o.number)
                .limit(1)
            )
        ).first()
        if row is None:
            return None
        await self._set(
            row.organization_id, row.occurrence_key, state="sending", fence=fence, attempts=row.attempts + 1,
            started_at=row.started_at or seconds(now),
        )  # fmt: skip
        return self._taken(row, "fresh")

    def _taken(self, row: Any, fate: Literal["fresh", "unsure"]) -> Taken:
        return Taken(
            key=row.occurrence_key, organization=row.organization_id, kind=row.kind, person=row.person_id,
            attempts=row.attempts + 1, fate=fate, topic=row.topic,
            day=date.fromisoformat(row.local_date) if row.local_date else date.min, thread=row.thread_id,
        )  # fmt: skip

    async def _set(self, organization: str, key: str, **values: Any) -> None:
        o = t.outbox.c
        await self._connection.execute(
            update(t.outbox).where(o.organization_id == organization, o.occurrence_key == key).values(**values)
        )

    async def mark_sent(self, taken: Taken, receipt: Receipt, now: datetime) -> None:
        await self._set(
            taken.organization,
            taken.key,
            state="sent",
            sent_at=seconds(now),
            channel=receipt.channel,
            message=receipt.id,
        )

    async def mark_retry(self, taken: Taken, at: datetime, reason: str) -> None:
        await self._set(taken.organization, taken.key, state="ready", visible_at=seconds(at) + 1, last_error=reason)

    async def mark_dead(self, taken: Taken, reason: str) -> None:
        await self._set(taken.organization, taken.key, state="dead", last_error=reason)

    async def mark_ambiguous(self, taken: Taken, reason: str) -> None:
        """Looked up before anything else happens to it: it stays in sending, for the next fence."""
        await self._set(taken.organization, taken.key, state="sending", fence=0, last_error=reason)

    async def next_moment(self) -> datetime | None:
        """When something is next due to happen, anywhere."""
        p, o = t.plan.c, t.outbox.c
        plans = (await self._connection.execute(select(func.min(p.next_due_at)).where(p.status == "active"))).scalar()
        rows = (
            await self._connection.execute(
                select(func.min(o.visible_at)).where(o.state.in_(("ready", "sending")), o.lane_id != NOWHERE)
            )
        ).scalar()
        known = [at for at in (plans, rows) if at is not None]
        return moment(min(known)) if known else None

    async def counts(self) -> dict[str, int]:
        o = t.outbox.c
        rows = await self._connection.execute(select(o.state, func.count()).group_by(o.state))
        return {row[0]: int(row[1]) for row in rows}
