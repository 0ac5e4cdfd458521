"""A press is answered in its place on one screen; what everybody else has of the message follows it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.contract import adaptive
from tests.fakes.teams import Delivery, Message
from tests.support.hall import Hall, TeamsSeats, on_teams


@pytest.fixture
async def hall(sqlite_url: str) -> AsyncIterator[Hall]:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        async with on_teams(store) as one:
            await one.settle()
            yield one
    finally:
        await store.close()


def kept(message: Message) -> str:
    """What the service keeps, and so what every other screen of theirs shows."""
    return "\n".join(line for card in message.kept_cards for line in adaptive.read(card))


async def test_a_press_that_is_answered_by_a_message_leaves_no_buttons_on_another_screen(hall: Hall) -> None:
    assert isinstance(hall.seats, TeamsSeats)
    ana = hall.seats.user("ana")
    assert (await ana.say("beside now")).ok
    await hall.settle()
    opening = ana.messages()[-1]
    assert "[Partly]" in kept(opening)
    assert (await ana.press(opening, "Partly", how=Delivery(times=3))).ok
    assert "[Partly]" in kept(opening)  # so far one screen alone shows it
    await hall.settle()
    assert "[" not in kept(opening)
    assert "Partly" in kept(opening).splitlines()
    assert opening.edits == 2  # once on the one screen, and once for all of them
    assert opening.shown == kept(opening)
    assert all("refresh" not in card for message in ana.messages() for card in message.kept_cards)


async def test_what_the_answer_made_of_the_message_stands(hall: Hall) -> None:
    assert isinstance(hall.seats, TeamsSeats)
    sam = hall.seats.user("sam")
    assert (await sam.say("coteach @ana tue 10:15 45m launch")).ok
    await hall.settle()
    preview = sam.messages()[-1]
    assert (await sam.press(preview, "Send to Ana")).ok
    await hall.settle()
    assert "Sent to Ana" in kept(preview)
    assert "Send to Ana" not in kept(preview)
