"""Feeds, subscriptions and series as they are kept."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from bot.calendars.series import visits
from bot.records import Apart, Busy, Calendar, Own, Repeat, Slot
from bot.store import Conflict, Store
from tests.store.filled import AT, DAY, HOUR, House, fill, rows_of

MINUTE = timedelta(minutes=1)
WEEKLY = Repeat(zone="America/New_York", minute=9 * 60, times=6)  # AT is nine o'clock on a Tuesday there


async def kept(store: Store, slot: Slot) -> bool:
    try:
        async with store.begin(slot.organization) as tx:
            await tx.keep(slot)
    except Conflict:
        return False
    return True


async def test_a_feeds_secret_is_found_again_until_it_is_renewed_or_switched_off(store: Store) -> None:
    await fill(store, "a")
    chosen = Calendar(person="a-coach", organization="a", feed=True, turn=1)
    secrets = []
    for one in (chosen, replace(chosen, turn=2), replace(chosen, turn=3, feed=False)):
        async with store.begin("a") as tx:
            await tx.keep(one)
            secrets.append(await tx.feed_secret("a-coach"))
    assert secrets[2] == ""
    assert len({*secrets}) == 3
    assert len(secrets[0]) == 43
    for gone in (*secrets, "nothing"):
        assert await store.feed_of(gone) is None
    async with store.begin("a") as tx:
        await tx.keep(replace(chosen, turn=2))
    assert await store.feed_of(secrets[1]) == ("a", "a-coach")
    assert await store.feed_of(secrets[0]) is None
    assert secrets[1] not in str(await rows_of(store, "a"))


async def test_what_their_calendars_take_is_replaced_as_a_whole_and_goes_with_them(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        assert await tx.away(["a-teacher"], AT) == {"a-teacher": (house.busy,)}
        other = Busy(AT + 2 * DAY, AT + 2 * DAY + HOUR)
        await tx.took("a-subscription", "a-teacher", [other], AT + DAY, etag="2", odd_zone=True)
        assert await tx.away(["a-teacher", "a-coach"], AT) == {"a-teacher": (other,)}
        (found,) = await tx.subscriptions("a-teacher")
        assert found.odd_zone
        assert found.address == house.canary("address")
        await tx.drop("subscription", "a-subscription")
        assert await tx.away(["a-teacher"], AT) == {}
        await tx.took("a-subscription", "a-teacher", [other], AT + DAY)
        assert await tx.away(["a-teacher"], AT) == {}  # it came too late: nobody keeps that calendar any more


async def test_a_due_calendar_is_given_to_one_reader(store: Store, other: Store) -> None:
    await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.looked("a-subscription", AT)
    for _ in range(2):
        async with store.clock() as one:
            first = await one.due_calendars(AT, AT + HOUR, 8)
        async with other.clock() as two:
            second = await two.due_calendars(AT, AT + HOUR, 8)
        assert (first, second) in (([("a", "a-subscription")], []), ([], []))


async def test_every_visit_of_a_series_holds_time(store: Store) -> None:
    house = await fill(store, "a")
    one = house.slot("2", start=AT + 7 * DAY, repeat=WEEKLY, coach=house.of("c2"), teacher=house.of("t2"))
    assert await kept(store, one)
    async with store.begin("a") as tx:
        assert await tx.get("slot", one.id) == one
        held = (await tx.busy([house.of("t2")], AT))[house.of("t2")]
    # The clocks go back on 1 November, and the wall stays.
    assert [(busy.start - AT).total_seconds() / 3600 % 24 for busy in held] == [0, 0, 1, 1, 1, 1]
    third = house.slot("3", start=held[3].start + 10 * MINUTE, coach=house.of("c2"), teacher=house.of("t3"))
    assert not await kept(store, third)
    assert await kept(store, replace(one, apart=(Apart(date(2026, 11, 10)),)))
    assert await kept(store, third)


async def test_a_series_is_booked_whole_or_not_at_all(store: Store) -> None:
    house = await fill(store, "a")
    single = house.slot("2", start=AT + 15 * DAY, coach=house.of("c2"), teacher=house.of("t2"))
    assert await kept(store, single)
    daily = Repeat(zone="America/New_York", minute=9 * 60, byday=("MO", "TU", "WE", "TH", "FR"), times=20)
    series = house.slot("3", start=AT + 7 * DAY, repeat=daily, coach=house.of("c2"), teacher=house.of("t3"))
    assert not await kept(store, series)
    async with store.begin("a") as tx:
        assert await tx.get("slot", series.id) is None
        assert await tx.busy([house.of("t3")], AT) == {}
    moved = replace(series, apart=(Apart(date(2026, 10, 28), AT + 15 * DAY + 2 * HOUR),))
    assert await kept(store, moved)
    on_itself = replace(series, apart=(Apart(date(2026, 10, 28), AT + 16 * DAY),))
    assert not await kept(store, on_itself)


@pytest.mark.req("ONCE-7")
async def test_of_twenty_overlapping_series_at_once_one_is_booked(store: Store, other: Store) -> None:
    house = House("a")
    await store.create_organization("a", "A")
    async with store.begin("a") as tx:
        await tx.keep(house.coach)
        for n in range(20):
            await tx.keep(house.person(f"t{n}"))
    slots = [
        house.slot(str(n), teacher=house.of(f"t{n}"), start=AT + n * MINUTE, repeat=replace(WEEKLY, minute=540 + n))
        for n in range(20)
    ]
    done = await asyncio.gather(*(kept((store, other)[n % 2], slot) for n, slot in enumerate(slots)))
    assert done.count(True) == 1
    assert len((await rows_of(store, "a"))["booking"]) == 12
    assert len((await rows_of(store, "a"))["slot"]) == 1


async def test_slots_of_a_person_are_those_that_calendars_know(store: Store) -> None:
    house = await fill(store, "a")
    await kept(store, house.slot("2", status="proposed"))
    await kept(store, house.slot("3", status="cancelled", start=AT + DAY))
    async with store.begin("a") as tx:
        assert [slot.id for slot in await tx.slots_of(house.of("teacher"))] == ["a-slot3", "a-slot"]
        assert [slot.id for slot in await tx.slots_booked([house.of("coach")], AT)] == ["a-slot"]
        assert await tx.slots_booked([house.of("coach")], AT + DAY) == ()
        assert len(visits((await tx.slots_of(house.of("coach")))[0])) == 1


async def test_a_mail_address_is_sealed_and_goes_with_its_person(store: Store) -> None:
    await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.keep(Calendar(person="a-coach", organization="a", mail=Own("sam@s.example", "a-coach")))
        assert (await tx.calendar("a-coach")).mail == Own("sam@s.example", "a-coach")
    assert "sam@s.example" not in str(await rows_of(store, "a"))
    async with store.begin("a") as tx:
        await tx.forget("a-coach")
        assert await tx.calendar("a-coach") == Calendar(person="a-coach", organization="a")
