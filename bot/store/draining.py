"""The clock's work on lanes: many lanes in one statement, so that their marks share a commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Account
from bot.platform import Receipt
from bot.store import tables as t
from bot.store import taking
from bot.store.accounts import account_from
from bot.store.asking import ANY_TEAM
from bot.store.hands import AGAIN, Held, Left, Mark, Taken
from bot.store.lanes import MAIL, platform_of
from bot.store.work import maybe, seconds


class Draining:
    """What `bot.outbox` asks of the clock's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"

    def _among(self, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
        return taking.among(self._sqlite, column, "these", values)

    def _list(self, values: Collection[Any]) -> Any:
        return taking.values_of(self._sqlite, values)

    async def ready_lanes(self, now: datetime) -> tuple[str, ...]:
        c = t.lane.c
        awake = func.coalesce(c.paused_until, 0) <= seconds(now)
        rows = await self._connection.execute(
            select(c.id).where(c.ready_at <= seconds(now), awake).order_by(c.ready_at)
        )
        return tuple(row.id for row in rows)

    async def lease(self, lanes: Collection[str], owner: str, until: datetime, now: datetime) -> dict[str, Held]:
        """The lanes that are ours from now on, with a new fence; another's are left out.

        Meanwhile the lane is to be looked at when the lease runs out; whatever is posted brings that forward again,
        so that nothing posted while `release` looks around is overlooked.
        """
        c = t.lane.c
        free = or_(c.leased_until.is_(None), c.leased_until <= seconds(now), c.owner == owner)
        rows = await self._connection.execute(
            update(t.lane)
            .where(self._among(c.id, lanes), free)
            .values(owner=owner, leased_until=seconds(until), ready_at=seconds(until), fence=c.fence + 1)
            .returning(c.id, c.fence, c.gap_ms, c.next_ms)
        )
        return {row.id: Held(row.fence, row.gap_ms or 0, row.next_ms or 0) for row in rows}

    async def release(self, lanes: Mapping[str, Left], owner: str, now: datetime) -> None:
        """Give them back, and leave behind when each is next worth looking at. Another's lane is not changed."""
        c, o = t.lane.c, t.outbox.c
        later = select(func.min(o.visible_at)).where(
            o.lane_id == c.id, or_(text(t.SENDING), and_(text(t.READY), o.visible_at > seconds(now)))
        )
        left = case((bindparam("more"), seconds(now)), else_=later.correlate(t.lane).scalar_subquery())
        # Who posted meanwhile has lowered `ready_at` below the lease's end.
        posted = case((c.ready_at < c.leased_until, c.ready_at), else_=left)
        statement = (
            update(t.lane)
            .where(c.id == bindparam("lane"), c.owner == owner)
            .values(
                owner="", leased_until=None, ready_at=posted, gap_ms=bindparam("gap"), next_ms=bindparam("next"),
                paused_until=func.coalesce(bindparam("paused", type_=c.paused_until.type), c.paused_until),
            )
        )  # fmt: skip
        values = [
            {"lane": lane, "more": one.more, "gap": one.gap_ms, "next": one.next_ms,
             "paused": seconds(one.paused_until) + 1 if one.paused_until else None}
            for lane, one in sorted(lanes.items())
        ]  # fmt: skip
        await self._connection.execute(statement, values)

    async def release_all(self) -> None:
        """Every lane is free: for a process that knows itself to be the only one."""
        await self._connection.execute(update(t.lane).values(owner="", leased_until=None, ready_at=0))

    async def take(
        self, held: Mapping[str, int], owner: str, now: datetime, until: datetime, *,
        only_due: bool = False, resting: Collection[str] = (),
    ) -> dict[str, Taken | None]:  # fmt: skip
        """The next row of each lane that is still ours, now being sent; None where there is none.

        A person's messages come in order, who waits goes before who was nudged, and what is only to be looked at
        comes last. People who are `resting` were written to a moment ago.
        """
        kept = await self._still_held(held, owner, seconds(until))
        if not kept:
            return {}
        found = taking.following(self._sqlite, only_due=only_due, resting=bool(resting))
        asked = {"lanes": self._list(kept), "now": seconds(now)}
        if resting:
            asked["resting"] = self._list(resting)
        rows = (await self._connection.execute(found, asked)).all()
        unsure = {row.left for row in rows}
        numbers = [row.number for row in rows if row.number is not None]
        taken = await self._now_sending(numbers, unsure, seconds(now)) if numbers else {}
        return {lane: taken.get(lane) for lane in kept}

    async def _still_held(self, held: Mapping[str, int], owner: str, until: int) -> list[str]:
        asked = {"lanes": self._list(held.keys()), "holder": owner, "until": until}
        rows = await self._connection.execute(taking.still_held(self._sqlite), asked)
        return [row.id for row in rows if held[row.id] == row.fence]

    async def _now_sending(self, numbers: list[int], unsure: Collection[int | None], now: int) -> dict[str, Taken]:
        asked = {"numbers": self._list(numbers), "now": now}
        parcels = (await self._connection.execute(taking.now_sending(self._sqlite), asked)).all()
        addresses = await self._addresses(parcels)
        stands = await self._standing(parcels)
        return {row.lane_id: _taken(row, row.number in unsure, addresses, stands) for row in parcels}

    async def _addresses(self, parcels: Iterable[Row[Any]]) -> dict[tuple[str, str], list[Account]]:
        """Where each person can be written to, the place used last first."""
        people = sorted({row.person_id for row in parcels if row.kind != "due"})
        found: dict[tuple[str, str], list[Account]] = {}
        if people:
            asked = {"people": self._list(people)}
            for row in await self._connection.execute(taking.addresses(self._sqlite), asked):
                found.setdefault((row.organization_id, row.person_id), []).append(account_from(row))
        return found

    async def _standing(self, parcels: Iterable[Row[Any]]) -> dict[tuple[str, str], Any]:
        """What is to be revised, by organization and key."""
        keys = sorted({row.revises for row in parcels if row.revises})
        if not keys:
            return {}
        rows = await self._connection.execute(taking.standing(self._sqlite), {"keys": self._list(keys)})
        return {(row.organization_id, row.occurrence_key): row for row in rows}

    async def mark(self, marks: Collection[Mark], now: datetime) -> None:
        """That it was sent is true whoever says it; who comes late must not bring back what another has sent."""
        o = t.outbox.c
        sent = [
            {"n": one.taken.number, "there": one.receipt.channel, "as_id": one.receipt.id}
            for one in marks
            if one.receipt is not None
        ]
        if sent:
            done = update(t.outbox).where(o.number == bindparam("n"))
            told: dict[str, Any] = {"channel": bindparam("there"), "message": bindparam("as_id")}
            await self._connection.execute(done.values(state="sent", sent_at=seconds(now), last_error="", **told), sent)
        others = [_other(one) for one in marks if one.receipt is None]
        if others:
            mine = update(t.outbox).where(o.number == bindparam("n"), o.state == "sending", o.fence == bindparam("f"))
            rest = func.coalesce(bindparam("at", type_=o.visible_at.type), o.visible_at)
            values: dict[str, Any] = {"state": bindparam("to"), "fence": bindparam("hold")}
            statement = mine.values(visible_at=rest, last_error=bindparam("why"), **values)
            await self._connection.execute(statement, others)


def _other(mark: Mark) -> dict[str, Any]:
    """What is put aside to be looked up loses its fence, so that whoever comes next takes it."""
    aside = mark.state == "sending" and mark.at is not None
    return {
        "n": mark.taken.number, "f": mark.taken.fence, "to": mark.state, "why": mark.reason,
        "at": seconds(mark.at) + 1 if mark.at else None, "hold": 0 if aside else mark.taken.fence,
    }  # fmt: skip


def _taken(
    row: Row[Any], unsure: bool, addresses: Mapping[tuple[str, str], list[Account]],
    stands: Mapping[tuple[str, str], Any],
) -> Taken:  # fmt: skip
    places = addresses.get((row.organization_id, row.person_id), [])
    here = [one for one in places if one.platform == platform_of(row.lane_id)]
    to = next(iter([*here, *places]), None)
    if platform_of(row.lane_id) == MAIL:
        to = Account(platform=MAIL, team=ANY_TEAM, user=row.person_id)
    first = stands.get((row.organization_id, row.revises)) if row.revises else None
    revises = (
        Receipt(first.channel, first.message) if first and to and platform_of(first.lane_id) == to.platform else None
    )
    if row.kind == "unsay":
        revises = Receipt(row.channel, row.message)
    return Taken(
        number=row.number, key=row.occurrence_key, lane=row.lane_id, organization=row.organization_id, kind=row.kind,
        person=row.person_id, attempts=row.attempts, fate="unsure" if unsure and row.kind != "due" else "fresh",
        topic=row.topic, day=date.fromisoformat(row.local_date) if row.local_date else date.min, thread=row.thread_id,
        fence=row.fence, again=row.last_error == AGAIN, sealed=row.card, to=to, revises=revises,
        since=maybe(row.started_at), expires_at=maybe(row.expires_at),
    )  # fmt: skip
