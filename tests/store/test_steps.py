"""What became of a next step: its whole history, in its own words, and gone with it."""

from __future__ import annotations

from msgspec.structs import replace

from bot.records import Own
from bot.store import Store
from tests.store.filled import AT, DAY, fill


async def test_a_step_remembers_everything_that_became_of_it(store: Store) -> None:
    house = await fill(store, "a")
    step = house.step()
    moves = (
        (replace(step, status="not_yet"), 7),
        (replace(step, status="not_yet", check_on=(AT + 9 * DAY).date()), 8),
        (replace(step, status="changed", words=Own("Ask one question.", house.of("teacher"))), 14),
        (replace(step, status="tried", words=Own("Ask one question.", house.of("teacher"))), 21),
    )
    for new, days in moves:
        async with store.begin("a") as tx:
            await tx.keep(new, AT + days * DAY)
    async with store.begin("a") as tx:
        history = await tx.step_history(step.id)
    assert [(event.status, event.at) for event in history] == [
        ("open", AT), ("not_yet", AT + 7 * DAY), ("changed", AT + 14 * DAY), ("tried", AT + 21 * DAY),
    ]  # fmt: skip
    assert [event.words and event.words.text for event in history] == [step.words.text, None, "Ask one question.", None]


async def test_keeping_a_step_again_as_it_is_adds_nothing(store: Store) -> None:
    house = await fill(store, "a")
    for _ in range(2):
        async with store.begin("a") as tx:
            await tx.keep(house.step(), AT + DAY)
    async with store.begin("a") as tx:
        assert len(await tx.step_history(house.step().id)) == 1


async def test_a_step_that_is_deleted_or_forgotten_leaves_no_history(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.keep(house.step("2"))
        await tx.drop("next_step", house.step().id)
        assert await tx.step_history(house.step().id) == ()
        assert len(await tx.step_history(house.step("2").id)) == 1
    async with store.begin("a") as tx:
        await tx.forget(house.of("teacher"))
    async with store.begin("a") as tx:
        assert await tx.step_history(house.step("2").id) == ()


async def test_own_questions_are_kept_by_language_and_keep_their_words_when_retired(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.keep(replace(house.question, status="retired"))
        await tx.keep(replace(house.question, id="another", by="", language="es"))
        (english,) = await tx.questions("en")
        assert (english.status, english.stem) == ("retired", house.question.stem)
        assert [one.id for one in await tx.questions("es")] == ["another"]
        assert await tx.questions("en", author="somebody else") == ()
    async with store.begin("a") as tx:
        await tx.forget(house.of("coach"))
    async with store.begin("a") as tx:
        assert [one.stem for one in await tx.questions("en")] == [house.question.stem]
