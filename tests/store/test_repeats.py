"""The same happening told again, and two who decide at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.cards import NOTHING, Answer, Card, OnlyYou, Text
from bot.store import Conflict, Store, Thread
from tests.store.filled import AT, fill


async def told_once(store: Store, key: str, mine: Answer) -> Answer | None:
    """What the engine does with one telling: None if it was the first, else what the first was answered."""
    for _ in range(20):
        try:
            async with store.begin("a") as tx:
                told = await tx.first(key, AT)
                if told is None:
                    await tx.remember(key, mine)
                return told
        except Conflict:
            continue
    raise AssertionError("the race was lost too often")


def answer(n: int) -> OnlyYou:
    return OnlyYou(Card(blocks=(Text((f"answer {n}",)),)))


@pytest.mark.req("ONCE-2")
async def test_twenty_tellings_at_once_are_one(store: Store, other: Store) -> None:
    await store.create_organization("a", "A")
    told = await asyncio.gather(*(told_once((store, other)[n % 2], "event", answer(n)) for n in range(20)))
    assert told.count(None) == 1
    assert {repr(one) for one in told if one is not None} == {repr(answer(told.index(None)))}


async def test_what_was_answered_with_nothing_is_answered_with_nothing_again(store: Store) -> None:
    assert await told_once(store, "event", NOTHING) is None
    assert await told_once(store, "event", answer(1)) == NOTHING


async def test_a_telling_that_failed_was_not_told(store: Store) -> None:
    async def fails() -> None:
        async with store.begin("a") as tx:
            assert await tx.first("event", AT) is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await told_once(store, "event", answer(1)) is None


@pytest.mark.req("ONCE-6")
async def test_what_was_told_is_known_for_a_week_and_then_no_more_each_organization_for_itself(store: Store) -> None:
    for organization in ("a", "b"):
        await store.create_organization(organization, organization.upper())
    assert await told_once(store, "event", answer(1)) is None
    async with store.begin("b") as tx:
        assert await tx.first("event", AT + timedelta(days=1)) is None  # another's key of the same name
    for days, known in ((6, True), (7.1, False)):
        async with store.clock() as clock:
            await clock.tidy(AT + timedelta(days=days))
        async with store.begin("a") as tx:
            assert (await tx.told("event") == answer(1)) is known
    async with store.begin("b") as tx:
        assert await tx.first("event", AT) is not None


async def test_what_is_old_goes_in_small_parts(store: Store) -> None:
    await store.create_organization("a", "A")
    for n in range(5):
        assert await told_once(store, str(n), answer(n)) is None
    left = []
    for _ in range(3):
        async with store.clock() as clock:
            await clock.tidy(AT + timedelta(days=8), limit=2)
        async with store.begin("a") as tx:
            left.append([await tx.told(str(n)) != NOTHING for n in range(5)].count(True))
    assert left == [3, 1, 0]


async def test_an_answer_with_words_comes_back_as_it_was(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        assert await tx.first(house.of("key"), AT) == house.answer()
        assert await tx.told(house.of("key")) == house.answer()
        assert await tx.told("never heard") == NOTHING


async def test_the_same_command_of_the_same_person_is_found_for_a_while(store: Store) -> None:
    house = await fill(store, "a")
    coach, teacher, ago = house.of("coach"), house.of("teacher"), AT - timedelta(seconds=60)
    async with store.begin("a") as tx:
        assert await tx.recent_command(coach, "coteach", "ana tue", ago) == house.of("key")
        assert await tx.recent_command(coach, "coteach", "ana wed", ago) is None
        assert await tx.recent_command(teacher, "coteach", "ana tue", ago) is None
        assert await tx.recent_command(coach, "coteach", "ana tue", AT + timedelta(seconds=1)) is None


async def test_the_later_of_two_decisions_on_one_version_loses(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.put_thread(house.thread(2, "second"), 1, AT)
    for late in (house.thread(2, "late"), house.thread(1, "new")):
        with pytest.raises(Conflict):
            async with store.begin("a") as tx:
                await tx.put_thread(late, late.version - 1, AT)
    async with store.begin("a") as tx:
        assert await tx.thread(house.of("thread")) == house.thread(2, "second")


async def test_of_ten_decisions_on_one_version_one_is_kept(store: Store, other: Store) -> None:
    house = await fill(store, "a")

    async def decide(n: int) -> bool:
        try:
            async with (store, other)[n % 2].begin("a") as tx:
                await tx.keep(house.reflection(str(n), thread=f"thread{n}"))
                await tx.put_thread(house.thread(2, f"decision {n}"), 1, AT)
        except Conflict:
            return False
        return True

    kept = await asyncio.gather(*(decide(n) for n in range(10)))
    assert kept.count(True) == 1
    async with store.begin("a") as tx:
        assert await tx.thread(house.of("thread")) == house.thread(2, f"decision {kept.index(True)}")
        assert len(await tx.reflections(house.of("teacher"))) == 2  # the losers' records went with them


async def test_free_text_goes_to_the_thread_that_asked_last(store: Store) -> None:
    async with store.begin("a") as tx:
        for one in ("one", "two"):
            await tx.put_thread(Thread(one, "reflection", {}, 1, ("ana", "sam")), 0, AT)
            await tx.hear(one, ("ana", "sam"), AT)
        assert await tx.listening("ana") == ("two", "one")
        await tx.hear("one", ("ana",), AT)
        assert await tx.listening("ana") == ("one", "two")
        assert await tx.listening("sam") == ("two",)
        await tx.hear("two", ("ana", "sam"), AT, anew={"sam"})
        assert await tx.listening("ana") == ("one", "two")
        await tx.hear("two", ("ana", "sam"), AT, anew={"ana"})
        assert await tx.listening("ana") == ("two", "one")
        await tx.hear("one", (), AT)
        await tx.hear("two", ("sam",), AT)
        assert await tx.listening("ana") == ()
        await tx.hear("one", ("ana",), AT, anew=())
        assert await tx.listening("ana") == ("one",), "whoever was not heard there yet is heard from now on"
        assert await tx.listening("sam") == ("two",)
