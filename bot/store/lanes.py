"""Lanes: one for each workspace of an organization, and one for those whom nobody can reach yet."""

from __future__ import annotations

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Account
from bot.store import tables as t
from bot.store.work import insert_of

NOWHERE = "none:"


def lane_of(organization: str, account: Account | None) -> str:
    """A workspace that passes from one organization to another leaves the lane of the first behind."""
    return NOWHERE if account is None else f"{organization}/{account.platform}:{account.team}"


def platform_of(lane: str) -> str:
    return lane.rpartition("/")[2].partition(":")[0]


async def lower(connection: AsyncConnection, lane: str, organization: str, at: int) -> None:
    """There is something in this lane to look at, at that time if not before."""
    if lane == NOWHERE:
        return
    c = t.lane.c
    values = {
        "id": lane, "organization_id": organization, "ready_at": at, "leased_until": None, "owner": "", "fence": 0,
        "paused_until": None,
    }  # fmt: skip
    new = insert_of(connection.dialect.name == "sqlite")(t.lane).values(**values)
    earlier = or_(c.ready_at.is_(None), c.ready_at > at)
    await connection.execute(new.on_conflict_do_update(index_elements=["id"], set_={"ready_at": at}, where=earlier))
