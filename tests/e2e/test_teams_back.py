"""A message that was deleted in Teams and comes back: what was kept of it was let go, and may be kept once more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import demo
from bot.records import Reflection
from bot.store import Store
from bot.vault import Keyring
from tests.fakes.teams import Delivery, User
from tests.support.hall import Hall, TeamsSeats, on_teams

WORDS = "They argued about thirds for ages, and then drew it."
LINE = "They can be kept again, as a note."


@pytest.fixture
async def hall(sqlite_url: str) -> AsyncIterator[Hall]:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        async with on_teams(store) as one:
            await one.settle()
            yield one
    finally:
        await store.close()


async def kept(hall: Hall) -> list[str]:
    async with hall.store.begin(demo.ORGANIZATION) as tx:
        own = await tx.own(hall.people["ana"].id)
    return [one.words.text for one in own if isinstance(one, Reflection) and "thirds" in one.words.text]


async def written(hall: Hall, ana: User, text: str) -> None:
    """They write it, take it back, and bring it back; all of it is told to us three times."""
    said = (await ana.say(text)).said
    assert said is not None
    await hall.settle()
    again = [one for one in ana.messages()[-1].buttons if one == "Keep as a note"]
    for label in again:
        assert (await ana.press(ana.messages()[-1], label)).ok
        await hall.settle()
        assert await kept(hall) == [text]
    assert (await ana.delete(said, how=Delivery(times=3))).ok
    await hall.settle()
    assert await kept(hall) == []
    assert (await ana.undelete(said, how=Delivery(times=3))).ok
    await hall.settle()


@pytest.mark.parametrize("where", ["a note", "a reflection"])
async def test_words_that_come_back_are_offered_to_be_kept_once_more(hall: Hall, where: str) -> None:
    assert isinstance(hall.seats, TeamsSeats)
    ana = hall.seats.user("ana")
    if where == "a reflection":
        assert (await ana.say("beside now")).ok
        await hall.settle()
        assert (await ana.tap("Partly")).ok
        await hall.settle()
    await written(hall, ana, WORDS)
    (line,) = [one for one in ana.messages() if LINE in one.shown]
    assert await kept(hall) == []
    assert (await ana.press(line, "Keep as a note", how=Delivery(times=3))).ok
    await hall.settle()
    assert await kept(hall) == [WORDS]


async def test_a_command_that_comes_back_and_somebody_who_stopped_are_left_alone(hall: Hall) -> None:
    assert isinstance(hall.seats, TeamsSeats)
    ana = hall.seats.user("ana")
    for text in ("coteach @sam thu 9:00", "help", "stop", WORDS):
        await written(hall, ana, text)
    assert [one.shown for one in ana.messages() if LINE in one.shown] == []
