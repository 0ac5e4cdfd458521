"""Codes that join two chats: used once, in time, in one organization, and not to be guessed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Account
from bot.linking import ALPHABET, LENGTH, LIVES, TRIES_COUNT, WRONG_TRIES, Linking, read, spelled
from bot.safety import command
from bot.store import Conflict, Store
from tests.store.filled import AT, bytes_of, fill, rows_of

NEW = Account(platform="web", team="T9", user="U9", channel="D9", name="Ana at home")
SECOND = timedelta(seconds=1)


async def guess(store: Store, code: str, by: Account = NEW, *, person: str = "", of: str = "a", at: object = AT) -> str:
    async with store.begin(of) as tx:
        return (await tx.guess(by, person, code, at)).outcome  # type: ignore[arg-type]  # a datetime


async def test_a_code_leads_to_the_chat_it_was_given_in_once(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        found = await tx.guess(NEW, "", spelled(house.code).lower(), AT)
    assert found == Linking("found", account=house.account("teacher"), person=house.teacher.id)
    assert await guess(store, house.code) == "unknown"


async def test_a_code_of_a_chat_that_nobody_knows_is_for_somebody_we_know(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        code = await tx.draw_code(NEW, "", AT)
    # Two chats that nobody knows are no way in.
    assert await guess(store, code, Account(platform="web", team="T9", user="U8")) == "unknown"
    async with store.begin("a") as tx:
        found = await tx.guess(house.account("coach"), house.coach.id, code, AT)
    assert found == Linking("found", account=NEW)


async def test_a_code_ends_with_its_time_and_with_the_next_one(store: Store) -> None:
    house = await fill(store, "a")
    assert await guess(store, house.code, at=AT + LIVES) == "unknown"
    async with store.begin("a") as tx:
        first = await tx.draw_code(house.account("teacher"), house.teacher.id, AT)
        second = await tx.draw_code(house.account("teacher"), house.teacher.id, AT)
    assert await guess(store, first) == "unknown"
    assert await guess(store, second, at=AT + LIVES - SECOND) == "found"


async def test_a_code_is_nothing_in_another_organization(store: Store) -> None:
    house = await fill(store, "a")
    await fill(store, "b")
    assert await guess(store, house.code, of="b") == "unknown"
    assert await guess(store, house.code) == "found"


async def test_two_people_stay_two_and_ones_own_code_is_no_guess(store: Store) -> None:
    house = await fill(store, "a")
    for _ in range(WRONG_TRIES + 1):
        assert await guess(store, house.code, house.account("teacher"), person=house.teacher.id) == "same"
    assert await guess(store, house.code, house.account("coach"), person=house.coach.id) == "two"
    assert await guess(store, house.code) == "found"


async def test_after_a_few_wrong_tries_even_the_right_code_is_refused_for_an_hour(store: Store) -> None:
    house = await fill(store, "a")
    for n in range(WRONG_TRIES):
        assert await guess(store, f"{n}AAAAAAAA") == "unknown"
    assert await guess(store, house.code) == "often"
    assert await guess(store, house.code, Account(platform="web", team="T9", user="U8")) == "found"
    assert await guess(store, house.code, at=AT + TRIES_COUNT - SECOND) == "often"
    assert await guess(store, house.code, at=AT + TRIES_COUNT) == "unknown"


async def test_a_flood_of_guesses_at_once_gets_no_further(store: Store, other: Store) -> None:
    await fill(store, "a")

    async def one(n: int) -> str:
        for _ in range(60):
            try:
                return await guess((store, other)[n % 2], f"{n}AAAAAAA".ljust(9, "B"))
            except Conflict:
                await asyncio.sleep(0.01)
        return "lost"

    told = await asyncio.gather(*map(one, range(20)))
    assert told.count("unknown") == WRONG_TRIES
    assert set(told) <= {"unknown", "often", "lost"}


async def test_of_two_who_type_one_code_at_once_one_is_asked(store: Store, other: Store) -> None:
    house = await fill(store, "a")

    async def one(store: Store, user: str) -> str:
        try:
            return await guess(store, house.code, Account(platform="web", team="T9", user=user))
        except Conflict:
            return "late"

    told = await asyncio.gather(one(store, "U1"), one(other, "U2"))
    assert "found" in told
    assert told.count("found") == 1


async def test_an_account_is_one_persons_and_the_last_one_stays(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.join(house.teacher.id, NEW)
        assert {account.platform for account in await tx.accounts(house.teacher.id)} == {"slack", "web"}
        assert await tx.holder(NEW) == house.teacher.id
        assert await tx.account_of(house.teacher.id) == house.account("teacher")
    with pytest.raises(Conflict):
        async with store.begin("a") as tx:
            await tx.join(house.coach.id, NEW)
    async with store.begin("a") as tx:
        await tx.let_go(house.teacher.id, "slack")
        assert await tx.person_of(house.account("teacher")) is None
    with pytest.raises(Conflict):
        async with store.begin("a") as tx:
            await tx.let_go(house.teacher.id, "web")


async def test_neither_a_code_nor_an_account_stands_readable_and_forgetting_takes_them(sqlite_store: Store) -> None:
    house = await fill(sqlite_store, "a")
    async with sqlite_store.begin("a") as tx:
        code = await tx.draw_code(NEW, house.teacher.id, AT)
    await guess(sqlite_store, "0AAAAAAAA", house.account("coach"), person=house.coach.id)
    kept = bytes_of(str(sqlite_store.engine.url))
    assert not [word for word in (code, spelled(code), "Ana at home", "0AAAAAAAA") if word.encode() in kept]
    async with sqlite_store.begin("a") as tx:
        await tx.forget(house.teacher.id)
    assert [row for row in (await rows_of(sqlite_store, "a"))["link"] if house.teacher.id in row] == []


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH).filter(lambda code: any(map(str.isdigit, code))))
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    loose = spelled(code).lower().replace("0", "o").replace("1", "l")
    assert read(code) == read(spelled(code)) == read(loose) == code
    wish = command(f"Link {spelled(code)}.")
    assert wish is not None
    assert (wish.name, read(wish.rest)) == ("link", code)


@pytest.mark.parametrize("text", ["Link the two ideas", "link it-all-now", "I'd link cubes 123", "link cubestack"])
def test_words_about_linking_are_no_command(text: str) -> None:
    assert command(text) is None
