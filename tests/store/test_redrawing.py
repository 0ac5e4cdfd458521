"""Homes that are drawn again: only open ones, once however much happened, and never in anybody's way."""

from __future__ import annotations

from sqlalchemy import select

from bot.platform import Receipt
from bot.store import Mark, Store
from bot.store import tables as t
from tests.store.filled import AT, HOUR, fill


async def _waiting(store: Store, person: str) -> list[str]:
    async with store.engine.begin() as connection:
        rows = await connection.execute(
            select(t.outbox.c.occurrence_key).where(t.outbox.c.kind == "home", t.outbox.c.person_id == person)
        )
        return [row.occurrence_key for row in rows]


async def test_an_open_home_is_drawn_once_for_all_that_happened_before(store: Store) -> None:
    house = await fill(store, "a")
    teacher, coach = house.of("teacher"), house.of("coach")
    async with store.begin("a") as tx:
        await tx.redraw_homes("one", [teacher, coach, "nobody"], AT)
        await tx.redraw_homes("two", [teacher], AT)
    async with store.begin("a") as tx:
        await tx.redraw_homes("three", [teacher], AT + HOUR)
    assert await _waiting(store, teacher) == [f"home:{teacher}:one"]
    assert await _waiting(store, coach) == [f"home:{coach}:one"]


async def test_one_that_is_being_drawn_is_drawn_once_more(store: Store) -> None:
    house = await fill(store, "a")
    teacher = house.of("teacher")
    async with store.begin("a") as tx:
        await tx.redraw_homes("one", [teacher], AT)
    async with store.engine.begin() as connection:
        await connection.execute(t.outbox.update().where(t.outbox.c.kind == "home").values(state="sending"))
    async with store.begin("a") as tx:
        await tx.redraw_homes("two", [teacher], AT)
    assert await _waiting(store, teacher) == [f"home:{teacher}:one", f"home:{teacher}:two"]


async def test_no_message_waits_for_a_home_and_none_is_drawn_while_a_workspace_rests(store: Store) -> None:
    house = await fill(store, "a")
    teacher = house.of("teacher")
    async with store.engine.begin() as connection:
        await connection.execute(t.outbox.delete())
    async with store.begin("a") as tx:
        await tx.redraw_homes("one", [teacher], AT)
        await tx.post(
            key="said", person=teacher, kind="say", name="card", thread=house.of("thread"), card=house.card(), at=AT,
            expires_at=None, priority=0,
        )  # fmt: skip
    (lane,) = set(await _lanes(store))
    taken = []
    for only_due in (True, False, False, False):
        async with store.clock() as clock:
            held = await clock.lease([lane], "me", AT + HOUR, AT)
            found = await clock.take({lane: held[lane].fence}, "me", AT, AT + HOUR, only_due=only_due)
        one = found[lane]
        taken.append(one.kind if one else "")
        if one is not None:
            async with store.clock() as clock:
                await clock.mark([Mark(taken=one, state="sent", receipt=Receipt("there", "1"))], AT)
    assert taken == ["", "say", "home", ""]


async def _lanes(store: Store) -> list[str]:
    async with store.engine.begin() as connection:
        return [row.lane_id for row in await connection.execute(select(t.outbox.c.lane_id).distinct())]


async def test_who_never_opened_one_or_is_gone_has_none(store: Store) -> None:
    house = await fill(store, "a")
    teacher, coach = house.of("teacher"), house.of("coach")
    async with store.engine.begin() as connection:
        await connection.execute(t.account.update().where(t.account.c.person_id == coach).values(home_at=None))
    async with store.begin("a") as tx:
        await tx.redraw_homes("one", [teacher, coach], AT)
        await tx.mark_account(teacher, "slack", "account_inactive")
        await tx.redraw_homes("two", [teacher, coach], AT)
    assert await _waiting(store, coach) == []
    assert len(await _waiting(store, teacher)) <= 1
