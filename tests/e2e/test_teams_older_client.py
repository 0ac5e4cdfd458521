"""A Teams that is too old for `Action.Execute`: it sends the fallback, and what follows comes as messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.contract import adaptive
from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams import Message, User, screen
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


def fallbacks(message: Message) -> Iterator[Json]:
    for card in message.kept_cards:
        for node in adaptive.nodes(card):
            if node.get("type") == "Action.Execute":
                yield obj(node["fallback"])


async def press(user: User, message: Message, label: str, **inputs: str) -> None:
    """`Action.Submit` of that client: a message with a value and no text, which nobody can answer in its place."""
    action = next(one for one in fallbacks(message) if one["title"] == label)
    assert action["type"] == "Action.Submit"
    value: Json = {**obj(action["data"]), **inputs}
    assert (await user.event({"type": "message", "value": value, "replyToId": message.id})).ok


async def test_a_form_says_what_is_wrong_and_an_offer_goes_out(hall: Hall) -> None:
    assert isinstance(hall.seats, TeamsSeats)
    sam, ana = hall.seats.user("sam"), hall.seats.user("ana")
    assert (await sam.say("coteach")).ok
    await hall.settle()
    form = sam.messages()[-1]
    filled = {"other": hall.people["ana"].id, "day": "2026-10-13", "time": "10:15", "minutes": "x"}
    await press(sam, form, "See the preview", **filled)
    await hall.settle()
    corrected = sam.messages()[-1]
    assert corrected is not form
    fields = [one for card in corrected.kept_cards for one in screen.inputs(card)]
    assert [one.initial for one in fields if one.id == "minutes"] == ["x"]
    await press(sam, corrected, "See the preview", **(filled | {"minutes": "45"}))
    await hall.settle()
    preview = sam.messages()[-1]
    assert "Tuesday 13 October, 10:15 to 11:00" in preview.shown
    await press(sam, preview, "Send to Ana", role="take_turns")
    await hall.settle()
    invitation = ana.messages()[-1]
    assert "Sam would like to be beside you" in invitation.shown
    assert "Role: take turns." in invitation.shown
    await press(ana, invitation, "Works for me")
    await hall.settle()
    assert any("Booked" in one.shown for one in sam.messages())
    assert any("Booked" in one.shown for one in ana.messages())
