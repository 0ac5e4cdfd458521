"""The one exception: the clock's transaction, across organizations. It sees ids, times and states, never words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import delete, func, or_, select, text, tuple_, update

from bot.store import tables as t
from bot.store.draining import Draining
from bot.store.due import move
from bot.store.lanes import NOWHERE, enqueue, lower, platform_of
from bot.store.parting import parted
from bot.store.work import moment, seconds

REPEATS = timedelta(days=7)
NOTED = timedelta(days=400)


class Backlog(Struct, frozen=True, kw_only=True):
    """How much there is to do, and for how many seconds the oldest of it has waited; what rests, by its state."""

    waiting: int
    oldest: int
    due_lag: int
    parked: dict[str, int]


class Parked(Struct, frozen=True, kw_only=True):
    """A parcel that rests, as an operator sees it: whom it is for and what it says stay unsaid."""

    number: int
    parcel: str
    state: str
    kind: str
    person: str
    platform: str
    since: datetime
    tries: int
    reason: str


class ClockTx(Draining):
    async def due_plans(self, now: datetime, limit: int = 500) -> int:
        """Due plans become rows of the outbox, each occurrence once; in one transaction, so nothing falls between.

        They go from table to table in the database: what a storm brings never passes through this process.
        """
        p = t.plan.c
        claimed = select(p.id).where(text(t.ACTIVE), p.next_due_at <= seconds(now)).order_by(p.next_due_at).limit(limit)
        if not self._sqlite:
            claimed = claimed.with_for_update(skip_locked=True)
        ours = (await self._connection.execute(claimed)).scalars().all()
        if not ours:
            return 0
        moved = await self._connection.execute(*move(ours, sqlite=self._sqlite))
        lanes = {(row.lane_id, row.organization_id) for row in moved}
        await self._connection.execute(update(t.plan).where(self._among(p.id, ours)).values(status="done"))
        await lower(self._connection, lanes, seconds(now))
        return len(ours)

    async def due_calendars(self, now: datetime, again: datetime, limit: int) -> list[tuple[str, str]]:
        """Subscribed calendars to be read now, as (organization, id); nobody else takes them before `again`."""
        s = t.subscription.c
        due = select(s.id).where(s.due_at <= seconds(now)).order_by(s.due_at).limit(limit)
        if not self._sqlite:
            due = due.with_for_update(skip_locked=True)
        ids = [row.id for row in await self._connection.execute(due)]
        if not ids:
            return []
        claimed = update(t.subscription).where(self._among(s.id, ids)).values(due_at=seconds(again))
        rows = await self._connection.execute(claimed.returning(s.organization_id, s.id))
        return [(row.organization_id, row.id) for row in rows]

    async def parting(self, before: datetime, limit: int) -> tuple[str, ...]:
        """Organizations that are to go by now, and those that are on their way out, first."""
        o = t.organization.c
        due = select(o.id).where(or_(o.erased_at.is_not(None), parted(before)))
        rows = await self._connection.execute(due.order_by(o.erased_at.is_(None), o.id).limit(limit))
        return tuple(rows.scalars())

    async def erased(self) -> tuple[tuple[datetime, str], ...]:
        """When whole organizations were erased, and which workspaces they were; the latest last."""
        a = t.audit.c
        rows = await self._connection.execute(select(a.at, a.about).where(a.what == "erased").order_by(a.number))
        return tuple((moment(row.at), row.about) for row in rows)

    async def enqueue_ready(self, now: datetime) -> None:
        """Every ready lane has a job; asked again and again, so that no wake-up that got lost matters."""
        if lanes := await self.ready_lanes(now):
            await enqueue(self._connection, list(lanes))

    async def time(self) -> datetime:
        """What time it is for a database server."""
        now: datetime = (await self._connection.execute(select(func.clock_timestamp()))).scalar_one()
        return now

    async def next_moment(self) -> datetime | None:
        """When something is next due to happen, anywhere."""
        p, o = t.plan.c, t.outbox.c
        plans = (await self._connection.execute(select(func.min(p.next_due_at)).where(text(t.ACTIVE)))).scalar()
        ongoing = or_(text(t.READY), text(t.SENDING))
        rows = (
            await self._connection.execute(select(func.min(o.visible_at)).where(ongoing, o.lane_id != NOWHERE))
        ).scalar()
        known = [at for at in (plans, rows) if at is not None]
        return moment(min(known)) if known else None

    async def tidy(self, now: datetime, limit: int = 10_000) -> None:
        """What nobody needs any more: keys of what was done a week ago, long after any platform tells of it again.

        What was noted of whole organizations is kept for longer than a year.
        PgQueuer notes every step of every job, and nobody reads that after an hour.
        """
        s = t.seen.c
        old_keys = select(s.organization_id, s.key).where(s.at < seconds(now - REPEATS)).limit(limit)
        await self._connection.execute(delete(t.seen).where(tuple_(s.organization_id, s.key).in_(old_keys)))
        await self._connection.execute(delete(t.audit).where(t.audit.c.at < seconds(now - NOTED)))
        if not self._sqlite:
            old = "DELETE FROM pgqueuer.pgqueuer_log WHERE created < now() - interval '1 hour'"
            await self._connection.execute(text(old))

    async def backlog(self, now: datetime) -> Backlog:
        o, p, at = t.outbox.c, t.plan.c, seconds(now)
        # One statement, and so one moment: what is due becomes ready, and what is sent may become ready again.
        asked = [select(func.min(p.next_due_at)).where(text(t.ACTIVE))]
        for condition in (t.READY, t.SENDING):
            there = select(t.outbox).where(text(condition), o.lane_id != NOWHERE)
            asked += [there.with_only_columns(one) for one in (func.count(), func.min(o.visible_at))]
        found = await self._connection.execute(select(*(one.scalar_subquery() for one in asked)))
        due, ready, since, sending, begun = found.one()
        parked = await self._connection.execute(select(o.state, func.count()).where(text(t.PARKED)).group_by(o.state))
        oldest = min((one for one in (since, begun) if one is not None), default=at)
        return Backlog(
            waiting=ready + sending, oldest=max(0, at - oldest), due_lag=max(0, at - (due or at)),
            parked={row[0]: row[1] for row in parked},
        )  # fmt: skip

    async def parked(self) -> tuple[Parked, ...]:
        """What rests in sight, the oldest first."""
        o = t.outbox.c
        rows = await self._connection.execute(
            select(
                o.number, o.organization_id, o.occurrence_key, o.state, o.kind, o.topic, o.person_id, o.lane_id,
                o.visible_at, o.attempts, o.last_error,
            )
            .where(text(t.PARKED))
            .order_by(o.number)
        )  # fmt: skip
        return tuple(
            Parked(
                number=row.number, parcel=_short(f"{row.organization_id} {row.occurrence_key}"), state=row.state,
                kind=row.topic or row.kind, person=_short(row.person_id), platform=platform_of(row.lane_id),
                since=moment(row.visible_at), tries=row.attempts, reason=row.last_error,
            )
            for row in rows
        )  # fmt: skip

    async def revive(self, numbers: Collection[int], now: datetime) -> None:
        """These are sent after all, whatever their deadline was: somebody wants it so."""
        o = t.outbox.c
        again = update(t.outbox).where(self._among(o.number, numbers), text(t.PARKED))
        rows = await self._connection.execute(
            again.values(state="ready", attempts=0, visible_at=seconds(now), expires_at=None, last_error="").returning(
                o.lane_id, o.organization_id
            )
        )
        await lower(self._connection, [(row.lane_id, row.organization_id) for row in rows], seconds(now))

    async def discard(self, numbers: Collection[int]) -> None:
        """These are never sent, and what they say is gone."""
        o = t.outbox.c
        gone = update(t.outbox).where(self._among(o.number, numbers), text(t.PARKED))
        await self._connection.execute(gone.values(state="dropped", card=None))

    async def rest(self, before: datetime) -> int:
        """What has waited since before then is not sent: after a restore, nobody is told old news."""
        o = t.outbox.c
        old = update(t.outbox).where(or_(text(t.READY), text(t.SENDING)), o.kind != "due")
        rested = old.where(o.visible_at < seconds(before)).values(state="dead", last_error="older than the restore")
        return (await self._connection.execute(rested)).rowcount

    async def counts(self) -> dict[str, int]:
        o = t.outbox.c
        rows = await self._connection.execute(select(o.state, func.count()).group_by(o.state))
        return {row[0]: int(row[1]) for row in rows}


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
