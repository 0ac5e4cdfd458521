"""What was answered stops asking, and words that get a line of ours get it once, however often they are delivered."""

import pytest

from bot.cards import NOTHING, Button, Buttons, Card, OnlyYou, Text
from tests.contract.test_slack.house import OFFER, SENT, THREAD, House, posted
from tests.fakes.slack import Delivery

AGAIN = Delivery(times=3, copies=3)
LINKED = Card(
    blocks=(
        Text(("How did it go? <b> & *more*",)),
        Buttons((Button("tried", "Tried it"), Button("open", "Open it", url="https://b.test/x"))),
        Buttons((Button("skip", "Skip", "quiet"),)),
    ),
    thread=THREAD,
    version=1,
)


async def test_a_press_that_says_nothing_leaves_its_label_where_the_buttons_were(house: House) -> None:
    message = await posted(house, house.ana)
    house.door.always(NOTHING)
    result = await house.ana.press(message, "Send", {"part": "menu"}, how=AGAIN)
    assert result.ok
    assert message.shown == "Tuesday, 10:15 to 11:00.\nSend"
    assert [one.shown for one in house.ana.messages()] == [message.shown]
    assert message.metadata, "it can still be found by its key"


async def test_links_stay_and_the_label_comes_once(house: House) -> None:
    message = await posted(house, house.ana, LINKED)
    words = message.text
    house.door.always(NOTHING)
    assert (await house.ana.press(message, "Tried it")).ok
    assert message.shown == "How did it go? <b> & *more*\nTried it\n[Open it]"
    assert message.text == words


async def test_a_press_on_what_only_they_see_leaves_the_label(house: House) -> None:
    house.door.always(OnlyYou(OFFER))
    shown = (await house.ana.command("/coteach")).shown
    assert shown is not None
    house.door.always(NOTHING)
    assert (await house.ana.press(shown, "Send", how=AGAIN)).ok
    assert [one.shown for one in house.ana.ephemerals()] == ["Send"]


@pytest.mark.req("ONCE-2")
@pytest.mark.parametrize("how", [Delivery(times=3), Delivery(copies=20)], ids=["three times", "twenty at once"])
async def test_words_answered_with_a_line_get_it_once(house: House, how: Delivery) -> None:
    house.door.always(OnlyYou(SENT))
    assert set((await house.ana.say("hello", how=how)).statuses) == {200}
    await house.slack.quiet()
    assert [one.shown for one in house.ana.messages() if one.from_bot] == ["Sent to Ana."]
    await house.ana.say("hello again")
    assert len([one for one in house.ana.messages() if one.from_bot]) == 2


async def test_who_only_opens_the_chat_is_not_written_to(house: House) -> None:
    house.door.always(OnlyYou(SENT))
    assert (await house.ana.open_home()).ok
    assert house.ana.messages() == []
