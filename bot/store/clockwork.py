"""The one exception: the clock's transaction, across organizations. It sees ids, times and states, never words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import and_, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.platform import Receipt
from bot.store import tables as t
from bot.store.accounts import account_from
from bot.store.lanes import NOWHERE, lane_of, lower
from bot.store.work import insert_of, moment, seconds

_ONGOING = ("ready", "sending")
_AGAIN = "sent again"


class Taken(Struct, frozen=True, kw_only=True):
    """One row in the hands of a lane's drainer. `fate` is unsure where an earlier drainer may have sent it.

    `again` says that it was sent once more without knowing, and that nobody knows what became of that either.
    """

    key: str
    organization: str
    kind: str
    person: str
    attempts: int
    fate: Literal["fresh", "unsure"]
    topic: str
    day: date
    thread: str
    fence: int = 0
    again: bool = False


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
            select(t.account)
            .where(a.person_id.in_(people), a.gone == "", a.user_id != "")
            .order_by(a.used_at, a.platform.desc())
        )
        lanes = {
            (row.organization_id, row.person_id): lane_of(row.organization_id, account_from(row)) for row in accounts
        }
        values = [self._due(row, lanes.get((row.organization_id, row.person_id), NOWHERE)) for row in rows]
        insert = insert_of(self._sqlite)
        o = t.outbox.c
        kept = insert(t.outbox).values(values).on_conflict_do_nothing().returning(o.organization_id, o.occurrence_key)
        made = {tuple(row) for row in await self._connection.execute(kept)}
        # A day whose check-in has been, and that a moved zone or clock brings again: only the next one is planned.
        again = [_again(v) for v in values if (v["organization_id"], v["occurrence_key"]) not in made]
        if again:
            await self._connection.execute(insert(t.outbox).values(again).on_conflict_do_nothing())
        await self._connection.execute(update(t.plan).where(p.id.in_([row.id for row in rows])).values(status="done"))
        for lane, organization in sorted({(v["lane_id"], v["organization_id"]) for v in values}):
            await lower(self._connection, lane, organization, seconds(now))
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

    async def ready_lanes(self, now: datetime) -> tuple[str, ...]:
        c = t.lane.c
        ripe = and_(c.ready_at <= seconds(now), func.coalesce(c.paused_until, 0) <= seconds(now))
        rows = await self._connection.execute(select(c.id).where(ripe).order_by(c.ready_at))
        return tuple(row.id for row in rows)

    async def lease(self, lane: str, owner: str, until: datetime, now: datetime) -> int | None:
        """The fence of a new drainer, or None while another holds the lane.

        Meanwhile the lane is to be looked at when the lease runs out; whatever is posted brings that forward again,
        so that nothing posted while `release` looks around is overlooked.
        """
        c = t.lane.c
        free = or_(c.leased_until.is_(None), c.leased_until <= seconds(now), c.owner == owner)
        statement = (
            update(t.lane)
            .where(c.id == lane, free)
            .values(owner=owner, leased_until=seconds(until), ready_at=seconds(until), fence=c.fence + 1)
            .returning(c.fence)
        )
        row = (await self._connection.execute(statement)).first()
        return None if row is None else int(row.fence)

    async def release(self, lane: str, owner: str) -> None:
        """Give the lane back, and leave behind when it is next worth looking at."""
        c, o = t.lane.c, t.outbox.c
        mine = (c.id == lane, c.owner == owner)
        earliest = select(func.min(o.visible_at)).where(o.lane_id == lane, o.state.in_(_ONGOING))
        left = (await self._connection.execute(earliest)).scalar()
        ready: Any = left
        if not self._sqlite:
            # Somebody may post between that look and this write; they have lowered `ready_at` below the lease's end.
            posted = c.ready_at < c.leased_until
            ready = case((posted if left is None else and_(posted, c.ready_at < left), c.ready_at), else_=left)
        await self._connection.execute(update(t.lane).where(*mine).values(owner="", leased_until=None, ready_at=ready))

    async def release_all(self) -> None:
        """Every lane is free: for a process that knows itself to be the only one."""
        await self._connection.execute(update(t.lane).values(owner="", leased_until=None, ready_at=0))

    async def take(self, lane: str, fence: int, owner: str, now: datetime, until: datetime) -> Taken | None:
        """The next row of this lane, now being sent: a person's messages in order, who waits before who was nudged."""
        o = t.outbox.c
        if not await self._still_held(lane, fence, owner, seconds(until)):
            return None
        left = (
            await self._connection.execute(
                select(t.outbox)
                .where(o.lane_id == lane, o.state == "sending", o.fence < fence, o.visible_at <= seconds(now))
                .order_by(o.number)
                .limit(1)
            )
        ).first()
        if left is not None:
            await self._set(left.organization_id, left.occurrence_key, fence=fence, attempts=left.attempts + 1)
            return self._taken(left, "unsure" if left.kind != "due" else "fresh", fence)
        before = t.outbox.alias("before")
        b = before.c
        waiting = exists().where(
            b.lane_id == o.lane_id, b.person_id == o.person_id, b.number < o.number, b.kind != "due",
            b.state.in_(_ONGOING),
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
        return self._taken(row, "fresh", fence)

    async def _still_held(self, lane: str, fence: int, owner: str, until: int) -> bool:
        """The lease is renewed, unless another drainer has the lane by now."""
        c = t.lane.c
        ready = case((c.ready_at < c.leased_until, c.ready_at), else_=until)
        held = update(t.lane).where(c.id == lane, c.fence == fence, c.owner == owner)
        return (await self._connection.execute(held.values(leased_until=until, ready_at=ready))).rowcount == 1

    def _taken(self, row: Any, fate: Literal["fresh", "unsure"], fence: int) -> Taken:
        return Taken(
            key=row.occurrence_key, organization=row.organization_id, kind=row.kind, person=row.person_id,
            attempts=row.attempts + 1, fate=fate, topic=row.topic,
            day=date.fromisoformat(row.local_date) if row.local_date else date.min, thread=row.thread_id,
            fence=fence, again=row.last_error == _AGAIN,
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

    async def _put_back(self, taken: Taken, **values: Any) -> None:
        """Only as long as it is still in these hands: who comes late must not bring back what another has sent."""
        o = t.outbox.c
        await self._connection.execute(
            update(t.outbox)
            .where(o.organization_id == taken.organization, o.occurrence_key == taken.key)
            .where(o.state == "sending", o.fence == taken.fence)
            .values(**values)
        )

    async def mark_retry(self, taken: Taken, at: datetime, reason: str) -> None:
        await self._put_back(taken, state="ready", visible_at=seconds(at) + 1, last_error=reason)

    async def mark_dead(self, taken: Taken, reason: str) -> None:
        await self._put_back(taken, state="dead", last_error=reason)

    async def mark_ambiguous(self, taken: Taken, reason: str, at: datetime | None = None) -> None:
        """Looked up before anything else happens to it: it stays in sending, and rests until then."""
        rest = {} if at is None else {"visible_at": seconds(at) + 1}
        await self._put_back(taken, fence=0, last_error=reason, **rest)

    async def mark_again(self, taken: Taken) -> None:
        """Noted before it is written a second time: a kill in between must not lead to a third."""
        await self._put_back(taken, last_error=_AGAIN)

    async def mark_resting(self, taken: Taken, reason: str) -> None:
        """It may have arrived, and nobody can be asked: it stays in sight and keeps nothing else waiting."""
        await self._put_back(taken, state="ambiguous", last_error=reason)

    async def next_moment(self) -> datetime | None:
        """When something is next due to happen, anywhere."""
        p, o = t.plan.c, t.outbox.c
        plans = (await self._connection.execute(select(func.min(p.next_due_at)).where(p.status == "active"))).scalar()
        rows = (
            await self._connection.execute(
                select(func.min(o.visible_at)).where(o.state.in_(_ONGOING), o.lane_id != NOWHERE)
            )
        ).scalar()
        known = [at for at in (plans, rows) if at is not None]
        return moment(min(known)) if known else None

    async def counts(self) -> dict[str, int]:
        o = t.outbox.c
        rows = await self._connection.execute(select(o.state, func.count()).group_by(o.state))
        return {row[0]: int(row[1]) for row in rows}


def _again(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"occurrence_key": f"{row['occurrence_key']}:again:{row['visible_at']}", "topic": "again"}
