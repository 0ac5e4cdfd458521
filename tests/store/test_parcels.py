"""Parcels as a platform is given them, and the playground's remarks."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import delete, select

from bot.cards import Card, Text
from bot.platform import Receipt
from bot.store import ClockTx, Left, Mark, Store, Taken
from bot.store import tables as t
from tests.store.filled import AT, HOUR, House, fill, say
from tests.store.test_planning import house_with

PLAIN = Card(blocks=(Text(("Nobody's words",)),))


async def send(store: Store, receipt: Receipt) -> list[str]:
    """Everything that is ready goes out and gets this receipt."""
    found = []
    async with store.clock() as clock:
        for lane in await clock.ready_lanes(AT):
            held = (await clock.lease([lane], "me", AT + HOUR, AT))[lane]
            while (one := (await clock.take({lane: held.fence}, "me", AT, AT + HOUR))[lane]) is not None:
                await clock.mark([Mark(taken=one, state="sent", receipt=receipt)], AT)
                found.append(one.key)
            await clock.release({lane: Left()}, "me", AT)
    return found


async def looked_at(store: Store, house: House, key: str) -> Taken:
    """As it would be taken now; nothing is kept of it."""
    o = t.outbox.c
    async with store.engine.connect() as connection:
        number = (await connection.execute(select(o.number).where(o.occurrence_key == house.of(key)))).scalar_one()
        taken = await ClockTx(connection)._now_sending([number], (), int(AT.timestamp()))  # noqa: SLF001 - out of order
        await connection.rollback()
    return next(iter(taken.values()))


async def test_a_parcel_has_the_card_as_it_was_and_where_its_person_is(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="ana")
    found = await looked_at(store, house, "card")
    assert (found.key, found.organization, found.person) == ("a-card", "a", "a-ana")
    assert (found.to, found.revises, found.again) == (replace(house.account("ana"), channel=""), None, False)
    assert house.canary("card").text not in (found.sealed or "")
    assert await store.card(found) == house.card("card")
    await send(store, Receipt("D1", "m1"))
    assert (await looked_at(store, house, "card")).since == AT


async def test_a_card_without_anybodys_words_is_opened_without_a_key(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "plain", to="ana", card=PLAIN)
    found = await looked_at(store, house, "plain")
    async with store.engine.begin() as connection:
        await connection.execute(delete(t.data_key))
    assert await store.card(found) == PLAIN


async def test_a_revision_carries_where_the_first_message_stands_however_often_it_was_revised(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "first", to="ana")
    for key in ("second", "third"):
        async with store.begin("a") as tx:
            (last,) = await tx.standing(house.of("thread"), house.of("ana"), "card", waits=True)
        assert last == house.of("first")
        await say(store, house, key, to="ana", kind="revise", revises_key=last)
        if key == "second":
            assert (await looked_at(store, house, key)).revises is None  # the first is not sent yet
            assert await send(store, Receipt("D1", "m1")) == [house.of("first"), house.of("second")]
        assert (await looked_at(store, house, key)).revises == Receipt("D1", "m1")
    # A card that is said anew is the one revised from then on.
    await say(store, house, "anew", to="ana")
    async with store.begin("a") as tx:
        assert await tx.standing(house.of("thread"), house.of("ana"), "card", waits=True) == (house.of("anew"),)
        assert await tx.standing(house.of("thread"), house.of("ana"), "other", waits=True) == (None,)


async def test_a_revision_of_a_revision_stands_where_that_one_stands(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "first", to="ana")
    await say(store, house, "second", to="ana", kind="revise", revises_key=house.of("first"))
    await send(store, Receipt("D1", "m1"))
    await say(store, house, "third", to="ana", kind="revise", revises_key=house.of("second"))
    assert (await looked_at(store, house, "third")).revises == Receipt("D1", "m1")


async def test_a_card_is_revised_on_the_platform_where_it_stands(store: Store) -> None:
    house = await house_with(store, "ana")
    ana, web = house.of("ana"), house.account("ana", "web")
    await say(store, house, "first", to="ana")
    await send(store, Receipt("D1", "m1"))
    async with store.begin("a") as tx:
        await tx.add_account(ana, web)
        await tx.touch_account(ana, web, AT + timedelta(minutes=5))
    await say(store, house, "second", to="ana", kind="revise", revises_key=house.of("first"))
    await say(store, house, "new", to="ana")
    second, new = await looked_at(store, house, "second"), await looked_at(store, house, "new")
    assert (_place(second), second.revises) == ("slack", Receipt("D1", "m1"))
    assert (_place(new), new.revises) == ("web", None)
    async with store.begin("a") as tx:
        await tx.mark_account(ana, "slack", "left")
    # There, nobody can be reached any more: the new form comes as a message of its own.
    await say(store, house, "third", to="ana", kind="revise", revises_key=house.of("first"))
    third = await looked_at(store, house, "third")
    assert (_place(third), third.revises) == ("web", None)
    # What waited for the lost place is not said twice: that card stands in the other place already.
    async with store.begin("a") as tx:
        assert await tx.card(house.of("second")) is None


async def test_what_waited_for_a_place_that_is_gone_is_said_in_the_other(store: Store) -> None:
    house = await house_with(store, "ana")
    ana, web = house.of("ana"), house.account("ana", "web")
    await say(store, house, "first", to="ana")
    await send(store, Receipt("D1", "m1"))
    async with store.begin("a") as tx:
        await tx.add_account(ana, web)
    await say(store, house, "second", to="ana", kind="revise", revises_key=house.of("first"))
    async with store.begin("a") as tx:
        await tx.mark_account(ana, "slack", "left")
    moved = await looked_at(store, house, "second")
    assert (_place(moved), moved.revises) == ("web", None)
    assert await store.card(moved) == house.card("second")
    assert await send(store, Receipt("ana", "m2")) == [house.of("second")]
    async with store.begin("a") as tx:
        # And from then on that message is the one that is revised.
        assert await tx.standing(house.of("thread"), ana, "card", waits=True) == (house.of("second"),)


async def test_a_card_that_waits_is_revised_wherever_it_stands_and_said_where_the_person_is(store: Store) -> None:
    house = await house_with(store, "ana")
    ana, slack, web = house.of("ana"), house.account("ana"), house.account("ana", "web")
    await say(store, house, "first", to="ana")
    async with store.begin("a") as tx:
        await tx.add_account(ana, web)
        await tx.touch_account(ana, web, AT)
        assert await tx.standing(house.of("thread"), ana, "card", waits=True) == (house.of("first"), None)
        assert await tx.standing(house.of("thread"), ana, "card", waits=False) == (house.of("first"),)
    await say(store, house, "second", to="ana")
    async with store.begin("a") as tx:
        both = (house.of("first"), house.of("second"))
        assert await tx.standing(house.of("thread"), ana, "card", waits=True) == both
        # Within one minute, and even within one second, the last place is the last place.
        for account in (slack, web, slack, web):
            await tx.touch_account(ana, account, AT)
            last = await tx.account_of(ana)
            assert last is not None
            assert last.platform == account.platform


def _place(taken: Taken) -> str:
    return taken.to.platform if taken.to else ""


async def test_a_parcel_for_somebody_without_an_account_is_kept_and_leads_nowhere_yet(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "card", to="nobody")
    async with store.clock() as clock:
        assert await clock.ready_lanes(AT + HOUR) == ()
    async with store.begin("a") as tx:
        assert await tx.card("never posted") is None
        await tx.keep(house.person("nobody"))
        await tx.add_account(house.of("nobody"), house.account("nobody"))
    assert await store.card(await looked_at(store, house, "card")) == house.card("card")
    assert await send(store, Receipt("D1", "m1")) == [house.of("card")]


async def test_remarks_keep_their_place_when_they_are_replaced(store: Store) -> None:
    house = await fill(store, "a")
    first = house.remark()
    async with store.begin("a") as tx:
        second = await tx.remark(replace(first, key="second", kind="words", card=None))
        changed = await tx.remark(replace(first, kind="tap", at=AT + HOUR))
        await tx.remark(replace(first, key="others", person=house.of("teacher")))
        assert (changed.order, second.order) == (1, 2)
        assert await tx.remarks(house.of("coach")) == (changed, second)
        assert await tx.remarks(house.of("coach"), after=1) == (second,)
        assert [one.order for one in await tx.remarks(house.of("teacher"))] == [3]
        await tx.clear_remarks()
        assert await tx.remarks(house.of("coach")) == ()


async def test_remarks_made_at_once_have_places_of_their_own(store: Store, other: Store) -> None:
    house = await fill(store, "a")

    async def remark(n: int) -> int:
        async with (store, other)[n % 2].begin("a") as tx:
            return (await tx.remark(replace(house.remark(), key=f"r{n}"))).order

    places = await asyncio.gather(*(remark(n) for n in range(10)))
    assert sorted(places) == list(range(2, 12))


async def test_the_clock_of_the_playground_is_kept(store: Store) -> None:
    async with store.begin("a") as tx:
        assert await tx.stored_clock() is None
        await tx.set_clock(AT)
        await tx.set_clock(AT + HOUR)
        assert await tx.stored_clock() == AT + HOUR
