"""Nobody is in two classrooms at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.records import Busy, Slot
from bot.store import Conflict, Store
from tests.store.filled import AT, House, fill, rows_of

MINUTE = timedelta(minutes=1)


async def confirm(store: Store, slot: Slot) -> bool:
    try:
        async with store.begin("a") as tx:
            await tx.keep(slot)
    except Conflict:
        return False
    return True


@pytest.mark.parametrize(
    ("minutes_later", "long", "fits"),
    [
        (0, 45, False),
        (44, 45, False),
        (45, 45, True),
        (-45, 45, True),
        (-44, 45, False),
        (10, 5, False),
        (-5, 90, False),
    ],
)
async def test_a_booking_may_touch_another_and_not_overlap_it(
    store: Store, minutes_later: int, long: int, fits: bool
) -> None:
    house = await fill(store, "a")
    moved = house.slot("2", start=AT + minutes_later * MINUTE, minutes=long, teacher=house.of("else"))
    assert await confirm(store, moved) is fits
    async with store.begin("a") as tx:
        assert (await tx.get("slot", moved.id) == moved) is fits  # the loser leaves nothing behind


async def test_either_of_the_two_being_busy_is_enough(store: Store) -> None:
    house = await fill(store, "a")
    assert not await confirm(store, house.slot("2", coach=house.of("else")))
    assert not await confirm(store, house.slot("3", teacher=house.of("else")))
    assert await confirm(store, house.slot("4", coach=house.of("c2"), teacher=house.of("t2")))


async def test_only_a_confirmed_slot_holds_time(store: Store) -> None:
    house = await fill(store, "a")
    both = {house.of("coach"), house.of("teacher")}
    busy = Busy(AT, AT + 45 * MINUTE, house.of("slot"))
    async with store.begin("a") as tx:
        assert await tx.busy(both, AT) == dict.fromkeys(both, (busy,))
        assert await tx.busy(both, busy.end) == {}
        await tx.keep(house.slot("2", status="proposed"))
        assert await tx.busy(both, AT) == dict.fromkeys(both, (busy,))
        await tx.keep(house.slot(start=AT + 10 * MINUTE))  # a slot does not stand in its own way
        later = Busy(AT + 10 * MINUTE, AT + 55 * MINUTE, house.of("slot"))
        assert await tx.busy(both, AT) == dict.fromkeys(both, (later,))
        await tx.keep(house.slot(status="cancelled"))
        assert await tx.busy(both, AT) == {}
        await tx.keep(house.slot("2"))
        await tx.drop("slot", house.of("slot2"))
        assert await tx.busy(both, AT) == {}


@pytest.mark.req("ONCE-7")
async def test_of_twenty_overlapping_confirmations_at_once_one_is_kept(store: Store, other: Store) -> None:
    house = House("a")
    await store.create_organization("a", "A")
    async with store.begin("a") as tx:
        await tx.keep(house.coach)
        for n in range(20):
            await tx.keep(house.person(f"t{n}"))
    slots = [house.slot(str(n), teacher=house.of(f"t{n}"), start=AT + n * MINUTE) for n in range(20)]
    kept = await asyncio.gather(*(confirm((store, other)[n % 2], slot) for n, slot in enumerate(slots)))
    assert kept.count(True) == 1
    assert len((await rows_of(store, "a"))["booking"]) == 2
    assert len((await rows_of(store, "a"))["slot"]) == 1


async def test_the_database_itself_refuses_what_no_lock_has_stopped(store: Store, other: Store) -> None:
    """Of people whom the person table does not know there is no row to lock."""
    house = House("a")
    slots = [house.slot(str(n), teacher=house.of(f"t{n}")) for n in range(20)]
    kept = await asyncio.gather(*(confirm((store, other)[n % 2], slot) for n, slot in enumerate(slots)))
    assert kept.count(True) == 1
    assert len((await rows_of(store, "a"))["booking"]) == 2


async def test_postgresql_has_the_constraint_where_its_extension_can_be_had(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        assert await store.has_exclusion()
        return
    async with store.engine.connect() as connection:
        query = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'btree_gist'")
        assert await store.has_exclusion() == bool((await connection.execute(query)).scalar())
        assert await store.has_exclusion(), "the tests' own PostgreSQL is expected to bring btree_gist"


async def test_slots_of_a_thread_come_back_as_they_were_kept(store: Store) -> None:
    house = await fill(store, "a")
    bare = house.slot("2", status="countered", focus_question=None, listen_to=None, sequence=3, model_minutes=10)
    async with store.begin("a") as tx:
        await tx.keep(bare)
        assert await tx.slots(house.of("thread")) == (house.slot(), bare)
