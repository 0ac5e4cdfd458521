"""Lanes: one for each workspace of an organization, and one for those whom nobody can reach yet."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Executable, or_, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Account
from bot.store import tables as t
from bot.store.made import Made, insert_of

NOWHERE = "none:"
# Where invitations by e-mail go: everybody may have one, whatever platform they are on.
MAIL = "mail"

# PgQueuer's own table, which its migration made. Only a job that waits or runs stands for its lane: one that failed and
# was kept would keep the lane waiting for ever. What is dropped here because the job still runs, the next tick finds.
_ENQUEUE = text(
    "INSERT INTO pgqueuer.pgqueuer (priority, entrypoint, payload, dedupe_key, status) "
    "SELECT 0, 'drain:' || split_part(split_part(one, '/', -1), ':', 1), convert_to(one, 'UTF8'), one, 'queued' "
    "FROM unnest(CAST(:lanes AS text[])) AS one "
    "WHERE NOT EXISTS (SELECT FROM pgqueuer.pgqueuer AS job WHERE job.dedupe_key = one "
    "AND job.status IN ('queued', 'picked')) "
    "ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING"
)


def lane_of(organization: str, account: Account | None) -> str:
    """A workspace that passes from one organization to another leaves the lane of the first behind."""
    return NOWHERE if account is None else f"{organization}/{account.platform}:{account.team}"


def occurrence(person: str, topic: str, day: str) -> str:
    """The key of what happens once on a local date."""
    return f"due:{person}:{topic}:{day}"


def platform_of(lane: str) -> str:
    return lane.rpartition("/")[2].partition(":")[0]


def team_of(lane: str) -> str:
    return lane.rpartition("/")[2].partition(":")[2]


def _lowering(sqlite: bool) -> Executable:
    new, c = insert_of(sqlite)(t.lane), t.lane.c
    sooner = or_(c.ready_at.is_(None), c.ready_at > new.excluded.ready_at)
    earlier = {"ready_at": new.excluded.ready_at}
    lowered: Executable = new.on_conflict_do_update(index_elements=["id"], set_=earlier, where=sooner).returning(c.id)
    return lowered


_NEW = {"leased_until": None, "owner": "", "fence": 0, "paused_until": None}
_lowered = Made(_lowering, ("id", "organization_id", "ready_at", *_NEW))


async def lower(connection: AsyncConnection, lanes: Iterable[tuple[str, str]], at: int) -> None:
    """There is something in these lanes to look at, at that time if not before; somebody is told in the same commit."""
    told: list[str] = []
    for lane, organization in sorted(set(lanes)):
        if lane != NOWHERE:
            new = {"id": lane, "organization_id": organization, "ready_at": at, **_NEW}
            told += [row.id for row in (await _lowered.run(connection, new))[0]]
    if told and connection.dialect.name != "sqlite":
        await enqueue(connection, told)


async def enqueue(connection: AsyncConnection, lanes: list[str]) -> None:
    """One job for each lane that has none, in this transaction: PgQueuer tells a replica that it is there."""
    await connection.execute(_ENQUEUE, {"lanes": lanes})
